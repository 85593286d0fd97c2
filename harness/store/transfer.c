#include "store/transfer.h"

#include "base/arena.h"
#include "base/sha256.h"
#include "base/vec.h"
#include "core/limits.h"
#include "store/store_private.h"
#include "store/transfer_private.h"

#include <stdlib.h>
#include <string.h>

enum {
    RUN_EXISTS,
    RUN_KEYS,
    RUN_TRIALS,
    RUN_SETTLED,
    RUN_COUNT,
    ROWS_SHA,
    ENDPOINT_LIST,
    SCORER_LIST,
    RANGE_TRIALS,
    MAX_TRIAL,
    MAX_ATTEMPT,
    MAX_JUDGE_ATTEMPT,
    MAX_ENDPOINT,
    MAX_SCORER
};

static const struct statement sql[] = {
    [RUN_EXISTS] = { "look for a run", "SELECT count(*) FROM run WHERE id = ?1" },
    [RUN_KEYS] = { "compare a run", "SELECT started_at, suite_sha256, sample_set_sha256, comparability_key FROM run WHERE id = ?1" },
    [RUN_TRIALS] = { "compare a run's trials",
                     "SELECT e.name, s.key, t.epoch, t.status, t.reason, a.number, a.trace_id FROM endpoint e"
                     " CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial CROSS JOIN sample s ON s.id = t.sample_id"
                     " LEFT JOIN attempt a ON a.trial_id = t.id WHERE e.run_id = ?1 ORDER BY e.id, t.id, a.number" },
    [RUN_SETTLED] = { "count a run's trials", "SELECT count(*) FROM trial WHERE run_id = ?1 AND status <> 'pending'" },
    [RUN_COUNT] = { "count a run's trials", "SELECT count(*) FROM trial WHERE run_id = ?1" },
    [ROWS_SHA] = { "read a run's data set", "SELECT d.rows_sha256 FROM run r JOIN dataset d ON d.id = r.dataset_id WHERE r.id = ?1" },
    [ENDPOINT_LIST] = { "list a run's endpoints", "SELECT id, first_trial, last_trial, name FROM endpoint WHERE run_id = ?1 ORDER BY id" },
    [SCORER_LIST] = { "list a run's scorers", "SELECT id, name FROM scorer WHERE run_id = ?1 ORDER BY id" },
    [RANGE_TRIALS] = { "read a run's trials",
                       "SELECT id, sample_id FROM trial WHERE id BETWEEN ?1 AND ?2 AND endpoint_id = ?3 AND run_id = ?4 ORDER BY id" },
    [MAX_TRIAL] = { "number trials", "SELECT max(id) FROM trial" },
    [MAX_ATTEMPT] = { "number attempts", "SELECT max(id) FROM attempt" },
    [MAX_JUDGE_ATTEMPT] = { "number attempts", "SELECT max(id) FROM judge_attempt" },
    [MAX_ENDPOINT] = { "number endpoints", "SELECT max(id) FROM endpoint" },
    [MAX_SCORER] = { "number scorers", "SELECT max(id) FROM scorer" },
};
const struct statement_group transfer_statements = { sql, ARRAY_LEN(sql) };

/* ---- Numbers ------------------------------------------------------------------------------------------------------ */

void moved_ids_add(struct moved_ids *m, int64_t old, int64_t now, bool withheld)
{
    m->pair = vec_grow(m->pair, m->count, &m->cap, sizeof(*m->pair));
    m->pair[m->count++] = (struct moved_id){ old, now, withheld };
}

static int by_old(const void *key, const void *item)
{
    int64_t a = *(const int64_t *)key, b = ((const struct moved_id *)item)->old;
    return (a > b) - (a < b);
}

const struct moved_id *moved_ids_find(const struct moved_ids *m, int64_t old)
{
    return m->count ? bsearch(&old, m->pair, m->count, sizeof(*m->pair), by_old) : NULL;
}

struct trial_range *transfer_range(const struct transfer *t, int64_t trial)
{
    for (size_t i = 0; i < t->range_count; i++) {
        if (trial >= t->range[i].first && trial <= t->range[i].last)
            return &t->range[i];
    }
    return NULL;
}

static enum err of_run(struct store *s, int which, const char *run_id, struct query *ret_q, struct error *e)
{
    return transfer_query(s, &sql[which], run_id, ret_q, e);
}

enum err transfer_query(struct store *s, const struct statement *statement, const char *run_id, struct query *ret_q, struct error *e)
{
    enum err code = query_open(s, statement, ret_q, e);
    if (code == OK && run_id)
        query_text(ret_q, run_id);
    return code;
}

static enum err one_int(struct store *s, int which, const char *run_id, int64_t *ret_value, struct error *e)
{
    struct query q;
    enum err code = of_run(s, which, run_id, &q, e);
    return code == OK ? query_one_int(&q, 0, ret_value, e) : code;
}

/* ---- Endpoints, scorers, trials ----------------------------------------------------------------------------------- */

static enum err range_invalid(const struct transfer *t, struct error *e)
{
    return error_set(e, ERR_INVALID, "store '%s' contradicts itself: the trials of run '%.40s' are not the ranges of its endpoints",
                     t->from->path, t->run_id);
}

