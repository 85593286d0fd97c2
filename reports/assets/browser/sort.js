/*
 * sort - the order of the rows: stable, by any column, in time that grows with their number only.
 *
 * Every column becomes an unsigned 32-bit key per row; a radix sort of two passes of 16 bits keeps equal keys in their order
 * (Knuth, TAOCP 3, 5.2.5). What is not known comes last, whichever way the rest goes.
 */
(function (browser) {
    'use strict';
    var LAST = 0xFFFFFFFF;

    /* Place of each name in the order of the names. */
    function ranks(names) {
        var order = names.map(function (name, i) { return i; });
        order.sort(function (a, b) { return names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : a - b; });
        var rank = new Uint32Array(names.length);
        order.forEach(function (i, place) { rank[i] = place; });
        return rank;
    }

    var view = new DataView(new ArrayBuffer(4));
    function bits(x) { /* of a number from 0 on; larger numbers have larger bits */
        view.setFloat32(0, x + 0);
        return view.getUint32(0);
    }

    /* The columns: {label, key(trial) → 0 … 2^32-2, or null when it is not known}. */
    browser.orders = function (table) {
        var c = table.column, meta = table.meta;
        function named(names, of) {
            var rank = null;
            return function (t) {
                rank = rank || ranks(names);
                return rank[of(t)];
            };
        }
        function number(column) {
            return function (t) { return column[t] === browser.UNKNOWN ? null : column[t]; };
        }
        var orders = {
            verdict: { label: 'Verdict', key: function (t) { return c.verdict[t]; } },
            base: { label: 'Baseline verdict', key: function (t) { return c.base[t]; } },
            id: { label: 'Sample', key: function (t) { return c.sample_rank[c.sample[t]]; } },
            score: { label: 'Score', key: function (t) { return c.score[t] >= 0 ? bits(c.score[t]) : null; } },
            lat: { label: 'Latency', key: number(c.latency) },
            tok: { label: 'Answer tokens', key: number(c.completion_tokens) },
            ptok: { label: 'Prompt tokens', key: number(c.prompt_tokens) },
            end: { label: 'Endpoint', key: function (t) { return c.endpoint[t]; } },
            cat: { label: 'Category', key: named(meta.category, function (t) { return c.sample_category[c.sample[t]]; }) },
            sub: { label: 'Subcategory', key: named(meta.subcategory, function (t) { return c.sample_subcategory[c.sample[t]]; }) },
            att: { label: 'Attack', key: named(meta.attack, function (t) { return c.sample_attack[c.sample[t]]; }) },
            intent: { label: 'Intent', key: function (t) { return c.sample_intent[c.sample[t]]; } },
            finish: { label: 'Finish reason', key: named(meta.finish, function (t) { return c.finish[t]; }) },
            reason: { label: 'Reason', key: named(meta.reason, function (t) { return c.reason[t]; }) }
        };
        if (!meta.base) {
            delete orders.base;
        }
        return orders;
    };

    function pass(key, from, to, shift) {
        var count = new Uint32Array(65537), i;
        for (i = 0; i < from.length; i++) {
            count[((key[from[i]] >>> shift) & 0xFFFF) + 1]++;
        }
        for (i = 0; i < 65536; i++) {
            count[i + 1] += count[i];
        }
        for (i = 0; i < from.length; i++) {
            to[count[(key[from[i]] >>> shift) & 0xFFFF]++] = from[i];
        }
    }

    /* A generator for slices(): all groups in the order of a column, as a Uint32Array. A group counts by its first epoch. */
    browser.sorted = function* (table, column, descending) {
        var key = new Uint32Array(table.groups), order = new Uint32Array(table.groups), other = new Uint32Array(table.groups);
        for (var g = 0; g < table.groups; g++) {
            var k = column.key(table.first(g));
            key[g] = k === null ? LAST : descending ? LAST - 1 - k : k;
            order[g] = g;
            if (g % 20000 === 0) {
                yield;
            }
        }
        yield;
        pass(key, order, other, 0);
        yield;
        pass(key, other, order, 16);
        return order;
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
