/*
 * text_search - the search of the viewer: texts come a page at a time, and a worker looks into them.
 *
 * So a query means here what it means in a report's page, letter for letter, and no pattern can stop the page: a worker that has not
 * answered after LOST_MS is ended, and the search with it.
 */
(function (view, browser) {
    'use strict';
    var LOST_MS = 10000, NAMES = 20000;

    function makeWorker() {
        var path = '/assets/search.js';
        var trusted = self.trustedTypes ? trustedTypes.createPolicy('gauntlet-search', { createScriptURL: function () { return path; } }) : null;
        makeWorker = function () { return new Worker(trusted ? trusted.createScriptURL('') : path); };
        return makeWorker();
    }

    /*
     * {ask(question, transfer), end()} for one search. ask → Promise of the worker's answer; of null when the pattern takes too long.
     * One question at a time.
     */
    view.searcher = function (query) {
        var worker = makeWorker(), regex = browser.parseQuery(query).regex;
        return {
            ask: function (question, transfer) {
                return new Promise(function (resolve, reject) {
                    var lost = regex && setTimeout(function () { /* words always come back */
                        worker.terminate();
                        resolve(null);
                    }, LOST_MS);
                    worker.onmessage = function (event) {
                        clearTimeout(lost);
                        resolve(event.data.slow ? null : event.data);
                    };
                    worker.onerror = function (event) {
                        clearTimeout(lost);
                        reject(new Error('the search cannot go on: ' + (event.message || 'its worker did not start')));
                    };
                    worker.postMessage(Object.assign({ query: query }, question), transfer || []);
                });
            },
            end: function () { worker.terminate(); }
        };
    };

    /* As source.match and source.search (reports/assets/browser/source.js). `page(from, scopes)` → Promise of the bytes of a page of texts;
       `numberOf(id)` → number of a trial in the columns. */
    view.textSearch = function (page, numberOf) {
        async function match(query, names, cancelled) {
            var searcher = view.searcher(query.text), found = new Uint8Array(names.length);
            try {
                for (var from = 0; from < names.length && !cancelled(); from += NAMES) {
                    var answer = await searcher.ask({ names: names.slice(from, from + NAMES) });
                    if (!answer) {
                        return null;
                    }
                    found.set(answer.found, from);
                }
                return found;
            } finally {
                searcher.end();
            }
        }

        async function search(ask) {
            var searcher = view.searcher(ask.text), found = new Uint8Array(ask.count), next = 0;
            var scopes = Object.keys(ask.scopes).filter(function (s) { return ask.scopes[s]; });
            try {
                for (var coming = page(next, scopes); coming;) {
                    var bytes = await coming, answer = ask.cancelled() ? null : await searcher.ask({ page: bytes }, [bytes]);
                    if (ask.cancelled()) {
                        return null;
                    }
                    if (!answer) {
                        ask.slow();
                        return null;
                    }
                    answer.found.forEach(function (id) {
                        if (numberOf(id) !== undefined) {
                            found[numberOf(id)] = 1;
                        }
                    });
                    ask.progress(answer.next === null ? 1 : answer.next / answer.total);
                    coming = answer.next === null ? null : page(answer.next, scopes);
                }
                return found;
            } finally {
                searcher.end();
            }
        }
        return { match: match, search: search };
    };
}(window.gauntletView = window.gauntletView || {}, window.gauntletBrowser));
