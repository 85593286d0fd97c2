/* Rows written once per run: the run, its endpoints, scorers, events and baseline names. */
#include "store/writer.h"

#include "store/statement.h"
#include "store/store_private.h"

enum {
    RUN_INSERT,
    ENDPOINT_INSERT,
    ENDPOINT_PRICE,
    ENDPOINT_STOPPED,
    ENDPOINTS_GO,
    SCORER_INSERT,
    RUN_FINISH,
    RUN_REOPEN,
    RUN_OPTIONS,
    PRIMARY_NONE,
    PRIMARY_SET,
    ATTEMPTS_LOST,
    QUESTIONS_LOST,
    REQUEUE,
    EVENT_INSERT,
    BASELINE_SET,
    BASELINE_REMOVE
};

static const struct statement sql[] = {
    [RUN_INSERT] = { "record the run",
                     "INSERT INTO run (id, name, suite_name, suite_sha256, suite_path, status, started_at, finished_at,"
                     " harness_version, harness_commit, config_json, suite_json, options_json, dataset_id, sample_set_sha256,"
                     " comparability_key, excluded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [ENDPOINT_INSERT] = { "record an endpoint",
                          "INSERT INTO endpoint (run_id, name, protocol, base_url, model, provider, revision_declared,"
                          " revision_observed, evidence, params_json, price_input, price_output, price_source)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [ENDPOINT_PRICE] = { "record a price", "UPDATE endpoint SET price_input = ?2, price_output = ?3, price_source = ?4 WHERE id = ?1" },
    [ENDPOINT_STOPPED] = { "record why an endpoint stopped", "UPDATE endpoint SET stop_reason = ?2 WHERE id = ?1" },
    [ENDPOINTS_GO] = { "let the endpoints go on", "UPDATE endpoint SET stop_reason = NULL WHERE run_id = ?" },
    [SCORER_INSERT] = { "record a scorer", "INSERT INTO scorer (run_id, name, kind, identity_sha256, config_json, is_primary)"
                                           " VALUES (?, ?, ?, ?, ?, ?)" },
    [RUN_FINISH] = { "record the end of the run", "UPDATE run SET status = ?2, finished_at = ?3,"
                                                  " sample_set_sha256 = coalesce(?4, sample_set_sha256),"
                                                  " comparability_key = coalesce(?5, comparability_key) WHERE id = ?1" },
    [RUN_OPTIONS] = { "record what the run was asked", "UPDATE run SET options_json = ?2 WHERE id = ?1" },
    [PRIMARY_NONE] = { "change the primary scorer", "UPDATE scorer SET is_primary = 0 WHERE run_id = ?" },
    [PRIMARY_SET] = { "set the primary scorer", "UPDATE scorer SET is_primary = 1 WHERE run_id = ?1 AND id = ?2" },
    [RUN_REOPEN] = { "reopen the run", "UPDATE run SET status = 'started', finished_at = NULL WHERE id = ?" },
    /* Only a trial without a final status can have an attempt that was never finished, so this looks at those alone. */
    [ATTEMPTS_LOST] = { "mark lost attempts",
                        "UPDATE attempt SET error_class = 'lost' WHERE id IN (SELECT a.id FROM endpoint e"
                        " CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial AND t.status = 'pending'"
                        " CROSS JOIN attempt a ON a.trial_id = t.id AND a.done_at IS NULL AND a.error_class IS NULL WHERE e.run_id = ?)" },
    [QUESTIONS_LOST] = { "mark lost questions to judges",
                         "UPDATE judge_attempt SET error_class = 'lost' WHERE done_at IS NULL AND error_class IS NULL"
                         " AND scorer_id IN (SELECT id FROM scorer WHERE run_id = ?)" },
    [REQUEUE] = { "queue failed trials again", "UPDATE trial SET status = 'pending', reason = NULL, retry_from ="
                                               " coalesce((SELECT max(a.number) FROM attempt a WHERE a.trial_id = trial.id), 0)"
                                               " WHERE run_id = ? AND status IN ('failed', 'skipped')" },
    [EVENT_INSERT] = { "record an event", "INSERT INTO event (run_id, at, level, kind, message, detail_json) VALUES (?, ?, ?, ?, ?, ?)" },
    [BASELINE_SET] = { "set a baseline", "INSERT INTO baseline (name, run_id, set_at) VALUES (?, ?, ?)"
                                         " ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id, set_at = excluded.set_at" },
    [BASELINE_REMOVE] = { "forget a baseline", "DELETE FROM baseline WHERE name = ? RETURNING 1" },
};
const struct statement_group run_statements = { sql, ARRAY_LEN(sql) };

enum err store_run_insert(struct store *s, const struct run_row *run, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[RUN_INSERT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run->id);
    query_word(&q, run->name);
    query_text(&q, run->suite_name);
    query_text(&q, run->suite_sha256);
    query_text(&q, run->suite_path);
    query_text(&q, run_status_name(run->status));
    query_int(&q, run->started_at);
    query_int_if(&q, run->finished_at != 0, run->finished_at);
    query_text(&q, run->harness_version);
    query_text(&q, run->harness_commit);
    query_text(&q, run->config_json);
    query_text(&q, run->suite_json);
    query_text(&q, run->options_json);
    query_int_if(&q, run->dataset_id != 0, run->dataset_id);
    query_text(&q, run->sample_set_sha256);
    query_text(&q, run->comparability_key);
    query_int(&q, run->excluded);
    return query_run(&q, e);
}

static void bind_price(struct query *q, const struct price *p)
{
    query_real_if(q, p->known, p->input);
    query_real_if(q, p->known, p->output);
    query_text(q, p->known ? p->source : NULL);
}

enum err store_endpoint_insert(struct store *s, struct endpoint_row *endpoint, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT_INSERT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, endpoint->run_id);
    query_text(&q, endpoint->name);
    query_text(&q, endpoint->protocol);
    query_text(&q, endpoint->base_url);
    query_text(&q, endpoint->model);
    query_word(&q, endpoint->provider);
    query_word(&q, endpoint->revision_declared);
    query_word(&q, endpoint->revision_observed);
    query_text(&q, evidence_name(endpoint->evidence));
    query_text(&q, endpoint->params_json);
    bind_price(&q, &endpoint->price);
    code = query_run(&q, e);
    if (code == OK)
        endpoint->id = sqlite3_last_insert_rowid(s->db);
    return code;
}

