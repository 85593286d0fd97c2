/* Single trials: found, chosen for show, and read whole. */
#include "store/reader.h"

#include "store/statement.h"
#include "store/store_private.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIAL, ATTEMPTS, SCORES, IMAGES, FIND_SAMPLE, FIND_ID };

static const struct statement sql[] = {
    [TRIAL] = { "read a trial", "SELECT t.run_id, e.name, s.key, s.intent_id, s.intent, s.category, s.subcategory, s.attack, s.prompt,"
                                " s.extra_json, s.twin, s.expected, t.epoch, t.status, t.reason, r.content, r.reasoning, r.finish_reason,"
                                " r.model_echo, r.provider_echo, r.latency_us, r.prompt_tokens, r.completion_tokens, r.refusal, s.context"
                                " FROM trial t CROSS JOIN endpoint e ON e.id = t.endpoint_id CROSS JOIN sample s ON s.id = t.sample_id"
                                " LEFT JOIN response r ON r.trial_id = t.id WHERE t.id = ?" },
    [ATTEMPTS] = { "read a trial's attempts",
                   "SELECT id, number, http_status, trace_id, request_sha256, error_class, message, headers_json,"
                   " sent_at, done_at, retry_after_us, length(body), first_byte_us, cost_usd, prompt_tokens, completion_tokens FROM "
                   "attempt WHERE trial_id = ? ORDER BY "
                   "number" },
    [SCORES] = { "read a trial's verdicts", "SELECT c.name, x.verdict, x.reason, x.explanation, x.value, c.is_primary, x.judge_trial_json"
                                            " FROM score x CROSS JOIN scorer c ON c.id = x.scorer_id WHERE x.trial_id = ?"
                                            " ORDER BY c.is_primary DESC, c.id" },
    [IMAGES] = { "read a trial's images", "SELECT i.path, i.mime, i.sha256, i.bytes, i.width, i.height FROM trial t"
                                          " CROSS JOIN image i ON i.sample_id = t.sample_id WHERE t.id = ? ORDER BY i.position" },
    [FIND_SAMPLE] = { "find a sample's trials", "SELECT t.id FROM run r CROSS JOIN sample s ON s.dataset_id = r.dataset_id AND s.key = ?2"
                                                " CROSS JOIN endpoint e ON e.run_id = r.id"
                                                " CROSS JOIN trial t ON t.run_id = r.id AND t.endpoint_id = e.id AND t.sample_id = s.id "
                                                "WHERE r.id = ?1 ORDER BY t.id" },
    [FIND_ID] = { "find a trial", "SELECT id FROM trial WHERE id = ?2 AND run_id = ?1" },
};
const struct statement_group detail_statements = { sql, ARRAY_LEN(sql) };

static void read_trial(const struct query *q, struct arena *a, struct trial_detail *t)
{
    t->run_id = query_dup_text(q, 0, a);
    t->endpoint = query_dup_text(q, 1, a);
    t->sample_key = query_dup_text(q, 2, a);
    t->intent_id = query_dup_text(q, 3, a);
    t->intent = query_dup_text(q, 4, a);
    t->category = query_dup_text(q, 5, a);
    t->subcategory = query_dup_text(q, 6, a);
    t->attack = query_dup_text(q, 7, a);
    t->prompt = query_dup_text(q, 8, a);
    t->extra_json = query_dup_text(q, 9, a);
    t->context = query_dup_word(q, 24, a);
    t->twin = query_dup_word(q, 10, a);
    (void)expected_parse(query_get_text(q, 11, ""), &t->expected);
    t->epoch = (int)query_get_int(q, 12, 0);
    (void)trial_status_parse(query_get_text(q, 13, ""), &t->status);
    t->reason = query_dup_word(q, 14, a);
    t->content = query_dup_text(q, 15, a);
    t->content_len = sqlite3_column_bytes(q->stmt, 15);
    bool answered = t->content != NULL; /* NULL = no response; "" = a response without it */
    t->reasoning = answered ? query_dup_word(q, 16, a) : NULL;
    t->refusal = answered ? query_dup_word(q, 23, a) : NULL;
    t->finish_reason = answered ? query_dup_word(q, 17, a) : NULL;
    t->model_echo = answered ? query_dup_word(q, 18, a) : NULL;
    t->provider_echo = answered ? query_dup_word(q, 19, a) : NULL;
    t->latency_us = query_get_int(q, 20, -1);
    t->prompt_tokens = query_get_int(q, 21, -1);
    t->completion_tokens = query_get_int(q, 22, -1);
}

