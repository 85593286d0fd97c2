/* Rows and totals for reports. Trials of an endpoint are a range of ids, so everything here is a range scan. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define ITS_TRIALS " BETWEEN (SELECT first_trial FROM endpoint WHERE id = ?1) AND (SELECT last_trial FROM endpoint WHERE id = ?1)"

enum { STATUS_COUNTS, ROWS, TOTALS, TRIALS_TRIED, HISTORY, ERRORS, PROVIDERS, RECENT };

static const struct statement sql[] = {
    [STATUS_COUNTS] = { "count the trials", "SELECT t.status, count(*) FROM endpoint e CROSS JOIN trial t"
                                            " ON t.id BETWEEN e.first_trial AND e.last_trial"
                                            " WHERE e.run_id = ?1 AND (?2 = 0 OR e.id = ?2) GROUP BY t.status" },
    [ROWS] = { "read the rows of a report",
               "SELECT t.id, s.key, s.intent_id, s.category, s.subcategory, s.attack, s.expected, t.epoch, t.status, t.reason, x.verdict,"
               " x.reason, x.value, r.latency_us, r.prompt_tokens, r.completion_tokens, r.wait_us,"
               " (SELECT sum(a.cost_usd) FROM attempt a WHERE a.trial_id = t.id), s.twin, r.first_byte_us"
               " FROM trial t CROSS JOIN sample s ON s.id = t.sample_id"
               " LEFT JOIN score x ON x.trial_id = t.id AND x.scorer_id = ?2 LEFT JOIN response r ON r.trial_id = t.id"
               " WHERE t.id" ITS_TRIALS " ORDER BY t.id" },
    [TOTALS] = { "count the attempts",
                 "SELECT coalesce(http_status, 0), count(*), count(*) FILTER (WHERE error_class = 'lost'), sum(cost_usd),"
                 " count(*) FILTER (WHERE coalesce(http_status, 0) < 400 AND coalesce(cost_upper_usd, cost_usd) IS NULL),"
                 " total(coalesce(cost_upper_usd, cost_usd))"
                 " FROM attempt WHERE trial_id" ITS_TRIALS " GROUP BY 1 ORDER BY 1" },
    [TRIALS_TRIED] = { "count the attempts", "SELECT count(DISTINCT trial_id) FROM attempt WHERE trial_id" ITS_TRIALS },
    [HISTORY] = { "look at earlier answers",
                  "SELECT count(*), avg(latency_us), avg(completion_tokens) FROM response WHERE trial_id BETWEEN"
                  " (SELECT max(e.first_trial) FROM endpoint e WHERE e.base_url = ?1 AND e.model = ?2"
                  " AND EXISTS (SELECT 1 FROM response r WHERE r.trial_id BETWEEN e.first_trial AND e.last_trial))"
                  " AND (SELECT max(e.last_trial) FROM endpoint e WHERE e.base_url = ?1 AND e.model = ?2"
                  " AND EXISTS (SELECT 1 FROM response r WHERE r.trial_id BETWEEN e.first_trial AND e.last_trial))" },
    /* A server may quote what it was sent: words about a withheld category's trials do not come. */
    [ERRORS] = { "group the errors",
                 "SELECT error_class, words, http_status, count(*), min(trial_id), max(trial_id) FROM"
                 " (SELECT error_class, coalesce(http_status, 0) AS http_status, trial_id, CASE WHEN ?3 IS NOT NULL AND EXISTS"
                 " (SELECT 1 FROM trial t JOIN sample s ON s.id = t.sample_id JOIN json_each(?3) j"
                 " ON j.value ->> 0 = s.category AND j.value ->> 1 = s.subcategory WHERE t.id = attempt.trial_id)"
                 " THEN NULL ELSE message END AS words FROM attempt WHERE trial_id" ITS_TRIALS " AND error_class IS NOT NULL)"
                 " GROUP BY error_class, http_status, words ORDER BY count(*) DESC, min(trial_id), 1, 2 LIMIT ?2" },
    [PROVIDERS] = { "group the providers",
                    "SELECT r.provider_echo, count(*), count(*) FILTER (WHERE x.reason = 'provider_mismatch') FROM response r"
                    " LEFT JOIN score x ON x.trial_id = r.trial_id AND x.scorer_id = ?2 WHERE r.trial_id" ITS_TRIALS
                    " GROUP BY r.provider_echo COLLATE NOCASE ORDER BY count(*) DESC, 1 LIMIT ?3" },
    /* The + keeps SQLite from walking every attempt of the endpoint by the index on trial_id. */
    [RECENT] = { "look at the newest requests",
                 "SELECT count(*), count(*) FILTER (WHERE http_status = 429), count(*) FILTER (WHERE done_at IS NULL), min(sent_at)"
                 " FROM attempt WHERE id > (SELECT max(id) FROM attempt) - 20000 AND sent_at >= ?2 AND +trial_id" ITS_TRIALS },
};
const struct statement_group report_statements = { sql, ARRAY_LEN(sql) };

