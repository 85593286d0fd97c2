/*
 * rows_csv - the rows of the trials that pass the filters, as the program's own CSV has them: whole lines of `report --format csv --rows`,
 * in its order, below its heading.
 */
(function (browser) {
    'use strict';

    /* A generator for slices(): where each line of `text` ends, after its CR LF. A cell in quotes may hold line ends. */
    function* lineEnds(text) {
        var ends = [], quote = false, from = 0;
        for (;;) {
            var end = text.indexOf('\r\n', from), next = text.indexOf('"', from);
            if (next >= 0 && (quote || end < 0 || next < end)) {
                quote = !quote;
                from = next + 1;
            } else if (end < 0) {
                return ends;
            } else {
                from = end + 2;
                ends.push(from);
            }
            if (ends.length % 500 === 0) {
                yield;
            }
        }
    }

    /* Promise of the bytes for `pass` (Uint8Array by trial). The last cell of a line is its trial's id. */
    browser.rowsCsv = function (source, table, pass) {
        return source.rowsCsv().then(function (text) {
            return browser.slices().run(lineEnds(text)).then(function (ends) {
                var wanted = new Set(), kept = [text.slice(0, ends[0])];
                for (var t = 0; t < table.trials; t++) {
                    if (pass[t]) {
                        wanted.add(String(table.meta.first_id + table.column.id[t]));
                    }
                }
                for (var i = 1; i < ends.length; i++) {
                    var line = text.slice(ends[i - 1], ends[i]);
                    if (wanted.has(line.slice(line.lastIndexOf(',') + 1, -2))) {
                        kept.push(line);
                    }
                }
                return new Blob(kept, { type: 'text/csv' });
            });
        });
    };
}(self.gauntletBrowser = self.gauntletBrowser || {}));
