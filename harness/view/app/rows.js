/* The list of samples: facets, search, order, a page of 100. All the state stands in the address, after the #. */
(function (view) {
    'use strict';

    var FACETS = ['verdict', 'endpoint', 'category', 'subcategory', 'attack', 'reason', 'expected'], SHOWN = 12;
    var SORTS = [['order', 'in order'], ['sample', 'by id'], ['category', 'by category'], ['verdict', 'by verdict'], ['-latency', 'slowest first'],
                 ['latency', 'fastest first'], ['-tokens', 'longest first'], ['tokens', 'shortest first'], ['-value', 'highest score first']];

    view.Rows = function (run, parts, open) {
        this.path = '/api/runs/' + encodeURIComponent(run) + '/rows';
        this.parts = parts;
        this.open = open;
        this.rows = [];
        this.cursors = [''];
        this.chosen = -1;
        this.aborter = null;
        this.query = [];
    };
    var proto = view.Rows.prototype;

    /* Pairs of the address that the server is asked with. */
    proto.setQuery = function (pairs) {
        var text = JSON.stringify(pairs);
        if (text === JSON.stringify(this.query) && this.rows.length > 0) {
            return Promise.resolve();
        }
        this.query = pairs;
        this.cursors = [''];
        this.chosen = -1;
        return this.load();
    };
    proto.has = function (name, value) {
        return this.query.some(function (p) { return p[0] === name && p[1] === value; });
    };
    proto.value = function (name) {
        var pair = this.query.find(function (p) { return p[0] === name; });
        return pair ? pair[1] : '';
    };

    /* A search comes in slices: asked for until there is a page, or nothing left to look at. */
    proto.load = async function () {
        if (this.aborter) {
            this.aborter.abort();
        }
        var aborter = this.aborter = new AbortController(), after = this.cursors[this.cursors.length - 1], found = [], page;
        do {
            var query = this.query.concat(after ? [['after', after]] : []);
            page = await view.get(this.path, query, aborter.signal);
            found = found.concat(page.rows);
            after = page.next;
            if (this.value('q') && after) {
                this.parts.found.textContent = 'searching, ' + Math.floor(100 * page.done / Math.max(page.matches, 1)) + ' %';
            }
        } while (this.value('q') && after && found.length < 100);
        this.rows = found;
        this.next = after;
        this.page = page;
        this.show();
    };

    proto.show = function () {
        var self = this, e = view.element, page = this.page;
        view.fill(this.parts.facets, FACETS.map(function (name) { return self.facet(name, page.facets[name]); }));
        this.parts.found.textContent = this.value('q') ?
            view.count(this.rows.length) + ' found' + (this.next ? ' so far' : '') + ' among ' + view.count(page.matches) :
            view.count(page.matches) + ' of ' + view.count(page.rows_total) + ' trials';
        view.fill(this.parts.list, this.rows.length ? this.rows.map(function (row, i) { return self.line(row, i); }) :
            e('p', { class: 'i2 none' }, 'No sample matches. Remove a filter.'));
        this.parts.previous.disabled = this.cursors.length < 2;
        this.parts.following.disabled = !this.next;
        this.mark();
    };

    proto.facet = function (name, facet) {
        var self = this, e = view.element;
        if (facet.values.length < 2 && !facet.values.some(function (v) { return self.has(name, v.key); })) {
            return null;
        }
        var values = facet.values.filter(function (v, i) { return i < SHOWN || self.has(name, v.key); });
        return e('fieldset', {}, e('legend', {}, name), values.map(function (v) {
            return e('label', {}, e('input', { type: 'checkbox', checked: self.has(name, v.key), onchange: function () { self.toggle(name, v.key); } }),
                     e('span', { class: 'cut', title: view.visible(v.key).text }, view.name(v.key || '(none)')), e('span', { class: 'num i2' }, view.count(v.count)));
        }), facet.values.length > SHOWN || facet.more ? e('p', { class: 'i3 s12' }, 'and ' + view.count(facet.values.length - values.length + facet.more) + ' more') : null);
    };
    proto.toggle = function (name, value) {
        var without = this.query.filter(function (p) { return p[0] !== name || p[1] !== value; });
        this.go(without.length === this.query.length ? without.concat([[name, value]]) : without);
    };
    proto.set = function (name, value) {
        this.go(this.query.filter(function (p) { return p[0] !== name; }).concat(value ? [[name, value]] : []));
    };
    proto.go = function (pairs) {
        location.hash = new URLSearchParams(pairs).toString();
    };

    proto.line = function (row, i) {
        var self = this, e = view.element, place = [row.subcategory || row.category, row.attack].filter(Boolean);
        var mine = row.labels.map(function (l) { return view.visible(l.labeller).text + ': ' + l.verdict; }).join(', ');
        return e('button', { class: 'row', type: 'button', 'data-trial': String(row.trial), onclick: function () { self.choose(i); } },
                 e('span', { class: 'v' }, view.verdict(row.verdict)), e('span', { class: 'id cut' }, view.name(row.sample)),
                 e('span', { class: 'place cut i2' }, place.map(function (p, k) { return [k ? ' · ' : '', view.name(p)]; }),
                   row.epoch > 1 ? ' · epoch ' + row.epoch : ''),
                 e('span', { class: 'num i2' }, view.seconds(row.latency_ms)), e('span', { class: 'mark', title: mine }, mine ? '◆' : ''));
    };
    proto.mark = function () {
        var self = this;
        this.parts.list.querySelectorAll('.row').forEach(function (node, i) {
            node.setAttribute('aria-current', i === self.chosen ? 'true' : 'false');
            if (i === self.chosen) {
                node.scrollIntoView({ block: 'nearest' });
            }
        });
    };
    proto.choose = function (i) {
        if (i < 0 || i >= this.rows.length) {
            return;
        }
        this.chosen = i;
        this.mark();
        this.open(this.rows[i].trial);
    };
    /* To the next or previous row; `same`: of the same verdict. Goes on to the neighbouring page. */
    proto.step = async function (way, same) {
        var here = this.rows[this.chosen], i = this.chosen + way;
        while (same && here && this.rows[i] && this.rows[i].verdict !== here.verdict) {
            i += way;
        }
        if (this.rows[i]) {
            this.choose(i);
        } else if (!same && await this.turn(way)) {
            this.choose(way > 0 ? 0 : this.rows.length - 1);
        }
    };
    proto.turn = async function (way) {
        if (way > 0 ? !this.next : this.cursors.length < 2) {
            return false;
        }
        if (way > 0) {
            this.cursors.push(this.next);
        } else {
            this.cursors.pop();
        }
        this.chosen = -1;
        await view.attempt(this.load.bind(this));
        return true;
    };
    /* A label was set: the row says so without asking for the page again. */
    proto.relabel = function (trial, labels) {
        var i = this.rows.findIndex(function (row) { return row.trial === trial; });
        if (i >= 0) {
            this.rows[i].labels = labels;
            this.parts.list.children[i].replaceWith(this.line(this.rows[i], i));
            this.mark();
        }
    };
    view.SORTS = SORTS;
}(window.gauntletView = window.gauntletView || {}));
