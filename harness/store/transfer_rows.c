/* transfer_rows - table by table: what to read, what to write, and what each column is. */
#include "store/transfer_private.h"

#include "store/store_private.h"

#include <string.h>

/*
 * A letter for each column, in the order of both statements:
 *   .      as it is
 *   r      id of the run
 *   x X    a text: NULL or '' when it stays behind
 *   e s c  id of an endpoint, a sample, a scorer
 *   t      id of a trial, or NULL
 *   n      id of a trial, of this run or of one that does not come along: then a number that no trial has
 *   a J    id of an attempt, of a judge's attempt
 *   d      id of the data set
 */
enum whose { OF_RUN, OF_TRIALS }; /* what the reading statement takes: the run's id, or the first and the last trial of an endpoint */

struct table {
    enum whose whose;
    const char *column;
};

/* Rows that point come after those they point to. CANARY: what judges were asked about no trial. */
enum {
    RUN,
    ENDPOINT,
    EVIDENCE,
    SCORER,
    IMAGE,
    EVENT,
    CANARY,
    TRIAL,
    ATTEMPT,
    RESPONSE,
    SCORE,
    JUDGE_ATTEMPT,
    REPLACED,
    LABEL,
    ANCHOR,
    TABLE_COUNT
};

static const struct table table[TABLE_COUNT] = {
    [RUN] = { OF_RUN, "r............d..." },
    [ENDPOINT] = { OF_RUN, "er.........tt......" },
    [EVIDENCE] = { OF_RUN, "e........" },
    [SCORER] = { OF_RUN, "cr....." },
    [IMAGE] = { OF_RUN, "s.X....." },
    [EVENT] = { OF_RUN, "r....." },
    [CANARY] = { OF_RUN, "Jct....................xxx" },
    [TRIAL] = { OF_TRIALS, "tres...." },
    [ATTEMPT] = { OF_TRIALS, "at...............xxx" },
    [RESPONSE] = { OF_TRIALS, "ta.............xxX" },
    [SCORE] = { OF_TRIALS, "tc.....xx" },
    [JUDGE_ATTEMPT] = { OF_TRIALS, "Jct....................xxx" },
    [REPLACED] = { OF_TRIALS, ".tc...xx" },
    [LABEL] = { OF_TRIALS, "t..x..." },
    [ANCHOR] = { OF_RUN, "cn...." },
};

/* Reading statements stand at READ(table), writing ones at WRITE(table). */
#define READ(t) (2 * (t))
#define WRITE(t) (2 * (t) + 1)
#define RUN_COLUMNS                                                                                                                        \
    "id, name, suite_name, suite_sha256, suite_path, status, started_at, finished_at, harness_version, "                                   \
    "harness_commit, config_json, suite_json, options_json, dataset_id, sample_set_sha256, comparability_key, "                            \
    "excluded"
#define ENDPOINT_COLUMNS                                                                                                                   \
    "id, run_id, name, protocol, base_url, model, provider, revision_declared, revision_observed, evidence, "                              \
    "params_json, first_trial, last_trial, price_input, price_output, price_source, stop_reason, provenance_json, "                        \
    "drift"
#define EVIDENCE_COLUMNS "endpoint_id, at, phase, kind, url, http_status, problem, sha256, body"
#define SCORER_COLUMNS "id, run_id, name, kind, identity_sha256, config_json, is_primary"
#define IMAGE_COLUMNS "sample_id, position, path, mime, bytes, width, height, sha256"
#define EVENT_COLUMNS "run_id, at, level, kind, message, detail_json"
#define CANARY_COLUMNS                                                                                                                     \
    "id, scorer_id, trial_id, step, number, judge, trace_id, request_sha256, sent_at, done_at, first_byte_us, "                            \
    "http_status, error_class, transport, resent, retry_after_us, prompt_tokens, completion_tokens, cost_usd, "                            \
    "cost_upper_usd, model_echo, fingerprint, provider_echo, message, headers_json, body"
