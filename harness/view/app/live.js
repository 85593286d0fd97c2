/* How far the run is and what its numbers are: asked again while it is going. Interim rates say "so far". */
(function (view) {
    'use strict';

    var STATUS_MS = 1000, SUMMARY_MS = 3000, WORST = 3, ERRORS = 5;

    function sum(list, key) {
        return list.reduce(function (total, item) { return total + item[key]; }, 0);
    }

    function progress(status) {
        var e = view.element;
        return status.endpoints.map(function (x) {
            var done = x.planned - x.pending, recent = x.recent;
            return e('div', { class: 'going' }, view.name(x.name),
                     e('progress', { max: String(x.planned || 1), value: String(done), 'aria-label': x.name + ': trials done' }),
                     e('span', {}, view.count(done) + ' / ' + view.count(x.planned)),
                     e('span', { class: 'i2' }, recent ? recent.in_flight + ' in flight, ' + view.count(recent.requests_per_minute) + ' requests/min' +
                       (recent.rate_limited ? ', ' + view.count(recent.rate_limited) + ' answered 429' : '') : ''));
        });
    }

    /* Spend as the report says it: an estimate, and never 0 for what is not known. */
    function cost(x) {
        if (x.cost_usd.estimate === null) {
            return 'cost unknown';
        }
        return '$' + x.cost_usd.estimate.toFixed(4) + ' (estimate)';
    }

    function numbers(summary, live) {
        var e = view.element, sofar = live ? ' so far' : '';
        return summary.endpoints.map(function (x) {
            var c = x.counts, missing = c.unscored + c.failed + c.skipped + c.pending;
            var worst = x.categories.filter(function (k) { return k.asr.value !== null && !k.few_intents; })
                .sort(function (a, b) { return b.asr.value - a.asr.value; }).slice(0, WORST);
            return e('tr', {}, e('th', { scope: 'row' }, view.name(x.name), e('small', {}, view.name(x.model))),
                     e('td', { class: 'num' }, e('b', {}, view.percent(x.asr)), ' ', e('span', { class: 'i2' }, view.interval(x.asr) + sofar)),
                     e('td', { class: 'num' }, view.count(c.complied) + ' / ' + view.count(c.scored)),
                     e('td', { class: 'num' }, view.count(missing)),
                     e('td', {}, worst.length ? worst.map(function (k, i) {
                         return [i ? ' · ' : '', e('a', { href: '#' + new URLSearchParams([['endpoint', x.name], ['category', k.key]]) }, view.name(k.key)),
                                 ' ' + view.percent(k.asr)];
                     }) : '—'),
                     e('td', { class: 'num' }, cost(x)));
        });
    }

    function errors(summary) {
        var e = view.element, all = [];
        summary.endpoints.forEach(function (x) {
            (x.errors || []).forEach(function (group) { all.push(group); });
        });
        all.sort(function (a, b) { return b.count - a.count; });
        return all.length === 0 ? null : e('details', { class: 'more' },
            e('summary', {}, view.count(sum(all, 'count')) + ' attempts failed'), e('ul', {}, all.slice(0, ERRORS).map(function (group) {
                return e('li', {}, view.count(group.count) + ' × ', view.name(group.class), group.http_status ? ' ' + group.http_status : '', ' ',
                         e('span', { class: 'i2' }, view.name(group.message)));
            })));
    }

    function headings() {
        return view.element('tr', {}, ['Endpoint', 'ASR', 'complied / scored', 'missing', 'Worst categories', 'USD'].map(function (head, i) {
            return view.element('th', { scope: 'col', class: i && i !== 4 ? 'num' : '' }, head);
        }));
    }

    /* Fills `box`, and again until the run has ended; `changed` is called when there are new numbers. */
    view.watch = function (box, run, changed) {
        var e = view.element, path = '/api/runs/' + encodeURIComponent(run);
        var state = e('div', {}), table = e('tbody', {}), failed = e('div', {}), word = e('p', { class: 'state' });
        var summaryAt = -Infinity, ended = false;
        box.append(word, state, e('div', { class: 'x-sm' }, e('table', { class: 't' }, e('thead', {}, headings()), table)), failed);

        async function again() {
            var status = await view.get(path + '/status');
            view.fill(word, status.live ? e('b', { class: 'good' }, 'going now') : status.status);
            view.fill(state, status.live ? progress(status) : null);
            if (performance.now() - summaryAt >= SUMMARY_MS || !status.live) {
                var summary = await view.get(path + '/summary');
                summaryAt = performance.now();
                view.fill(table, numbers(summary, status.live));
                view.fill(failed, errors(summary));
                if (summaryAt > 0) {
                    changed();
                }
            }
            ended = !status.live;
        }
        (function loop() {
            view.attempt(again).then(function () {
                if (!ended) {
                    setTimeout(loop, document.hidden ? 4 * STATUS_MS : STATUS_MS);
                }
            });
        }());
    };
}(window.gauntletView = window.gauntletView || {}));
