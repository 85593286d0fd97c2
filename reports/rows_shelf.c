#include "reports/rows_shelf.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void rows_shelf_put(struct rows_shelf *shelf, int64_t endpoint_id, int64_t scorer_id, struct rows *rows)
{
    struct shelved_rows *item = xcalloc(1, sizeof(*item));
    *item = (struct shelved_rows){ endpoint_id, scorer_id, *rows };
    memset(rows, 0, sizeof(*rows));
    shelf->item = vec_grow(shelf->item, shelf->count, &shelf->cap, sizeof(struct shelved_rows *));
    shelf->item[shelf->count++] = item;
}

const struct rows *rows_shelf_find(const struct rows_shelf *shelf, int64_t endpoint_id, int64_t scorer_id)
{
    for (size_t i = 0; shelf && i < shelf->count; i++) {
        const struct shelved_rows *item = shelf->item[i];
        if (item->endpoint_id == endpoint_id && item->scorer_id == scorer_id)
            return &item->rows;
    }
    return NULL;
}

void rows_shelf_release(struct rows_shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        rows_clear(&shelf->item[i]->rows);
        free(shelf->item[i]);
    }
    free(shelf->item);
    memset(shelf, 0, sizeof(*shelf));
}
