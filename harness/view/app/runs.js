/* The list of runs. */
(function (view, browser) {
    'use strict';
    var el = browser.el;

    view.time = function (iso) {
        return iso ? iso.slice(0, 19).replace('T', ' ') : '—';
    };

    function line(run) {
        var path = '/runs/' + encodeURIComponent(run.id);
        return el('tr', null, el('th', { scope: 'row' }, el('a', { href: path }, browser.bdi(run.name || run.id)), run.name ? el('small', { 'class': 'mono' }, run.id) : null),
                  el('td', null, browser.bdi(run.suite || '')), el('td', null, run.live ? el('b', { 'class': 'good' }, 'going now') : run.status),
                  el('td', { 'class': 'nw' }, view.time(run.started_at)), el('td', { 'class': 'nw' }, view.time(run.finished_at)),
                  el('td', null, el('a', { href: path + '/report' }, 'report')));
    }

    view.headings = function (names) {
        return el('thead', null, el.apply(null, ['tr', null].concat(names.map(function (name) {
            return el('th', { scope: 'col', 'class': name[1] || null }, name[0]);
        }))));
    };

    view.showRuns = async function (main) {
        var list = (await view.get('/api/runs')).runs;
        document.getElementById('title').textContent = 'Runs';
        main.replaceChildren(el('div', { 'class': 'plain x-sm' }, list.length === 0 ?
            el('p', { 'class': 'i2' }, 'There is no run in this store yet: `gauntlet run SUITE` makes one.') :
            el('table', { 'class': 't' }, view.headings([['Run'], ['Suite'], ['Status'], ['Started, UTC'], ['Finished, UTC'], ['']]),
               el.apply(null, ['tbody', null].concat(list.map(line))))));
    };
}(window.gauntletView = window.gauntletView || {}, window.gauntletBrowser));
