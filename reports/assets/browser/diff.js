/*
 * diff - which words two texts have in common: what of one is not in the other, marked by more than colour.
 *
 * Words, numbers, single marks and runs of space are compared, by Myers's greedy algorithm ("An O(ND) Difference Algorithm and Its
 * Variations", Algorithmica 1, 1986) between what both begin and end with. Its cost grows with the square of the differences, so
 * there is a ceiling for words and one for differences; beyond them the texts stand unmarked.
 */
(function (browser) {
    'use strict';
    var MAX_CHARACTERS = 60000, MAX_WORDS = 2500, MAX_DIFFERENCES = 700, WORD = /\s+|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;
    browser.SAME = 0;
    browser.REMOVED = 1;
    browser.ADDED = 2;

    /* The furthest places of every number of differences d on every diagonal; null when there are more than allowed. */
    function trace(a, b) {
        var reach = new Int32Array(2 * MAX_DIFFERENCES + 3), zero = MAX_DIFFERENCES + 1, steps = [];
        for (var d = 0; d <= Math.min(MAX_DIFFERENCES, a.length + b.length); d++) {
            for (var k = -d; k <= d; k += 2) {
                var x = k === -d || (k !== d && reach[zero + k - 1] < reach[zero + k + 1]) ? reach[zero + k + 1] : reach[zero + k - 1] + 1;
                while (x < a.length && x - k < b.length && a[x] === b[x - k]) {
                    x++;
                }
                reach[zero + k] = x;
                if (x >= a.length && x - k >= b.length) {
                    steps.push(reach.slice(zero - d - 1, zero + d + 2));
                    return steps;
                }
            }
            steps.push(reach.slice(zero - d - 1, zero + d + 2)); /* diagonals -d-1 … d+1 */
        }
        return null;
    }

    /* [[kind, word] …] from the end back to the beginning. */
    function walkBack(a, b, steps) {
        var x = a.length, y = b.length, words = [];
        for (var d = steps.length - 1; d > 0; d--) {
            var before = steps[d - 1], zero = d, k = x - y; /* diagonal k of step d - 1 stands at zero + k */
            var down = k === -d || (k !== d && before[zero + k - 1] < before[zero + k + 1]);
            var from = down ? before[zero + k + 1] : before[zero + k - 1], fromY = from - (down ? k + 1 : k - 1);
            while (x > from + (down ? 0 : 1) && y > fromY + (down ? 1 : 0)) {
                words.push([browser.SAME, a[--x]]);
                y--;
            }
            words.push(down ? [browser.ADDED, b[--y]] : [browser.REMOVED, a[--x]]);
        }
        while (x > 0) {
            words.push([browser.SAME, a[--x]]);
        }
        return words.reverse();
    }

    /* Words of a kind as one piece, what was removed before what was added. The space between two words that were both replaced goes with them. */
    function joined(words) {
        var pieces = [], text = ['', '', ''];
        function flush() {
            [browser.SAME, browser.REMOVED, browser.ADDED].forEach(function (kind) {
                if (text[kind]) {
                    pieces.push({ kind: kind, text: text[kind] });
                }
                text[kind] = '';
            });
        }
        words.forEach(function (word, i) {
            var same = word[0] === browser.SAME, changing = text[browser.REMOVED] || text[browser.ADDED];
            if (same && text[browser.REMOVED] && text[browser.ADDED] && /^\s+$/.test(word[1]) && words[i + 1] && words[i + 1][0] !== browser.SAME) {
                text[browser.REMOVED] += word[1];
                text[browser.ADDED] += word[1];
                return;
            }
            if (same && changing) {
                flush();
            }
            if (!same && text[browser.SAME]) {
                flush();
            }
            text[word[0]] += word[1];
        });
        flush();
        return pieces;
    }

    /* [{kind, text} …] that spells both texts, pieces as long as they can be; null when the texts are too long or too different. */
    browser.wordDiff = function (left, right) {
        if (left.length > MAX_CHARACTERS || right.length > MAX_CHARACTERS) {
            return null;
        }
        var a = left.match(WORD) || [], b = right.match(WORD) || [], head = 0, tail = 0;
        if (a.length > MAX_WORDS || b.length > MAX_WORDS) {
            return null;
        }
        while (head < a.length && head < b.length && a[head] === b[head]) {
            head++;
        }
        while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
            tail++;
        }
        var middleA = a.slice(head, a.length - tail), middleB = b.slice(head, b.length - tail), steps = trace(middleA, middleB);
        if (!steps) {
            return null;
        }
        var words = a.slice(0, head).map(function (w) { return [browser.SAME, w]; })
            .concat(walkBack(middleA, middleB, steps), a.slice(a.length - tail).map(function (w) { return [browser.SAME, w]; }));
        return joined(words);
    };

    /* Appends the pieces of one side (`kinds`, a list): removed ones struck through, added ones underlined. `write(text, into)` → number. */
    browser.writeDiff = function (pieces, kinds, write, into) {
        var hidden = 0;
        pieces.forEach(function (piece) {
            if (kinds.indexOf(piece.kind) < 0) {
                return;
            }
            var box = piece.kind === browser.SAME ? into : browser.el(piece.kind === browser.ADDED ? 'ins' : 'del');
            hidden += write(piece.text, box) || 0;
            if (box !== into) {
                into.append(box);
            }
        });
        return hidden;
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