/* Every trial of the range is there once and of this endpoint; whose texts stay behind. */
static enum err read_range(struct transfer *t, struct trial_range *r, struct error *e)
{
    struct query q;
    bool row;
    int64_t expected = r->first;
    enum err code = query_open(t->from, &sql[RANGE_TRIALS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, r->first);
    query_int(&q, r->last);
    query_int(&q, r->endpoint);
    query_text(&q, t->run_id);
    while ((code = query_row(&q, &row, e)) == OK && row) {
        const struct moved_id *sample = moved_ids_find(&t->sample, query_get_int(&q, 1, 0));
        if (query_get_int(&q, 0, 0) != expected || !sample) {
            query_close(&q);
            return range_invalid(t, e);
        }
        r->withheld[expected++ - r->first] = sample->withheld;
        t->result.withheld += sample->withheld;
    }
    return code == OK && expected != r->last + 1 ? range_invalid(t, e) : code;
}

/* A hostile range must not decide how much memory is taken: no run has more trials than its table has rows. */
static enum err add_range(struct transfer *t, int64_t endpoint, int64_t first, int64_t last, int64_t left, struct error *e)
{
    if (first <= 0 || last < first || last > MAX_TRANSFER_ID || last - first + 1 > left)
        return range_invalid(t, e);
    size_t cap = t->range_count;
    t->range = vec_grow(t->range, t->range_count, &cap, sizeof(*t->range));
    t->range[t->range_count++] = (struct trial_range){
        .endpoint = endpoint, .first = first, .last = last, .withheld = xcalloc((size_t)(last - first + 1), sizeof(bool))
    };
    return OK;
}

static enum err list_endpoints(struct transfer *t, struct error *e)
{
    struct query q;
    bool row;
    int64_t trials, last_endpoint;
    if (one_int(t->from, RUN_COUNT, t->run_id, &trials, e) != OK || one_int(t->to, MAX_ENDPOINT, NULL, &last_endpoint, e) != OK)
        return e->code;
    if (trials > MAX_TRANSFER_TRIALS)
        return error_set(e, ERR_LIMIT, "run '%.40s' in '%s' has more than %d trials", t->run_id, t->from->path, MAX_TRANSFER_TRIALS);
    int64_t left = trials;
    enum err code = of_run(t->from, ENDPOINT_LIST, t->run_id, &q, e);
    while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
        int64_t first = query_get_int(&q, 1, 0), last = query_get_int(&q, 2, 0), id = query_get_int(&q, 0, 0);
        int64_t now = last_endpoint + 1 + (int64_t)t->endpoint.count, base = 0;
        if (t->endpoint.count >= MAX_ENDPOINTS)
            code = range_invalid(t, e);
        else if (transfer_run_is_made(t))
            code = transfer_find_made(t, MADE_ENDPOINT, query_get_text(&q, 3, ""), &now, &base, e);
        moved_ids_add(&t->endpoint, id, now, false);
        if (code == OK && (first || last))
            code = add_range(t, id, first, last, left, e);
        if (code == OK && first)
            t->range[t->range_count - 1].base = base;
        if (code != OK)
            query_close(&q);
        else if (first)
            left -= last - first + 1;
    }
    return code == OK && left != 0 ? range_invalid(t, e) : code;
}

static enum err list_scorers(struct transfer *t, struct error *e)
{
    struct query q;
    bool row;
    int64_t last;
    if (one_int(t->to, MAX_SCORER, NULL, &last, e) != OK)
        return e->code;
    enum err code = of_run(t->from, SCORER_LIST, t->run_id, &q, e);
    while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
        int64_t now = last + 1 + (int64_t)t->scorer.count;
        if (transfer_run_is_made(t))
            code = transfer_find_made(t, MADE_SCORER, query_get_text(&q, 1, ""), &now, NULL, e);
        moved_ids_add(&t->scorer, query_get_int(&q, 0, 0), now, false);
        if (code != OK)
            query_close(&q);
    }
    return code;
}

/* New numbers: trials follow the last one of `to`, range after range, those of a later part in between; attempts keep their
   distances. */
static enum err number(struct transfer *t, struct error *e)
{
    int64_t next;
    if (one_int(t->to, MAX_TRIAL, NULL, &next, e) != OK || one_int(t->to, MAX_ATTEMPT, NULL, &t->attempt_shift, e) != OK ||
        one_int(t->to, MAX_JUDGE_ATTEMPT, NULL, &t->judge_attempt_shift, e) != OK)
        return e->code;
    for (size_t i = 0; i < t->range_count; i++) {
        struct trial_range *r = &t->range[i];
        if (t->part && transfer_measure_part(t, r, e) != OK)
            return e->code;
        r->shift = next + 1 - r->first;
        if (!transfer_run_is_made(t))
            r->base = next + 1;
        next += t->part ? t->part->samples * r->epochs : r->last - r->first + 1;
        if (read_range(t, r, e) != OK)
            return e->code;
    }
    return transfer_check_apart(t, e);
}

