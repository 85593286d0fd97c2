/*
 * source_http - the data of the report's sample browser (reports/assets/browser/source.js), asked of this server: the columns of
 * every trial at once, texts and images when they are looked at, and a page of texts at a time when they are searched.
 */
(function (view, browser) {
    'use strict';

    var TRIES = 10, AGAIN_MS = 100;

    async function bytes(path) {
        var response = await fetch(path, { credentials: 'same-origin' });
        if (!response.ok) {
            throw Object.assign(new Error((await response.json()).error), { status: response.status });
        }
        return response;
    }

    /* Columns and names of one moment: while a run goes on they may change between two requests, and then all are asked for again. */
    async function together(path, live) {
        for (var tried = 1; ; tried++) {
            var meta = await (live ? view.get : view.getNewest)(path + '/meta');
            try {
                var parts = await Promise.all([bytes(path + '/columns?as_of=' + meta.as_of), bytes(path + '/names?as_of=' + meta.as_of)]);
                return { meta: meta, buffer: await parts[0].arrayBuffer(), names: await parts[1].json() };
            } catch (error) {
                if (error.status !== 409 || tried === TRIES) {
                    throw error;
                }
                await new Promise(function (resolve) { setTimeout(resolve, AGAIN_MS); });
            }
        }
    }

    function whole(body, texts) {
        texts.forEach(function (text) {
            if (text[1]) {
                body[text[0]] = text[1];
                delete body[text[0] + '_more'];
            }
        });
        return body;
    }

    /* What a body of the page is, but with its texts whole. */
    function bodyOf(body, detail) {
        var t = detail.trial;
        return whole(Object.assign({}, body.sample, body.trial), [['prompt', t.prompt], ['intent', t.intent], ['answer', t.content], ['reasoning', t.reasoning]]);
    }

    async function withBase(body) {
        if (body.base) {
            var t = (await view.get('/api/trials/' + body.base.id)).trial;
            whole(body.base, [['answer', t.content], ['reasoning', t.reasoning]]);
        }
        return body;
    }

    var LABELS = ['yours', 'of others', 'none yet', 'not to be labelled'];

    /* Promise of a source. `live`: the run is going on, and rows that are a moment old will do. `opened(detail)` hears of every trial that is
       looked at. */
    browser.httpSource = async function (run, live, opened) {
        var path = '/api/runs/' + encodeURIComponent(run), all = await together(path + '/browser', live), labels = await view.get(path + '/labels'), image = new Map(), number = null;
        var column = browser.columns(all.meta, all.buffer);

        function numberOf(id) {
            if (!number) {
                number = new Map();
                for (var i = 0; i < column.id.length; i++) {
                    number.set(all.meta.first_id + column.id[i], i);
                }
            }
            return number.get(id);
        }

        async function body(trial, at) {
            var got = await Promise.all([view.get('/api/trials/' + at.id + '/body'), view.get('/api/trials/' + at.id)]);
            got[1].trial.images.forEach(function (picture, position) {
                image.set(picture.sha256, '/api/trials/' + at.id + '/images/' + position);
            });
            opened(got[1]);
            return withBase(bodyOf(got[0], got[1]));
        }

        async function thumb(sha256) {
            return image.has(sha256) ? (await bytes(image.get(sha256))).blob() : null;
        }

        function textsFrom(from, scopes) {
            var query = new URLSearchParams([['from', String(from)]].concat(scopes.map(function (s) { return ['in', s]; })));
            return bytes(path + '/texts?' + query).then(function (response) { return response.arrayBuffer(); });
        }

        /* Answers to attack samples alone are labelled. */
        function facets(table) {
            var mine = new Set(labels.mine), others = new Set(labels.others);
            return [{ id: 'lab', label: 'Labels', names: LABELS, of: function (trial) {
                var id = all.meta.first_id + column.id[trial], answered = ['failed', 'skipped', 'pending'].indexOf(table.verdict(trial)) < 0;
                return mine.has(id) ? 0 : others.has(id) ? 1 : answered && !table.benign(trial) && !table.withheld(trial) ? 2 : 3;
            } }];
        }

        var search = view.textSearch(textsFrom, numberOf);
        return {
            numberOf: numberOf, facets: facets,
            meta: all.meta, caption: 'The file that was sent, byte for byte.', body: body, thumb: thumb, search: search.search, match: search.match,
            rows: function () { return Promise.resolve({ column: column, key: all.names.key, intent: all.names.intent }); }
        };
    };
}(window.gauntletView = window.gauntletView || {}, window.gauntletBrowser = window.gauntletBrowser || {}));
