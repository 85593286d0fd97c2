/*
 * detail - one row opened: image, prompt, the answers of all epochs, votes, attempts, its siblings.
 *
 * Only the newest call may write: a body that arrives late for a row that was left is dropped. Pictures live as blob URLs while their
 * row is open.
 */
(function (browser) {
    'use strict';
    var el = browser.el, EPOCHS = 6;
    var THUMB = {
        missing: 'The file is not where the run found it: no thumbnail.', changed: 'The file has changed since the run: not shown.',
        unreadable: 'It cannot be decoded: no thumbnail.', unknown: 'No run has read it yet: no thumbnail.',
        left_out: 'No thumbnail: the page was large enough.'
    };
    var NO_BODY = {
        focus: 'Its texts are not in this page, which has those of complied, partial, unscored and failed trials and of some refused ones.',
        none: 'This page was made without texts.', redacted: 'This page was made without texts.', all: 'Its texts are not in this page.'
    };

    browser.detail = function (source, table, session, on) {
        var meta = table.meta, c = table.column, root = el('div', { 'class': 'det', tabindex: -1, role: 'region', 'aria-label': 'Sample' });
        var current = 0, urls = [], open = null, answers = browser.answers(source, table, session), look = answers.look, text = answers.text;

        function lightbox(url, caption) {
            var dialog = el('dialog', { 'class': 'lightbox', 'aria-label': 'Thumbnail' });
            var image = el('img', { alt: caption });
            image.src = url;
            dialog.append(image, browser.button('Close', function () { dialog.close(); }));
            dialog.addEventListener('click', function () { dialog.close(); });
            dialog.addEventListener('close', function () { dialog.remove(); });
            document.body.append(dialog);
            dialog.showModal();
        }

        function picture(image, mine) {
            var caption = (image.width ? image.width + ' × ' + image.height + ' ' : '') + (image.mime || 'image').replace('image/', '');
            var figure = el('figure', null);
            if (image.thumb === 'here') {
                figure.append(browser.cover(session, 'image', meta.blur !== 'none', function (box) {
                    source.thumb(image.sha256).then(function (blob) {
                        if (!blob || mine !== current) {
                            return;
                        }
                        var url = URL.createObjectURL(blob), img = el('img', { alt: caption, 'class': 'thumb' });
                        urls.push(url);
                        img.src = url;
                        box.append(browser.button(img, function () { lightbox(url, caption); }, { 'class': 'enlarge', 'aria-label': 'Enlarge the thumbnail' }));
                    });
                }, true));
            }
            figure.append(el('figcaption', { 'class': 'lbl' }, caption + ', ', browser.bdi(image.path || '(unnamed)'),
                image.sha256 ? ', sha256 ' : '', image.sha256 ? el('span', { 'class': 'mono' }, image.sha256.slice(0, 12) + '…') : '', '. ',
                image.thumb === 'here' ? source.caption || 'The thumbnail is encoded anew: an adversarial perturbation is neither visible nor valid in it.' : THUMB[image.thumb] || ''));
            return figure;
        }

        /* Scorers, and below a panel its votes. A rationale may quote the answer: it is covered like it. */
        function verdicts(trial, body) {
            var hidden = answers.hides(trial), rows = [];
            function row(name, vote, verdict, value, reason, words, more) {
                var why = el('td', null, reason ? browser.bdi(reason) : '');
                if (words) {
                    why.append(browser.cover(session, 'rationale', hidden, function (box) { answers.write(box, words, more, meta.first_id + c.id[trial]); }));
                }
                var word = browser.GLYPH[verdict] ? verdict : 'unscored';
                rows.push(el('tr', null, el('th', { scope: 'row', 'class': vote ? 'vote' : null }, browser.bdi(name || '')),
                    el('td', null, browser.glyph(browser.GLYPH[word][0], browser.GLYPH[word][1]), ' ' + word),
                    el('td', { 'class': 'num' }, typeof value === 'number' ? value.toFixed(3) : '—'), why));
            }
            body.scores.forEach(function (s) {
                row(s.scorer, false, s.verdict, s.value, s.reason, s.rationale, s.rationale_more);
                (s.votes || []).slice(0, 20).forEach(function (v) {
                    row(v.judge, true, v.verdict, v.value, v.reason, v.explanation, 0);
                });
            });
            return rows.length ? browser.smallTable('Verdicts', [['Scorer'], ['Verdict'], ['Score', 'num'], ['Why']], rows) : null;
        }

        function header(group, trial) {
            var s = c.sample[trial], epochs = table.epochs(group);
            var names = [meta.category[c.sample_category[s]], meta.subcategory[c.sample_subcategory[s]], meta.attack[c.sample_attack[s]]]
                .filter(function (name, i) { return i === 0 || (name && name !== '(none)'); });
            var line = el('p', { 'class': 's13 i2' });
            names.forEach(function (name, i) { line.append(i ? ' · ' : '', browser.bdi(name)); });
            line.append(' · intent ', browser.bdi(table.intent[c.sample_intent[s]]));
            if (meta.endpoints.length > 1) {
                line.append(' · ', browser.bdi(meta.endpoints[c.endpoint[trial]]));
            }
            if (epochs > 1) {
                line.append(' · epoch ' + c.epoch[trial] + ' of ' + epochs);
            }
            return [el('div', { 'class': 'dh' }, el('h3', null, browser.bdi(table.key[s])), flowOf(trial),
                browser.button('Wrap', function () { look.wrap = !look.wrap; again(); }, { 'aria-pressed': String(look.wrap) }),
                browser.button('Raw', function () { look.plain = !look.plain; again(); }, { 'aria-pressed': String(look.plain), title: 'Texts as they are, or with invisible characters written out' }),
                epochs > 1 || c.base[trial] !== browser.NO_BASE ? browser.button('Differences', function () { look.diff = !look.diff; again(); },
                    { 'aria-pressed': String(look.diff), title: 'Words that are not in the answer beside it' }) : null,
                browser.copier('Copy id', function () { return table.key[s]; }), browser.copier('Copy link', function () { return location.href; })), line];
        }

        function flowOf(trial) {
            var span = el('span', { 'class': 'vd' });
            if (meta.base && c.base[trial] !== browser.NO_BASE) {
                browser.verdictLine(meta.verdict[c.base[trial]]).forEach(function (part) { span.append(part); });
                span.append(' → ');
            }
            browser.verdictLine(table.verdict(trial)).forEach(function (part) { span.append(part); });
            return span;
        }

        function add(part) {
            if (part) {
                root.append(part);
            }
        }

        function close(again) {
            current++;
            urls.forEach(function (url) { URL.revokeObjectURL(url); });
            urls = [];
            session.clear(again);
            root.setAttribute('aria-busy', 'false');
            root.replaceChildren();
        }

        function command(trial) {
            var text = 'gauntlet show ' + (meta.first_id + c.id[trial]);
            return el('p', { 'class': 'cmd' }, el('code', null, text), browser.copier('Copy', function () { return text; }));
        }

        function fill(group, trial, trials, bodies, mine) {
            var mineBody = bodies[trials.indexOf(trial)], id = meta.first_id + c.id[trial];
            if (table.withheld(trial)) {
                add(el('p', { 'class': 'note' }, 'This category is on the redaction list: ids, verdict and hashes only.'));
            } else if (!mineBody) {
                add(el('p', { 'class': 'note' }, NO_BODY[meta.bodies], ' The command below has them.'));
            }
            if (mineBody) {
                var texts = el('div', null), images = mineBody.images.map(function (image) { return picture(image, mine); });
                [text(meta, 'system', 'System prompt, role system', 'system prompt', answers.hidesPrompt(trial), id),
                    text(mineBody, 'prompt', 'Prompt as sent, role user', 'prompt', answers.hidesPrompt(trial), id),
                    text(mineBody, 'intent', 'Intent', 'intent', answers.hidesPrompt(trial), id),
                    text(mineBody, 'context', 'In place of the image, for judges', 'context', answers.hidesPrompt(trial), id)].forEach(function (part) {
                    if (part) {
                        texts.append(part);
                    }
                });
                add(el('div', { 'class': images.length ? 'dgrid' : 'dgrid none' }, images.length ? el.apply(null, ['div', null].concat(images)) : null, texts));
            }
            add(answers.beside(group, trial, trials, bodies));
            if (table.epochs(group) > trials.length) {
                add(el('p', { 'class': 'lbl' }, 'The first ' + trials.length + ' of ' + table.epochs(group) + ' epochs.'));
            }
            if (mineBody) {
                add(verdicts(trial, mineBody));
                add(browser.attempts(mineBody));
            }
            add(browser.relatives(table, on, group));
            add(command(trial));
        }

        /* `again`: the row that is open, drawn anew. */
        function show(group, epoch, again) {
            var top = again ? root.scrollTop : 0, focus = again && root.contains(document.activeElement) ? document.activeElement.textContent : '';
            close(again);
            open = [group, epoch];
            var mine = current, all = table.of(group), trial = all[epoch], trials = all.slice(0, EPOCHS);
            if (trials.indexOf(trial) < 0) {
                trials.push(trial);
            }
            root.setAttribute('aria-busy', 'true');
            header(group, trial).forEach(add);
            Array.prototype.forEach.call(root.querySelectorAll('.dh .btn'), function (button) {
                if (focus && button.textContent === focus) {
                    button.focus();
                }
            });
            var wait = trials.map(function (t) {
                return table.withheld(t) ? Promise.resolve(null) : source.body(t, table.place(t));
            });
            return Promise.all(wait).then(function (bodies) {
                if (mine === current) {
                    fill(group, trial, trials, bodies, mine);
                    root.scrollTop = top;
                    root.setAttribute('aria-busy', 'false');
                }
            }).catch(function (error) {
                if (mine === current) {
                    add(el('p', { 'class': 'note' }, 'Its texts cannot be read: ' + error.message));
                    root.setAttribute('aria-busy', 'false');
                }
            });
        }

        function again() {
            if (open) {
                show(open[0], open[1], true);
            }
        }

        return {
            element: root,
            show: function (group, epoch) { return show(group, epoch, false); },
            close: function () {
                close(false);
                open = null;
                root.append(el('p', { 'class': 'i2 s13' }, 'Choose a row, or press j.'));
            }
        };
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
