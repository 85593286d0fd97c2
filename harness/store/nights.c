#include "store/nights.h"

#include "base/strbuf.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

/* ?1 suite, ?2 endpoint, ?3 how many: the newest nights. */
#define NIGHTS                                                                                                                             \
    "(SELECT e.id, e.run_id, e.first_trial, e.last_trial, c.id AS scorer_id FROM run r JOIN endpoint e ON e.run_id = r.id AND e.name = ?2" \
    " LEFT JOIN scorer c ON c.run_id = r.id AND c.is_primary = 1 WHERE r.suite_name = ?1 AND e.first_trial IS NOT NULL"                    \
    " ORDER BY r.started_at DESC, r.rowid DESC LIMIT ?3)"

enum { LIST, TRIALS, ANSWERS, SAMPLE, SUITES, ENDPOINTS };

static const struct statement sql[] = {
    [LIST] = { "list the nights of a suite",
               "SELECT e.id, r.id, r.name, r.status, r.started_at, r.finished_at, r.comparability_key, e.base_url, e.model, e.provider,"
               " e.revision_declared, e.revision_observed, e.provenance_json, e.params_json, e.drift, c.name, c.identity_sha256,"
               " (SELECT group_concat(name, ', ') FROM (SELECT b.name FROM baseline b WHERE b.run_id = r.id ORDER BY b.name)),"
               " (SELECT count(*) FROM judge_anchor j WHERE j.scorer_id = c.id AND j.verdict_now <> 'unscored'),"
               " (SELECT count(*) FROM judge_anchor j WHERE j.scorer_id = c.id AND j.verdict_now <> 'unscored'"
               " AND j.verdict_now <> j.verdict_before),"
               " CASE WHEN json_valid(r.options_json) THEN json_extract(r.options_json, '$.confirms') END"
               " FROM " NIGHTS " n CROSS JOIN endpoint e ON e.id = n.id CROSS JOIN run r ON r.id = e.run_id"
               " LEFT JOIN scorer c ON c.id = n.scorer_id ORDER BY r.started_at, r.rowid" },
    [TRIALS] = { "read the nights of a suite",
                 "SELECT n.id, t.sample_id, t.epoch, t.status, x.verdict, p.completion_tokens, p.model_echo, p.fingerprint, p.provider_echo"
                 " FROM " NIGHTS " n CROSS JOIN trial t ON t.id BETWEEN n.first_trial AND n.last_trial"
                 " LEFT JOIN score x ON x.trial_id = t.id AND x.scorer_id = n.scorer_id LEFT JOIN response p ON p.trial_id = t.id" },
    [ANSWERS] = { "read the answers of a suite's nights",
                  "SELECT n.id, t.sample_id, t.epoch, substr(p.content, 1, ?5) FROM " NIGHTS " n CROSS JOIN json_each(?4) j"
                  " CROSS JOIN trial t ON t.run_id = n.run_id AND t.endpoint_id = n.id AND t.sample_id = j.value AND t.epoch <= ?6"
                  " CROSS JOIN response p ON p.trial_id = t.id" },
    [SAMPLE] = { "look at a sample", "SELECT key, intent_id, category, expected FROM sample WHERE id = ?" },
    [SUITES] = { "list the suites that ran", "SELECT suite_name FROM run WHERE suite_name IS NOT NULL GROUP BY suite_name"
                                             " ORDER BY max(started_at) DESC, suite_name" },
    [ENDPOINTS] = { "list the endpoints of a suite",
                    "SELECT e.name, max(r.started_at) = (SELECT max(started_at) FROM run WHERE suite_name = ?1) FROM run r"
                    " JOIN endpoint e ON e.run_id = r.id WHERE r.suite_name = ?1 AND e.first_trial IS NOT NULL GROUP BY e.name"
                    " ORDER BY max(r.started_at) DESC, max(e.id)" },
};
const struct statement_group night_statements = { sql, ARRAY_LEN(sql) };

static enum err open_nights(struct store *s, int which, const char *suite, const char *endpoint, int64_t max, struct query *ret_q,
                            struct error *e)
{
    enum err code = query_open(s, &sql[which], ret_q, e);
    if (code != OK)
        return code;
    query_text(ret_q, suite);
    query_text(ret_q, endpoint);
    query_int(ret_q, max);
    return OK;
}

static void read_night(const struct query *q, struct arena *a, void *ret_item)
{
    struct night_row *n = ret_item;
    n->endpoint_id = query_get_int(q, 0, 0);
    n->run_id = query_dup_text(q, 1, a);
    n->name = query_dup_text(q, 2, a);
    (void)run_status_parse(query_get_text(q, 3, ""), &n->status);
    n->started_at = query_get_int(q, 4, 0);
    n->finished_at = query_get_int(q, 5, 0);
    n->comparability_key = query_dup_text(q, 6, a);
    n->base_url = query_dup_text(q, 7, a);
    n->model = query_dup_text(q, 8, a);
    n->provider = query_dup_text(q, 9, a);
    n->revision_declared = query_dup_text(q, 10, a);
    n->revision_observed = query_dup_text(q, 11, a);
    n->provenance_json = query_dup_text(q, 12, a);
    n->params_json = query_dup_text(q, 13, a);
    n->drift = query_dup_text(q, 14, a);
    n->scorer = query_dup_text(q, 15, a);
    n->scorer_identity = query_dup_text(q, 16, a);
    n->baselines = query_dup_text(q, 17, a);
    n->anchor_answers = query_get_int(q, 18, 0);
    n->anchor_flips = query_get_int(q, 19, 0);
    n->confirms = query_dup_text(q, 20, a);
}

