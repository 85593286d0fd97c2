/*
 * tables - the tables that stand in the page are sorted by a click on a heading, and show the columns that are chosen.
 *
 * A third click gives the first order back. Rows of the whole ("all") stay where they are. A table that goes on in the fold below it is
 * sorted with it, as one. What is not known comes last either way. Without scripts the tables are as they were written.
 */
(function () {
    'use strict';
    var SORTABLE = 'table.heat, table.dp, table.sub', ORDERS = ['none', 'descending', 'ascending'];
    var compareText = new Intl.Collator('en', { numeric: true }).compare;

    function make(tag, name, text) {
        var element = document.createElement(tag);
        element.className = name;
        if (text) {
            element.append(text);
        }
        return element;
    }

    function list(all) {
        return Array.prototype.slice.call(all);
    }

    /* "1,204" · "−0.5" · "<.001" · "3 / 12": the number that it begins with; NaN when there is none. */
    function number(text) {
        var match = /^[<≤≈$]?\s*([+\-−]?[\d,]*\.?\d+)/.exec(text.trim());
        return match ? Number(match[1].replace(/,/g, '').replace('−', '-')) : NaN;
    }

    /* The first text of a cell that is more than space: an interval may follow it. */
    function firstText(cell) {
        var walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            if (walk.currentNode.data.trim()) {
                return walk.currentNode.data;
            }
        }
        return '';
    }

    /* A plot without words counts by its last dot: the value, or the candidate's. */
    function keyOf(cell) {
        var dots = cell.querySelectorAll('circle.dot'), text = firstText(cell);
        if (cell.tagName === 'TH') {
            return cell.textContent.trim();
        }
        return dots.length && !text ? parseFloat(dots[dots.length - 1].getAttribute('cx')) : number(text);
    }

    function ordered(rows, column, descending) {
        var keyed = rows.map(function (row) { return { row: row, key: row.cells[column] ? keyOf(row.cells[column]) : NaN }; });
        keyed.sort(function (a, b) { /* stable, as sort() is */
            if (typeof a.key === 'string') {
                return (descending ? -1 : 1) * compareText(a.key, b.key);
            }
            if (isNaN(a.key) || isNaN(b.key)) {
                return isNaN(a.key) - isNaN(b.key);
            }
            return descending ? b.key - a.key : a.key - b.key;
        });
        return keyed.map(function (k) { return k.row; });
    }

    /* The bodies of a table and of the one in the fold below it, filled one after the other. */
    function sorter(tables) {
        var bodies = tables.map(function (t) { return t.tBodies[0]; });
        var places = bodies.map(function (body) { return list(body.rows).map(function (row) { return row.classList.contains('all') ? row : null; }); });
        var first = [].concat.apply([], bodies.map(function (body) { return list(body.rows); }))
            .filter(function (row) { return !row.classList.contains('all'); });
        return function (column, order) {
            var rows = order === 'none' ? first : ordered(first, column, order === 'descending'), next = 0;
            bodies.forEach(function (body, i) {
                body.append.apply(body, places[i].map(function (pinned) { return pinned || rows[next++]; }));
            });
        };
    }

    /* ---- headings ---- */

    function headings(table) {
        return table.tHead ? list(table.tHead.rows[0].cells) : [];
    }

    /* What a heading says, without the ticks of an axis; '' when it has no words to click on. */
    function label(th) {
        return th.querySelector('.axis, .vh') ? '' : th.textContent.trim();
    }

    function show(tables, column, order) {
        tables.forEach(function (table) {
            headings(table).forEach(function (th, i) {
                if (i === column && order !== 'none') {
                    th.setAttribute('aria-sort', order);
                } else {
                    th.removeAttribute('aria-sort');
                }
            });
        });
    }

    function sortable(tables) {
        var sort = sorter(tables), at = { column: -1, order: 'none' };
        tables.forEach(function (table) {
            headings(table).forEach(function (th, column) {
                if (!label(th)) {
                    return;
                }
                var button = make('button', 'by');
                button.type = 'button';
                button.append.apply(button, list(th.childNodes));
                th.append(button);
                button.addEventListener('click', function () {
                    var words = column === 0 ? ['none', 'ascending', 'descending'] : ORDERS;
                    at.order = words[at.column === column ? (words.indexOf(at.order) + 1) % words.length : 1];
                    at.column = column;
                    sort(column, at.order);
                    show(tables, column, at.order);
                });
            });
        });
    }

    /* ---- columns ---- */

    /* Hides what does not stand in a shown column. A cell over several columns covers those that are left of them. */
    function showColumns(table, shown) {
        list(table.rows).forEach(function (row) {
            var at = 0;
            list(row.cells).forEach(function (cell) {
                var span = Number(cell.dataset.span || cell.colSpan), left = 0;
                cell.dataset.span = span;
                for (var i = at; i < at + span; i++) {
                    left += shown[i] === false ? 0 : 1;
                }
                cell.classList.toggle('gone', left === 0);
                cell.colSpan = Math.max(1, left);
                at += span;
            });
        });
        list(table.querySelectorAll('col')).forEach(function (col, i) { col.classList.toggle('gone', shown[i] === false); });
    }

    function picker(tables) {
        var details = make('details', 'colpick'), box = make('div', ''), heads = headings(tables[0]), shown = heads.map(function () { return true; });
        details.append(make('summary', '', 'Columns'), box);
        var boxes = heads.map(function (th, column) {
            var name = label(th) || (th.querySelector('.axis') ? 'plot' : '');
            if (column === 0 || !name) {
                return null;
            }
            var line = make('label', ''), input = make('input', '');
            input.type = 'checkbox';
            input.checked = true;
            input.addEventListener('change', function () {
                shown[column] = input.checked;
                tables.forEach(function (table) { showColumns(table, shown); });
            });
            line.append(input, ' ' + name);
            box.append(line);
            return line;
        });
        /* Of a narrow page some columns are left out already: there is nothing to choose. */
        details.addEventListener('toggle', function () {
            boxes.forEach(function (line, column) {
                if (line && shown[column]) {
                    line.hidden = getComputedStyle(heads[column]).display === 'none';
                }
            });
        });
        details.addEventListener('keydown', function (event) {
            if (event.key === 'Escape' && details.open) {
                details.open = false;
                details.firstChild.focus();
                event.stopPropagation();
            }
        });
        return details;
    }

    /* The table that this one goes on from: it stands before the fold around this one. */
    function begun(table) {
        var fold = table.closest('details.more'), before = fold && fold.previousElementSibling;
        return before && (before.matches('table') ? before : before.querySelector('table'));
    }

    /* One box for both: the table may be an item of a grid. */
    function box(table, above) {
        var both = make('div', table.classList.contains('mt3') ? 'picked mt3' : 'picked');
        table.classList.remove('mt3');
        table.replaceWith(both);
        both.append(above, table);
    }

    var groups = new Map();
    document.querySelectorAll(SORTABLE).forEach(function (table) {
        var first = begun(table);
        if (first && groups.has(first)) {
            groups.get(first).push(table);
        } else if (table.tHead && table.tBodies.length === 1) {
            groups.set(table, [table]);
        }
    });
    groups.forEach(function (tables, first) {
        if (tables[0].tBodies[0].rows.length > 1) {
            sortable(tables);
            box(first.closest('.x-sm') || first, picker(tables));
        }
    });
    document.addEventListener('click', function (event) {
        document.querySelectorAll('.colpick[open]').forEach(function (details) { details.open = details.contains(event.target); });
    });
}());
