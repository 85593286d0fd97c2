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
                var covers = new Set(), revealed = new Set(), number = 0;
                parts.push(covers);
                return {
                    all: function () { return all; },
                    add: function (cover) { covers.add(cover); },
                    /* Counts the covers since clear(): the same things drawn again have the same numbers. */
                    number: function () { return number++; },
                    revealed: revealed, /* numbers of those that were asked for one by one */
                    /* What was drawn goes; `again`: to be drawn anew, and what was revealed stays so. */
                    clear: function (again) {
                        covers.clear();
                        number = 0;
                        if (!again) {
                            revealed.clear();
                        }
                    }
                };
            }
        };
    };

    /*
     * `session` = a part of one. A box whose content `fill(into)` makes when it is shown. `name` = what is behind it, for the button; `hidden` = whether it begins
     * covered; `picture` = a picture rather than a text. The keyboard's focus goes to what was revealed, and back to the button.
     */
    browser.cover = function (session, name, hidden, fill, picture) {
        var box = browser.el('div', { 'class': picture ? 'cov pic' : 'cov' }), number = session.number();
        function show() {
            box.replaceChildren();
            box.classList.add('open');
            fill(box);
            if (hidden) {
                box.append(browser.button('Hide ' + name, function () {
                    hide();
                    box.querySelector('.reveal').focus();
                }, { 'class': 'btn hide' }));
            }
        }
        function reveal() {
            show();
            session.revealed.add(number);
            var text = box.querySelector('pre') || box.querySelector('.hide');
            text.tabIndex = picture ? 0 : -1;
            text.focus();
        }
        function hide() {
            session.revealed.delete(number);
            box.classList.remove('open');
            box.replaceChildren(
                browser.el('p', { 'class': 'blur', 'aria-hidden': 'true' }, picture ? '' : STAND_IN.repeat(2)),
                browser.el('span', { 'class': 'lid' },
                    browser.button('Reveal ' + name, reveal, { 'class': 'btn reveal' }),
                    browser.el('span', { 'class': 'vh' }, 'hidden – press b or Reveal')));
        }
        if (!hidden || session.all() || session.revealed.has(number)) {
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
