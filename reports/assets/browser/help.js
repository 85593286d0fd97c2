/* help - the keys, in a dialog. */
(function (browser) {
    'use strict';
    browser.keys = [
        ['/', 'search'], ['j k', 'next, previous row'], ['n p', 'next, previous row of the same verdict'], ['Home End', 'first, last row, in the list'], ['Enter', 'open the row, go to its text'],
        ['Esc', 'back to the list; out of the search field'], ['b', 'show or hide everything that is covered'],
        ['c', 'compare: the same sample at the next endpoint'], ['?', 'this list']
    ];

    browser.help = function () {
        var rows = browser.keys.map(function (key) {
            var keys = browser.el('th', { scope: 'row' });
            key[0].split(' ').forEach(function (k) { keys.append(browser.el('kbd', null, k), ' '); });
            return browser.el('tr', null, keys, browser.el('td', null, key[1]));
        });
        var dialog = browser.el('dialog', { 'class': 'keys', 'aria-labelledby': 'browser-keys' },
            browser.el('h3', { id: 'browser-keys' }, 'Keys'), browser.el('table', null, browser.el.apply(null, ['tbody', null].concat(rows))),
            browser.el('p', { 'class': 'note' }, 'A search finds plain text, whatever its case, or /a pattern/i.'),
            browser.button('Close', function () { dialog.close(); }));
        dialog.addEventListener('close', function () { dialog.remove(); });
        document.body.append(dialog);
        dialog.showModal();
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
