/* Rows written for every trial: the hot path. */
#include "store/writer.h"

#include "base/json.h"
#include "base/utf8.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

/* The same for attempts of trials and for questions to judges. */
#define UNSENT(table) "DELETE FROM " table " WHERE id = ? AND done_at IS NULL"
#define DONE(table)                                                                                                                        \
    "UPDATE " table " SET sent_at = ?2, done_at = ?3, http_status = ?4, headers_json = ?5, body = ?6,"                                     \
    " first_byte_us = ?7, transport = ?8, resent = ?9 WHERE id = ?1"
#define READ(table, more)                                                                                                                  \
    "UPDATE " table " SET error_class = ?2, message = ?3, retry_after_us = ?4,"                                                            \
    " prompt_tokens = ?5, completion_tokens = ?6, cost_usd = ?7, cost_upper_usd = ?8" more " WHERE id = ?1"

enum {
    ATTEMPT_START,
    ATTEMPT_UNSENT,
    ATTEMPT_DONE,
    ATTEMPT_READ,
    JUDGE_START,
    JUDGE_UNSENT,
    JUDGE_DONE,
    JUDGE_READ,
    RESPONSE_INSERT,
    SCORE_INSERT,
    SCORE_KEEP,
    SCORE_REPLACE,
    TRIAL_FINISH,
    IMAGE_SEEN
};

static const struct statement sql[] = {
    [ATTEMPT_START] = { "journal an attempt", "INSERT INTO attempt (trial_id, number, trace_id, request_sha256, sent_at,"
                                              " cost_upper_usd) VALUES (?, ?, ?, ?, ?, ?)" },
    [ATTEMPT_UNSENT] = { "forget an attempt that was not sent", UNSENT("attempt") },
    [ATTEMPT_DONE] = { "store a reply", DONE("attempt") },
    [ATTEMPT_READ] = { "record what a reply says", READ("attempt", "") },
    [JUDGE_START] = { "journal a question to a judge", "INSERT INTO judge_attempt (trial_id, number, trace_id, request_sha256, sent_at, "
                                                       "cost_upper_usd, scorer_id, step, judge)"
                                                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [JUDGE_UNSENT] = { "forget a question that was not sent", UNSENT("judge_attempt") },
    [JUDGE_DONE] = { "store a judge's reply", DONE("judge_attempt") },
    [JUDGE_READ] = { "record what a judge's reply says",
                     READ("judge_attempt", ", model_echo = ?9, fingerprint = ?10, provider_echo = ?11") },
    [RESPONSE_INSERT] = { "store an answer",
                          "INSERT INTO response (trial_id, attempt_id, latency_us, first_byte_us, wait_us, prompt_tokens, "
                          "completion_tokens,"
                          " reasoning_tokens, reported_cost_usd, flags, finish_reason, model_echo, fingerprint, provider_echo, reply_id,"
                          " refusal, reasoning, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [SCORE_INSERT] = { "store a verdict",
                       "INSERT INTO score (trial_id, scorer_id, verdict, value, reason, source, flags, explanation, judge_trial_json)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [SCORE_KEEP] = { "keep an old verdict",
                     "INSERT INTO score_replaced (replaced_at, trial_id, scorer_id, verdict, value, reason, explanation,"
                     " judge_trial_json) SELECT ?3, trial_id, scorer_id, verdict, value, reason, explanation,"
                     " judge_trial_json FROM score WHERE trial_id = ?1 AND scorer_id = ?2" },
    [SCORE_REPLACE] = { "clear an old verdict", "DELETE FROM score WHERE trial_id = ? AND scorer_id = ?" },
    [TRIAL_FINISH] = { "finish a trial", "UPDATE trial SET status = ?2, reason = ?3 WHERE id = ?1 AND status = 'pending'" },
    [IMAGE_SEEN] = { "record an image", "UPDATE image SET mime = ?3, bytes = ?4, width = ?5, height = ?6, sha256 = ?7"
                                        " WHERE sample_id = ?1 AND position = ?2 AND sha256 IS NULL" },
};
const struct statement_group trial_statements = { sql, ARRAY_LEN(sql) };

static enum err no_such(const struct store *s, const char *what, int64_t id, struct error *e)
{
    return error_set(e, ERR_INVALID, "store '%s': internal: there is no %s %lld", s->path, what, (long long)id);
}

enum err store_attempt_start(struct store *s, const struct attempt_start *a, int64_t *ret_attempt_id, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[a->judge ? JUDGE_START : ATTEMPT_START], &q, e);
    if (code != OK)
        return code;
    query_int_if(&q, a->trial_id != 0, a->trial_id);
    query_int(&q, a->number);
    query_text(&q, a->trace_id);
    query_text(&q, a->request_sha256);
    query_int(&q, a->sent_at);
    query_real_if(&q, a->cost_upper_usd >= 0, a->cost_upper_usd);
    if (a->judge) {
        query_int(&q, a->scorer_id);
        query_int(&q, a->step);
        query_text(&q, a->judge);
    }
    code = query_run(&q, e);
    if (code == OK)
        *ret_attempt_id = sqlite3_last_insert_rowid(s->db);
    return code;
}