static void read_attempt(const struct query *q, struct arena *a, void *ret_item)
{
    struct trial_attempt *t = ret_item;
    t->id = query_get_int(q, 0, 0);
    t->number = (int)query_get_int(q, 1, 0);
    t->http_status = (int)query_get_int(q, 2, 0);
    t->trace_id = query_dup_word(q, 3, a);
    t->request_sha256 = query_dup_word(q, 4, a);
    t->error_class = query_dup_word(q, 5, a);
    t->message = query_dup_word(q, 6, a);
    t->headers_json = query_dup_text(q, 7, a);
    t->sent_at = query_get_int(q, 8, 0);
    t->done_at = query_get_int(q, 9, 0);
    t->retry_after_us = query_get_int(q, 10, -1);
    t->body_bytes = query_get_int(q, 11, 0);
    t->first_byte_us = query_get_int(q, 12, -1);
    t->cost_usd = query_get_real(q, 13, -1);
    t->prompt_tokens = query_get_int(q, 14, -1);
    t->completion_tokens = query_get_int(q, 15, -1);
}

static void read_score(const struct query *q, struct arena *a, void *ret_item)
{
    struct trial_score *t = ret_item;
    t->scorer = query_dup_word(q, 0, a);
    (void)verdict_parse(query_get_text(q, 1, ""), &t->verdict);
    t->reason = query_dup_word(q, 2, a);
    t->explanation = query_dup_word(q, 3, a);
    t->value = query_get_real(q, 4, NAN);
    t->is_primary = query_get_int(q, 5, 0) != 0;
    t->votes_json = query_dup_text(q, 6, a);
}

static void read_image(const struct query *q, struct arena *a, void *ret_item)
{
    struct trial_image *t = ret_item;
    t->name = query_dup_word(q, 0, a);
    t->mime = query_dup_word(q, 1, a);
    t->sha256 = query_dup_word(q, 2, a);
    t->bytes = query_get_int(q, 3, 0);
    t->width = query_get_int(q, 4, 0);
    t->height = query_get_int(q, 5, 0);
}

static enum err read_list(struct store *s, int which, int64_t trial_id, query_item_fn *read, size_t size, struct arena *a, void **ret_items,
                          size_t *ret_count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    if (code != OK)
        return code;
    query_int(&q, trial_id);
    return query_all(&q, read, size, a, ret_items, ret_count, e);
}

enum err store_trial_detail(struct store *s, int64_t trial_id, struct arena *a, struct trial_detail *ret_t, struct error *e)
{
    struct trial_detail t = { .trial_id = trial_id };
    struct query q;
    bool row;
    enum err code = query_first_of_int(s, &sql[TRIAL], trial_id, &q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no trial %lld", s->path, (long long)trial_id);
    read_trial(&q, a, &t);
    query_close(&q);

    void *attempt, *score, *image;
    code = read_list(s, ATTEMPTS, trial_id, read_attempt, sizeof(*t.attempt), a, &attempt, &t.attempt_count, e);
    if (code == OK)
        code = read_list(s, SCORES, trial_id, read_score, sizeof(*t.score), a, &score, &t.score_count, e);
    if (code == OK)
        code = read_list(s, IMAGES, trial_id, read_image, sizeof(*t.image), a, &image, &t.image_count, e);
    if (code != OK)
        return code;
    t.attempt = attempt;
    t.score = score;
    t.image = image;
    *ret_t = t;
    return OK;
}

static void read_id(const struct query *q, struct arena *a, void *ret_item)
{
    (void)a;
    *(int64_t *)ret_item = query_get_int(q, 0, 0);
}

static enum err collect_ids(struct query *q, struct arena *a, int64_t **ret_id, size_t *ret_count, struct error *e)
{
    void *items;
    enum err code = query_all(q, read_id, sizeof(int64_t), a, &items, ret_count, e);
    if (code == OK)
        *ret_id = items;
    return code;
}

static bool parse_id(const char *text, int64_t *ret_id)
{
    if (!isdigit((unsigned char)*text))
        return false;
    char *end;
    errno = 0;
    long long id = strtoll(text, &end, 10);
    *ret_id = id;
    return *end == '\0' && errno == 0;
}

enum err store_trial_find(struct store *s, const char *run_id, const char *key, struct arena *a, int64_t **ret_id, size_t *ret_count,
                          struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[FIND_SAMPLE], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_text(&q, key);
    code = collect_ids(&q, a, ret_id, ret_count, e);

    int64_t id;
    if (code != OK || *ret_count > 0 || !parse_id(key, &id))
        return code;
    code = query_open(s, &sql[FIND_ID], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, id);
    return collect_ids(&q, a, ret_id, ret_count, e);
}