enum err store_night_list(struct store *s, const char *suite, const char *endpoint, int64_t max, struct arena *a,
                          struct night_row **ret_night, size_t *ret_count, struct error *e)
{
    struct query q;
    void *items;
    enum err code = open_nights(s, LIST, suite, endpoint, max, &q, e);
    if (code == OK)
        code = query_all(&q, read_night, sizeof(**ret_night), a, &items, ret_count, e);
    if (code == OK)
        *ret_night = items;
    return code;
}

enum err store_night_trials(struct store *s, const char *suite, const char *endpoint, int64_t max, night_trial_fn *each, void *context,
                            struct error *e)
{
    struct query q;
    bool row;
    enum err code = open_nights(s, TRIALS, suite, endpoint, max, &q, e);
    while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
        struct night_trial t = {
            .endpoint_id = query_get_int(&q, 0, 0),
            .sample_id = query_get_int(&q, 1, 0),
            .epoch = (int)query_get_int(&q, 2, 1),
            .completion_tokens = query_get_int(&q, 5, -1),
            .model_echo = query_get_text(&q, 6, ""),
            .fingerprint = query_get_text(&q, 7, ""),
            .provider_echo = query_get_text(&q, 8, ""),
        };
        (void)trial_status_parse(query_get_text(&q, 3, ""), &t.status);
        t.has_score = verdict_parse(query_get_text(&q, 4, NULL), &t.verdict);
        each(&t, context);
    }
    return code;
}

enum err store_night_answers(struct store *s, const char *suite, const char *endpoint, int64_t max,
                             const struct night_answers_wanted *wanted, night_answer_fn *each, void *context, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf ids = STRBUF_INIT;
    struct query q;
    bool row;
    (void)strbuf_addch(&ids, '[');
    for (size_t i = 0; i < wanted->count; i++)
        (void)strbuf_addf(&ids, "%s%lld", i > 0 ? "," : "", (long long)wanted->sample_id[i]);
    (void)strbuf_addch(&ids, ']');

    enum err code = open_nights(s, ANSWERS, suite, endpoint, max, &q, e);
    if (code != OK)
        return code;
    query_text(&q, ids.buf);
    query_int(&q, wanted->max_chars);
    query_int(&q, wanted->epochs);
    while ((code = query_row(&q, &row, e)) == OK && row)
        each(query_get_int(&q, 0, 0), query_get_int(&q, 1, 0), (int)query_get_int(&q, 2, 1), query_get_text(&q, 3, ""), context);
    return code;
}

enum err store_night_sample(struct store *s, int64_t sample_id, struct arena *a, struct night_sample *ret_sample, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_int(s, &sql[SAMPLE], sample_id, &q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no sample %lld", s->path, (long long)sample_id);
    *ret_sample = (struct night_sample){ .key = query_dup_word(&q, 0, a),
                                         .intent_id = query_dup_word(&q, 1, a),
                                         .category = query_dup_word(&q, 2, a) };
    (void)expected_parse(query_get_text(&q, 3, ""), &ret_sample->expected);
    query_close(&q);
    return OK;
}

struct listed_name {
    const char *name;
    bool newest;
};

static void read_name(const struct query *q, struct arena *a, void *ret_item)
{
    *(struct listed_name *)ret_item = (struct listed_name){ query_dup_word(q, 0, a), query_get_int(q, 1, 0) != 0 };
}

static enum err list_names(struct query *q, struct arena *a, const char *const **ret_name, size_t *ret_count, size_t *ret_newest,
                           struct error *e)
{
    void *items;
    enum err code = query_all(q, read_name, sizeof(struct listed_name), a, &items, ret_count, e);
    if (code != OK)
        return code;
    const struct listed_name *listed = items;
    const char **name = arena_array(a, *ret_count, sizeof(*name));
    *ret_newest = 0;
    for (size_t i = 0; i < *ret_count; i++) {
        name[i] = listed[i].name;
        *ret_newest += listed[i].newest;
    }
    *ret_name = name;
    return OK;
}

enum err store_suite_names(struct store *s, struct arena *a, const char *const **ret_name, size_t *ret_count, struct error *e)
{
    struct query q;
    size_t newest;
    enum err code = query_open(s, &sql[SUITES], &q, e);
    return code == OK ? list_names(&q, a, ret_name, ret_count, &newest, e) : code;
}

enum err store_suite_endpoints(struct store *s, const char *suite, struct arena *a, const char *const **ret_name, size_t *ret_count,
                               size_t *ret_newest, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINTS], &q, e);
    if (code != OK)
        return code;
    query_text(&q, suite);
    return list_names(&q, a, ret_name, ret_count, ret_newest, e);
}