#define TRIAL_COLUMNS "id, run_id, endpoint_id, sample_id, epoch, status, reason, retry_from"
#define ATTEMPT_COLUMNS                                                                                                                    \
    "id, trial_id, number, trace_id, request_sha256, sent_at, done_at, first_byte_us, http_status, error_class, "                          \
    "transport, resent, retry_after_us, prompt_tokens, completion_tokens, cost_usd, cost_upper_usd, message, "                             \
    "headers_json, body"
#define RESPONSE_COLUMNS                                                                                                                   \
    "trial_id, attempt_id, latency_us, first_byte_us, wait_us, prompt_tokens, completion_tokens, reasoning_tokens, "                       \
    "reported_cost_usd, flags, finish_reason, model_echo, fingerprint, provider_echo, reply_id, refusal, "                                 \
    "reasoning, content"
#define SCORE_COLUMNS "trial_id, scorer_id, verdict, value, reason, source, flags, explanation, judge_trial_json"
#define JUDGE_ATTEMPT_COLUMNS CANARY_COLUMNS
#define REPLACED_COLUMNS "replaced_at, trial_id, scorer_id, verdict, value, reason, explanation, judge_trial_json"
#define LABEL_COLUMNS "trial_id, labeller, verdict, note, created_at, inclusion_probability, plan"

#define ANCHOR_COLUMNS "scorer_id, trial_id, anchor_run, verdict_before, verdict_now, left_out"

static const struct statement sql[] = {
    [READ(RUN)] = { "read from run", "SELECT " RUN_COLUMNS " FROM run WHERE id = ?1" },
    [WRITE(RUN)] = { "write into run", "INSERT INTO run (" RUN_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(ENDPOINT)] = { "read from endpoint", "SELECT " ENDPOINT_COLUMNS " FROM endpoint WHERE run_id = ?1 ORDER BY id" },
    [WRITE(ENDPOINT)] = { "write into endpoint",
                          "INSERT INTO endpoint (" ENDPOINT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(EVIDENCE)] = { "read from evidence",
                         "SELECT " EVIDENCE_COLUMNS
                         " FROM evidence WHERE endpoint_id IN (SELECT id FROM endpoint WHERE run_id = ?1) ORDER BY id" },
    [WRITE(EVIDENCE)] = { "write into evidence", "INSERT INTO evidence (" EVIDENCE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(SCORER)] = { "read from scorer", "SELECT " SCORER_COLUMNS " FROM scorer WHERE run_id = ?1 ORDER BY id" },
    [WRITE(SCORER)] = { "write into scorer", "INSERT INTO scorer (" SCORER_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)" },
    [READ(IMAGE)] = { "read from image",
                      "SELECT " IMAGE_COLUMNS " FROM image WHERE sample_id IN (SELECT sample_id FROM trial WHERE run_id = ?1)" },
    [WRITE(IMAGE)] = { "write into image", "INSERT OR IGNORE INTO image (" IMAGE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(EVENT)] = { "read from event", "SELECT " EVENT_COLUMNS " FROM event WHERE run_id = ?1 ORDER BY id" },
    [WRITE(EVENT)] = { "write into event", "INSERT INTO event (" EVENT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)" },
    [READ(
        CANARY)] = { "read from judge_attempt",
                     "SELECT " CANARY_COLUMNS
                     " FROM judge_attempt WHERE trial_id IS NULL AND scorer_id IN (SELECT id FROM scorer WHERE run_id = ?1) ORDER BY id" },
    [WRITE(CANARY)] = { "write into judge_attempt",
                        "INSERT INTO judge_attempt (" CANARY_COLUMNS
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(TRIAL)] = { "read from trial", "SELECT " TRIAL_COLUMNS " FROM trial WHERE id BETWEEN ?1 AND ?2 ORDER BY id" },
    [WRITE(TRIAL)] = { "write into trial", "INSERT INTO trial (" TRIAL_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(ATTEMPT)] = { "read from attempt",
                        "SELECT " ATTEMPT_COLUMNS " FROM attempt WHERE trial_id BETWEEN ?1 AND ?2 ORDER BY trial_id, number" },
    [WRITE(ATTEMPT)] = { "write into attempt",
                         "INSERT INTO attempt (" ATTEMPT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(RESPONSE)] = { "read from response",
                         "SELECT " RESPONSE_COLUMNS " FROM response WHERE trial_id BETWEEN ?1 AND ?2 ORDER BY trial_id" },
    [WRITE(RESPONSE)] = { "write into response",
                          "INSERT INTO response (" RESPONSE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(SCORE)] = { "read from score",
                      "SELECT " SCORE_COLUMNS " FROM score WHERE trial_id BETWEEN ?1 AND ?2 ORDER BY trial_id, scorer_id" },
    [WRITE(SCORE)] = { "write into score", "INSERT INTO score (" SCORE_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(JUDGE_ATTEMPT)] = { "read from judge_attempt",
                              "SELECT " JUDGE_ATTEMPT_COLUMNS
                              " FROM judge_attempt WHERE trial_id BETWEEN ?1 AND ?2 ORDER BY trial_id, scorer_id, step, number" },
    [WRITE(JUDGE_ATTEMPT)] = { "write into judge_attempt",
                               "INSERT INTO judge_attempt (" JUDGE_ATTEMPT_COLUMNS
                               ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(REPLACED)] = { "read from score_replaced",
                         "SELECT " REPLACED_COLUMNS " FROM score_replaced WHERE trial_id BETWEEN ?1 AND ?2 ORDER BY id" },
    [WRITE(REPLACED)] = { "write into score_replaced",
                          "INSERT INTO score_replaced (" REPLACED_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)" },
    [READ(LABEL)] = { "read from label",
                      "SELECT " LABEL_COLUMNS " FROM label WHERE trial_id BETWEEN ?1 AND ?2 ORDER BY trial_id, labeller" },
    [WRITE(LABEL)] = { "write into label", "INSERT OR IGNORE INTO label (" LABEL_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)" },
    [READ(ANCHOR)] = { "read from judge_anchor",
                       "SELECT " ANCHOR_COLUMNS " FROM judge_anchor WHERE scorer_id IN (SELECT id FROM scorer WHERE run_id = ?1)" },
    [WRITE(ANCHOR)] = { "write into judge_anchor", "INSERT INTO judge_anchor (" ANCHOR_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)" },
};
const struct statement_group transfer_row_statements = { sql, ARRAY_LEN(sql) };

