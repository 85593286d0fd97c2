/*
 * table - the rows of a source, and what follows from them: which trials are epochs of one row, which samples share an intent.
 *
 * A row of the list is a sample at an endpoint, with all its epochs; it is called a group here. Groups stand in the order in which
 * their first trials do.
 */
(function (browser) {
    'use strict';

    browser.UNKNOWN = 4294967295;
    browser.NO_BASE = 255;
    browser.EMBEDDED = 1;
    browser.SPLIT = 2;
    browser.FILTERED = 4;
    browser.BENIGN = 1;
    browser.WITHHELD = 2;

    /* As design.md section 3 draws them. */
    browser.GLYPH = {
        complied: ['g-x', 'bad'], partial: ['g-half', 'warn'], refused: ['g-ok', 'good'], deflected: ['g-dash', 'i3'],
        blocked: ['g-block', 'good'], unscored: ['g-bang', 'i3'], failed: ['g-bang', 'i3'], skipped: ['g-bang', 'i3'], pending: ['g-q', 'i3']
    };

    /* Items of 0 … count-1 by a number below `kinds`: those of kind k are item[start[k]] … item[start[k + 1] - 1], in order. */
    function bucket(kind, count, kinds) {
        var start = new Uint32Array(kinds + 1), item = new Uint32Array(count), next;
        for (var i = 0; i < count; i++) {
            start[kind[i] + 1]++;
        }
        for (var k = 0; k < kinds; k++) {
            start[k + 1] += start[k];
        }
        next = start.slice();
        for (i = 0; i < count; i++) {
            item[next[kind[i]]++] = i;
        }
        return { start: start, item: item };
    }

    /* A generator for slices(); returns the table. */
    browser.table = function* (meta, rows) {
        var c = rows.column, trials = meta.trials, samples = meta.samples;
        var groupAt = new Int32Array(meta.endpoints.length * samples).fill(-1), groupOf = new Uint32Array(trials), groups = 0;
        var body = new Int32Array(trials).fill(-1), sampleBody = new Int32Array(samples).fill(-1), bodies = 0, sampleBodies = 0;
        for (var t = 0; t < trials; t++) {
            if (t % 20000 === 0) {
                yield;
            }
            var place = c.endpoint[t] * samples + c.sample[t];
            if (groupAt[place] < 0) {
                groupAt[place] = groups++;
            }
            groupOf[t] = groupAt[place];
            if (c.flags[t] & browser.EMBEDDED) {
                body[t] = bodies++;
                if (sampleBody[c.sample[t]] < 0) {
                    sampleBody[c.sample[t]] = sampleBodies++;
                }
            }
        }
        yield;
        var members = bucket(groupOf, trials, groups), siblings = null, byKey = null;

        return {
            meta: meta, column: c, key: rows.key, intent: rows.intent, trials: trials, samples: samples, groups: groups, groupOf: groupOf,
            first: function (g) { return members.item[members.start[g]]; },
            epochs: function (g) { return members.start[g + 1] - members.start[g]; },
            /* All trials of a group, in the order of epochs. */
            of: function (g) { return Array.prototype.slice.call(members.item.subarray(members.start[g], members.start[g + 1])); },
            /* The group of a sample at an endpoint, or -1. */
            at: function (endpoint, sample) { return groupAt[endpoint * samples + sample]; },
            /* What source.body wants to know of a trial. */
            place: function (trial) {
                return { sample: sampleBody[c.sample[trial]], body: body[trial], id: meta.first_id + c.id[trial] };
            },
            verdict: function (trial) { return meta.verdict[c.verdict[trial]]; },
            withheld: function (trial) { return (c.sample_flags[c.sample[trial]] & browser.WITHHELD) !== 0; },
            benign: function (trial) { return (c.sample_flags[c.sample[trial]] & browser.BENIGN) !== 0; },
            /* Samples of an intent. */
            siblings: function (intent) {
                siblings = siblings || bucket(c.sample_intent, samples, rows.intent.length);
                return Array.prototype.slice.call(siblings.item.subarray(siblings.start[intent], siblings.start[intent + 1]));
            },
            /* The number of a sample by its own id, or -1. */
            sample: function (key) {
                if (!byKey) {
                    byKey = new Map();
                    rows.key.forEach(function (name, i) { byKey.set(name, i); });
                }
                return byKey.has(key) ? byKey.get(key) : -1;
            }
        };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
