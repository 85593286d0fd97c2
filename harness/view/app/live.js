/* How far the run is and what its numbers are: asked again while it is going. Interim rates say "so far". */
(function (view, browser) {
    'use strict';
    var el = browser.el, STATUS_MS = 1000, SUMMARY_MS = 3000, WORST = 3, ERRORS = 5;

    function going(x) {
        var done = x.planned - x.pending, recent = x.recent;
        return el('div', { 'class': 'going' }, browser.bdi(x.name),
                  el('progress', { max: x.planned || 1, value: done, 'aria-label': x.name + ': trials done' }),
                  el('span', null, browser.count(done) + ' / ' + browser.count(x.planned)),
                  el('span', { 'class': 'i2' }, recent ? recent.in_flight + ' in flight, ' + browser.count(recent.requests_per_minute) + ' requests/min' +
                     (recent.rate_limited ? ', ' + browser.count(recent.rate_limited) + ' answered 429' : '') : ''));
    }

    /* As the report writes them: "20.9 % [20.0, 21.9]"; a rate without a value is a dash. */
    function percent(rate) {
        return rate && rate.value !== null ? (rate.value * 100).toFixed(1) + '\u00A0%' : '—';
    }
    function interval(rate) {
        return rate && rate.low !== null && rate.high !== null ? '[' + (rate.low * 100).toFixed(1) + ', ' + (rate.high * 100).toFixed(1) + ']' : '';
    }

    /* An estimate, and never 0 for what is not known. */
    function cost(x) {
        return x.cost_usd.estimate === null ? 'cost unknown' : '$' + x.cost_usd.estimate.toFixed(4) + ' (estimate)';
    }

    function worst(x) {
        var cell = el('td', null), list = x.categories.filter(function (k) { return k.asr.value !== null && !k.few_intents; })
            .sort(function (a, b) { return b.asr.value - a.asr.value; }).slice(0, WORST);
        list.forEach(function (k, i) {
            var filter = 'f=cat:' + encodeURIComponent(k.key) + ',end:' + encodeURIComponent(x.name);
            cell.append(i ? ' · ' : '', el('a', { href: '#' + filter }, browser.bdi(k.key)), ' ' + percent(k.asr));
        });
        return list.length ? cell : el('td', null, '—');
    }

    function line(x, live) {
        var c = x.counts, missing = c.unscored + c.failed + c.skipped + c.pending;
        return el('tr', null, el('th', { scope: 'row' }, browser.bdi(x.name), el('small', null, browser.bdi(x.model))),
                  el('td', { 'class': 'num' }, el('b', null, percent(x.asr)), ' ', el('span', { 'class': 'i2' }, interval(x.asr) + (live ? ' so far' : ''))),
                  el('td', { 'class': 'num' }, browser.count(c.complied) + ' / ' + browser.count(c.scored)), el('td', { 'class': 'num' }, browser.count(missing)),
                  worst(x), el('td', { 'class': 'num' }, cost(x)));
    }

    function errors(summary) {
        var all = [];
        summary.endpoints.forEach(function (x) { all = all.concat(x.errors || []); });
        all.sort(function (a, b) { return b.count - a.count; });
        if (all.length === 0) {
            return [];
        }
        var total = all.reduce(function (sum, group) { return sum + group.count; }, 0);
        return [el('details', { 'class': 'more' }, el('summary', null, browser.plural(total, 'attempt', 'attempts') + ' failed'),
            el.apply(null, ['ul', null].concat(all.slice(0, ERRORS).map(function (group) {
                return el('li', null, browser.count(group.count) + ' × ', browser.bdi(group['class'] || ''), group.http_status ? ' ' + group.http_status : '', ' ',
                          el('span', { 'class': 'i2' }, browser.bdi(group.message || '')));
            }))))];
    }

    /* Fills `box` until the run has ended; `ended` is called when it was seen going and has. */
    view.watch = function (box, run, ended) {
        var path = '/api/runs/' + encodeURIComponent(run), summaryAt = -Infinity, was = false, over = false;
        var word = el('p', { 'class': 's13', role: 'status' }), state = el('div', null), table = el('tbody', null), failed = el('div', null);
        var heads = [['Endpoint'], ['ASR', 'num'], ['complied / scored', 'num'], ['missing', 'num'], ['Worst categories'], ['USD', 'num']];
        box.append(word, state, el('div', { 'class': 'x-sm' }, el('table', { 'class': 't' }, view.headings(heads), table)), failed);

        function show(summary, interim) {
            table.replaceChildren.apply(table, summary.endpoints.map(function (x) { return line(x, interim); }));
            failed.replaceChildren.apply(failed, errors(summary));
        }
        async function again() {
            var status = await view.get(path + '/status'), live = status.live;
            word.replaceChildren(live ? el('b', { 'class': 'good' }, 'going now') : status.status);
            state.replaceChildren.apply(state, live ? status.endpoints.map(going) : []);
            if (performance.now() - summaryAt >= SUMMARY_MS || !live) {
                /* The last one is shown for good: what is older stays "so far". */
                var summary = live ? await view.get(path + '/summary') : await view.getNewest(path + '/summary', function (older) { show(older, true); });
                summaryAt = performance.now();
                show(summary, live);
            }
            if (was && !live) {
                ended();
            }
            was = live;
            over = !live;
        }
        (function loop() {
            view.attempt(again).then(function () {
                if (!over) {
                    setTimeout(loop, document.hidden ? 4 * STATUS_MS : STATUS_MS);
                }
            });
        }());
    };
}(window.gauntletView = window.gauntletView || {}, window.gauntletBrowser));
