/* The page's own browser, in place of the first samples that are there without scripts. */
(function (browser) {
    'use strict';
    var root = document.getElementById('browser'), first = document.getElementById('first-samples');
    if (!root || !document.getElementById('browser-meta')) {
        return;
    }
    if (!self.DecompressionStream) {
        root.hidden = false;
        root.append(browser.el('p', { 'class': 'notice' }, 'This web browser cannot unpack the samples (DecompressionStream is missing): only the first ones are shown.'));
        return;
    }
    document.documentElement.classList.add('browsing');
    var source = browser.pageSource();
    browser.ready = browser.start(source, root).then(function (begun) {
        browser.changed(source, begun.table, begun.session.part(), document.querySelectorAll('#compare tr[data-trial]'));
    }).catch(function (error) {
        document.documentElement.classList.remove('browsing');
        root.hidden = false;
        root.replaceChildren(browser.el('p', { 'class': 'notice' }, 'The samples cannot be read: ' + error.message + '. Only the first ones are shown.'));
    });
    if (first) {
        first.classList.add('replaced');
    }
}(self.gauntletBrowser = self.gauntletBrowser || {}));
