/*
 * rows_search - a word looked for in the texts of rows, a slice at a time.
 *
 * Texts are read from the store, one trial after the other, in the order asked for, until a page is full or the slice's time is up.
 * Whoever asks goes on with the cursor. What is withheld is found by its id only: a search would tell what stands there.
 */
#ifndef VIEW_ROWS_SEARCH_H
#define VIEW_ROWS_SEARCH_H

#include "store/store.h"
#include "view/rows_scan.h"

enum { SEARCH_SLICE_US = 40000, SEARCH_SLICE_ROWS = 20000 };

struct rows_found {
    const struct browser_trial **row; /* at most q->limit, in `a` */
    size_t count;
    size_t looked_at; /* rows of the scan that are done: the cursor is the last of them */
};
enum err rows_search(struct store *s, const struct run_rows *rows, const struct rows_query *q, const struct rows_scan *scan,
                     const struct clock *clock, struct arena *a, struct rows_found *ret_found, struct error *e) MUST_CHECK;

#endif
