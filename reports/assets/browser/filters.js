/*
 * filters - the panel beside the list: facets with live counts, ranges of numbers, and the chips of what is in use.
 */
(function (browser) {
    'use strict';
    var el = browser.el, FEW = 8, MANY = 200, BARS = 16;

    /* A small picture of how the values lie, on a scale that grows by factors. */
    function* histogram(table, range) {
        var low = Infinity, high = 0, counts = new Uint32Array(BARS), t, x;
        for (t = 0; t < table.trials; t++) {
            if (t % 20000 === 0) {
                yield;
            }
            x = range.value(t);
            if (x > 0) {
                low = Math.min(low, x);
                high = Math.max(high, x);
            }
        }
        if (!(high > low)) {
            return null;
        }
        var step = Math.log(high / low) / BARS;
        for (t = 0; t < table.trials; t++) {
            if (t % 20000 === 0) {
                yield;
            }
            x = range.value(t);
            if (x > 0) {
                counts[Math.min(BARS - 1, Math.floor(Math.log(x / low) / step))]++;
            }
        }
        var most = Math.max.apply(null, counts), svg = browser.svg('svg', { 'class': 'fh', height: 36, 'aria-hidden': 'true' });
        counts.forEach(function (count, i) {
            var height = Math.ceil(36 * count / most);
            svg.append(browser.svg('rect', { 'class': 'ar1', x: (100 * i / BARS) + '%', width: '5.4%', y: 36 - height, height: height }));
        });
        return svg;
    }

    /* As far as a link says it. */
    function rounded(text) {
        return Math.min(999999999999, Math.max(0, Number(Number(text).toFixed(6))));
    }

    /* `on` = {facet(id, number, chosen), range(id, [min, max] or null)}. */
    browser.filters = function (table, facets, ranges, on) {
        var panel = el('details', { 'class': 'facets' }), summary = el('summary', null, 'Filters'), whole = new Set(), inputs = {};
        panel.open = !matchMedia('(max-width: 720px)').matches;
        panel.append(summary);
        var parts = facets.map(function (facet) {
            var part = el('fieldset', { hidden: true }, el('legend', null, facet.label)), box = el('div', null);
            part.append(box);
            panel.append(part);
            return { facet: facet, part: part, box: box };
        });
        function field(range, name) {
            var input = el('input', { type: 'number', min: 0, step: 'any', 'aria-label': range.label + ', ' + name, placeholder: name });
            input.addEventListener('change', function () {
                var ends = inputs[range.id].map(function (x) { return x.value; });
                on.range(range.id, ends[0] === '' && ends[1] === '' ? null : [ends[0] === '' ? -Infinity : rounded(ends[0]), ends[1] === '' ? Infinity : rounded(ends[1])]);
            });
            return input;
        }
        /* A range has a place when its values differ; the pictures come later. */
        ranges.forEach(function (range) {
            var part = el('fieldset', { hidden: true }, el('legend', null, range.label));
            inputs[range.id] = [field(range, 'from'), field(range, 'to')];
            panel.append(part);
            browser.slices().run(histogram(table, range)).then(function (picture) {
                if (picture) {
                    part.append(picture, el('p', { 'class': 'fx' }, inputs[range.id][0], inputs[range.id][1]));
                    part.hidden = false;
                }
            });
        });

        function choice(facet, number, count, chosen) {
            var box = el('input', { type: 'checkbox', id: 'browser-f-' + facet.id + '-' + number });
            box.checked = chosen;
            box.addEventListener('change', function () { on.facet(facet.id, number, box.checked); });
            return el('label', null, box, el('span', null, browser.bdi(facet.names[number] || '(none)')), el('span', { 'class': 'n' }, browser.count(count)));
        }

        function draw(part, counts, chosen) {
            var facet = part.facet, all = whole.has(facet.id), shown = [];
            for (var n = 0; n < facet.names.length; n++) {
                if (counts[n] || (chosen && chosen.has(n))) {
                    shown.push(n);
                }
            }
            part.part.hidden = facet.quiet ? !(chosen && chosen.size) : shown.length < 1;
            if (part.part.hidden) {
                part.box.replaceChildren();
                return;
            }
            if (shown.length > FEW) {
                shown.sort(function (a, b) { return counts[b] - counts[a] || a - b; });
            }
            var limit = all ? MANY : FEW, listed = shown.filter(function (number, i) { return i < limit || (chosen && chosen.has(number)); });
            if (facet.quiet) {
                listed = listed.filter(function (number) { return chosen.has(number); });
            }
            part.box.replaceChildren.apply(part.box, listed.map(function (number) {
                return choice(facet, number, counts[number], Boolean(chosen && chosen.has(number)));
            }));
            if (!facet.quiet && shown.length > FEW) {
                part.box.append(browser.button(all ? 'fewer' : browser.count(shown.length - FEW) + ' more', function () {
                    if (!whole.delete(facet.id)) {
                        whole.add(facet.id);
                    }
                    draw(part, counts, chosen);
                }, { 'class': 'link' }));
            }
        }

        return {
            element: panel,
            /* Everything anew; what had the focus keeps it. */
            show: function (counts, state) {
                var focus = document.activeElement && document.activeElement.id, used = state.limits.size;
                parts.forEach(function (part, i) {
                    var chosen = state.chosen.get(part.facet.id);
                    used += chosen ? chosen.size : 0;
                    draw(part, counts[i], chosen);
                });
                Object.keys(inputs).forEach(function (id) {
                    var limit = state.limits.get(id) || [-Infinity, Infinity];
                    inputs[id][0].value = limit[0] === -Infinity ? '' : limit[0];
                    inputs[id][1].value = limit[1] === Infinity ? '' : limit[1];
                });
                summary.textContent = used ? 'Filters (' + used + ' active)' : 'Filters';
                if (/^browser-f-/.test(focus) && document.getElementById(focus)) {
                    document.getElementById(focus).focus();
                }
            },
            chips: function (state) {
                var chips = [];
                function chip(label, drop) {
                    chips.push(el('span', { 'class': 'chip' }, el('span', null, browser.bdi(label)), ' ',
                        browser.button('×', drop, { 'class': 'drop', 'aria-label': 'Remove the filter ' + browser.plain(label) })));
                }
                facets.forEach(function (facet) {
                    (state.chosen.get(facet.id) || []).forEach(function (number) {
                        chip(facet.label.toLowerCase() + ': ' + (facet.names[number] || '(none)'), function () { on.facet(facet.id, number, false); });
                    });
                });
                ranges.forEach(function (range) {
                    var limit = state.limits.get(range.id);
                    if (limit) {
                        chip(range.label.toLowerCase() + ': ' + (limit[0] === -Infinity ? '' : limit[0]) + '–' + (limit[1] === Infinity ? '' : limit[1]),
                            function () { on.range(range.id, null); });
                    }
                });
                return chips;
            }
        };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
