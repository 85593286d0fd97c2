/* What belongs to a run as a whole: endpoints, scorers, events, its data set; and the names of baselines. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

enum { ENDPOINT_LIST, SCORER_LIST, BASELINE_LIST, EVENT_LIST, EVENT_OF_KIND, EVENT_COUNT, EVENT_NEWS, EVENT_LAST, DATASET_GET };

static const struct statement sql[] = {
    [ENDPOINT_LIST] = { "list the endpoints",
                        "SELECT id, run_id, name, protocol, base_url, model, provider, revision_declared, revision_observed,"
                        " evidence, params_json, first_trial, last_trial, price_input, price_output, price_source, stop_reason,"
                        " provenance_json, drift FROM "
                        "endpoint"
                        " WHERE run_id = ? ORDER BY id" },
    [SCORER_LIST] = { "list the scorers", "SELECT id, run_id, name, kind, identity_sha256, config_json, is_primary FROM scorer"
                                          " WHERE run_id = ? ORDER BY is_primary DESC, id" },
    [BASELINE_LIST] = { "list the baselines", "SELECT name, run_id, set_at FROM baseline ORDER BY name" },
    [EVENT_LIST] = { "list the events", "SELECT at, level, kind, message, detail_json FROM (SELECT * FROM event WHERE run_id = ?"
                                        " AND kind NOT IN ('session', 'selection', 'at_once')"
                                        " ORDER BY at DESC, id DESC LIMIT ?) ORDER BY at, id" },
    [EVENT_OF_KIND] = { "list the events", "SELECT at, level, kind, message, detail_json FROM (SELECT * FROM event WHERE run_id = ?"
                                           " AND kind = ? ORDER BY at DESC, id DESC LIMIT ?) ORDER BY at, id" },
    [EVENT_COUNT] = { "count the events", "SELECT count(*) FROM event WHERE run_id = ? AND kind = ?" },
    [EVENT_NEWS] = { "look for new events", "SELECT at, level, kind, message, detail_json FROM event WHERE id > ? AND id <= ?"
                                            " AND run_id = ? AND kind = ? ORDER BY id" },
    [EVENT_LAST] = { "look for new events", "SELECT coalesce(max(id), 0) FROM event" },
    [DATASET_GET] = { "read the data set", "SELECT id, name, version, sha256, source, revision, license, root, verified FROM dataset"
                                           " WHERE id = ?" },
};
const struct statement_group part_statements = { sql, ARRAY_LEN(sql) };

static enum evidence parse_evidence(const char *text)
{
    enum evidence found = EVIDENCE_NONE;
    for (int i = EVIDENCE_NONE; i <= EVIDENCE_VERIFIED; i++) {
        if (strcmp(text, evidence_name((enum evidence)i)) == 0)
            found = (enum evidence)i;
    }
    return found;
}

static struct price read_price(const struct query *q, int column, struct arena *a)
{
    double input = query_get_real(q, column, -1), output = query_get_real(q, column + 1, -1);
    if (input < 0 || output < 0)
        return (struct price){ 0 };
    return (struct price){ .known = true, .input = input, .output = output, .source = query_dup_text(q, column + 2, a) };
}

static void read_endpoint(const struct query *q, struct arena *a, void *ret_item)
{
    struct endpoint_row *r = ret_item;
    r->id = query_get_int(q, 0, 0);
    r->run_id = query_dup_text(q, 1, a);
    r->name = query_dup_text(q, 2, a);
    r->protocol = query_dup_text(q, 3, a);
    r->base_url = query_dup_text(q, 4, a);
    r->model = query_dup_text(q, 5, a);
    r->provider = query_dup_text(q, 6, a);
    r->revision_declared = query_dup_text(q, 7, a);
    r->revision_observed = query_dup_text(q, 8, a);
    r->evidence = parse_evidence(query_get_text(q, 9, ""));
    r->params_json = query_dup_text(q, 10, a);
    r->first_trial = query_get_int(q, 11, 0);
    r->last_trial = query_get_int(q, 12, 0);
    r->price = read_price(q, 13, a);
    r->stop_reason = query_dup_text(q, 16, a);
    r->provenance_json = query_dup_text(q, 17, a);
    r->drift = query_dup_text(q, 18, a);
}

enum err store_endpoint_list(struct store *s, const char *run_id, struct arena *a, struct endpoint_row **ret_endpoint, size_t *ret_count,
                             struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT_LIST], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    void *items;
    code = query_all(&q, read_endpoint, sizeof(**ret_endpoint), a, &items, ret_count, e);
    if (code == OK)
        *ret_endpoint = items;
    return code;
}

static void read_scorer(const struct query *q, struct arena *a, void *ret_item)
{
    struct scorer_row *r = ret_item;
    r->id = query_get_int(q, 0, 0);
    r->run_id = query_dup_text(q, 1, a);
    r->name = query_dup_text(q, 2, a);
    r->kind = query_dup_text(q, 3, a);
    r->identity_sha256 = query_dup_text(q, 4, a);
    r->config_json = query_dup_text(q, 5, a);
    r->is_primary = query_get_int(q, 6, 0) != 0;
}

enum err store_scorer_list(struct store *s, const char *run_id, struct arena *a, struct scorer_row **ret_scorer, size_t *ret_count,
                           struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[SCORER_LIST], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    void *items;
    code = query_all(&q, read_scorer, sizeof(**ret_scorer), a, &items, ret_count, e);
    if (code == OK)
        *ret_scorer = items;
    return code;
}

static void read_baseline(const struct query *q, struct arena *a, void *ret_item)
{
    struct baseline_row *r = ret_item;
    r->name = query_dup_text(q, 0, a);
    r->run_id = query_dup_text(q, 1, a);
    r->set_at = query_get_int(q, 2, 0);
}

enum err store_baseline_list(struct store *s, struct arena *a, struct baseline_row **ret_baseline, size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[BASELINE_LIST], &q, e);
    if (code != OK)
        return code;
    void *items;
    code = query_all(&q, read_baseline, sizeof(**ret_baseline), a, &items, ret_count, e);
    if (code == OK)
        *ret_baseline = items;
    return code;
}

static void read_event(const struct query *q, struct arena *a, void *ret_item)
{
    struct event_row *r = ret_item;
    r->at = query_get_int(q, 0, 0);
    r->level = query_dup_text(q, 1, a);
    r->kind = query_dup_text(q, 2, a);
    r->message = query_dup_text(q, 3, a);
    r->detail_json = query_dup_text(q, 4, a);
}

enum err store_event_list(struct store *s, const char *run_id, size_t max, struct arena *a, struct event_row **ret_event, size_t *ret_count,
                          struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[EVENT_LIST], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, max > 0 ? (int64_t)max : -1);
    void *items;
    code = query_all(&q, read_event, sizeof(**ret_event), a, &items, ret_count, e);
    if (code == OK)
        *ret_event = items;
    return code;
}

enum err store_event_of_kind(struct store *s, const char *run_id, const char *kind, size_t max, struct arena *a,
                             struct event_row **ret_event, size_t *ret_count, int64_t *ret_total, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[EVENT_COUNT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, kind);
    code = query_one_int(&q, 0, ret_total, e);
    if (code == OK)
        code = query_open(s, &sql[EVENT_OF_KIND], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, kind);
    query_int(&q, (int64_t)max);
    void *items;
    code = query_all(&q, read_event, sizeof(**ret_event), a, &items, ret_count, e);
    if (code == OK)
        *ret_event = items;
    return code;
}

enum err store_event_news(struct store *s, const char *run_id, const char *kind, int64_t *after, struct arena *a,
                          struct event_row **ret_event, size_t *ret_count, struct error *e)
{
    struct query q;
    bool row;
    *ret_count = 0;
    enum err code = query_open(s, &sql[EVENT_LAST], &q, e);
    if (code == OK)
        code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    int64_t last = query_get_int(&q, 0, 0);
    query_close(&q);
    if (last <= *after)
        return OK;

    code = query_open(s, &sql[EVENT_NEWS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, *after);
    query_int(&q, last);
    query_text(&q, run_id);
    query_text(&q, kind);
    void *items;
    code = query_all(&q, read_event, sizeof(**ret_event), a, &items, ret_count, e);
    if (code == OK) {
        *ret_event = items;
        *after = last;
    }
    return code;
}

enum err store_dataset_get(struct store *s, int64_t id, struct arena *a, struct dataset_row *ret_d, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_int(s, &sql[DATASET_GET], id, &q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no data set %lld", s->path, (long long)id);
    *ret_d = (struct dataset_row){
        .id = query_get_int(&q, 0, 0),
        .name = query_dup_text(&q, 1, a),
        .version = query_dup_text(&q, 2, a),
        .sha256 = query_dup_text(&q, 3, a),
        .source = query_dup_text(&q, 4, a),
        .revision = query_dup_text(&q, 5, a),
        .license = query_dup_text(&q, 6, a),
        .root = query_dup_text(&q, 7, a),
        .verified = query_get_int(&q, 8, 0) != 0,
    };
    query_close(&q);
    return OK;
}