static enum err bring(struct transfer *t, struct error *e)
{
    bool any = false;
    enum err code = transfer_list_samples(t, &any, e);
    if (code == OK)
        code = transfer_place_samples(t, any, e);
    if (code == OK)
        code = list_endpoints(t, e);
    if (code == OK)
        code = list_scorers(t, e);
    if (code == OK)
        code = number(t, e);
    return code == OK ? transfer_rows(t, e) : code;
}

/* ---- A run that is in both ---------------------------------------------------------------------------------------- */

/* What a run is, whatever numbers it has and whatever texts it lost: its trials, and the trace id of each request. */
static enum err digest_of(struct store *s, const char *run_id, struct sha256_hex *ret_hex, struct error *e)
{
    static const int part[] = { RUN_KEYS, RUN_TRIALS };
    struct sha256 *digest = sha256_new();
    enum err code = OK;
    for (size_t i = 0; code == OK && i < ARRAY_LEN(part); i++) {
        struct query q;
        bool row;
        code = of_run(s, part[i], run_id, &q, e);
        while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
            for (int c = 0; c < sqlite3_column_count(q.stmt); c++) {
                const char *text = query_get_text(&q, c, "");
                sha256_add(digest, text, strlen(text) + 1);
            }
        }
    }
    *ret_hex = sha256_take(digest);
    sha256_free(digest);
    return code;
}

/* The ranges of both stores pair up, since the digests are the same. */
static enum err pair_ranges(struct transfer *t, struct error *e)
{
    struct query q;
    bool row;
    size_t n = 0;
    enum err code = of_run(t->to, ENDPOINT_LIST, t->run_id, &q, e);
    while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
        int64_t first = query_get_int(&q, 1, 0);
        if (first && n < t->range_count) {
            t->range[n].shift = first - t->range[n].first;
            n++;
        }
    }
    return code;
}

static enum err join(struct transfer *t, struct error *e)
{
    struct sha256_hex here, there;
    int64_t settled_here, settled_there;
    bool any = false;
    if (digest_of(t->to, t->run_id, &here, e) != OK || digest_of(t->from, t->run_id, &there, e) != OK ||
        one_int(t->to, RUN_SETTLED, t->run_id, &settled_here, e) != OK || one_int(t->from, RUN_SETTLED, t->run_id, &settled_there, e) != OK)
        return e->code;
    if (strcmp(here.text, there.text) != 0)
        return error_set(
            e, ERR_INVALID,
            "run '%.40s' is in '%s' and in '%s', and not the same (%lld and %lld trials are settled): `gauntlet rm` the one that "
            "you do not want",
            t->run_id, t->to->path, t->from->path, (long long)settled_here, (long long)settled_there);
    t->result.there_already = true;
    enum err code = transfer_list_samples(t, &any, e);
    if (code == OK)
        code = list_endpoints(t, e);
    for (size_t i = 0; code == OK && i < t->range_count; i++)
        code = read_range(t, &t->range[i], e);
    t->result.withheld = 0;
    if (code == OK)
        code = pair_ranges(t, e);
    return code == OK ? transfer_labels(t, e) : code;
}

/* A part whose run is made goes into it; any other run that is there already is compared, or was joined before. */
static enum err transfer(struct transfer *t, struct transfer_result *ret_r, struct error *e)
{
    int64_t there;
    enum err code = one_int(t->to, RUN_EXISTS, transfer_into(t), &there, e);
    if (code == OK && there && t->part && t->part->index == 0)
        t->result.there_already = true;
    else if (code == OK)
        code = there && !t->part ? join(t, e) : bring(t, e);
    for (size_t i = 0; i < t->range_count; i++)
        free(t->range[i].withheld);
    free(t->range);
    free(t->endpoint.pair);
    free(t->scorer.pair);
    free(t->sample.pair);
    if (code == OK)
        *ret_r = t->result;
    return code;
}

enum err store_transfer_run(struct store *from, struct store *to, const char *run_id, const struct transfer_options *options,
                            struct transfer_result *ret_r, struct error *e)
{
    return transfer(&(struct transfer){ .from = from, .to = to, .run_id = run_id, .options = options }, ret_r, e);
}

enum err store_transfer_part(struct store *from, struct store *to, const char *run_id, const struct transfer_part *part,
                             const struct transfer_options *options, struct transfer_result *ret_r, struct error *e)
{
    return transfer(&(struct transfer){ .from = from, .to = to, .run_id = run_id, .part = part, .options = options }, ret_r, e);
}

enum err store_run_texts(struct store *s, const char *run_id, enum run_texts *ret_texts, struct error *e)
{
    struct query q;
    bool row;
    enum err code = of_run(s, ROWS_SHA, run_id, &q, e);
    if (code == OK)
        code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    const char *mark = row ? strchr(query_get_text(&q, 0, ""), '+') : NULL;
    *ret_texts = !mark ? RUN_TEXTS_WHOLE : strcmp(mark, "+none") == 0 ? RUN_TEXTS_NONE : RUN_TEXTS_WITHHELD;
    if (row)
        query_close(&q);
    return OK;
}
