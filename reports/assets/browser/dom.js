/* Elements, made without ever parsing text as HTML: what came from outside goes in as text and nothing else. */
(function (browser) {
    'use strict';
    var SVG = 'http://www.w3.org/2000/svg';

    function append(parent, children) {
        children.forEach(function (child) {
            if (child !== null && child !== undefined) {
                parent.append(child); /* a string becomes a text node */
            }
        });
        return parent;
    }

    /* el('td', {class: 'num'}, 'text', element, …). Attributes that are null, undefined or false are left out. */
    browser.el = function (tag, attributes) {
        var element = document.createElement(tag);
        Object.keys(attributes || {}).forEach(function (name) {
            var value = attributes[name];
            if (value !== null && value !== undefined && value !== false) {
                element.setAttribute(name, value === true ? '' : String(value));
            }
        });
        return append(element, Array.prototype.slice.call(arguments, 2));
    };

    browser.svg = function (tag, attributes) {
        var element = document.createElementNS(SVG, tag);
        Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, String(attributes[name])); });
        return append(element, Array.prototype.slice.call(arguments, 2));
    };

    browser.glyph = function (symbol, ink) {
        return browser.svg('svg', { 'class': 'g ' + ink, 'aria-hidden': 'true' }, browser.svg('use', { href: '#' + symbol }));
    };

    browser.button = function (label, act, attributes) {
        var button = browser.el('button', Object.assign({ type: 'button', 'class': 'btn' }, attributes), label);
        button.addEventListener('click', act);
        return button;
    };

    var INVISIBLE = /[\u061C\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;
    var CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

    /* C0 and C1 but tab and line feed: report.md 8.2. */
    function controls(text) {
        return text.replace(/\r\n/g, '\n').replace(CONTROL, '\uFFFD');
    }

    /* A name from outside, for one line: of unknown direction, so that it cannot turn its surroundings. */
    browser.bdi = function (text) {
        return browser.el('bdi', null, controls(text));
    };
    browser.plain = controls;

    /* Where one cannot be seen, its number: report.md 8.1. `into` gets the text; returns how many there were. */
    browser.visible = function (text, into) {
        var hidden = 0, from = 0, match;
        text = controls(text);
        INVISIBLE.lastIndex = 0;
        while ((match = INVISIBLE.exec(text))) {
            into.append(text.slice(from, match.index));
            var code = match[0].codePointAt(0).toString(16).toUpperCase();
            into.append(browser.el('span', { 'class': 'hid' }, '[U+' + code.padStart(4, '0') + ']'));
            from = match.index + match[0].length;
            hidden++;
        }
        into.append(text.slice(from));
        return hidden;
    };

    /* The same as it is, for those who want to copy it. */
    browser.raw = function (text, into) {
        into.append(controls(text));
    };

    browser.count = function (n) {
        return n.toLocaleString('en-US');
    };

    browser.plural = function (n, one, many) {
        return browser.count(n) + ' ' + (n === 1 ? one : many);
    };

    browser.seconds = function (ms) {
        return ms < 100 ? (ms / 1000).toFixed(3) : ms < 9950 ? (ms / 1000).toFixed(1) : browser.count(Math.round(ms / 1000));
    };

    /* Gives a file to the person who looks. */
    browser.save = function (blob, name) {
        var link = browser.el('a', { download: name }), url = URL.createObjectURL(blob);
        link.href = url;
        link.click();
        setTimeout(function () { URL.revokeObjectURL(url); }, 60000);
    };

    /* Copies, also from a file, where the clipboard may be out of reach. Promise of whether it worked. */
    browser.copy = function (text) {
        function byHand() {
            var area = browser.el('textarea', { 'class': 'vh', 'aria-hidden': 'true' }), done = false;
            area.value = text;
            document.body.append(area);
            area.select();
            try {
                done = document.execCommand('copy');
            } catch (error) {
                done = false;
            }
            area.remove();
            return done;
        }
        if (navigator.clipboard && navigator.clipboard.writeText) {
            return navigator.clipboard.writeText(text).then(function () { return true; }, byHand);
        }
        return Promise.resolve(byHand());
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
