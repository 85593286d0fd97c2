/* detail_parts - pieces of an opened row that need nothing but the table: facts, attempts, relatives, buttons that copy. */
(function (browser) {
    'use strict';
    var el = browser.el, SIBLINGS = 40;

    browser.smallTable = function (caption, heads, rows) {
        var t = el('table', { 'class': 't' }, el('caption', null, caption),
            el('thead', null, el.apply(null, ['tr', null].concat(heads.map(function (h) { return el('th', { scope: 'col', 'class': h[1] || null }, h[0]); })))));
        t.append(el.apply(null, ['tbody', null].concat(rows)));
        return el('div', { 'class': 'x-sm', role: 'region', tabindex: 0, 'aria-label': caption }, t);
    };

    /* "stop · 6.1 s · 1,184 + 402 tokens" */
    browser.facts = function (table, trial) {
        var c = table.column, meta = table.meta;
        var list = [];
        if (meta.finish[c.finish[trial]]) {
            list.push(browser.bdi(meta.finish[c.finish[trial]]));
        }
        if (c.latency[trial] !== browser.UNKNOWN) {
            list.push(browser.seconds(c.latency[trial]) + ' s');
        }
        if (c.completion_tokens[trial] !== browser.UNKNOWN) {
            list.push((c.prompt_tokens[trial] === browser.UNKNOWN ? '?' : browser.count(c.prompt_tokens[trial])) + ' + ' +
                browser.count(c.completion_tokens[trial]) + ' tokens');
        }
        var line = el('p', { 'class': 'lbl' });
        list.forEach(function (item, i) { line.append(i ? ' · ' : '', item); });
        return line;
    };

    function tokens(a) {
        var known = [a.prompt, a.completion].map(function (n) { return n === undefined ? '?' : browser.count(n); });
        return a.prompt === undefined && a.completion === undefined ? '—' : known.join(' + ');
    }

    /* The requests that were made; null when there is none. */
    browser.attempts = function (body) {
        function ms(value) { return value === undefined ? '—' : (value / 1000).toFixed(2) + ' s'; }
        var rows = body.attempts.map(function (a) {
            var what = el('td', null, browser.bdi(a['class'] || 'answered'));
            if (a.retry_ms !== undefined) {
                what.append(', retry after ' + ms(a.retry_ms));
            }
            if (a.message) {
                what.append(': ', browser.bdi(a.message.slice(0, 300)));
            }
            return el('tr', null, el('td', null, String(a.number)), el('td', { 'class': 'nw' }, (a.sent || '').slice(11, 23)), el('td', null, a.http ? String(a.http) : '—'),
                what, el('td', { 'class': 'num' }, ms(a.first_ms)), el('td', { 'class': 'num' }, ms(a.total_ms)),
                el('td', { 'class': 'num nw' }, tokens(a)), el('td', { 'class': 'num' }, a.cost === undefined ? 'unknown' : '$' + a.cost.toFixed(4)));
        });
        var caption = body.attempts_more ? 'Attempts, the last ' + rows.length : 'Attempts';
        return rows.length ? browser.smallTable(caption, [['No.'], ['Sent, UTC'], ['HTTP'], ['Class'], ['First byte', 'num'], ['Total', 'num'], ['Tokens', 'num'], ['Cost', 'num']], rows) : null;
    };

    function chip(table, on, group, name, here) {
        var trial = table.first(group), word = table.verdict(trial);
        return browser.button(el('span', null, browser.bdi(name), ' ', browser.glyph(browser.GLYPH[word][0], browser.GLYPH[word][1]),
            el('span', { 'class': 'vh' }, word)), function () { on.go(group); }, { 'class': 'btn sib', 'aria-current': here ? 'true' : null });
    }

    /* The other endpoints' answers to this sample, and the samples of its intent at this endpoint. */
    browser.relatives = function (table, on, group) {
        var c = table.column, meta = table.meta;
        var trial = table.first(group), sample = c.sample[trial], endpoint = c.endpoint[trial], part = el('div', { 'class': 'part' });
        if (meta.endpoints.length > 1) {
            part.append(el('p', { 'class': 'lbl' }, 'The same sample at every endpoint'));
            part.append(el.apply(null, ['div', { 'class': 'sibs' }].concat(meta.endpoints.map(function (name, e) {
                var other = table.at(e, sample);
                return other < 0 ? null : chip(table, on, other, name, e === endpoint);
            }))));
        }
        var same = table.siblings(c.sample_intent[sample]);
        if (same.length > 1) {
            var complied = same.filter(function (s) {
                var g = table.at(endpoint, s);
                return g >= 0 && table.verdict(table.first(g)) === 'complied';
            }).length;
            part.append(el('p', { 'class': 'lbl' }, 'The same intent: ' + browser.plural(same.length, 'sample', 'samples') + ', ' + complied + ' complied'));
            part.append(el.apply(null, ['div', { 'class': 'sibs' }].concat(same.slice(0, SIBLINGS).map(function (s) {
                var g = table.at(endpoint, s);
                return g < 0 ? null : chip(table, on, g, meta.attack.length > 1 ? meta.attack[c.sample_attack[s]] : table.key[s], s === sample);
            }))));
            part.append(browser.button('List them', function () { on.intent(c.sample_intent[sample]); }));
        }
        return part.childNodes.length ? part : null;
    };

    /* A button that copies what `text` gives, and says whether it did. */
    browser.copier = function (label, text) {
        var button = browser.button(label, function () {
            browser.copy(text()).then(function (done) {
                button.textContent = done ? 'Copied' : 'Not copied';
                setTimeout(function () { button.textContent = label; }, 1500);
            });
        });
        return button;
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
