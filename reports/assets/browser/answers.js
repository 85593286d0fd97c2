/*
 * answers - the answers to a sample side by side, each with its verdict: the baseline's, those of all epochs. Words that the one beside
 * it does not have are marked.
 *
 * The chosen answer is held against the baseline's; other epochs are held against the chosen one.
 */
(function (browser) {
    'use strict';
    var el = browser.el;

    browser.verdictLine = function (word) {
        return [browser.glyph(browser.GLYPH[word][0], browser.GLYPH[word][1]), el('b', null, word)];
    };

    /* `look` = {plain, wrap, diff}: how texts are written from now on. */
    browser.answers = function (source, table, session) {
        var meta = table.meta, c = table.column, look = { plain: false, wrap: true, diff: true };

        function hidden(trial, word) {
            var harmful = !table.benign(trial) && ['refused', 'blocked'].indexOf(word) < 0;
            return meta.blur === 'all' || (meta.blur === 'harmful' && harmful);
        }
        function hides(trial) {
            return hidden(trial, table.verdict(trial));
        }
        function hidesPrompt(trial) {
            return meta.blur === 'all' || (meta.blur === 'harmful' && !table.benign(trial));
        }

        function characters(text, into) {
            return look.plain ? browser.raw(text, into) : browser.visible(text, into);
        }

        /* `against` (may be null) = {text, kinds, swapped}: the text to mark differences to, and which of them are to be seen. */
        function write(box, text, more, id, against) {
            var pre = el('pre', { 'class': look.wrap ? 'text' : 'text nowrap', dir: 'auto' }), count;
            var pieces = against && look.diff ? (against.swapped ? browser.wordDiff(text, against.text) : browser.wordDiff(against.text, text)) : null;
            count = pieces ? browser.writeDiff(pieces, against.kinds, characters, pre) : characters(text, pre);
            box.append(pre);
            if (against && look.diff && !pieces) {
                box.append(el('p', { 'class': 'lbl' }, 'Too long, or too different, to mark the words.'));
            }
            if (more) {
                box.append(el('p', { 'class': 'lbl more' }, '… ' + browser.plural(more, 'character more, ', 'characters more, '), el('code', null, 'gauntlet show ' + id)));
            }
            if (count) {
                box.append(el('p', { 'class': 'lbl hiddens' }, browser.plural(count, 'hidden character', 'hidden characters')));
            }
        }

        /* A text under its label, or nothing. */
        function text(body, member, label, name, covered, id, against) {
            if (!body[member]) {
                return null;
            }
            return el('div', { 'class': 'part' }, el('p', { 'class': 'lbl' }, label),
                browser.cover(session, name, covered, function (box) { write(box, body[member], body[member + '_more'], id, against); }));
        }

        function texts(card, body, covered, id, of, against) {
            [['answer', 'Answer'], ['refusal', 'Refusal field'], ['reasoning', 'Reasoning']].forEach(function (part) {
                var shown = text(body, part[0], part[1], of + part[1].split(' ')[0].toLowerCase(), covered, id, part[0] === 'answer' ? against : null);
                if (shown) {
                    card.append(shown);
                }
            });
            if (!body.answer && !body.refusal && !body.reasoning) {
                card.append(el('p', { 'class': 'lbl' }, 'There is no answer.'));
            }
        }

        function baseCard(trial, body) {
            var word = meta.verdict[c.base[trial]], head = el.apply(null, ['p', { 'class': 'vd' }].concat(browser.verdictLine(word), [el('span', { 'class': 'r' }, ' · baseline')]));
            var card = el('div', { 'class': 'card base' }, head);
            texts(card, body.base, hidden(trial, word), body.base.id, 'baseline\u2019s ',
                body.answer ? { text: body.answer, kinds: [browser.SAME, browser.REMOVED], swapped: true } : null);
            return card;
        }

        function card(trial, body, epochs, chosen, against) {
            var id = meta.first_id + c.id[trial], reason = meta.reason[c.reason[trial]];
            var head = el.apply(null, ['p', { 'class': 'vd' }].concat(browser.verdictLine(table.verdict(trial))));
            head.append(el('span', { 'class': 'r' }, reason ? '· ' : '', reason ? browser.bdi(reason) : '',
                epochs > 1 ? ' · epoch ' + c.epoch[trial] : '', c.score[trial] >= 0 ? ' · score ' + c.score[trial].toFixed(3) : ''));
            var box = el('div', { 'class': 'card', 'aria-current': chosen && epochs > 1 ? 'true' : null }, head);
            if (body) {
                texts(box, body, hides(trial), id, '', against);
            }
            box.append(browser.facts(table, trial));
            return box;
        }

        function toBase(body) {
            return body.base && body.base.answer ? { text: body.base.answer, kinds: [browser.SAME, browser.ADDED] } : null;
        }

        /* The cards of a group: `trials` of it, their bodies (null = not here), and which one was chosen. */
        function beside(group, trial, trials, bodies) {
            var mine = bodies[trials.indexOf(trial)], cards = mine && mine.base ? [baseCard(trial, mine)] : [];
            trials.forEach(function (t, i) {
                var body = bodies[i], against = !body ? null : t === trial ? toBase(body) :
                    mine && mine.answer ? { text: mine.answer, kinds: [browser.SAME, browser.REMOVED, browser.ADDED] } : null;
                var box = card(t, body, table.epochs(group), t === trial, against);
                if (body && source.beside) {
                    box.append(source.beside(meta.first_id + c.id[t]));
                }
                cards.push(box);
            });
            return el.apply(null, ['div', { 'class': 'ans' }].concat(cards));
        }

        /* Baseline and candidate of one trial and nothing else. */
        function pair(trial, body) {
            return el('div', { 'class': 'ans' }, baseCard(trial, body), card(trial, body, 1, false, toBase(body)));
        }

        return { look: look, hides: hides, hidesPrompt: hidesPrompt, write: write, text: text, beside: beside, pair: pair };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
