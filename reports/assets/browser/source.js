/*
 * source - where the sample browser gets its data. The page and a server give it the same three things:
 *
 *   source.meta                 at once: what reports/browser_meta.c writes. Lists of names that columns index
 *                               (endpoints, category, subcategory, attack, reason, finish, verdict), the layout of the columns,
 *                               `run`, `scorer`, `base` (the baseline's name or null), `system` (what was sent ahead of every prompt, or
 *                               null), `blur` (harmful, all, none) and `bodies` (focus, all, none, redacted): why a body may not be there.
 *   source.rows()               → Promise of {column, key, intent}: `column.NAME` is a typed array over all trials (`sample_*` over
 *                               samples, in the order that trials index), `key` and `intent` are lists of texts. Asked for once.
 *   source.body(trial, at)      → Promise of {prompt, …, answer, …} or null. `trial` counts rows of the columns from 0; `at` =
 *                               {sample, body, id}: number of its sample's body, number of its own body (-1: none is here), its id
 *                               in the store. The members are those of reports/browser_bodies.h; every text may be hostile.
 *   source.thumb(sha256)        → Promise of a Blob (a small JPEG) or null.
 *   source.search(ask)          → Promise of a Uint8Array over trials, 1 = found; null when it was cancelled. `ask` =
 *                               {matches(text) → bool, text, regex, scopes: {prompt, answer, rationale}, at(trial) → as above,
 *                               count, progress(share 0 … 1), cancelled() → bool, slow() → the pattern took too long and was stopped}.
 *
 * And, when a source has more to show:
 *   source.beside(id)           → an element below an answer with a body; `id` = the trial's in the store
 *   source.facets(table)        → what else trials can be filtered by: a list of {id, label, names, of(trial) → number of a name}
 *   source.rowsCsv()            → Promise of `report --format csv --rows` of the run, as text
 *   source.match(query, names, cancelled) → Promise of a Uint8Array, 1 = found by what parseQuery made; of null when the pattern took too
 *                               long or it was cancelled. Without it names are looked at in the page
 *   source.caption              what to say of a picture in place of the words about thumbnails
 *
 * A server may answer rows() with the bytes of the columns block, inflated, through `browser.columns(meta, buffer)`, and search() by
 * doing it itself. Numbers of bodies mean nothing to it: it has `id`.
 */
