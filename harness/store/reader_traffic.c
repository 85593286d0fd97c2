/* When replies came, for the report's chart of throughput. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

#define ENDED                                                                                                                              \
    " FROM attempt WHERE trial_id BETWEEN (SELECT first_trial FROM endpoint WHERE id = ?1)"                                                \
    " AND (SELECT last_trial FROM endpoint WHERE id = ?1) AND done_at IS NOT NULL"

enum { SPAN, SLOTS };

static const struct statement sql[] = {
    [SPAN] = { "find when replies came", "SELECT min(done_at), max(done_at)" ENDED },
    [SLOTS] = { "count replies by time",
                "SELECT (done_at - ?2) / ?3, count(*) FILTER (WHERE http_status BETWEEN 200 AND 299), count(*) FILTER (WHERE"
                " http_status = 429), count(*) FILTER (WHERE http_status >= 500), count(*)" ENDED " GROUP BY 1 ORDER BY 1" },
};
const struct statement_group traffic_statements = { sql, ARRAY_LEN(sql) };

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

static enum err find_span(struct store *s, int64_t endpoint_id, size_t max, struct traffic *ret_t, struct error *e)
{
    struct query q;
    bool row;
    if (query_open(s, &sql[SPAN], &q, e) != OK)
        return e->code;
    query_int(&q, endpoint_id);
    enum err code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    int64_t first = row ? query_get_int(&q, 0, 0) : 0, last = row ? query_get_int(&q, 1, 0) : 0;
    query_close(&q);
    *ret_t = (struct traffic){ 0 };
    if (first <= 0)
        return OK;
    int64_t slot = slot_length(last - first, max);
    *ret_t = (struct traffic){ .start_at = first, .slot_us = slot, .count = (size_t)((last - first) / slot) + 1 };
    return OK;
}

enum err store_traffic(struct store *s, int64_t endpoint_id, size_t max, struct arena *a, struct traffic *ret_t, struct error *e)
{
    struct traffic t = { 0 };
    struct query q;
    enum err code = find_span(s, endpoint_id, max, &t, e);
    if (code != OK)
        return code;
    if (t.count) {
        t.slot = arena_array(a, t.count, sizeof(*t.slot));
        if (query_open(s, &sql[SLOTS], &q, e) != OK)
            return e->code;
        query_int(&q, endpoint_id);
        query_int(&q, t.start_at);
        query_int(&q, t.slot_us);
        for (bool row; (code = query_row(&q, &row, e)) == OK && row;) {
            int64_t at = query_get_int(&q, 0, 0), ended = query_get_int(&q, 4, 0);
            if (at < 0 || at >= (int64_t)t.count)
                continue;
            struct traffic_slot slot = { query_get_int(&q, 1, 0), query_get_int(&q, 2, 0), query_get_int(&q, 3, 0), 0 };
            slot.others = ended - slot.replies - slot.too_many - slot.server_errors;
            t.slot[at] = slot;
        }
    }
    if (code == OK)
        *ret_t = t;
    return code;
}
