/*
 * query - what was typed into the search field: a plain text, found whatever the case, or /a pattern/flags.
 *
 * Nothing of a page is used here: the worker of `gauntlet view` reads the same query. A pattern cannot be stopped inside one text, so
 * what is known to take for ever is refused: the ways in which a repetition of something that varies matches a text double with every
 * character of it. Whoever uses a pattern stops it when it has spent more time than it may.
 */
(function (browser) {
    'use strict';

    /* An escaped character, a class, the head of a group; what closes, parts or repeats; any other character. */
    var PIECE = /\\[\s\S]|\[(?:[^\]\\]|\\[\s\S])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\{\d+(?:,\d*)?\}|[\s\S]/g;
    var INSIDE = ' inside a repetition could take for ever';

    /* What of a pattern could take for ever, in words; '' when nothing is known to. */
    function forEver(pattern) {
        var groups = [{ varies: '' }], closed = null;
        var pieces = pattern.match(PIECE) || [];
        for (var i = 0; i < pieces.length; i++) {
            var piece = pieces[i], top = groups[groups.length - 1], group = closed;
            closed = null;
            if (piece[0] === '(') {
                groups.push({ varies: '' });
            } else if (piece === ')' && groups.length > 1) {
                closed = groups.pop();
                groups[groups.length - 1].varies = groups[groups.length - 1].varies || closed.varies;
            } else if (piece === '|') {
                top.varies = top.varies || 'alternatives';
            } else if (/^[*+?{]/.test(piece)) {
                if (group && group.varies && piece !== '?') {
                    return group.varies + INSIDE;
                }
                top.varies = /^\{\d+\}$/.test(piece) ? top.varies : 'a repetition';
            }
        }
        return '';
    }

    /* {text, matches(text), regex} or {problem}. */
    browser.parseQuery = function (text) {
        var pattern = /^\/(.+)\/([a-z]*)$/s.exec(text), needle = text.toLowerCase();
        if (!pattern) {
            return { text: text, regex: false, matches: function (t) { return t.toLowerCase().indexOf(needle) >= 0; } };
        }
        if (/[^ismu]/.test(pattern[2])) {
            return { problem: 'flags of a pattern are i, s, m and u' };
        }
        try {
            var regex = new RegExp(pattern[1], pattern[2]), problem = forEver(pattern[1]);
            return problem ? { problem: problem } : { text: text, regex: true, matches: function (t) { return regex.test(t); } };
        } catch (error) {
            return { problem: 'not a pattern: ' + error.message };
        }
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
