/* Elements and texts. Every text goes through textContent: nothing here is ever read as HTML. */
(function (view) {
    'use strict';

    /* Characters that cannot be seen or that turn the direction of reading: shown as [U+202E]. As base/text_safe.h has them. */
    var HIDDEN = /[\u061C\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]|\uDB40[\uDC00-\uDC7F]/g;
    var CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
    var GLYPH = { complied: '✗', partial: '◐', refused: '✓', deflected: '–', blocked: '⊘', unscored: '!', failed: '!', skipped: '!', pending: '…' };

    /* element('p', {class: 'note', hidden: true, onclick: f}, 'text', other, …) */
    view.element = function (tag, properties) {
        var node = document.createElement(tag);
        Object.keys(properties || {}).forEach(function (name) {
            var value = properties[name];
            if (name.slice(0, 2) === 'on') {
                node.addEventListener(name.slice(2), value);
            } else if (typeof value === 'boolean') {
                node.toggleAttribute(name, value);
            } else if (value !== null && value !== undefined) {
                node.setAttribute(name, value);
            }
        });
        for (var i = 2; i < arguments.length; i++) {
            view.add(node, arguments[i]);
        }
        return node;
    };
    view.add = function (node, child) {
        if (Array.isArray(child)) {
            child.forEach(function (c) { view.add(node, c); });
        } else if (child !== null && child !== undefined) {
            node.append(child);
        }
    };
    view.fill = function (node) {
        node.replaceChildren();
        for (var i = 1; i < arguments.length; i++) {
            view.add(node, arguments[i]);
        }
    };

    /* A short name from outside, apart from the direction of what stands beside it. */
    view.name = function (text) {
        return view.element('bdi', {}, view.visible(text).text);
    };
    view.visible = function (text) {
        var hidden = 0;
        var shown = String(text === null || text === undefined ? '' : text).replace(CONTROL, '\uFFFD').replace(HIDDEN, function (c) {
            hidden++;
            return '[U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0') + ']';
        });
        return { text: shown, hidden: hidden };
    };
    /* Glyph, word and colour: never colour alone. */
    view.verdict = function (word, reason) {
        return view.element('span', { class: 'word w-' + word }, view.element('span', { class: 'glyph', 'aria-hidden': 'true' }, GLYPH[word] || '?'),
                            word, reason && reason !== word ? view.element('span', { class: 'i2' }, ' ', view.name(reason)) : null);
    };
    view.count = function (n) {
        return Number(n).toLocaleString('en');
    };
    view.seconds = function (ms) {
        return ms === null ? '—' : (ms / 1000).toFixed(ms < 10000 ? 2 : 1);
    };
    /* "20.9 %" as the report writes it; a rate without a value is a dash. */
    view.percent = function (rate) {
        return rate && rate.value !== null ? (rate.value * 100).toFixed(1) + '\u00A0%' : '—';
    };
    view.interval = function (rate) {
        return rate && rate.low !== null && rate.high !== null ? '[' + (rate.low * 100).toFixed(1) + ', ' + (rate.high * 100).toFixed(1) + ']' : '';
    };
    view.time = function (iso) {
        return iso ? iso.slice(0, 19).replace('T', ' ') : '—';
    };
}(window.gauntletView = window.gauntletView || {}));
