#include "reports/browser_meta.h"

#include "base/json.h"
#include "base/json_member.h"
#include "base/text_safe.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 64 * 1024 };
enum width { U8, U16, U32, I32, F32 };
static const char *const width_name[] = { "u8", "u16", "u32", "i32", "f32" };
static const size_t width_bytes[] = { 1, 2, 4, 4, 4 };

/* What a column is read with: the rows, and the place of every sample in the order of keys. */
struct reading {
    const struct browser_rows *rows;
    const uint32_t *rank;
};
typedef uint32_t column_fn(const struct reading *r, size_t i);

#define TRIAL_COLUMN(name, expression)                                                                                                     \
    static uint32_t trial_##name(const struct reading *r, size_t i)                                                                        \
    {                                                                                                                                      \
        const struct browser_trial *t = &r->rows->trial[i];                                                                                \
        return (uint32_t)(expression);                                                                                                     \
    }
#define SAMPLE_COLUMN(name, expression)                                                                                                    \
    static uint32_t sample_##name(const struct reading *r, size_t i)                                                                       \
    {                                                                                                                                      \
        const struct browser_sample *s = &r->rows->sample[i];                                                                              \
        return (uint32_t)(expression);                                                                                                     \
    }

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

TRIAL_COLUMN(id, t->id - r->rows->trial[0].id)
TRIAL_COLUMN(sample, t->sample)
TRIAL_COLUMN(reason, t->reason)
TRIAL_COLUMN(finish, t->finish)
TRIAL_COLUMN(latency, t->latency_ms)
TRIAL_COLUMN(prompt_tokens, t->prompt_tokens)
TRIAL_COLUMN(completion_tokens, t->completion_tokens)
TRIAL_COLUMN(score, bits_of(t->value))
TRIAL_COLUMN(epoch, t->epoch)
TRIAL_COLUMN(endpoint, t->endpoint)
TRIAL_COLUMN(verdict, t->verdict)
TRIAL_COLUMN(base, t->base)
TRIAL_COLUMN(flags, t->flags)
SAMPLE_COLUMN(intent, s->intent)
SAMPLE_COLUMN(category, s->category)
SAMPLE_COLUMN(subcategory, s->subcategory)
SAMPLE_COLUMN(attack, s->attack)
SAMPLE_COLUMN(flags, s->flags)

static uint32_t sample_rank(const struct reading *r, size_t i)
{
    return r->rank[i];
}

struct column {
    const char *name;
    column_fn *get;
    enum width width;
    bool of_samples, delta;
};

/* Every array is filled up to a multiple of four, so that the next one begins where a typed array may. */
static const struct column columns[] = {
    { "id", trial_id, I32, false, true },
    { "sample", trial_sample, I32, false, true },
    { "latency", trial_latency, U32, false, false },
    { "prompt_tokens", trial_prompt_tokens, U32, false, false },
    { "completion_tokens", trial_completion_tokens, U32, false, false },
    { "score", trial_score, F32, false, false },
    { "sample_intent", sample_intent, I32, true, true },
    { "sample_rank", sample_rank, I32, true, true },
    { "sample_category", sample_category, U32, true, false },
    { "sample_subcategory", sample_subcategory, U32, true, false },
    { "sample_attack", sample_attack, U32, true, false },
    { "reason", trial_reason, U32, false, false },
    { "finish", trial_finish, U32, false, false },
    { "epoch", trial_epoch, U16, false, false },
    { "endpoint", trial_endpoint, U8, false, false },
    { "verdict", trial_verdict, U8, false, false },
    { "base", trial_base, U8, false, false },
    { "flags", trial_flags, U8, false, false },
    { "sample_flags", sample_flags, U8, true, false },
};

static size_t count_of(const struct column *c, const struct browser_rows *r)
{
    return c->of_samples ? r->sample_count : r->trial_count;
}

static size_t padded(const struct column *c, const struct browser_rows *r)
{
    return (count_of(c, r) * width_bytes[c->width] + 3) & ~(size_t)3;
}

/* ---- the arrays ---- */

static void put_le(struct strbuf *out, uint32_t value, size_t bytes)
{
    char byte[4];
    for (size_t i = 0; i < bytes; i++)
        byte[i] = (char)(value >> (8 * i));
    (void)strbuf_add(out, byte, bytes);
}

static enum err write_column(const struct column *c, const struct reading *r, struct strbuf *piece, page_write_fn *write, void *context,
                             struct error *e)
{
    uint32_t before = 0;
    size_t count = count_of(c, r->rows), bytes = width_bytes[c->width];
    for (size_t i = 0; i < count; i++) {
        uint32_t value = c->get(r, i);
        put_le(piece, c->delta ? value - before : value, bytes);
        before = value;
        if (piece->len >= PIECE_BYTES) {
            if (write(piece->buf, piece->len, context, e) != OK)
                return e->code;
            strbuf_clear(piece);
        }
    }
    put_le(piece, 0, padded(c, r->rows) - count * bytes);
    return OK;
}

struct ranked {
    const char *key;
    uint32_t number;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct ranked *)a)->key, ((const struct ranked *)b)->key);
}