enum err store_attempt_unsent(struct store *s, int64_t attempt_id, bool of_judge, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[of_judge ? JUDGE_UNSENT : ATTEMPT_UNSENT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, attempt_id);
    code = query_run(&q, e);
    if (code == OK && sqlite3_changes(s->db) == 0)
        return no_such(s, "open attempt", attempt_id, e);
    return code;
}

/* [["name", "value"], …] in order, so that a header that came twice stands there twice. */
static void headers_to_json(const char *text, size_t len, struct strbuf *out)
{
    const char *separator = "[";
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end ? (size_t)(end - text) : len;
        const char *colon = memchr(text, ':', line);
        if (colon) {
            size_t name = (size_t)(colon - text);
            size_t value = name + 1;
            while (value < line && text[value] == ' ')
                value++;
            (void)strbuf_addstr(out, separator);
            (void)strbuf_addch(out, '[');
            json_add_string(out, text, name);
            (void)strbuf_addch(out, ',');
            json_add_string(out, text + value, line - value);
            (void)strbuf_addch(out, ']');
            separator = ",";
        }
        size_t used = end ? line + 1 : line;
        text += used;
        len -= used;
    }
    (void)strbuf_addstr(out, *separator == '[' ? "[]" : "]");
}

static void bind_headers(struct query *q, const struct attempt_done *a)
{
    struct strbuf *out = &q->store->scratch;
    strbuf_clear(out);
    if (!a->headers || a->headers_len == 0) {
        query_text(q, NULL);
        return;
    }
    if (utf8_valid(a->headers, a->headers_len, NULL)) {
        headers_to_json(a->headers, a->headers_len, out);
    } else {
        CLEANUP(strbuf_release) struct strbuf repaired = STRBUF_INIT;
        utf8_repair(a->headers, a->headers_len, &repaired);
        headers_to_json(repaired.buf, repaired.len, out);
    }
    query_text_len(q, out->buf, out->len);
}

enum err store_attempt_done(struct store *s, const struct attempt_done *a, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[a->of_judge ? JUDGE_DONE : ATTEMPT_DONE], &q, e);
    if (code != OK)
        return code;
    query_int(&q, a->attempt_id);
    query_int(&q, a->sent_at);
    query_int(&q, a->done_at);
    query_int_if(&q, a->http_status != 0, a->http_status);
    bind_headers(&q, a);
    /* NULL = no reply at all; an empty body is a blob of no bytes */
    query_blob(&q, a->body_len > 0 ? a->body : a->http_status != 0 ? "" : NULL, a->body_len);
    query_int_if(&q, a->first_byte_us >= 0, a->first_byte_us);
    query_text(&q, a->transport);
    query_int(&q, a->resent);
    code = query_run(&q, e);
    if (code == OK && sqlite3_changes(s->db) == 0)
        return no_such(s, "attempt", a->attempt_id, e);
    return code;
}

enum err store_attempt_read(struct store *s, const struct attempt_read *a, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[a->of_judge ? JUDGE_READ : ATTEMPT_READ], &q, e);
    if (code != OK)
        return code;
    query_int(&q, a->attempt_id);
    query_word(&q, a->error_class);
    query_word(&q, a->message);
    query_int_if(&q, a->retry_after_us >= 0, a->retry_after_us);
    query_int_if(&q, a->prompt_tokens >= 0, a->prompt_tokens);
    query_int_if(&q, a->completion_tokens >= 0, a->completion_tokens);
    query_real_if(&q, a->cost_usd >= 0, a->cost_usd);
    query_real_if(&q, a->cost_upper_usd >= 0, a->cost_upper_usd);
    if (a->of_judge) {
        query_word(&q, a->model_echo);
        query_word(&q, a->fingerprint);
        query_word(&q, a->provider_echo);
    }
    code = query_run(&q, e);
    if (code == OK && sqlite3_changes(s->db) == 0)
        return no_such(s, "attempt", a->attempt_id, e);
    return code;
}

