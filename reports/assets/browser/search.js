/* search - which trials a query finds: by their names, and by texts where the source has them. */
(function (browser) {
    'use strict';

    function* inNames(query, names) {
        var found = new Uint8Array(names.length);
        for (var i = 0; i < names.length; i++) {
            found[i] = query.matches(names[i]) ? 1 : 0;
            if (i % 1000 === 0) {
                yield;
            }
        }
        return found;
    }

    /* Promise of whether each of the names is found, as a Uint8Array; of null or undefined when it was stopped. */
    function match(source, query, names, cancelled) {
        return source.match ? source.match(query, names, cancelled) : browser.slices().run(inNames(query, names));
    }

    /*
     * All trials that a query finds: Promise of a Uint8Array by trial; null when it was cancelled. `say` gets the share that is done;
     * `problem` what stopped it.
     */
    browser.search = async function (source, table, query, scopes, cancelled, say, problem) {
        var hits = new Uint8Array(table.trials), c = table.column;
        var texts = { prompt: scopes.has('prompt'), answer: scopes.has('answer'), rationale: scopes.has('rationale') };
        function slow() {
            problem('the pattern takes too long and was stopped');
        }
        if (scopes.has('id')) {
            var keys = await match(source, query, table.key, cancelled), intents = keys && await match(source, query, table.intent, cancelled);
            if (cancelled()) {
                return null;
            }
            if (!intents) {
                slow();
                return hits;
            }
            for (var t = 0; t < table.trials; t++) {
                hits[t] = keys[c.sample[t]] | intents[c.sample_intent[c.sample[t]]];
            }
        }
        if (texts.prompt || texts.answer || texts.rationale) {
            var found = await source.search({
                matches: query.matches, regex: query.regex, text: query.text, scopes: texts, at: table.place, count: table.trials, cancelled: cancelled,
                progress: say, slow: slow
            });
            for (t = 0; found && t < hits.length; t++) {
                hits[t] |= found[t];
            }
        }
        return cancelled() ? null : hits;
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
