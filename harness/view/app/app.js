/* Which page this is, what the keys do, and what the address says. */
(function (view) {
    'use strict';

    var KEYS = [['/', 'search'], ['j k', 'next, previous'], ['n p', 'next, previous of the same verdict'], ['1 … 5', 'your verdict'], ['0', 'take it back'],
                ['u', 'undo'], ['b', 'show or cover texts and images'], ['Enter', 'to the open sample'], ['Esc', 'back to the list'], ['?', 'this help']];
    var page = document.documentElement;

    function theme() {
        var button = document.getElementById('theme'), asked = /theme=(dark|light)/.exec(location.hash);
        if (asked) {
            page.setAttribute('data-theme', asked[1]);
        }
        button.hidden = false;
        button.addEventListener('click', function () {
            var chosen = page.getAttribute('data-theme'), dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
            page.setAttribute('data-theme', dark ? 'light' : 'dark');
        });
    }

    /* The skeleton of a run's page, and its parts by name. */
    function layout(main) {
        var e = view.element, parts = {
            live: e('section', { class: 'live', 'aria-label': 'The run' }), facets: e('div', { class: 'facets', 'aria-label': 'Filters', role: 'group' }),
            list: e('div', { class: 'list', 'aria-label': 'Samples', role: 'group' }), detail: e('article', { class: 'detail', 'aria-label': 'Sample' }),
            found: e('span', { role: 'status', 'aria-live': 'polite' }), search: e('input', { type: 'search', placeholder: 'Search ids and texts', 'aria-label': 'Search ids and texts', maxlength: '200' }),
            sort: e('select', { 'aria-label': 'Order' }, view.SORTS.map(function (s) { return e('option', { value: s[0] }, s[1]); })),
            previous: e('button', { class: 'btn', type: 'button' }, 'Previous'), following: e('button', { class: 'btn', type: 'button' }, 'Next'),
            help: e('dialog', { 'aria-label': 'Keys' }, e('dl', { class: 'keys' }, KEYS.map(function (k) { return e('div', {}, e('dt', {}, e('kbd', {}, k[0])), e('dd', {}, k[1])); })),
                    e('form', { method: 'dialog' }, e('button', { class: 'btn' }, 'Close')))
        };
        view.fill(main, parts.live, e('section', { class: 'samples', 'aria-label': 'All samples' },
            e('div', { class: 'tools' }, parts.search, parts.sort, parts.found, e('span', { class: 'sp i2 keyhint' }, e('kbd', {}, '?'), ' keys')),
            e('div', { class: 'panes' }, parts.facets, e('div', { class: 'middle' }, parts.list, e('p', { class: 'turn' }, parts.previous, parts.following)), parts.detail)), parts.help);
        view.fill(parts.detail, e('p', { class: 'i2' }, 'Choose a sample, or press ', e('kbd', {}, 'j'), '.'));
        return parts;
    }

    async function showRun(main, run) {
        var parts = layout(main), who = (await view.session()).labeller, open = null, shows = 0;
        var rows = new view.Rows(run, parts, function (trial) { view.attempt(function () { return show(trial); }); });
        document.getElementById('title').textContent = run;
        view.fill(document.getElementById('links'), view.element('a', { href: '/runs/' + encodeURIComponent(run) + '/report' }, 'Full report'));

        /* Only the newest call may write: an answer that arrives late is of a sample that was left. */
        async function show(trial) {
            var mine = ++shows, detail = await view.get('/api/trials/' + trial);
            if (mine !== shows) {
                return;
            }
            open = detail;
            view.showDetail(parts.detail, detail, rows.open, view.labelBox(detail, who, label, undo));
            var pairs = rows.query.concat([['t', String(trial)]]);
            history.replaceState(null, '', '#' + new URLSearchParams(pairs));
        }
        async function labelled(answer) {
            rows.relabel(answer.trial, answer.labels);
            if (open && answer.trial !== null) {
                await show(answer.trial);
            }
        }
        function label(verdict) {
            if (open && open.can_label) {
                view.attempt(async function () { await labelled(await view.post('/api/trials/' + open.trial.trial + '/label', { verdict: verdict })); });
            }
        }
        function undo() {
            view.attempt(async function () {
                var answer = await view.post('/api/labels/undo');
                if (answer.trial === null) {
                    view.notice('There is nothing to undo.');
                }
                await labelled(answer);
            });
        }
        function readAddress() {
            var pairs = Array.from(new URLSearchParams(location.hash.slice(1))), trial = pairs.find(function (p) { return p[0] === 't'; });
            var query = pairs.filter(function (p) { return p[0] !== 't' && p[0] !== 'theme'; });
            parts.search.value = new URLSearchParams(query).get('q') || '';
            parts.sort.value = new URLSearchParams(query).get('sort') || 'order';
            view.attempt(async function () {
                await rows.setQuery(query);
                if (trial && (!open || String(open.trial.trial) !== trial[1])) {
                    await show(trial[1]);
                }
            });
        }

        parts.search.addEventListener('change', function () { rows.set('q', parts.search.value); });
        parts.sort.addEventListener('change', function () { rows.set('sort', parts.sort.value === 'order' ? '' : parts.sort.value); });
        parts.previous.addEventListener('click', function () { rows.turn(-1); });
        parts.following.addEventListener('click', function () { rows.turn(1); });
        window.addEventListener('hashchange', readAddress);
        keys(parts, rows, label, undo);
        readAddress();
        view.watch(parts.live, run, function () {
            if (rows.page && rows.cursors.length === 1 && rows.chosen < 0) {
                view.attempt(rows.load.bind(rows));
            }
        });
    }

    function keys(parts, rows, label, undo) {
        var act = {
            '/': function () { parts.search.focus(); },
            j: function () { rows.step(1); }, k: function () { rows.step(-1); }, n: function () { rows.step(1, true); }, p: function () { rows.step(-1, true); },
            b: function () { view.revealToggle(parts.detail); }, u: undo, 0: function () { label(null); },
            '?': function () { parts.help.showModal(); },
            Enter: function () { var head = parts.detail.querySelector('h2'); if (head) { head.focus(); } },
            Escape: function () { var row = parts.list.querySelector('[aria-current=true]'); if (row) { row.focus(); } }
        };
        view.LABEL_KEYS.forEach(function (k) { act[k[0]] = function () { label(k[1]); }; });
        document.addEventListener('keydown', function (event) {
            var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
            if (event.ctrlKey || event.altKey || event.metaKey || typing || parts.help.open || !Object.prototype.hasOwnProperty.call(act, event.key) ||
                (event.key === 'Enter' && event.target.tagName === 'BUTTON' && !event.target.classList.contains('row'))) {
                return;
            }
            event.preventDefault();
            act[event.key]();
        });
    }

    theme();
    var main = document.getElementById('main'), run = /^\/runs\/([^/]+)$/.exec(location.pathname);
    view.attempt(function () { return run ? showRun(main, decodeURIComponent(run[1])) : view.showRuns(main); });
}(window.gauntletView = window.gauntletView || {}));
