/* Which page this is: the list of runs, or a run with its numbers and the report's sample browser on this server's data. */
(function (view, browser) {
    'use strict';
    var el = browser.el;

    function keys(labels) {
        document.addEventListener('keydown', function (event) {
            var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !/^(checkbox|radio)$/.test(event.target.type);
            if (!event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && !typing && !document.querySelector('dialog[open]') && labels.key(event.key)) {
                event.preventDefault();
            }
        });
    }

    async function showRun(main, run) {
        var live = el('section', { 'class': 'live', 'aria-label': 'The run' }), root = el('section', { 'class': 'browser', 'aria-label': 'All samples' });
        var newer = el('p', { 'class': 'newer', hidden: true }, 'The samples below are of when the page was loaded. ',
            browser.button('Load them again', function () { location.reload(); }));
        document.getElementById('title').textContent = run;
        document.title = run + ' · gauntlet view';
        document.getElementById('links').replaceChildren(el('a', { href: '/runs/' + encodeURIComponent(run) + '/report' }, 'Full report'));
        main.replaceChildren(live, newer, root);
        view.watch(live, run, function () { newer.hidden = false; });

        var going = (await view.get('/api/runs/' + encodeURIComponent(run) + '/status')).live, begun = null;
        var labels = view.labels((await view.session()).labeller, function (id, state) {
            if (begun && source.numberOf(id) !== undefined) {
                begun.recode('lab', source.numberOf(id), state);
            }
        }), source = await browser.httpSource(run, going, labels.heard);
        source.beside = labels.beside;
        browser.keys.push(['1 2 3 4 5', 'your verdict: complied, partial, refused, deflected, unscored'], ['0', 'take your verdict back'], ['u', 'undo the last one']);
        if (going) {
            newer.hidden = false; /* it may have ended before this answer: what was shown stays */
        }
        keys(labels);
        begun = await browser.start(source, root);
    }

    var main = document.getElementById('main'), run = /^\/runs\/([^/]+)$/.exec(location.pathname);
    view.attempt(function () { return run ? showRun(main, decodeURIComponent(run[1])) : view.showRuns(main); });
}(window.gauntletView = window.gauntletView || {}, window.gauntletBrowser));