static uint32_t *ranks_of(const struct browser_rows *r)
{
    struct ranked *order = xcalloc(r->sample_count + 1, sizeof(*order));
    uint32_t *rank = xcalloc(r->sample_count + 1, sizeof(*rank));
    for (size_t i = 0; i < r->sample_count; i++)
        order[i] = (struct ranked){ r->sample[i].key, (uint32_t)i };
    qsort(order, r->sample_count, sizeof(*order), by_key);
    for (size_t i = 0; i < r->sample_count; i++)
        rank[order[i].number] = (uint32_t)i;
    free(order);
    return rank;
}

enum err browser_columns(const struct browser_rows *r, page_write_fn *write, void *context, struct error *e)
{
    CLEANUP(cleanup_free) uint32_t *rank = ranks_of(r);
    CLEANUP(strbuf_release) struct strbuf piece = STRBUF_INIT;
    const struct reading reading = { r, rank };
    enum err rc = OK;
    for (size_t i = 0; i < ARRAY_LEN(columns) && rc == OK; i++)
        rc = write_column(&columns[i], &reading, &piece, write, context, e);
    return rc == OK ? write(piece.buf, piece.len, context, e) : rc;
}

/* ---- the names ---- */

static cJSON *text_item(const char *text)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_decode(text, strlen(text), &safe);
    return cJSON_CreateString(safe.buf);
}

static void add_text(struct strbuf *out, const char *text)
{
    CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
    text_safe_decode(text, strlen(text), &safe);
    json_add_string(out, safe.buf, safe.len);
}

static enum err flush(struct strbuf *piece, page_write_fn *write, void *context, struct error *e)
{
    enum err rc = write(piece->buf, piece->len, context, e);
    strbuf_clear(piece);
    return rc;
}

enum err browser_names(const struct browser_rows *r, page_write_fn *write, void *context, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf piece = STRBUF_INIT;
    enum err rc = OK;
    (void)strbuf_addstr(&piece, "{\"key\":[");
    for (size_t i = 0; i < r->sample_count && rc == OK; i++) {
        if (i)
            (void)strbuf_addch(&piece, ',');
        add_text(&piece, r->sample[i].key);
        if (piece.len >= PIECE_BYTES)
            rc = flush(&piece, write, context, e);
    }
    (void)strbuf_addstr(&piece, "],\"intent\":[");
    for (size_t i = 0; i < r->intent.count && rc == OK; i++) {
        if (i)
            (void)strbuf_addch(&piece, ',');
        add_text(&piece, r->intent.name[i]);
        if (piece.len >= PIECE_BYTES)
            rc = flush(&piece, write, context, e);
    }
    (void)strbuf_addstr(&piece, "]}");
    return rc == OK ? flush(&piece, write, context, e) : rc;
}

/* ---- what is where ---- */

static void add_names(cJSON *object, const char *key, const char *const *name, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, key);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, text_item(name[i]));
}

static void add_columns(cJSON *object, const struct browser_rows *r)
{
    size_t at = 0;
    cJSON *list = cJSON_AddArrayToObject(object, "columns");
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        cJSON *json = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(json, "name", columns[i].name);
        (void)cJSON_AddStringToObject(json, "type", width_name[columns[i].width]);
        (void)cJSON_AddNumberToObject(json, "at", (double)at);
        (void)cJSON_AddNumberToObject(json, "count", (double)count_of(&columns[i], r));
        if (columns[i].delta)
            (void)cJSON_AddTrueToObject(json, "delta");
        cJSON_AddItemToArray(list, json);
        at += padded(&columns[i], r);
    }
}

cJSON *browser_meta(const struct browser_rows *r, const struct browser_options *options, const struct browser_size *size)
{
    cJSON *meta = cJSON_CreateObject();
    json_member_text(meta, "run", r->run_id);
    cJSON_AddItemToObject(meta, "scorer", text_item(r->scorer));
    json_member_text(meta, "base", r->base);
    bool texts = options->embed == BROWSER_EMBED_FOCUS || options->embed == BROWSER_EMBED_ALL;
    cJSON_AddItemToObject(meta, "system", r->system && texts ? text_item(r->system) : cJSON_CreateNull());
    (void)cJSON_AddStringToObject(meta, "blur", browser_blur_name[options->blur]);
    (void)cJSON_AddStringToObject(meta, "bodies", browser_embed_name[options->embed]);
    (void)cJSON_AddNumberToObject(meta, "trials", (double)r->trial_count);
    (void)cJSON_AddNumberToObject(meta, "samples", (double)r->sample_count);
    (void)cJSON_AddNumberToObject(meta, "trial_bodies", (double)size->trial_bodies);
    (void)cJSON_AddNumberToObject(meta, "sample_bodies", (double)size->sample_bodies);
    (void)cJSON_AddNumberToObject(meta, "first_id", r->trial_count ? (double)r->trial[0].id : 0);
    cJSON *endpoints = cJSON_AddArrayToObject(meta, "endpoints");
    for (size_t i = 0; i < r->endpoint_count; i++)
        cJSON_AddItemToArray(endpoints, text_item(r->endpoint[i].name));
    add_names(meta, "verdict", browser_verdict_name, BROWSER_VERDICTS);
    add_names(meta, "category", r->category.name, r->category.count);
    add_names(meta, "subcategory", r->subcategory.name, r->subcategory.count);
    add_names(meta, "attack", r->attack.name, r->attack.count);
    add_names(meta, "reason", r->reason.name, r->reason.count);
    add_names(meta, "finish", r->finish.name, r->finish.count);
    add_columns(meta, r);
    return meta;
}
