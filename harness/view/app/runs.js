/* The list of runs. */
(function (view) {
    'use strict';

    function line(run) {
        var e = view.element;
        return e('tr', {},
                 e('th', { scope: 'row' }, e('a', { href: '/runs/' + encodeURIComponent(run.id) }, view.name(run.name || run.id)),
                   run.name ? e('small', { class: 'mono' }, run.id) : null),
                 e('td', {}, view.name(run.suite)), e('td', {}, run.live ? e('b', { class: 'good' }, 'going now') : run.status),
                 e('td', { class: 'nw' }, view.time(run.started_at)), e('td', { class: 'nw' }, view.time(run.finished_at)),
                 e('td', {}, e('a', { href: '/runs/' + encodeURIComponent(run.id) + '/report' }, 'report')));
    }

    view.showRuns = async function (main) {
        var e = view.element, list = (await view.get('/api/runs')).runs;
        document.getElementById('title').textContent = 'Runs';
        view.fill(main, e('div', { class: 'plain' },
            list.length === 0 ? e('p', { class: 'i2' }, 'There is no run in this store yet: `gauntlet run SUITE` makes one.') :
            e('table', { class: 't' }, e('thead', {}, e('tr', {}, ['Run', 'Suite', 'Status', 'Started, UTC', 'Finished, UTC', ''].map(function (head) {
                return e('th', { scope: 'col' }, head);
            }))), e('tbody', {}, list.map(line)))));
    };
}(window.gauntletView = window.gauntletView || {}));
