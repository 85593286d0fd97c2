/*
 * link - the state of the browser in the address, and back: #s=SAMPLE&e=ENDPOINT&t=EPOCH&f=FACET:NAME,FACET:NAME&q=TEXT&in=SCOPES&sort=-lat
 *
 *   s     a sample's own id; e: an endpoint's name; t: its epoch, from 0
 *   f     facets (verdict, status, end, cat, sub, att, reason, finish, base, change, intent, …) and names, each percent-encoded; a range is
 *         lat:1..40, tok:..100. Names of one facet are alternatives, facets narrow each other.
 *   q     what is searched, in: where, of id, prompt, answer, rationale, or none
 *   sort  a column of sort.js, with - in front for the other way
 *
 * Every value is held against what the page has. What is not there is named, and the rest counts.
 */
(function (browser) {
    'use strict';
    var SCOPES = ['id', 'prompt', 'answer', 'rationale'], MAX_QUERY = 500;

    browser.SCOPES = SCOPES;

    function decoded(text) {
        try {
            return decodeURIComponent(text);
        } catch (error) {
            return null;
        }
    }

    /* Half a character, as a cut leaves it, has no place in an address. */
    function wellFormed(text) {
        return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
    }

    function parseFacet(word, model, state, unknown) {
        var colon = word.indexOf(':'), id = colon < 0 ? word : word.slice(0, colon), name = colon < 0 ? null : decoded(word.slice(colon + 1));
        var facet = model.facets.find(function (f) { return f.id === id; });
        var range = model.ranges.find(function (r) { return r.id === id; });
        var ends = range && name !== null ? name.split('..') : [];
        if (facet && name !== null && facet.names.indexOf(name) >= 0) {
            if (!state.chosen.has(id)) {
                state.chosen.set(id, new Set());
            }
            state.chosen.get(id).add(facet.names.indexOf(name));
        } else if (ends.length === 2 && ends.every(function (n) { return /^(\d{1,12}(\.\d{1,6})?)?$/.test(n); })) {
            state.limits.set(id, [ends[0] === '' ? -Infinity : Number(ends[0]), ends[1] === '' ? Infinity : Number(ends[1])]);
        } else {
            unknown.push('filter ' + word.slice(0, 80));
        }
    }

    function parseSample(value, model, state, unknown) {
        var key = decoded(value.s), sample = key === null ? -1 : model.table.sample(key);
        var endpoint = 'e' in value ? model.table.meta.endpoints.indexOf(decoded(value.e)) : -1;
        if (sample < 0) {
            unknown.push('sample ' + String(key).slice(0, 80));
            return;
        }
        if ('e' in value && endpoint < 0) {
            unknown.push('endpoint ' + String(decoded(value.e)).slice(0, 80));
        }
        for (var e = 0; endpoint < 0 && e < model.table.meta.endpoints.length; e++) {
            endpoint = model.table.at(e, sample) >= 0 ? e : -1;
        }
        var group = endpoint < 0 ? -1 : model.table.at(endpoint, sample);
        if (group < 0) {
            unknown.push('sample ' + key.slice(0, 80) + ' at that endpoint');
            return;
        }
        state.group = group;
        if ('t' in value) {
            var epoch = /^\d{1,6}$/.test(value.t) ? Number(value.t) : -1;
            if (epoch >= 0 && epoch < model.table.epochs(group)) {
                state.epoch = epoch;
            } else {
                unknown.push('epoch ' + value.t.slice(0, 20));
            }
        }
    }

    /* `none` = nowhere. */
    function parseScopes(text, state, unknown) {
        var known = [];
        (text === 'none' ? [] : text.split(',')).forEach(function (word) {
            if (SCOPES.indexOf(word) >= 0) {
                known.push(word);
            } else {
                unknown.push('search in ' + word.slice(0, 40));
            }
        });
        state.scopes = new Set(known.length || text === 'none' ? known : SCOPES);
    }

    browser.emptyState = function () {
        return { group: -1, epoch: 0, chosen: new Map(), limits: new Map(), query: '', scopes: new Set(SCOPES), sort: 'verdict', descending: false };
    };

    /* {state, unknown: what the address says that is not here, ours: whether it says anything about the browser}. */
    browser.parseLink = function (hash, model) {
        var state = browser.emptyState(), unknown = [], value = {}, ours = false;
        hash.replace(/^#/, '').split('&').forEach(function (part) {
            var at = part.indexOf('=');
            if (at > 0 && ['s', 'e', 't', 'f', 'q', 'in', 'sort'].indexOf(part.slice(0, at)) >= 0) {
                value[part.slice(0, at)] = part.slice(at + 1);
                ours = true;
            }
        });
        if (value.f) {
            value.f.split(',').forEach(function (word) { parseFacet(word, model, state, unknown); });
        }
        if (value.s) {
            parseSample(value, model, state, unknown);
        } else if (value.e || value.t) {
            unknown.push('an endpoint or epoch without its sample');
        }
        if (value.q) {
            var query = decoded(value.q);
            state.query = query === null ? '' : wellFormed(query.slice(0, MAX_QUERY));
            if (query === null) {
                unknown.push('search ' + value.q.slice(0, 80));
            }
        }
        if (value['in']) {
            parseScopes(value['in'], state, unknown);
        }
        if (value.sort) {
            var column = value.sort.replace(/^-/, '');
            if (Object.prototype.hasOwnProperty.call(model.orders, column)) {
                state.sort = column;
                state.descending = value.sort[0] === '-';
            } else {
                unknown.push('order ' + value.sort.slice(0, 40));
            }
        }
        return { state: state, unknown: unknown, ours: ours };
    };

    /* The address of a state, from `#` on. What it says about other things (theme) stays. */
    browser.formatLink = function (state, model, hash) {
        var parts = hash.replace(/^#/, '').split('&').filter(function (part) { return /^theme=/.test(part); }), words = [];
        model.facets.forEach(function (facet) {
            (state.chosen.get(facet.id) || []).forEach(function (n) { words.push(facet.id + ':' + encodeURIComponent(facet.names[n])); });
        });
        state.limits.forEach(function (limit, id) {
            words.push(id + ':' + (limit[0] === -Infinity ? '' : limit[0]) + '..' + (limit[1] === Infinity ? '' : limit[1]));
        });
        if (state.group >= 0) {
            var trial = model.table.first(state.group), c = model.table.column;
            parts.push('s=' + encodeURIComponent(model.table.key[c.sample[trial]]));
            if (model.table.meta.endpoints.length > 1) {
                parts.push('e=' + encodeURIComponent(model.table.meta.endpoints[c.endpoint[trial]]));
            }
            if (state.epoch > 0) {
                parts.push('t=' + state.epoch);
            }
        }
        if (words.length) {
            parts.push('f=' + words.join(','));
        }
        if (state.query) {
            parts.push('q=' + encodeURIComponent(wellFormed(state.query)));
        }
        if (state.query && state.scopes.size < SCOPES.length) {
            parts.push('in=' + (Array.from(state.scopes).join(',') || 'none'));
        }
        if (state.sort !== 'verdict' || state.descending) {
            parts.push('sort=' + (state.descending ? '-' : '') + state.sort);
        }
        return parts.length ? '#' + parts.join('&') : '';
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