static enum err contradiction(const struct transfer *t, const char *what, int64_t id, struct error *e)
{
    return error_set(e, ERR_INVALID, "store '%s' contradicts itself: run '%.40s' points to %s %lld, which is not its own", t->from->path,
                     t->run_id, what, (long long)id);
}

static enum err bind_moved(struct query *out, const struct transfer *t, const struct moved_ids *ids, const char *what, int64_t old,
                           struct error *e)
{
    const struct moved_id *m = moved_ids_find(ids, old);
    if (!m)
        return contradiction(t, what, old, e);
    query_int(out, m->now);
    return OK;
}

static enum err bind_trial(struct query *out, const struct transfer *t, const struct query *in, int column, struct error *e)
{
    int64_t old = query_get_int(in, column, 0);
    const struct trial_range *r = transfer_range(t, old);
    if (old == 0)
        query_int_if(out, false, 0);
    else if (!r)
        return contradiction(t, "trial", old, e);
    else
        query_int(out, transfer_trial(t, r, old));
    return OK;
}

static enum err bind_attempt(struct query *out, const struct transfer *t, const struct query *in, int column, int64_t shift,
                             struct error *e)
{
    int64_t old = query_get_int(in, column, 0);
    if (old <= 0 || old > MAX_TRANSFER_ID)
        return contradiction(t, "attempt", old, e);
    query_int(out, old + shift);
    return OK;
}

/* Whether the texts of the row that `in` stands on stay behind: its trial's or its sample's. */
static bool stays_behind(const struct transfer *t, const char *column, const struct query *in)
{
    if (!t->options->bodies)
        return true;
    for (int i = 0; column[i]; i++) {
        int64_t id = query_get_int(in, i, 0);
        const struct trial_range *r = column[i] == 't' ? transfer_range(t, id) : NULL;
        const struct moved_id *sample = column[i] == 's' ? moved_ids_find(&t->sample, id) : NULL;
        if ((r && r->withheld[id - r->first]) || (sample && sample->withheld))
            return true;
    }
    return false;
}

