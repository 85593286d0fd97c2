#include "store/evidence_row.h"

#include "store/statement.h"
#include "store/store_private.h"

enum { INSERT, ENDPOINT_EVIDENCE, ENDPOINT_DRIFT, BEFORE, MODEL_ECHOES, FINGERPRINTS };

#define OF_ITS_ANSWERS " FROM trial t JOIN response r ON r.trial_id = t.id WHERE t.id BETWEEN ?1 AND ?2"

static const struct statement sql[] = {
    [INSERT] = { "record evidence", "INSERT INTO evidence (endpoint_id, at, phase, kind, url, http_status, problem, sha256, body)"
                                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [ENDPOINT_EVIDENCE] = { "record what an endpoint serves",
                            "UPDATE endpoint SET revision_observed = ?2, evidence = ?3, provenance_json = ?4 WHERE id = ?1" },
    [ENDPOINT_DRIFT] = { "record a change of an endpoint", "UPDATE endpoint SET drift = ?2 WHERE id = ?1" },
    [BEFORE] = { "find what an endpoint served before",
                 "SELECT provenance_json FROM endpoint WHERE id < ?1 AND name = ?2 AND base_url = ?3 AND model = ?4 AND provider IS ?5"
                 " AND provenance_json IS NOT NULL ORDER BY id DESC LIMIT 1" },
    [MODEL_ECHOES] = { "count the names of a model", "SELECT count(DISTINCT r.model_echo)" OF_ITS_ANSWERS },
    [FINGERPRINTS] = { "count fingerprints", "SELECT count(DISTINCT r.fingerprint)" OF_ITS_ANSWERS },
};
const struct statement_group evidence_statements = { sql, ARRAY_LEN(sql) };

enum err store_evidence_insert(struct store *s, const struct evidence_row *r, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[INSERT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, r->endpoint_id);
    query_int(&q, r->at);
    query_text(&q, r->phase);
    query_text(&q, r->kind);
    query_text(&q, r->url);
    query_int_if(&q, r->http_status != 0, r->http_status);
    query_text(&q, r->problem);
    query_text(&q, r->sha256);
    if (r->body_len > 0)
        query_blob(&q, r->body, r->body_len);
    else
        query_text(&q, NULL);
    return query_run(&q, e);
}

enum err store_endpoint_evidence(struct store *s, const struct endpoint_row *row, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT_EVIDENCE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, row->id);
    query_word(&q, row->revision_observed);
    query_text(&q, evidence_name(row->evidence));
    query_text(&q, row->provenance_json);
    return query_run(&q, e);
}

enum err store_endpoint_drift(struct store *s, int64_t endpoint_id, const char *drift, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT_DRIFT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, endpoint_id);
    query_word(&q, drift);
    return query_run(&q, e);
}

enum err store_provenance_before(struct store *s, const struct endpoint_row *row, struct arena *a, const char **ret_json, struct error *e)
{
    struct query q;
    bool found = false;
    enum err code = query_open(s, &sql[BEFORE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, row->id);
    query_text(&q, row->name);
    query_text(&q, row->base_url);
    query_text(&q, row->model);
    query_text(&q, row->provider);
    code = query_row(&q, &found, e);
    if (code != OK)
        return code;
    *ret_json = found ? query_dup_text(&q, 0, a) : NULL;
    if (found)
        query_close(&q);
    return OK;
}

static enum err count_echoes(struct store *s, int which, const struct endpoint_row *row, int64_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    if (code != OK)
        return code;
    query_int(&q, row->first_trial);
    query_int(&q, row->last_trial);
    return query_one_int(&q, 0, ret_count, e);
}

enum err store_echo_counts(struct store *s, const struct endpoint_row *row, int64_t *ret_models, int64_t *ret_fingerprints, struct error *e)
{
    enum err code = count_echoes(s, MODEL_ECHOES, row, ret_models, e);
    return code == OK ? count_echoes(s, FINGERPRINTS, row, ret_fingerprints, e) : code;
}