static void bind_flags(struct query *q, unsigned flags)
{
    if (flags == 0) {
        query_text(q, NULL);
        return;
    }
    strbuf_clear(&q->store->scratch);
    answer_flags_text(flags, &q->store->scratch);
    query_text(q, q->store->scratch.buf);
}

enum err store_response_insert(struct store *s, const struct response_row *r, struct error *e)
{
    const struct answer *a = r->answer;
    struct query q;
    enum err code = query_open(s, &sql[RESPONSE_INSERT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, r->trial_id);
    query_int(&q, r->attempt_id);
    query_int_if(&q, r->latency_us >= 0, r->latency_us);
    query_int_if(&q, r->first_byte_us >= 0, r->first_byte_us);
    query_int_if(&q, r->wait_us >= 0, r->wait_us);
    query_int_if(&q, a->usage.prompt_tokens >= 0, a->usage.prompt_tokens);
    query_int_if(&q, a->usage.completion_tokens >= 0, a->usage.completion_tokens);
    query_int_if(&q, a->usage.reasoning_tokens >= 0, a->usage.reasoning_tokens);
    query_real_if(&q, a->usage.reported_cost_usd >= 0, a->usage.reported_cost_usd);
    bind_flags(&q, a->flags);
    query_word(&q, a->finish_reason);
    query_word(&q, a->model_echo);
    query_word(&q, a->fingerprint);
    query_word(&q, r->provider_echo);
    query_word(&q, a->reply_id);
    query_word(&q, a->refusal);
    query_text_len(&q, a->reasoning_len > 0 ? a->reasoning : NULL, a->reasoning_len);
    query_text_len(&q, a->content ? a->content : "", a->content ? a->content_len : 0);
    return query_run(&q, e);
}

static const char *source_name(enum refusal_source source)
{
    static const char *const name[] = {
        [REFUSAL_NONE] = NULL,
        [REFUSAL_MODEL_TEXT] = "model_text",
        [REFUSAL_MODEL_FIELD] = "model_field",
        [REFUSAL_PROVIDER_FILTER] = "provider_filter",
    };
    return name[source];
}

enum err store_score_insert(struct store *s, int64_t trial_id, int64_t scorer_id, const struct score *score, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[SCORE_INSERT], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    query_int(&q, scorer_id);
    query_text(&q, verdict_name(score->verdict));
    query_real_if(&q, score->has_value, score->value);
    query_word(&q, score->reason);
    query_text(&q, source_name(score->source));
    bind_flags(&q, score->flags);
    query_word(&q, score->explanation);
    query_text(&q, score->judge_json);
    return query_run(&q, e);
}

enum err store_score_replace(struct store *s, int64_t trial_id, int64_t scorer_id, const struct score *score, int64_t at, struct error *e)
{
    for (int which = SCORE_KEEP; which <= SCORE_REPLACE; which++) {
        struct query q;
        enum err code = query_open(s, &sql[which], &q, e);
        if (code != OK)
            return code;
        query_int(&q, trial_id);
        query_int(&q, scorer_id);
        if (which == SCORE_KEEP)
            query_int(&q, at);
        code = query_run(&q, e);
        if (code != OK)
            return code;
    }
    return store_score_insert(s, trial_id, scorer_id, score, e);
}

enum err store_trial_finish(struct store *s, int64_t trial_id, enum trial_status status, const char *reason, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[TRIAL_FINISH], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    query_text(&q, trial_status_name(status));
    query_word(&q, reason);
    code = query_run(&q, e);
    if (code == OK && sqlite3_changes(s->db) == 0)
        return error_set(e, ERR_INVALID, "store '%s': internal: trial %lld is not pending, so it cannot become %s", s->path,
                         (long long)trial_id, trial_status_name(status));
    return code;
}

enum err store_image_seen(struct store *s, const struct image_seen *i, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[IMAGE_SEEN], &q, e);
    if (code != OK)
        return code;
    query_int(&q, i->sample_id);
    query_int(&q, i->position);
    query_text(&q, i->mime);
    query_int(&q, i->bytes);
    query_int_if(&q, i->width != 0, i->width);
    query_int_if(&q, i->height != 0, i->height);
    query_text(&q, i->sha256);
    return query_run(&q, e);
}
