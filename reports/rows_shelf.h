/*
 * rows_shelf - rows of endpoints that were read and are wanted again: a page counts each endpoint and then ranks them against each other.
 *
 * Reading 47,524 rows moves the pages of as many answers, a tenth of a second and more; the rows themselves are 7 MB.
 *
 * Owner     the shelf owns the rows on it; rows_shelf_release frees them. A zeroed value is an empty shelf.
 */
#ifndef REPORTS_ROWS_SHELF_H
#define REPORTS_ROWS_SHELF_H

#include "reports/rows.h"

struct shelved_rows {
    int64_t endpoint_id, scorer_id;
    struct rows rows;
};

struct rows_shelf {
    struct shelved_rows **item;
    size_t count, cap;
};

/* Takes `rows`, as rows_load made them, and leaves them empty. */
void rows_shelf_put(struct rows_shelf *shelf, int64_t endpoint_id, int64_t scorer_id, struct rows *rows);
/* NULL = not here. Borrowed until the shelf is released. `shelf` may be NULL. */
const struct rows *rows_shelf_find(const struct rows_shelf *shelf, int64_t endpoint_id, int64_t scorer_id);
/* Frees the rows and leaves the shelf empty. */
void rows_shelf_release(struct rows_shelf *shelf);

#endif
