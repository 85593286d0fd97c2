/*
 * rows_scan - one pass over a run's rows: what passes the filters, how many, and the first so many after a cursor.
 *
 * A page is taken with a heap of its size, so that no order is kept or sorted for it: O(rows) with a small constant, whatever the
 * order, the filter and the place in the list. A facet's counts are of the rows that pass all filters but its own, so that they say
 * what choosing another value would give.
 */
#ifndef VIEW_ROWS_SCAN_H
#define VIEW_ROWS_SCAN_H

#include "view/rows_query.h"

struct rows_scan {
    const struct browser_trial **row; /* at most `want`, in the order asked for */
    size_t count;
    int64_t matches; /* rows that pass the filters */
    int64_t before;  /* of them: up to the cursor */
    int64_t *facet_count[FACET_COUNT];
};

/* Everything lies in `a`. */
void rows_scan(const struct run_rows *rows, const struct rows_query *q, size_t want, struct arena *a, struct rows_scan *ret_scan);
struct row_position rows_position(const struct run_rows *rows, const struct rows_query *q, const struct browser_trial *t);

#endif
