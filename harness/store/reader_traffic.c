/* When replies came, for the report's chart of throughput. */
#include "store/reader.h"

#include "base/cleanup.h"
#include "base/vec.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <stdlib.h>

static const struct statement sql[] = {
    { "read when replies came", "SELECT done_at, coalesce(http_status, 0) FROM attempt"
                                " WHERE trial_id BETWEEN (SELECT first_trial FROM endpoint WHERE id = ?1)"
                                " AND (SELECT last_trial FROM endpoint WHERE id = ?1) AND done_at IS NOT NULL" },
};
const struct statement_group traffic_statements = { sql, ARRAY_LEN(sql) };

/* Where slots begin and how long they are is known only at the end, and each attempt lies beside its reply's bytes: what is needed of them
   is kept, 16 bytes, instead of reading them all a second time. */
struct ended {
    int64_t at;
    int status; /* 0 = none arrived */
};

struct endings {
    struct ended *item;
    size_t count, cap;
    int64_t first, last;
};

static void endings_release(struct endings *x)
{
    free(x->item);
}

/* The shortest round length that cuts the span into at most `max` slots. */
static int64_t slot_length(int64_t span_us, size_t max)
{
    static const int64_t seconds[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400 };
    for (size_t i = 0; i < ARRAY_LEN(seconds); i++) {
        if (span_us / (seconds[i] * 1000000) < (int64_t)max)
            return seconds[i] * 1000000;
    }
    int64_t days = span_us / 86400000000 / (int64_t)max + 1;
    return days * 86400000000;
}

static enum err read_endings(struct store *s, int64_t endpoint_id, struct endings *x, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[0], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    while ((code = query_row(&q, &row, e)) == OK && row) {
        int64_t at = query_get_int(&q, 0, 0);
        x->item = vec_grow(x->item, x->count, &x->cap, sizeof(*x->item));
        x->first = x->count == 0 || at < x->first ? at : x->first;
        x->last = x->count == 0 || at > x->last ? at : x->last;
        x->item[x->count++] = (struct ended){ at, (int)query_get_int(&q, 1, 0) };
    }
    return code;
}

static void count_ended(const struct ended *x, struct traffic_slot *slot)
{
    if (x->status >= 200 && x->status <= 299)
        slot->replies++;
    else if (x->status == 429)
        slot->too_many++;
    else if (x->status >= 500)
        slot->server_errors++;
    else
        slot->others++;
}

enum err store_traffic(struct store *s, int64_t endpoint_id, size_t max, struct arena *a, struct traffic *ret_t, struct error *e)
{
    CLEANUP(endings_release) struct endings x = { 0 };
    struct traffic t = { 0 };
    enum err code = read_endings(s, endpoint_id, &x, e);
    if (code != OK)
        return code;
    if (x.count > 0 && x.first > 0) {
        t.start_at = x.first;
        t.slot_us = slot_length(x.last - x.first, max);
        t.count = (size_t)((x.last - x.first) / t.slot_us) + 1;
        t.slot = arena_array(a, t.count, sizeof(*t.slot));
        for (size_t i = 0; i < x.count; i++)
            count_ended(&x.item[i], &t.slot[(x.item[i].at - x.first) / t.slot_us]);
    }
    *ret_t = t;
    return OK;
}