enum err store_endpoint_price(struct store *s, int64_t endpoint_id, const struct price *price, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT_PRICE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    bind_price(&q, price);
    return query_run(&q, e);
}

enum err store_endpoint_stopped(struct store *s, int64_t endpoint_id, const char *reason, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT_STOPPED], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_text(&q, reason);
    return query_run(&q, e);
}

enum err store_scorer_insert(struct store *s, struct scorer_row *scorer, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[SCORER_INSERT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, scorer->run_id);
    query_text(&q, scorer->name);
    query_text(&q, scorer->kind);
    query_text(&q, scorer->identity_sha256);
    query_text(&q, scorer->config_json);
    query_int(&q, scorer->is_primary);
    code = query_run(&q, e);
    if (code == OK)
        scorer->id = sqlite3_last_insert_rowid(s->db);
    return code;
}

static enum err no_such_run(const struct store *s, const char *run_id, struct error *e)
{
    return error_set(e, ERR_NOT_FOUND, "store '%s' has no run '%s'", s->path, run_id);
}

enum err store_run_finish(struct store *s, const char *run_id, enum run_status status, int64_t finished_at, const char *sample_set_sha256,
                          const char *comparability_key, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[RUN_FINISH], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, run_status_name(status));
    query_int_if(&q, finished_at != 0, finished_at);
    query_text(&q, sample_set_sha256);
    query_text(&q, comparability_key);
    code = query_run(&q, e);
    if (code == OK && sqlite3_changes(s->db) == 0)
        return no_such_run(s, run_id, e);
    return code;
}

enum err store_scorer_primary(struct store *s, const char *run_id, int64_t scorer_id, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[PRIMARY_NONE], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    code = query_run(&q, e);
    if (code == OK)
        code = query_open(s, &sql[PRIMARY_SET], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, scorer_id);
    return query_run(&q, e);
}

enum err store_run_options(struct store *s, const char *run_id, const char *options_json, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[RUN_OPTIONS], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, options_json);
    return query_run(&q, e);
}

/* Runs a statement whose one parameter is a run's id; *ret_changed counts the rows it touched. */
static enum err change(struct store *s, int which, const char *run_id, int64_t *ret_changed, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    code = query_run(&q, e);
    if (code == OK)
        *ret_changed = sqlite3_changes64(s->db);
    return code;
}

static enum err reopen(struct store *s, const char *run_id, int64_t *ret_lost, struct error *e)
{
    int64_t runs, endpoints;
    enum err code = change(s, RUN_REOPEN, run_id, &runs, e);
    if (code == OK && runs == 0)
        return no_such_run(s, run_id, e);
    int64_t questions = 0;
    if (code == OK)
        code = change(s, ENDPOINTS_GO, run_id, &endpoints, e);
    if (code == OK)
        code = change(s, ATTEMPTS_LOST, run_id, ret_lost, e);
    if (code == OK)
        code = change(s, QUESTIONS_LOST, run_id, &questions, e);
    if (code == OK)
        *ret_lost += questions;
    return code;
}

enum err store_run_reopen(struct store *s, const char *run_id, int64_t *ret_lost, struct error *e)
{
    bool own;
    enum err code = store_enter(s, &own, e);
    return code == OK ? store_leave(s, own, reopen(s, run_id, ret_lost, e), e) : code;
}

enum err store_requeue_failed(struct store *s, const char *run_id, int64_t *ret_count, struct error *e)
{
    return change(s, REQUEUE, run_id, ret_count, e);
}

enum err store_event(struct store *s, const char *run_id, int64_t at, const char *level, const char *kind, const char *message,
                     const char *detail_json, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[EVENT_INSERT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, at);
    query_text(&q, level);
    query_text(&q, kind);
    query_text(&q, message);
    query_text(&q, detail_json);
    return query_run(&q, e);
}

enum err store_baseline_set(struct store *s, const char *name, const char *run_id, int64_t at, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[BASELINE_SET], &q, e);
    if (code != OK)
        return code;
    query_text(&q, name);
    query_text(&q, run_id);
    query_int(&q, at);
    return query_run(&q, e);
}

enum err store_baseline_remove(struct store *s, const char *name, struct error *e)
{
    struct query q;
    bool row = false;
    enum err code = query_first_of_text(s, &sql[BASELINE_REMOVE], name, &q, &row, e);
    bool found = row;
    while (code == OK && row)
        code = query_row(&q, &row, e);
    query_close(&q);
    if (code == OK && !found)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no baseline '%.80s'", s->path, name);
    return code;
}
