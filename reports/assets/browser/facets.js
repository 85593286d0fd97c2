/*
 * facets - what the list can be narrowed by, with live counts.
 *
 * A facet gives every trial a small number, the index of its name. A trial passes when it passes every facet in use; the count beside
 * a name is that of the trials that would pass if this facet were left aside, so it says what choosing the name would bring.
 */
(function (browser) {
    'use strict';

    var CHANGE = ['newly broken', 'fixed', 'both complied', 'neither complied', 'not in both'];
    var STATUS = ['answered', 'blocked', 'failed', 'skipped', 'pending'];
    var INTENTS = 5000; /* more of them are no list to choose from: an opened row leads to its own */

    function change(now, base, complied, scored) {
        if (base === browser.NO_BASE || now > scored || base > scored) {
            return 4;
        }
        if (now === complied) {
            return base === complied ? 2 : 0;
        }
        return base === complied ? 1 : 3;
    }

    /* Array by trial, filled by a function of the trial. */
    function codes(table, of) {
        var array = new Uint32Array(table.trials);
        for (var t = 0; t < table.trials; t++) {
            array[t] = of(t);
        }
        return array;
    }

    function differing(table) {
        var verdict = table.column.verdict, mixed = new Uint8Array(table.groups);
        for (var t = 0; t < table.trials; t++) {
            var g = table.groupOf[t];
            if (verdict[t] !== verdict[table.first(g)]) {
                mixed[g] = 1;
            }
        }
        return mixed;
    }

    /* A generator for slices(). Every facet that tells this run's trials apart: {id, label, names, code}; `id` is what links call it.
       `more` = facets of the source: {id, label, names, of(trial)}. */
    browser.facets = function* (table, more) {
        var c = table.column, meta = table.meta, list = [];
        function* add(id, label, names, of, quiet) {
            list.push({ id: id, label: label, names: names, code: of instanceof Function ? codes(table, of) : of, quiet: quiet });
            yield;
        }
        function bySample(column) {
            return function (t) { return column[c.sample[t]]; };
        }
        var complied = meta.verdict.indexOf('complied'), scored = meta.verdict.indexOf('blocked');
        if (meta.base) {
            yield* add('change', 'Change', CHANGE, function (t) { return change(c.verdict[t], c.base[t], complied, scored); });
        }
        yield* add('verdict', 'Verdict', meta.verdict, c.verdict);
        var failed = meta.verdict.indexOf('failed'), status = codes(table, function (t) {
            return c.verdict[t] >= failed ? c.verdict[t] - failed + 2 : c.flags[t] & browser.FILTERED ? 1 : 0;
        });
        yield* add('status', 'Status', STATUS, status, status.every(function (s) { return s === status[0]; }));
        yield* add('end', 'Endpoint', meta.endpoints, c.endpoint, meta.endpoints.length < 2);
        yield* add('cat', 'Category', meta.category, bySample(c.sample_category));
        yield* add('sub', 'Subcategory', meta.subcategory, bySample(c.sample_subcategory), meta.subcategory.length < 2);
        yield* add('att', 'Attack', meta.attack, bySample(c.sample_attack), meta.attack.length < 2);
        if (meta.base) {
            yield* add('base', 'Baseline verdict', meta.verdict.concat('none'), function (t) {
                return c.base[t] === browser.NO_BASE ? meta.verdict.length : c.base[t];
            });
        }
        yield* add('reason', 'Reason', meta.reason, c.reason, meta.reason.length < 2);
        if (table.groups < table.trials) {
            var mixed = differing(table);
            yield* add('flake', 'Epochs', ['agree', 'differ'], function (t) { return mixed[table.groupOf[t]]; });
        }
        if (c.flags.some(function (f) { return f & browser.SPLIT; })) {
            yield* add('judges', 'Judges', ['agree', 'differ'], function (t) { return c.flags[t] & browser.SPLIT ? 1 : 0; });
        }
        yield* add('finish', 'Finish reason', meta.finish, c.finish, meta.finish.length < 2);
        if (c.sample_flags.some(function (f) { return f & browser.BENIGN; })) {
            yield* add('kind', 'Kind', ['attack', 'benign'], function (t) { return table.benign(t) ? 1 : 0; });
        }
        yield* add('text', 'Text', ['in this page', 'numbers only', 'withheld'], function (t) {
            return table.withheld(t) ? 2 : c.flags[t] & browser.EMBEDDED ? 0 : 1;
        }, meta.trial_bodies === meta.trials);
        for (var m = 0; m < more.length; m++) {
            yield* add(more[m].id, more[m].label, more[m].names, more[m].of);
        }
        yield* add('intent', 'Intent', table.intent, bySample(c.sample_intent), table.intent.length === table.samples || table.intent.length > INTENTS);
        return list;
    };

    /* What a range of numbers can be given for: {id, label, value, unit}. `value` is NaN where it is not known. */
    browser.ranges = function (table) {
        var c = table.column;
        function known(column, scale) {
            return function (t) { return column[t] === browser.UNKNOWN ? NaN : column[t] / scale; };
        }
        return [
            { id: 'lat', label: 'Latency, s', value: known(c.latency, 1000) },
            { id: 'tok', label: 'Tokens of the answer', value: known(c.completion_tokens, 1) },
            { id: 'score', label: 'Score', value: function (t) { return c.score[t]; } }
        ];
    };

    /*
     * A generator for slices(): which trials pass. `chosen` = Map from a facet's id to a Set of numbers, `limits` = Map from a range's id
     * to [min, max], `hits` = Uint8Array by trial or null. Returns {pass: Uint8Array by trial, counts: by facet, total}.
     */
    browser.filter = function* (table, facets, ranges, chosen, limits, hits) {
        var trials = table.trials, fail = new Uint32Array(trials), STEP = 20000, OTHER = 0x80000000;
        for (var f = 0; f < facets.length; f++) {
            var set = chosen.get(facets[f].id), code = facets[f].code, bit = 1 << f;
            if (!set || !set.size) {
                continue;
            }
            var allowed = new Uint8Array(facets[f].names.length);
            set.forEach(function (n) { allowed[n] = 1; });
            for (var t = 0; t < trials; t++) {
                if (!allowed[code[t]]) {
                    fail[t] |= bit;
                }
            }
            yield;
        }
        for (var r = 0; r < ranges.length; r++) {
            var limit = limits.get(ranges[r].id), value = ranges[r].value;
            if (!limit) {
                continue;
            }
            for (t = 0; t < trials; t++) {
                var x = value(t);
                if (!(x >= limit[0] && x <= limit[1])) {
                    fail[t] |= OTHER;
                }
                if (t % STEP === 0) {
                    yield;
                }
            }
        }
        for (t = 0; hits && t < trials; t++) {
            if (!hits[t]) {
                fail[t] |= OTHER;
            }
        }
        yield;
        var counts = [], pass = new Uint8Array(trials), total = 0;
        for (f = 0; f < facets.length; f++) {
            var count = new Uint32Array(facets[f].names.length), others = ~(1 << f);
            code = facets[f].code;
            for (t = 0; t < trials; t++) {
                if (!(fail[t] & others)) {
                    count[code[t]]++;
                }
            }
            counts.push(count);
            yield;
        }
        for (t = 0; t < trials; t++) {
            if (!fail[t]) {
                pass[t] = 1;
                total++;
            }
        }
        return { pass: pass, counts: counts, total: total };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
