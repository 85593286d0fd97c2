/*
 * query - what was typed into the search field: a plain text, found whatever the case, or /a pattern/flags.
 *
 * A pattern runs on the page's own thread and cannot be stopped inside one text. So what is known to take for ever, a repetition of
 * something that repeats, is refused, and source.search stops a pattern that spends more than 200 ms on one chunk.
 */
(function (browser) {
    'use strict';

    /* ( … + … )+ and the like: their number of ways to match a text doubles with every character. */
    var FOR_EVER = /\((?:[^()\\]|\\.)*[+*}](?:[^()\\]|\\.)*\)\s*[+*{]/;

    /* {matches(text), regex} or {problem}. */
    browser.parseQuery = function (text) {
        var pattern = /^\/(.+)\/([a-z]*)$/s.exec(text), needle = text.toLowerCase();
        if (!pattern) {
            return { regex: false, matches: function (t) { return t.toLowerCase().indexOf(needle) >= 0; } };
        }
        if (/[^ismu]/.test(pattern[2])) {
            return { problem: 'flags of a pattern are i, s, m and u' };
        }
        if (FOR_EVER.test(pattern[1])) {
            return { problem: 'a repetition inside a repetition could take for ever' };
        }
        try {
            var regex = new RegExp(pattern[1], pattern[2]);
            return { regex: true, matches: function (t) { return regex.test(t); } };
        } catch (error) {
            return { problem: 'not a pattern: ' + error.message };
        }
    };

    /*
     * All trials that a query finds: Promise of a Uint8Array by trial; null when it was cancelled. `say` gets the share that is done;
     * `problem` what stopped it.
     */
    browser.search = function (source, table, query, scopes, cancelled, say, problem) {
        var hits = new Uint8Array(table.trials), c = table.column, slices = browser.slices();
        function* ids() {
            var found = new Uint8Array(table.samples);
            for (var s = 0; s < table.samples; s++) {
                found[s] = query.matches(table.key[s]) || query.matches(table.intent[c.sample_intent[s]]) ? 1 : 0;
                if (s % 1000 === 0) {
                    yield;
                }
            }
            for (var t = 0; t < table.trials; t++) {
                hits[t] = found[c.sample[t]];
            }
            return true;
        }
        var texts = { prompt: scopes.has('prompt'), answer: scopes.has('answer'), rationale: scopes.has('rationale') };
        return (scopes.has('id') ? slices.run(ids()) : Promise.resolve()).then(function () {
            if (cancelled() || !(texts.prompt || texts.answer || texts.rationale)) {
                return null;
            }
            return source.search({
                matches: query.matches, regex: query.regex, scopes: texts, at: table.place, count: table.trials, cancelled: cancelled,
                progress: say, slow: function () { problem('the pattern takes too long and was stopped'); }
            });
        }).then(function (found) {
            if (cancelled()) {
                return null;
            }
            for (var t = 0; found && t < hits.length; t++) {
                hits[t] |= found[t];
            }
            return hits;
        });
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