/* Numbers that no trial has stay different ones when several parts have the same. */
static int64_t number_of(const struct transfer *t, int64_t trial)
{
    const struct trial_range *r = transfer_range(t, trial);
    return r ? transfer_trial(t, r, trial) : t->part ? -(trial * t->part->count + t->part->index) : -trial;
}

static enum err copy_row(const struct transfer *t, const char *column, const struct query *in, struct query *out, struct error *e)
{
    bool behind = stays_behind(t, column, in);
    enum err code = OK;
    for (int i = 0; code == OK && column[i]; i++) {
        int64_t id = query_get_int(in, i, 0);
        switch (column[i]) {
        case 'x':
        case 'X':
            if (behind)
                query_text(out, column[i] == 'X' ? "" : NULL);
            else
                query_copy(out, in, i);
            break;
        case 'e': code = bind_moved(out, t, &t->endpoint, "endpoint", id, e); break;
        case 's': code = bind_moved(out, t, &t->sample, "sample", id, e); break;
        case 'c': code = bind_moved(out, t, &t->scorer, "scorer", id, e); break;
        case 't': code = bind_trial(out, t, in, i, e); break;
        case 'r': query_text(out, transfer_into(t)); break;
        case 'n': query_int(out, number_of(t, id)); break;
        case 'a': code = bind_attempt(out, t, in, i, t->attempt_shift, e); break;
        case 'J': code = bind_attempt(out, t, in, i, t->judge_attempt_shift, e); break;
        case 'd': query_int_if(out, t->dataset != 0, t->dataset); break;
        default: query_copy(out, in, i);
        }
    }
    return code;
}

/* `in` is bound; counts what was written. */
static enum err copy_rows(struct transfer *t, int which, struct query *in, int64_t *ret_count, struct error *e)
{
    bool row = false;
    enum err code;
    while ((code = query_row(in, &row, e)) == OK && row) {
        struct query out;
        code = query_open(t->to, &sql[WRITE(which)], &out, e);
        if (code == OK) {
            code = copy_row(t, table[which].column, in, &out, e);
            if (code == OK)
                code = query_run(&out, e);
            else
                query_close(&out);
        }
        if (code != OK) {
            query_close(in);
            return code;
        }
        *ret_count += sqlite3_changes(t->to->db);
    }
    return code;
}

/* r NULL = the table is read by run. */
static enum err copy_table(struct transfer *t, int which, const struct trial_range *r, int64_t *ret_count, struct error *e)
{
    struct query in;
    enum err code = query_open(t->from, &sql[READ(which)], &in, e);
    if (code != OK)
        return code;
    if (!r) {
        query_text(&in, t->run_id);
    } else {
        query_int(&in, r->first);
        query_int(&in, r->last);
    }
    return copy_rows(t, which, &in, ret_count, e);
}

enum err transfer_rows(struct transfer *t, struct error *e)
{
    for (int which = 0; which < TABLE_COUNT; which++) {
        int64_t count = 0;
        size_t times = table[which].whose == OF_RUN ? 1 : t->range_count;
        if ((which == RUN || which == ENDPOINT || which == SCORER) && transfer_run_is_made(t))
            continue;
        for (size_t i = 0; i < times; i++) {
            if (copy_table(t, which, table[which].whose == OF_TRIALS ? &t->range[i] : NULL, &count, e) != OK)
                return e->code;
        }
        if (which == TRIAL)
            t->result.trials = count;
        else if (which == ATTEMPT)
            t->result.attempts = count;
        else if (which == LABEL)
            t->result.labels = count;
    }
    return OK;
}

enum err transfer_labels(struct transfer *t, struct error *e)
{
    for (size_t i = 0; i < t->range_count; i++) {
        if (copy_table(t, LABEL, &t->range[i], &t->result.labels, e) != OK)
            return e->code;
    }
    return OK;
}
