/*
 * browser - the sample browser of a source in an element of the page: what the person does becomes state, and state becomes what is
 * shown and the address.
 */
(function (browser) {
    'use strict';
    var el = browser.el, TYPING_MS = 200;

    /* Promise of {table, session, recode(facet's id, trial, number)} once the list is there. What is recoded counts from the next filter
       on: the list does not move under the hand. */
    browser.start = function (source, root) {
        var meta = source.meta, model = {}, state, session = browser.session(), parts = {}, hits = null;
        var filtering = browser.slices(), sorting = browser.slices(), searches = 0, typing = 0, written = location.hash, order = null, complaints = { link: '', search: '' };

        /* ---- what is shown ---- */

        function build() {
            parts.list = browser.list(model.table, { open: open, sort: sortBy });
            parts.detail = browser.detail(source, model.table, session.part(), { go: go, intent: onlyIntent });
            parts.filters = browser.filters(model.table, model.facets, model.ranges, { facet: setFacet, range: setRange });
            parts.query = el('input', { type: 'search', id: 'browser-q', placeholder: 'Search ids and text   /', autocomplete: 'off', spellcheck: 'false', maxlength: 500 });
            parts.query.addEventListener('input', function () {
                clearTimeout(typing);
                typing = setTimeout(function () { state.query = parts.query.value; search(); }, TYPING_MS);
            });
            parts.scopes = el('fieldset', { 'class': 'scopes' }, el('legend', { 'class': 'vh' }, 'Search in'));
            browser.SCOPES.forEach(function (scope) {
                var box = el('input', { type: 'checkbox', id: 'browser-in-' + scope });
                box.addEventListener('change', function () {
                    if (box.checked) {
                        state.scopes.add(scope);
                    } else {
                        state.scopes.delete(scope);
                    }
                    search();
                });
                parts.scopes.append(el('label', null, box, ' ' + scope));
            });
            parts.order = el('select', { id: 'browser-sort', 'aria-label': 'Sort by' });
            Object.keys(model.orders).forEach(function (id) {
                parts.order.append(el('option', { value: id }, 'by ' + model.orders[id].label.toLowerCase()));
            });
            parts.order.addEventListener('change', function () {
                state.sort = parts.order.value;
                state.descending = false;
                sort();
            });
            parts.way = browser.button('↑', function () {
                state.descending = !state.descending;
                sort();
            }, { 'aria-label': 'Largest first', id: 'browser-way' });
            parts.save = source.rowsCsv ? browser.button('Rows, CSV', saveRows, { title: 'The rows of the trials that pass the filters, without texts' }) : null;
            parts.chips = el('span', { 'class': 'chips' });
            parts.count = el('span', { 'class': 's13', role: 'status', 'aria-live': 'polite', id: 'browser-count' });
            parts.notice = el('p', { 'class': 'notice', role: 'alert', hidden: true });
            root.replaceChildren(
                el('div', { 'class': 'bar', role: 'search' }, el('label', { 'class': 'vh', 'for': 'browser-q' }, 'Search'), parts.query, parts.scopes, parts.chips, parts.count,
                    el('span', { 'class': 'sp tools2' }, parts.order, parts.way, parts.save, browser.button('Show or hide all', session.toggle), browser.button('Keys', browser.help))),
                parts.notice,
                el('div', { 'class': 'panes' }, parts.filters.element, parts.list.element, parts.detail.element));
            parts.detail.close();
        }

        /* What is wrong with the `link`, or with the `search`. */
        function notice(what, text) {
            complaints[what] = text;
            parts.notice.textContent = [complaints.link, complaints.search].filter(Boolean).join(' ');
            parts.notice.hidden = !parts.notice.textContent;
        }

        function say(result) {
            parts.count.replaceChildren(el('b', null, browser.count(result.total)), el('span', { 'class': 'i2' }, ' of ' + browser.plural(meta.trials, 'trial', 'trials')));
        }

        /* The address is that of the state. `jump`: Back leads to where it was before. */
        function remember(jump) {
            var hash = browser.formatLink(state, model, location.hash), address = hash || location.pathname + location.search;
            written = hash;
            if (hash === location.hash) {
                return;
            }
            try {
                if (jump) {
                    history.pushState(null, '', address);
                } else {
                    history.replaceState(null, '', address);
                }
            } catch (error) {
                location.hash = hash; /* a file may not be allowed to replace its state */
            }
        }

        /* ---- state → list ---- */

        function filter(jump) {
            return filtering.run(browser.filter(model.table, model.facets, model.ranges, state.chosen, state.limits, hits)).then(function (result) {
                if (!result) {
                    return;
                }
                model.result = result;
                parts.filters.show(result.counts, state);
                parts.chips.replaceChildren.apply(parts.chips, parts.filters.chips(state));
                say(result);
                fillList();
                remember(jump);
            });
        }

        function fillList() {
            var table = model.table, wanted = new Uint8Array(table.groups), pass = model.result.pass, groups = 0;
            for (var t = 0; t < table.trials; t++) {
                if (pass[t] && !wanted[table.groupOf[t]]) {
                    wanted[table.groupOf[t]] = 1;
                    groups++;
                }
            }
            var shown = new Uint32Array(groups), at = 0;
            for (var i = 0; i < order.length; i++) {
                if (wanted[order[i]]) {
                    shown[at++] = order[i];
                }
            }
            parts.list.show(shown);
            if (state.group >= 0) {
                parts.list.stand(parts.list.placeOf(state.group));
            }
        }

        function sort() {
            parts.order.value = state.sort;
            parts.way.textContent = state.descending ? '↓' : '↑';
            parts.way.setAttribute('aria-pressed', String(state.descending));
            return sorting.run(browser.sorted(model.table, model.orders[state.sort], state.descending)).then(function (sorted) {
                if (!sorted) {
                    return;
                }
                order = sorted;
                parts.list.sorted(state.sort, state.descending);
                if (model.result) {
                    fillList();
                    remember();
                }
            });
        }

        function search() {
            var mine = ++searches, query = browser.parseQuery(state.query), told = 0;
            function late() { return mine !== searches; }
            var problem = !state.query ? '' : state.scopes.size ? query.problem || '' : 'choose where to look';
            notice('search', problem ? 'Search: ' + problem + '.' : '');
            if (!state.query || problem) {
                hits = null;
                return filter();
            }
            return browser.search(source, model.table, query, state.scopes, late, function (share) {
                if (performance.now() - told > 500 && !late()) {
                    told = performance.now();
                    parts.count.textContent = 'scanning ' + Math.floor(100 * share) + ' %';
                }
            }, function (stopped) { notice('search', 'Search: ' + stopped + '.'); }).then(function (found) {
                if (found && !late()) {
                    hits = found;
                    return filter();
                }
            }, function (error) {
                if (!late()) {
                    hits = null;
                    notice('search', 'Search: ' + error.message + '.');
                    return filter();
                }
            });
        }

        /* ---- what the person does ---- */

        function setFacet(id, number, chosen) {
            if (!state.chosen.has(id)) {
                state.chosen.set(id, new Set());
            }
            if (chosen) {
                state.chosen.get(id).add(number);
            } else {
                state.chosen.get(id).delete(number);
            }
            filter();
        }

        function setRange(id, limit) {
            if (limit) {
                state.limits.set(id, limit);
            } else {
                state.limits.delete(id);
            }
            filter();
        }

        function sortBy(column) {
            state.descending = state.sort === column && !state.descending;
            state.sort = column;
            sort();
        }

        function open(place, jump) {
            state.group = parts.list.group(place);
            state.epoch = 0;
            parts.list.stand(place);
            remember(jump);
            return parts.detail.show(state.group, 0);
        }

        /* Also to what the filters leave out: then no row is marked. */
        function go(group) {
            var place = parts.list.placeOf(group);
            if (place >= 0) {
                open(place, true);
                return;
            }
            state.group = group;
            state.epoch = 0;
            parts.list.stand(-1);
            remember(true);
            parts.detail.show(group, 0);
        }

        function onlyIntent(number) {
            state.chosen = new Map([['intent', new Set([number])]]);
            state.limits = new Map();
            filter(true);
        }

        function recode(id, trial, number) {
            model.facets.forEach(function (facet) {
                if (facet.id === id) {
                    facet.code[trial] = number;
                }
            });
        }

        function saveRows() {
            browser.rowsCsv(source, model.table, model.result.pass).then(function (blob) {
                browser.save(blob, 'gauntlet-' + meta.run + '-rows.csv');
            }).catch(function (error) { notice('search', 'The rows cannot be saved: ' + error.message + '.'); });
        }

        function step(by, sameVerdict) {
            var at = parts.list.place(), count = parts.list.count(), table = model.table;
            var verdict = at >= 0 ? table.verdict(table.first(parts.list.group(at))) : null;
            for (var place = at < 0 && by < 0 ? count - 1 : at + by; place >= 0 && place < count; place += by) {
                if (!sameVerdict || verdict === null || table.verdict(table.first(parts.list.group(place))) === verdict) {
                    open(place);
                    return;
                }
            }
        }

        function edge(place) {
            if (place >= 0 && place < parts.list.count()) {
                open(place);
            }
        }

        function nextEndpoint() {
            if (state.group < 0) {
                return;
            }
            var c = model.table.column, trial = model.table.first(state.group), ends = meta.endpoints.length;
            for (var e = 1; e < ends; e++) {
                var other = model.table.at((c.endpoint[trial] + e) % ends, c.sample[trial]);
                if (other >= 0) {
                    go(other);
                    return;
                }
            }
        }

        function leave() {
            parts.list.grid.focus();
        }

        function enter(event) {
            if (event.target.closest('button, a, summary, input, select') || parts.list.count() === 0) {
                return false;
            }
            open(Math.max(0, parts.list.place())).then(function () { parts.detail.element.focus(); });
            return true;
        }

        function key(event) {
            var typingText = (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !/^(checkbox|radio)$/.test(event.target.type)) || event.target.isContentEditable;
            if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) {
                return;
            }
            if (typingText && event.key === 'Escape') {
                leave();
                return;
            }
            if (typingText) {
                return;
            }
            var inside = root.contains(event.target) || event.target === document.body, acts = {
                '/': function () { root.scrollIntoView(); parts.query.focus(); },
                j: function () { step(1, false); }, k: function () { step(-1, false); },
                n: function () { step(1, true); }, p: function () { step(-1, true); },
                ArrowDown: inside && event.target === parts.list.grid && function () { step(1, false); },
                ArrowUp: inside && event.target === parts.list.grid && function () { step(-1, false); },
                Home: inside && event.target === parts.list.grid && function () { edge(0); },
                End: inside && event.target === parts.list.grid && function () { edge(parts.list.count() - 1); },
                Enter: inside && function () { return enter(event); }, Escape: inside && leave,
                b: session.toggle, c: nextEndpoint, '?': browser.help
            };
            if (Object.prototype.hasOwnProperty.call(acts, event.key) && acts[event.key] && acts[event.key]() !== false) {
                event.preventDefault();
            }
        }

        /* ---- the address ---- */

        function obey(hash) {
            var link = browser.parseLink(hash, model);
            state = link.state;
            parts.query.value = state.query;
            browser.SCOPES.forEach(function (scope) { document.getElementById('browser-in-' + scope).checked = state.scopes.has(scope); });
            hits = null;
            written = hash;
            notice('link', link.unknown.length ? 'This link asks for what is not on this page: ' + link.unknown.slice(0, 8).join('; ') + '.' : '');
            return sort().then(search).then(function () {
                if (link.ours) {
                    root.scrollIntoView();
                }
                return state.group >= 0 ? parts.detail.show(state.group, state.epoch) : parts.detail.close();
            });
        }

        /* In steps, so that the rest of the page can be read and used meanwhile. */
        return source.rows().then(function (rows) {
            return browser.slices().run(browser.table(meta, rows));
        }).then(function (table) {
            model.table = table;
            return browser.slices().run(browser.facets(table, source.facets ? source.facets(table) : []));
        }).then(function (facets) {
            model.facets = facets;
            model.ranges = browser.ranges(model.table);
            model.orders = browser.orders(model.table);
            build();
            root.hidden = false;
            return browser.pause();
        }).then(function () {
            document.addEventListener('keydown', key);
            addEventListener('hashchange', function () {
                /* An anchor of the page leaves the browser as it is; Back to where nothing was chosen does not. */
                if (location.hash !== written && (location.hash === '' || /[#&](s|f|q|sort)=/.test(location.hash))) {
                    obey(location.hash);
                }
            });
            return obey(location.hash);
        }).then(function () {
            return { table: model.table, session: session, recode: recode };
        });
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
