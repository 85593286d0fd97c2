/*
 * changed - the comparison's list of samples whose verdict changed: each can be opened below its row, the baseline's answer beside the
 * candidate's, covered until it is revealed.
 */
(function (browser) {
    'use strict';
    var el = browser.el;

    /* `rows` = those of the list, which name their trial; `source`, `table`, `session` as in browser.js. */
    browser.changed = function (source, table, session, rows) {
        var answers = browser.answers(source, table, session), c = table.column;

        function fill(cell, trial) {
            cell.append(el('p', { 'class': 'lbl' }, 'Reading …'));
            source.body(trial, table.place(trial)).then(function (body) {
                cell.replaceChildren(body && body.base ? answers.pair(trial, body) :
                    el('p', { 'class': 'note' }, 'Their texts are not in this page: `gauntlet show ' + (table.meta.first_id + c.id[trial]) + '`.'));
            }).catch(function (error) {
                cell.replaceChildren(el('p', { 'class': 'note' }, 'Their texts cannot be read: ' + error.message));
            });
        }

        function opener(row, trial) {
            var below = null, button = browser.button('Answers', function () {
                if (below) {
                    below.remove();
                    below = null;
                } else {
                    var cell = el('td', { colspan: row.cells.length });
                    below = el('tr', { 'class': 'below' }, cell);
                    row.after(below);
                    fill(cell, trial);
                }
                button.setAttribute('aria-expanded', String(below !== null));
            }, { 'aria-expanded': 'false', 'aria-label': 'Answers to ' + browser.plain(table.key[c.sample[trial]]), 'class': 'btn answers' });
            return button;
        }

        rows.forEach(function (row) {
            var trial = c.id.indexOf(Number(row.dataset.trial) - table.meta.first_id);
            if (trial >= 0 && !table.withheld(trial)) {
                row.cells[0].append(' ', opener(row, trial));
            }
        });
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
