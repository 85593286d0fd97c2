/* One trial: texts and images covered until somebody asks, verdicts, attempts, those beside it. */
(function (view) {
    'use strict';

    var CUT = 20000, revealAll = false;

    /* A text behind a cover. Only its beginning is put into the page; the rest on demand. */
    function block(label, text) {
        var e = view.element, seen = view.visible(text), pre = e('pre', { class: 'text', dir: 'auto', hidden: !revealAll });
        var more = e('button', { class: 'btn', type: 'button', hidden: true }, 'Show the rest');
        pre.textContent = seen.text.slice(0, CUT);
        if (seen.text.length > CUT) {
            more.hidden = !revealAll;
            more.textContent = 'Show ' + view.count(seen.text.length - CUT) + ' characters more';
            more.addEventListener('click', function () {
                pre.textContent = seen.text;
                more.remove();
            });
        }
        return cover(label + (seen.hidden ? ', ' + seen.hidden + ' hidden ' + (seen.hidden === 1 ? 'character' : 'characters') : ''), [pre, more], function () {
            pre.hidden = false;
            more.hidden = seen.text.length <= CUT;
        }, function () {
            pre.hidden = true;
            more.hidden = true;
        });
    }

    function cover(label, content, show, hide) {
        var e = view.element, shown = revealAll;
        var button = e('button', { class: 'btn', type: 'button', 'aria-expanded': String(shown) }, shown ? 'Hide' : 'Reveal');
        var veil = e('span', { class: 'veil i3', hidden: shown }, 'hidden – press b or Reveal');
        function set(wanted) {
            shown = wanted;
            button.textContent = shown ? 'Hide' : 'Reveal';
            button.setAttribute('aria-expanded', String(shown));
            veil.hidden = shown;
            (shown ? show : hide)();
        }
        button.addEventListener('click', function () { set(!shown); });
        var box = e('div', { class: 'cover' }, e('div', { class: 'head' }, e('span', { class: 'lbl' }, label), veil, button), content);
        box.reveal = set;
        if (shown) {
            show();
        }
        return box;
    }

    /* Not even asked for before it is revealed. */
    function image(trial, picture, position) {
        var e = view.element, img = e('img', { alt: '', hidden: true, decoding: 'async' }), path = '/api/trials/' + trial + '/images/' + position;
        img.addEventListener('error', function () { view.notice('Image ' + (position + 1) + ' cannot be shown: it is not the file of the run, or not there.'); });
        return cover('Image ' + (position + 1) + (picture.width ? ', ' + picture.width + ' × ' + picture.height : '') + (picture.mime ? ', ' + picture.mime : '') +
                     (picture.sha256 ? ', sha256 ' + picture.sha256.slice(0, 12) + '…' : ''), img, function () {
            img.src = path;
            img.hidden = false;
        }, function () { img.hidden = true; });
    }

    function scores(list) {
        var e = view.element;
        return list.length === 0 ? null : e('table', { class: 't' }, e('caption', {}, 'Scorers'), e('tbody', {}, list.map(function (s) {
            return e('tr', {}, e('th', { scope: 'row' }, view.name(s.scorer), s.primary ? e('small', {}, 'primary') : null), e('td', {}, view.verdict(s.verdict, s.reason)),
                     e('td', { class: 'num' }, s.value === null ? '' : s.value.toFixed(3)), e('td', {}, view.name(s.explanation || '')));
        })));
    }

    function attempts(list) {
        var e = view.element;
        return list.length === 0 ? null : e('table', { class: 't' }, e('caption', {}, 'Attempts'), e('tbody', {}, list.map(function (a) {
            return e('tr', {}, e('th', { scope: 'row' }, String(a.number)), e('td', { class: 'nw' }, view.time(a.sent_at)), e('td', {}, a.http_status === null ? '—' : String(a.http_status)),
                     e('td', {}, view.name(a.error_class || 'answered')), e('td', {}, view.name(a.message || '')));
        })));
    }

    function siblings(title, list, name, open) {
        var e = view.element;
        return list.length === 0 ? null : e('div', {}, e('p', { class: 'lbl' }, title), e('p', { class: 'chips' }, list.map(function (s) {
            return e('button', { class: 'btn', type: 'button', onclick: function () { open(s.trial); } }, view.name(name(s)), ' ', view.verdict(s.verdict));
        })));
    }

    view.showDetail = function (pane, detail, open, labels) {
        var e = view.element, t = detail.trial, primary = t.scores.find(function (s) { return s.primary; });
        var word = t.status === 'answered' ? primary ? primary.verdict : 'pending' : t.status;
        view.fill(pane, e('h2', { tabindex: '-1' }, view.name(t.sample)), e('p', {}, view.verdict(word, primary ? primary.reason : t.reason)),
                  e('p', { class: 'i2' }, [t.category, t.subcategory, t.attack].filter(Boolean).map(function (p, i) { return [i ? ' · ' : '', view.name(p)]; }),
                    ' · ', view.name(t.endpoint), ' · epoch ' + t.epoch, t.expected === 'benign' ? ' · benign' : ''),
                  labels, detail.withheld ? e('p', { class: 'warn' }, 'This category is withheld (redact_categories): ids, verdicts and hashes only.') : [
                      t.images.map(function (picture, i) { return image(t.trial, picture, i); }),
                      [['Intent', t.intent], ['Prompt as sent', t.prompt], ['Answer', t.content], ['Reasoning', t.reasoning]].map(function (b) {
                          return b[1] ? block(b[0], b[1]) : null;
                      })],
                  e('p', { class: 'i2' }, [t.finish_reason, t.latency_us === null ? null : view.seconds(t.latency_us / 1000) + ' s',
                                           t.prompt_tokens === null ? null : view.count(t.prompt_tokens) + ' + ' + view.count(t.completion_tokens) + ' tokens', t.model_echo]
                      .filter(Boolean).map(function (p, i) { return [i ? ' · ' : '', view.name(p)]; })),
                  scores(t.scores), attempts(t.attempts),
                  siblings('Same sample', detail.same_sample || [], function (s) { return s.endpoint + ', epoch ' + s.epoch; }, open),
                  siblings('Same intent', detail.same_intent || [], function (s) { return s.attack || s.sample; }, open),
                  e('p', { class: 'cmd' }, e('code', {}, 'gauntlet show ' + t.run + ':' + t.trial)));
    };

    /* b: covers of the open trial; the first time all are shown it asks, and then holds for the page. */
    view.revealToggle = function (pane) {
        if (!revealAll && !window.confirm('Show every text and image of this page from now on? They may be disturbing.')) {
            return;
        }
        revealAll = !revealAll;
        pane.querySelectorAll('.cover').forEach(function (box) { box.reveal(revealAll); });
    };
}(window.gauntletView = window.gauntletView || {}));
