/*
 * list - the rows: a grid that says how many there are and holds only those that can be seen.
 *
 * Rows have one height, so the place of each follows from its number. The grid itself has the focus; the row that it stands on is
 * named by aria-activedescendant.
 */
(function (browser) {
    'use strict';
    var ROW = 57, MORE = 8, MOST = 60;
    var COLUMNS = [['verdict', 'Verdict', ''], ['id', 'Sample', ''], ['score', 'Score', 'num'], ['lat', 'Time, s', 'num']];

    function flow(table, group) {
        var meta = table.meta, c = table.column, trials = table.of(group), first = trials[0], words = [];
        var span = browser.el('span', { 'class': 'flow' });
        function add(word) {
            span.append(browser.glyph(browser.GLYPH[word][0], browser.GLYPH[word][1]));
            words.push(word);
        }
        if (meta.base && c.base[first] !== browser.NO_BASE) {
            add(meta.verdict[c.base[first]]);
            span.append(browser.el('span', { 'class': 'ar', 'aria-hidden': 'true' }, '→'));
            words.push('to');
        }
        Array.from(new Set(trials.map(table.verdict))).slice(0, 3).forEach(add);
        span.append(browser.el('span', { 'class': 'vh' }, words.join(' ')));
        return span;
    }

    function places(table, trial) {
        var meta = table.meta, c = table.column, s = c.sample[trial], epochs = table.epochs(table.groupOf[trial]);
        var line = browser.el('div', { 'class': 'sn' });
        var names = [meta.category[c.sample_category[s]], meta.attack[c.sample_attack[s]]];
        if (meta.endpoints.length > 1) {
            names.unshift(meta.endpoints[c.endpoint[trial]]);
        }
        if (meta.reason[c.reason[trial]]) {
            names.push(meta.reason[c.reason[trial]]);
        }
        names.forEach(function (name, i) { line.append(i ? ' · ' : '', browser.bdi(name)); });
        if (epochs > 1) {
            line.append(' · ' + epochs + ' epochs');
        }
        return line;
    }

    /* `on` = {open(place), sort(column)}. */
    browser.list = function (table, on) {
        var order = new Uint32Array(0), at = -1, shown = [-1, -1], waiting = false;
        var head = browser.el('tr', { 'aria-rowindex': 1 }), body = browser.el('tbody');
        var above = browser.el('tr', { 'aria-hidden': 'true', 'class': 'space' }, browser.el('td', { colspan: 4 }));
        var below = above.cloneNode(true);
        var grid = browser.el('table', { role: 'grid', 'aria-label': 'Samples', tabindex: 0, id: 'browser-grid' },
            browser.el('colgroup', null, browser.el('col', { 'class': 'l1' }), browser.el('col'), browser.el('col', { 'class': 'l3' }), browser.el('col', { 'class': 'l4' })),
            browser.el('thead', null, head), body);
        var scroll = browser.el('div', { 'class': 'rows' }, grid);
        var empty = browser.el('p', { 'class': 'empty i2', hidden: true }, table.groups ? 'No sample matches. Remove a filter.' : 'This run has no samples.');
        var foot = browser.el('p', { 'class': 'lfoot' });
        var headers = {};
        COLUMNS.forEach(function (column) {
            var button = browser.button(column[1], function () { on.sort(column[0]); }, { 'class': 'sort', tabindex: -1 });
            headers[column[0]] = browser.el('th', { scope: 'col', 'class': column[2] || null }, button);
            head.append(headers[column[0]]);
        });

        function row(place) {
            var g = order[place], trial = table.first(g), c = table.column, score = c.score[trial], latency = c.latency[trial];
            var tr = browser.el('tr', { id: 'browser-row-' + place, 'aria-rowindex': place + 2, 'aria-selected': place === at ? 'true' : 'false' },
                browser.el('td', null, flow(table, g)),
                browser.el('td', null, browser.el('div', { 'class': 'id' }, browser.bdi(table.key[c.sample[trial]])), places(table, trial)),
                browser.el('td', { 'class': 'num' }, score >= 0 ? score.toFixed(3) : '—'),
                browser.el('td', { 'class': 'num' }, latency === browser.UNKNOWN ? '—' : browser.seconds(latency)));
            tr.addEventListener('click', function () { on.open(place); });
            return tr;
        }

        function draw() {
            waiting = false;
            var top = scroll.scrollTop, height = scroll.clientHeight; /* read once, before anything changes: later would mean a layout more */
            var first = Math.max(0, Math.floor(top / ROW) - MORE);
            var end = Math.min(order.length, Math.ceil((top + height) / ROW) + MORE, first + MOST);
            say(top, height);
            if (first === shown[0] && end === shown[1]) {
                return;
            }
            above.firstChild.setAttribute('height', first * ROW);
            below.firstChild.setAttribute('height', (order.length - end) * ROW);
            if (first >= shown[1] || end <= shown[0]) {
                replace(first, end);
            } else {
                slide(first, end);
            }
            shown = [first, end];
        }

        function rowsOf(first, end) {
            var rows = [];
            for (var place = first; place < end; place++) {
                rows.push(row(place));
            }
            return rows;
        }

        function replace(first, end) {
            body.replaceChildren.apply(body, [above].concat(rowsOf(first, end), [below]));
        }

        /* Rows that are seen before and after stay where they are: a step of the wheel makes a few, not all. */
        function slide(first, end) {
            for (var place = shown[0]; place < Math.min(first, shown[1]); place++) {
                above.nextSibling.remove();
            }
            for (place = Math.max(end, shown[0]); place < shown[1]; place++) {
                below.previousSibling.remove();
            }
            above.after.apply(above, rowsOf(first, Math.min(end, shown[0])));
            below.before.apply(below, rowsOf(Math.max(first, shown[1]), end));
        }

        function say(top, height) {
            var first = Math.min(order.length, Math.floor(top / ROW) + 1);
            var last = Math.min(order.length, Math.max(first, Math.floor((top + height - 33) / ROW)));
            foot.textContent = order.length ? 'rows ' + browser.count(first) + '–' + browser.count(last) + ' of ' + browser.count(order.length) : '';
        }

        function later() {
            if (!waiting) {
                waiting = true;
                requestAnimationFrame(draw);
            }
        }
        scroll.addEventListener('scroll', later, { passive: true });
        new ResizeObserver(later).observe(scroll);

        function again() {
            shown = [-1, -1];
            draw();
        }

        return {
            element: browser.el('div', { 'class': 'list' }, scroll, empty, foot),
            grid: grid,
            count: function () { return order.length; },
            group: function (place) { return order[place]; },
            place: function () { return at; },
            placeOf: function (group) { return order.indexOf(group); },
            show: function (groups) {
                order = groups;
                at = -1;
                grid.removeAttribute('aria-activedescendant');
                grid.setAttribute('aria-rowcount', order.length + 1);
                empty.hidden = order.length > 0;
                scroll.scrollTop = 0;
                again();
            },
            sorted: function (column, descending) {
                COLUMNS.forEach(function (c) {
                    var here = c[0] === column, th = headers[c[0]];
                    th.firstChild.textContent = c[1] + (here ? (descending ? ' ↓' : ' ↑') : '');
                    if (here) {
                        th.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
                    } else {
                        th.removeAttribute('aria-sort');
                    }
                });
            },
            /* Stands on a row and brings it into view. */
            stand: function (place) {
                at = place;
                if (place < 0) {
                    grid.removeAttribute('aria-activedescendant');
                    again();
                    return;
                }
                var top = place * ROW, room = scroll.clientHeight - 2 * ROW;
                if (top < scroll.scrollTop || top > scroll.scrollTop + room) {
                    scroll.scrollTop = Math.max(0, top - Math.floor(room / 2));
                }
                again();
                grid.setAttribute('aria-activedescendant', 'browser-row-' + place);
            }
        };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
