/*
 * cover - what is hidden until it is asked for. The text is not even in the document before that: what is blurred is a stand-in.
 */
(function (browser) {
    'use strict';
    var STAND_IN = 'withheld by default: this text stands in for the stored one and carries nothing of it. ';

    /* Whether this session shows everything. Each part of the page has a part() of it, whose covers are told when that changes. */
    browser.session = function () {
        var all = false, parts = [];
        return {
            /* Asks before it shows everything: what is hidden here was hidden for a reason. */
            toggle: function () {
                if (!all && !confirm('Show every hidden text and image of this page until it is closed?')) {
                    return;
                }
                all = !all;
                parts.forEach(function (covers) { covers.forEach(function (cover) { cover(all); }); });
            },
            part: function () {
                var covers = new Set();
                parts.push(covers);
                return {
                    all: function () { return all; },
                    add: function (cover) { covers.add(cover); },
                    clear: function () { covers.clear(); }
                };
            }
        };
    };

    /*
     * `session` = a part of one. A box whose content `fill(into)` makes when it is shown. `name` = what is behind it, for the button; `hidden` = whether it begins
     * covered; `picture` = a picture rather than a text.
     */
    browser.cover = function (session, name, hidden, fill, picture) {
        var box = browser.el('div', { 'class': picture ? 'cov pic' : 'cov' });
        function show() {
            box.replaceChildren();
            box.classList.add('open');
            fill(box);
        }
        function hide() {
            box.classList.remove('open');
            box.replaceChildren(
                browser.el('p', { 'class': 'blur', 'aria-hidden': 'true' }, picture ? '' : STAND_IN.repeat(2)),
                browser.el('span', { 'class': 'lid' },
                    browser.button('Reveal ' + name, show, { 'class': 'btn reveal' }),
                    browser.el('span', { 'class': 'vh' }, 'hidden – press b or Reveal')));
        }
        if (!hidden || session.all()) {
            show();
        } else {
            hide();
        }
        if (hidden) {
            session.add(function (all) {
                if (all) {
                    show();
                } else {
                    hide();
                }
            });
        }
        return box;
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