enum err store_status_counts(struct store *s, const char *run_id, int64_t endpoint_id, struct status_counts *ret_c, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[STATUS_COUNTS], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, endpoint_id);

    struct status_counts c = { 0 };
    bool row;
    while ((code = query_row(&q, &row, e)) == OK && row) {
        enum trial_status status = TRIAL_PENDING;
        (void)trial_status_parse(query_get_text(&q, 0, ""), &status);
        c.by_status[status] += query_get_int(&q, 1, 0);
        c.planned += query_get_int(&q, 1, 0);
    }
    if (code == OK)
        *ret_c = c;
    return code;
}

static struct report_row read_row(const struct query *q)
{
    struct report_row r = {
        .trial_id = query_get_int(q, 0, 0),
        .sample_key = query_get_text(q, 1, ""),
        .intent_id = query_get_text(q, 2, ""),
        .category = query_get_text(q, 3, ""),
        .twin = query_get_text(q, 18, ""),
        .subcategory = query_get_text(q, 4, ""),
        .attack = query_get_text(q, 5, ""),
        .epoch = (int)query_get_int(q, 7, 0),
        .reason = query_get_text(q, 9, ""),
        .score_reason = query_get_text(q, 11, ""),
        .value = query_get_real(q, 12, NAN),
        .latency_us = query_get_int(q, 13, -1),
        .prompt_tokens = query_get_int(q, 14, -1),
        .completion_tokens = query_get_int(q, 15, -1),
        .wait_us = query_get_int(q, 16, -1),
        .cost_usd = query_get_real(q, 17, NAN),
        .first_byte_us = query_get_int(q, 19, -1),
    };
    (void)expected_parse(query_get_text(q, 6, ""), &r.expected);
    (void)trial_status_parse(query_get_text(q, 8, ""), &r.status);
    r.has_score = verdict_parse(query_get_text(q, 10, NULL), &r.verdict);
    return r;
}

enum err store_report_rows(struct store *s, int64_t endpoint_id, int64_t scorer_id, report_row_fn *each, void *context, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ROWS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, scorer_id);

    bool row;
    while ((code = query_row(&q, &row, e)) == OK && row) {
        struct report_row r = read_row(&q);
        code = each(&r, context, e);
        if (code != OK) {
            query_close(&q);
            return code;
        }
    }
    return code;
}

struct total_item {
    struct http_count http;
    int64_t lost, cost_unknown;
    double cost_usd; /* < 0 = none known */
    double cost_upper_usd;
};

static void read_total(const struct query *q, struct arena *a, void *ret_item)
{
    (void)a;
    struct total_item *t = ret_item;
    t->http = (struct http_count){ (int)query_get_int(q, 0, 0), query_get_int(q, 1, 0) };
    t->lost = query_get_int(q, 2, 0);
    t->cost_usd = query_get_real(q, 3, -1);
    t->cost_unknown = query_get_int(q, 4, 0);
    t->cost_upper_usd = query_get_real(q, 5, 0);
}

