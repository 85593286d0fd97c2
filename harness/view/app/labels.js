/*
 * labels - verdicts by whoever looks, by keyboard or button, below the answer they are about. The server knows who that is.
 *
 * With several epochs open, keys are about the one that was chosen.
 */
(function (view, browser) {
    'use strict';
    var el = browser.el, KEYS = [['1', 'complied'], ['2', 'partial'], ['3', 'refused'], ['4', 'deflected'], ['5', 'unscored']];

    function word(verdict) {
        return el('span', { 'class': 'nw' }, browser.glyph(browser.GLYPH[verdict][0], browser.GLYPH[verdict][1]), ' ', verdict);
    }

    function said(label) {
        return el('p', { 'class': 's13 said' }, word(label.verdict), ' by ', browser.bdi(label.labeller),
                  el('span', { 'class': 'i3' }, ', ' + view.time(label.created_at) + ' UTC, ' + label.plan), label.note ? ' – ' : '', label.note ? browser.bdi(label.note) : '');
    }

    /* {heard(detail), beside(id), key(name)}: told of every trial that is read, asked for a box, given keys. `changed(id, 0 yours · 1 of others · 2 none)`. */
    view.labels = function (who, changed) {
        var details = new Map(), busy = Promise.resolve();

        function boxOf(id) {
            return document.querySelector('.labels[data-trial="' + id + '"]');
        }

        function fill(box, id) {
            var detail = details.get(id), mine = detail.labels.find(function (l) { return l.labeller === who; }), chips = el('p', { 'class': 'keys2' });
            KEYS.forEach(function (k) {
                chips.append(browser.button(el('span', null, el('kbd', null, k[0]), ' ', word(k[1])), function () { set(id, k[1]); },
                    { 'aria-pressed': String(Boolean(mine && mine.verdict === k[1])) }), ' ');
            });
            chips.append(browser.button(el('span', null, el('kbd', null, '0'), ' take back'), function () { set(id, null); }, { disabled: !mine }), ' ',
                browser.button(el('span', null, el('kbd', null, 'u'), ' undo'), undo));
            box.replaceChildren.apply(box, (detail.can_label ? [el('p', { 'class': 'lbl' }, 'Your verdict, ', browser.bdi(who)), chips] : []).concat(detail.labels.map(said)));
        }

        function told(answer) {
            var detail = details.get(answer.trial), box = boxOf(answer.trial);
            if (detail) {
                detail.labels = answer.labels;
            }
            if (detail && box) {
                fill(box, answer.trial);
            }
            changed(answer.trial, answer.labels.some(function (l) { return l.labeller === who; }) ? 0 : answer.labels.length ? 1 : 2);
        }
        /* One change after the other, in the order of keys. */
        function change(path, body) {
            busy = busy.then(function () {
                return view.attempt(async function () {
                    var answer = await view.post(path, body);
                    if (answer.trial === null) {
                        throw new Error('There is nothing to undo.');
                    }
                    told(answer);
                });
            });
        }
        function set(id, verdict) {
            if (details.has(id) && details.get(id).can_label) {
                change('/api/trials/' + id + '/label', { verdict: verdict });
            }
        }
        function undo() {
            change('/api/labels/undo');
        }

        return {
            heard: function (detail) { details.set(detail.trial.trial, detail); },
            beside: function (id) {
                var box = el('div', { 'class': 'labels', role: 'group', 'aria-label': 'Verdicts by people', 'data-trial': id });
                fill(box, id);
                return box;
            },
            key: function (name) {
                var box = document.querySelector('.card[aria-current=true] .labels') || document.querySelector('.labels'), pair = KEYS.find(function (k) { return k[0] === name; });
                if (name === 'u') {
                    undo();
                } else if (box && (pair || name === '0')) {
                    set(Number(box.dataset.trial), pair ? pair[1] : null);
                } else {
                    return false;
                }
                return true;
            }
        };
    };
}(window.gauntletView = window.gauntletView || {}, window.gauntletBrowser));
