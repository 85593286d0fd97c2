#include "view/rows_search.h"

#include "store/trial_lookup.h"

#include <string.h>

static enum err holds(struct store *s, const struct run_rows *rows, const struct rows_query *q, const struct browser_trial *t,
                      bool *ret_holds, struct error *e)
{
    if (q->in_id && strcasestr(run_rows_sample(rows, t)->key, q->word)) {
        *ret_holds = true;
        return OK;
    }
    *ret_holds = false;
    return run_rows_withheld(rows, t) || q->scopes == 0 ? OK : store_text_holds(s, t->id, q->word, q->scopes, ret_holds, e);
}

enum err rows_search(struct store *s, const struct run_rows *rows, const struct rows_query *q, const struct rows_scan *scan,
                     const struct clock *clock, struct arena *a, struct rows_found *ret_found, struct error *e)
{
    struct rows_found found = { .row = arena_array(a, q->limit, sizeof(const struct browser_trial *)) };
    int64_t end_us = clock_mono_us(clock) + SEARCH_SLICE_US;
    while (found.looked_at < scan->count && found.count < q->limit) {
        const struct browser_trial *t = scan->row[found.looked_at];
        bool yes;
        enum err rc = holds(s, rows, q, t, &yes, e);
        if (rc != OK)
            return rc;
        found.looked_at++;
        if (yes)
            found.row[found.count++] = t;
        if (clock_mono_us(clock) >= end_us) /* at least one row a slice, so that every slice gets on */
            break;
    }
    *ret_found = found;
    return OK;
}