(function (browser) {
    'use strict';

    var TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f32: Float32Array };
    var CHUNK = 512, KEPT = 8, SLICE_MS = 8, SLOW_MS = 200;

    /* Typed arrays over one buffer. Those written as differences to the row before are added up. */
    browser.columns = function (meta, buffer) {
        var column = {};
        meta.columns.forEach(function (c) {
            var values = new TYPES[c.type](buffer, c.at, c.count);
            if (c.delta) {
                for (var i = 1; i < values.length; i++) {
                    values[i] += values[i - 1];
                }
            }
            column[c.name] = values;
        });
        return column;
    };

    /* Promise of the bytes; where the browser cannot decode them itself, made a piece at a time. */
    async function bytesIn(base64) {
        if (Uint8Array.fromBase64) {
            return Uint8Array.fromBase64(base64);
        }
        var PIECE = 1 << 16, bytes = new Uint8Array(base64.length / 4 * 3), at = 0, end = performance.now() + SLICE_MS;
        for (var from = 0; from < base64.length; from += PIECE) {
            var text = atob(base64.slice(from, from + PIECE));
            for (var i = 0; i < text.length; i++) {
                bytes[at + i] = text.charCodeAt(i);
            }
            at += text.length;
            if (performance.now() > end) {
                await browser.pause();
                end = performance.now() + SLICE_MS;
            }
        }
        return bytes.subarray(0, at);
    }

    function unpacked(bytes) {
        return new Response(new Response(bytes).body.pipeThrough(new DecompressionStream('gzip')));
    }

    function bytesOf(id) {
        var element = document.getElementById(id);
        if (!element) {
            return null;
        }
        return bytesIn(element.textContent);
    }

    async function inflate(id) {
        var bytes = await bytesOf(id);
        if (!bytes) {
            throw new Error('block ' + id + ' is missing');
        }
        return unpacked(bytes);
    }

    /* Scripts that stand beside the page call gauntletChunk: a chunk's bytes as they would stand in the page. */
    function scripts(beside) {
        var waiting = new Map();
        var trusted = self.trustedTypes ? trustedTypes.createPolicy('gauntlet-chunks', { createScriptURL: function (url) { return url; } }) : null;
        self.gauntletChunk = function (stamp, number, text) {
            var one = waiting.get(number);
            waiting.delete(number);
            if (one && stamp === beside.stamp) {
                one.resolve(text);
            } else if (one) {
                one.reject(new Error(one.name + ' belongs to another report'));
            }
        };
        return function (number) {
            var name = beside.folder + '/chunk-' + number + '.js', url = './' + encodeURIComponent(beside.folder) + '/chunk-' + number + '.js';
            return new Promise(function (resolve, reject) {
                var script = document.createElement('script');
                waiting.set(number, { resolve: resolve, reject: reject, name: name });
                script.onload = script.onerror = function () {
                    var one = waiting.get(number);
                    script.remove();
                    if (one) {
                        waiting.delete(number);
                        reject(new Error(name + ' is not there, or not a chunk: this page needs the folder beside it'));
                    }
                };
                script.src = trusted ? trusted.createScriptURL(url) : url;
                document.head.append(script);
            });
        };
    }

    /* A chunk is a JSON list with one body a line; texts have no line breaks of their own, which JSON writes as \n. */
    function lines(response) {
        return response.text().then(function (text) { return text.slice(1, -1).split(',\n'); });
    }

    /* Promise of the bodies in a chunk of `kind`, each as JSON. */
    function reader(meta) {
        var load = meta.beside ? scripts(meta.beside) : null, samples = Math.ceil(meta.sample_bodies / CHUNK);
        return function (kind, number) {
            if (!load) {
                return inflate('browser-' + kind + '-' + number).then(lines);
            }
            return load(kind === 'sample' ? number : samples + number).then(bytesIn).then(unpacked).then(lines);
        };
    }

    /* The last few chunks that were asked for, newest last. One that could not be read is asked for again. */
    function chunkCache(read) {
        var kept = new Map();
        return function (kind, number) {
            var id = kind + number, chunk = kept.get(id);
            if (!chunk) {
                chunk = read(kind, number);
                chunk.catch(function () { kept.delete(id); });
            }
            kept.delete(id);
            kept.set(id, chunk);
            if (kept.size > KEPT) {
                kept.delete(kept.keys().next().value);
            }
            return chunk;
        };
    }

    /* The data blocks of this very page. */
    browser.pageSource = function () {
        var meta = JSON.parse(document.getElementById('browser-meta').textContent);
        var chunk = chunkCache(reader(meta));

        function item(kind, number) {
            return chunk(kind, Math.floor(number / CHUNK)).then(function (list) { return JSON.parse(list[number % CHUNK]); });
        }

        function rows() {
            return Promise.all([
                inflate('browser-columns').then(function (r) { return r.arrayBuffer(); }),
                inflate('browser-names').then(function (r) { return r.json(); })
            ]).then(function (parts) {
                return { column: browser.columns(meta, parts[0]), key: parts[1].key, intent: parts[1].intent };
            });
        }

        function body(trial, at) {
            if (at.body < 0) {
                return Promise.resolve(null);
            }
            return Promise.all([item('sample', at.sample), item('trial', at.body)]).then(function (both) {
                return Object.assign({}, both[0], both[1]);
            });
        }

        async function thumb(sha256) {
            var bytes = await bytesOf('thumb-' + sha256);
            return bytes ? new Blob([bytes], { type: 'image/jpeg' }) : null;
        }

        /* What to look for in a body's JSON before it is read: most bodies of most searches need not be. Empty where JSON may write the text
           otherwise than it is (its escapes; a sigma, whose lower case depends on the letter before it). */
        function inJson(ask) {
            return ask.regex || /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\u03a3\u03c2\u03c3]/.test(ask.text) ? '' : ask.text.toLowerCase();
        }

        /* Every body of one kind, in its order: `test(body)` is asked once each, in slices that leave the page alive. */
        async function scan(kind, count, ask, done, total, test) {
            var found = new Uint8Array(count), needle = inJson(ask), sliceEnd = performance.now() + SLICE_MS;
            for (var first = 0; first < count; first += CHUNK) {
                var list = await chunk(kind, first / CHUNK), spent = 0;
                if (first + CHUNK < count) {
                    chunk(kind, first / CHUNK + 1).catch(function () {}); /* is unpacked meanwhile; who waits for it hears of an error */
                }
                for (var i = 0; i < list.length; i++) {
                    var start = performance.now();
                    if (start > sliceEnd) {
                        ask.progress((done + first + i) / total);
                        await browser.pause();
                        if (ask.cancelled()) {
                            return null;
                        }
                        start = performance.now();
                        sliceEnd = start + SLICE_MS;
                    }
                    found[first + i] = list[i].toLowerCase().indexOf(needle) >= 0 && test(JSON.parse(list[i])) ? 1 : 0;
                    spent += performance.now() - start;
                    if (ask.regex && spent > SLOW_MS) {
                        ask.slow();
                        return null;
                    }
                }
            }
            return found;
        }

        function inVotes(body, matches) {
            return body.scores.some(function (s) {
                return matches(s.rationale || '') || (s.votes || []).some(function (v) { return matches(v.explanation || ''); });
            });
        }

        async function search(ask) {
            var samples = meta.sample_bodies, trials = meta.trial_bodies, matches = ask.matches;
            var total = Math.max(1, (ask.scopes.prompt ? samples : 0) + trials), prompts = null;
            if (ask.scopes.prompt) {
                prompts = await scan('sample', samples, ask, 0, total, function (b) { return matches(b.prompt) || matches(b.intent); });
                if (!prompts) {
                    return null;
                }
            }
            var answers = await scan('trial', trials, ask, total - trials, total, function (b) {
                return (ask.scopes.answer && (matches(b.answer || '') || matches(b.reasoning || '') || matches(b.refusal || ''))) ||
                    (ask.scopes.rationale && inVotes(b, matches));
            });
            if (!answers) {
                return null;
            }
            var hit = new Uint8Array(ask.count);
            for (var t = 0; t < ask.count; t++) {
                var at = ask.at(t);
                hit[t] = at.body >= 0 && (answers[at.body] || (prompts && prompts[at.sample])) ? 1 : 0;
            }
            return hit;
        }

        function rowsCsv() {
            return inflate('browser-rows-csv').then(function (r) { return r.text(); });
        }

        return { meta: meta, rows: rows, body: body, thumb: thumb, search: search, rowsCsv: document.getElementById('browser-rows-csv') ? rowsCsv : null };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
