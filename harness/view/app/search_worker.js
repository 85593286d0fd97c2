/*
 * search_worker - looks for a query in names and texts beside the page, which stays alive whatever the pattern is: one that does not come
 * back is ended with this worker (text_search.js).
 *
 * Asked {query, names: [text …]} it answers {found: Uint8Array by name}; asked {query, page: bytes of GET /api/runs/RUN/texts},
 * {found: ids of trials, next, total}. With `slow`, the pattern spent more time than it may, and what was found is not all.
 */
(function () {
    'use strict';
    var SLOW_MS = 2000; /* on one question; a page that shares its thread with a pattern has less patience */

    self.onmessage = function (event) {
        var ask = event.data, query = self.gauntletBrowser.parseQuery(ask.query), spent = 0;

        function matches(text) {
            var start = performance.now(), yes = (spent < SLOW_MS || !query.regex) && query.matches(text);
            spent += performance.now() - start;
            return yes;
        }
        function inNames(names) {
            return { found: Uint8Array.from(names, function (name) { return matches(name) ? 1 : 0; }) };
        }
        function inPage(page) {
            var found = page.trials.filter(function (trial) { return trial.texts.some(matches); });
            return { found: found.map(function (trial) { return trial.trial; }), next: page.next, total: page.trials_total };
        }
        var answer = ask.names ? inNames(ask.names) : inPage(JSON.parse(new TextDecoder().decode(ask.page)));
        answer.slow = query.regex && spent >= SLOW_MS;
        self.postMessage(answer);
    };
}());