static struct attempt_totals add_up(const struct total_item *item, size_t count, struct arena *a)
{
    struct attempt_totals t = { .by_status = arena_array(a, count, sizeof(*t.by_status)), .by_status_count = count, .cost_usd = -1 };
    for (size_t i = 0; i < count; i++) {
        t.by_status[i] = item[i].http;
        t.attempts += item[i].http.count;
        t.lost += item[i].lost;
        t.cost_unknown += item[i].cost_unknown;
        t.cost_upper_usd += item[i].cost_upper_usd;
        if (item[i].cost_usd >= 0)
            t.cost_usd = (t.cost_usd < 0 ? 0 : t.cost_usd) + item[i].cost_usd;
    }
    return t;
}

enum err store_attempt_totals(struct store *s, int64_t endpoint_id, struct arena *a, struct attempt_totals *ret_t, struct error *e)
{
    struct query q;
    void *items;
    size_t count;
    enum err code = query_open(s, &sql[TOTALS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    code = query_all(&q, read_total, sizeof(struct total_item), a, &items, &count, e);
    if (code != OK)
        return code;
    struct attempt_totals t = add_up(items, count, a);

    int64_t tried;
    code = query_open(s, &sql[TRIALS_TRIED], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    code = query_one_int(&q, 0, &tried, e);
    if (code != OK)
        return code;
    t.retries = t.attempts - tried;
    *ret_t = t;
    return OK;
}

static void read_error(const struct query *q, struct arena *a, void *ret_item)
{
    struct error_group *g = ret_item;
    g->error_class = query_dup_word(q, 0, a);
    g->message = query_dup_word(q, 1, a);
    g->http_status = (int)query_get_int(q, 2, 0);
    g->count = query_get_int(q, 3, 0);
    g->first_trial = query_get_int(q, 4, 0);
    g->last_trial = query_get_int(q, 5, 0);
}

enum err store_error_groups(struct store *s, int64_t endpoint_id, const char *withheld, size_t max, struct arena *a,
                            struct error_group **ret_group, size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ERRORS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, (int64_t)max);
    query_text(&q, withheld);
    void *items;
    code = query_all(&q, read_error, sizeof(**ret_group), a, &items, ret_count, e);
    if (code == OK)
        *ret_group = items;
    return code;
}

static void read_provider(const struct query *q, struct arena *a, void *ret_item)
{
    struct provider_group *g = ret_item;
    g->provider = query_dup_text(q, 0, a);
    g->answers = query_get_int(q, 1, 0);
    g->apart = query_get_int(q, 2, 0);
}

enum err store_provider_groups(struct store *s, int64_t endpoint_id, int64_t scorer_id, size_t max, struct arena *a,
                               struct provider_group **ret_group, size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[PROVIDERS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, scorer_id);
    query_int(&q, (int64_t)max);
    void *items;
    code = query_all(&q, read_provider, sizeof(**ret_group), a, &items, ret_count, e);
    if (code == OK)
        *ret_group = items;
    return code;
}

enum err store_endpoint_history(struct store *s, const char *base_url, const char *model, struct endpoint_history *ret_h, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[HISTORY], &q, e);
    if (code != OK)
        return code;
    query_text(&q, base_url);
    query_text(&q, model);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    *ret_h = (struct endpoint_history){ query_get_int(&q, 0, 0), query_get_real(&q, 1, -1), query_get_real(&q, 2, -1) };
    query_close(&q);
    return OK;
}

enum err store_recent_traffic(struct store *s, int64_t endpoint_id, int64_t since, struct recent_traffic *ret_t, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[RECENT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_int(&q, since);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    *ret_t = (struct recent_traffic){ .requests = query_get_int(&q, 0, 0),
                                      .rate_limited = query_get_int(&q, 1, 0),
                                      .in_flight = query_get_int(&q, 2, 0),
                                      .first_sent_at = query_get_int(&q, 3, -1) };
    query_close(&q);
    return OK;
}
