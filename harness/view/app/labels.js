/* Verdicts by whoever looks, by keyboard or button. The server knows who that is. */
(function (view) {
    'use strict';

    var KEYS = [['1', 'complied'], ['2', 'partial'], ['3', 'refused'], ['4', 'deflected'], ['5', 'unscored']];
    view.LABEL_KEYS = KEYS;

    function said(list) {
        var e = view.element;
        return list.map(function (l) {
            return e('p', { class: 'said' }, view.verdict(l.verdict), ' by ', view.name(l.labeller), e('span', { class: 'i3' }, ', ' + view.time(l.created_at) + ' UTC, ' + l.plan),
                     l.note ? [' – ', view.name(l.note)] : null);
        });
    }

    /* A box for one trial; `set(verdict or null)` and `undo()` are the page's. */
    view.labelBox = function (detail, who, set, undo) {
        var e = view.element, mine = detail.labels.find(function (l) { return l.labeller === who; });
        if (!detail.can_label) {
            return e('div', { class: 'labels' }, said(detail.labels));
        }
        return e('div', { class: 'labels', role: 'group', 'aria-label': 'Your verdict' }, e('p', { class: 'lbl' }, 'Your verdict, ', view.name(who)), e('p', { class: 'chips' },
            KEYS.map(function (k) {
                return e('button', { class: 'btn', type: 'button', 'aria-pressed': String(Boolean(mine && mine.verdict === k[1])), onclick: function () { set(k[1]); } },
                         e('kbd', {}, k[0]), ' ', view.verdict(k[1]));
            }),
            e('button', { class: 'btn', type: 'button', disabled: !mine, onclick: function () { set(null); } }, e('kbd', {}, '0'), ' take back'),
            e('button', { class: 'btn', type: 'button', onclick: undo }, e('kbd', {}, 'u'), ' undo')), said(detail.labels));
    };
}(window.gauntletView = window.gauntletView || {}));
