/* Replies as they were stored, to be parsed again. */
#include "store/reader.h"

#include "base/json.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

#define REPLY_OF(table)                                                                                                                    \
    "SELECT number, http_status, headers_json, body, transport, resent, sent_at, done_at, first_byte_us, cost_upper_usd FROM " table       \
    " WHERE id = ? AND done_at IS NOT NULL"

enum { REPLY, JUDGE_REPLY };

static const struct statement sql[] = {
    [REPLY] = { "read a stored reply", REPLY_OF("attempt") },
    [JUDGE_REPLY] = { "read a judge's stored reply", REPLY_OF("judge_attempt") },
};
const struct statement_group reply_statements = { sql, ARRAY_LEN(sql) };

/* Back from [["name", "value"], …] to "name: value\n" lines. */
static void headers_from_json(const char *json, struct arena *a, struct stored_reply *r)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(json_freep) cJSON *list = json_parse(json, strlen(json), NULL);
    const cJSON *pair;
    cJSON_ArrayForEach(pair, list)
    {
        const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(pair, 0));
        const char *value = cJSON_GetStringValue(cJSON_GetArrayItem(pair, 1));
        if (name && value)
            (void)strbuf_addf(&out, "%s: %s\n", name, value);
    }
    r->headers = arena_strndup(a, out.buf, out.len);
    r->headers_len = out.len;
}

static enum err reply_get(struct store *s, int which, int64_t attempt_id, struct arena *a, struct stored_reply *ret_r, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_int(s, &sql[which], attempt_id, &q, &row, e);
    if (code != OK)
        return code;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no reply of attempt %lld", s->path, (long long)attempt_id);

    struct stored_reply r = {
        .number = (int)query_get_int(&q, 0, 0),
        .http_status = (int)query_get_int(&q, 1, 0),
        .body_len = (size_t)sqlite3_column_bytes(q.stmt, 3),
        .transport = query_dup_text(&q, 4, a),
        .resent = query_get_int(&q, 5, 0) != 0,
        .sent_at = query_get_int(&q, 6, 0),
        .done_at = query_get_int(&q, 7, 0),
        .first_byte_us = query_get_int(&q, 8, -1),
        .cost_upper_usd = query_get_real(&q, 9, -1),
    };
    r.body = arena_strndup(a, r.body_len > 0 ? sqlite3_column_blob(q.stmt, 3) : "", r.body_len);
    headers_from_json(query_get_text(&q, 2, "[]"), a, &r);
    query_close(&q);
    *ret_r = r;
    return OK;
}

enum err store_reply_get(struct store *s, int64_t attempt_id, struct arena *a, struct stored_reply *ret_r, struct error *e)
{
    return reply_get(s, REPLY, attempt_id, a, ret_r, e);
}

enum err store_judge_reply_get(struct store *s, int64_t attempt_id, struct arena *a, struct stored_reply *ret_r, struct error *e)
{
    return reply_get(s, JUDGE_REPLY, attempt_id, a, ret_r, e);
}
