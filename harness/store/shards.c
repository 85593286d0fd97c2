#include "store/shards.h"

#include "base/json.h"
#include "base/sha256.h"
#include "core/limits.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

enum { DATASET_KEYS };

static const struct statement sql[] = {
    [DATASET_KEYS] = { "compare data sets", "SELECT name, version, recipe_sha256, files_sha256, rows_sha256 FROM dataset WHERE id = ?1" },
};
const struct statement_group shard_statements = { sql, ARRAY_LEN(sql) };

/* Where a run lies and which part of the budget it had is not what it asked. */
static const char *const apart[] = { "shard_index", "suite_path", "dataset_path", "dataset_root", "budget_usd" };

bool shard_of_run(const struct run_row *run, struct shard *ret_shard)
{
    const char *text = run->options_json;
    CLEANUP(json_freep) cJSON *options = text ? json_parse(text, strlen(text), NULL) : NULL;
    int64_t index = 0, count = 0;
    if (!json_int(options, "shard_index", &index) || !json_int(options, "shard_count", &count) || count < 2 || count > MAX_SHARDS ||
        index < 0 || index >= count)
        return false;
    *ret_shard = (struct shard){ .run = *run, .index = (int)index, .count = (int)count };
    return true;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool shards_belong_together(const struct shard *a, const struct shard *b)
{
    return a->count == b->count && same(a->run.suite_name, b->run.suite_name);
}

/* ---- Are they parts of one run? ---- */

struct comparing {
    const struct shard *a, *b;
    struct arena *arena;
    struct error *e;
};

static enum err expect(const struct comparing *c, const char *field, const char *a, const char *b)
{
    if (same(a, b))
        return OK;
    return error_set(c->e, ERR_INVALID,
                     "runs '%.40s' (%s) and '%.40s' (%s) are no shards of one run: %s differs: %.60s and %.60s; nothing was joined",
                     c->a->run.id, c->a->file, c->b->run.id, c->b->file, field, a ? a : "none", b ? b : "none");
}

static const char *text_of(const cJSON *value, struct arena *a)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    if (!value)
        return NULL;
    json_add_canonical(&out, value);
    return arena_strdup(a, out.buf);
}

static cJSON *options_of(const struct shard *s)
{
    cJSON *options = json_parse(s->run.options_json, strlen(s->run.options_json), NULL);
    for (size_t i = 0; i < ARRAY_LEN(apart); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(options, apart[i]);
    return options;
}

static enum err expect_options(const struct comparing *c)
{
    CLEANUP(json_freep) cJSON *a = options_of(c->a);
    CLEANUP(json_freep) cJSON *b = options_of(c->b);
    const cJSON *item;
    cJSON_ArrayForEach(item, a)
    {
        if (expect(c, item->string, text_of(item, c->arena), text_of(json_get(b, item->string), c->arena)) != OK)
            return c->e->code;
    }
    cJSON_ArrayForEach(item, b)
    {
        if (expect(c, item->string, text_of(json_get(a, item->string), c->arena), text_of(item, c->arena)) != OK)
            return c->e->code;
    }
    return OK;
}

static enum err read_dataset(const struct shard *s, struct arena *a, const char *ret_key[5], struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s->from, &sql[DATASET_KEYS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, s->run.dataset_id);
    code = query_row(&q, &row, e);
    for (int i = 0; i < 5; i++)
        ret_key[i] = code == OK && row ? query_dup_text(&q, i, a) : NULL;
    if (code == OK && row)
        query_close(&q);
    return code;
}

static enum err expect_dataset(const struct comparing *c)
{
    static const char *const field[] = { "dataset", "dataset version", "dataset recipe", "dataset files", "dataset rows" };
    const char *a[5], *b[5];
    enum err code = read_dataset(c->a, c->arena, a, c->e);
    if (code == OK)
        code = read_dataset(c->b, c->arena, b, c->e);
    for (size_t i = 0; code == OK && i < ARRAY_LEN(field); i++)
        code = expect(c, field[i], a[i], b[i]);
    return code;
}

static const char *number_text(int64_t n, struct arena *a)
{
    return arena_printf(a, "%lld", (long long)n);
}

static enum err expect_endpoints(const struct comparing *c)
{
    struct endpoint_row *a, *b;
    size_t a_count, b_count;
    if (store_endpoint_list(c->a->from, c->a->run.id, c->arena, &a, &a_count, c->e) != OK ||
        store_endpoint_list(c->b->from, c->b->run.id, c->arena, &b, &b_count, c->e) != OK ||
        expect(c, "number of endpoints", number_text((int64_t)a_count, c->arena), number_text((int64_t)b_count, c->arena)) != OK)
        return c->e->code;
    enum err code = OK;
    for (size_t i = 0; code == OK && i < a_count; i++) {
        const struct {
            const char *field, *a, *b;
        } pair[] = {
            { "endpoint", a[i].name, b[i].name },
            { "protocol", a[i].protocol, b[i].protocol },
            { "base_url", a[i].base_url, b[i].base_url },
            { "model", a[i].model, b[i].model },
            { "provider", a[i].provider, b[i].provider },
            { "revision_declared", a[i].revision_declared, b[i].revision_declared },
            { "revision_observed", a[i].revision_observed, b[i].revision_observed },
            { "params", a[i].params_json, b[i].params_json },
        };
        for (size_t k = 0; code == OK && k < ARRAY_LEN(pair); k++)
            code = expect(c, arena_printf(c->arena, "%s of endpoint '%s'", pair[k].field, a[i].name), pair[k].a, pair[k].b);
    }
    return code;
}

static enum err expect_scorers(const struct comparing *c)
{
    struct scorer_row *a, *b;
    size_t a_count, b_count;
    if (store_scorer_list(c->a->from, c->a->run.id, c->arena, &a, &a_count, c->e) != OK ||
        store_scorer_list(c->b->from, c->b->run.id, c->arena, &b, &b_count, c->e) != OK ||
        expect(c, "number of scorers", number_text((int64_t)a_count, c->arena), number_text((int64_t)b_count, c->arena)) != OK)
        return c->e->code;
    enum err code = OK;
    for (size_t i = 0; code == OK && i < a_count; i++) {
        code = expect(c, "scorer", a[i].name, b[i].name);
        if (code == OK)
            code = expect(c, arena_printf(c->arena, "identity of scorer '%s'", a[i].name), a[i].identity_sha256, b[i].identity_sha256);
        if (code == OK)
            code = expect(c, "primary scorer", a[i].is_primary ? a[i].name : NULL, b[i].is_primary ? b[i].name : NULL);
    }
    return code;
}

static enum err expect_the_same(const struct comparing *c)
{
    enum err code = expect(c, "suite", c->a->run.suite_name, c->b->run.suite_name);
    if (code == OK)
        code = expect(c, "suite_sha256", c->a->run.suite_sha256, c->b->run.suite_sha256);
    if (code == OK)
        code = expect(c, "excluded rows", number_text(c->a->run.excluded, c->arena), number_text(c->b->run.excluded, c->arena));
    if (code == OK)
        code = expect_options(c);
    if (code == OK)
        code = expect_dataset(c);
    if (code == OK)
        code = expect_endpoints(c);
    return code == OK ? expect_scorers(c) : code;
}

static int by_index(const void *left, const void *right)
{
    const struct shard *a = left, *b = right;
    return a->index != b->index ? (a->index > b->index) - (a->index < b->index) : strcmp(a->run.id, b->run.id);
}

/* Each part once. */
static enum err check_parts(const struct shard *shard, size_t count, struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        const struct shard *s = &shard[i];
        int wanted = (int)i;
        if (i > 0 && s->index == shard[i - 1].index)
            return error_set(e, ERR_INVALID,
                             "runs '%.40s' (%s) and '%.40s' (%s) are both shard %d/%d of suite '%.60s': give the shards of one run alone",
                             shard[i - 1].run.id, shard[i - 1].file, s->run.id, s->file, s->index + 1, s->count, s->run.suite_name);
        if (s->index != wanted)
            return error_set(e, ERR_INVALID, "shard %d/%d of suite '%.60s' is missing: %zu of %d are there", wanted + 1, s->count,
                             s->run.suite_name, count, s->count);
        if (s->run.status == RUN_STARTED)
            return error_set(e, ERR_INVALID, "run '%.40s' (%s), shard %d/%d, is not finished: `gauntlet resume %.40s` with its store",
                             s->run.id, s->file, s->index + 1, s->count, s->run.id);
    }
    if (count < (size_t)shard[0].count)
        return error_set(e, ERR_INVALID, "shard %zu/%d of suite '%.60s' is missing: %zu of %d are there", count + 1, shard[0].count,
                         shard[0].run.suite_name, count, shard[0].count);
    return OK;
}

/* 12 letters, as ids of runs are, of a hash over the ids of the parts. */
static const char *id_of(const struct shard *shard, size_t count, struct arena *a)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    CLEANUP(sha256_freep) struct sha256 *digest = sha256_new();
    for (size_t i = 0; i < count; i++)
        sha256_add(digest, shard[i].run.id, strlen(shard[i].run.id) + 1);
    struct sha256_hex hex = sha256_take(digest);
    char id[13] = "";
    for (size_t i = 0; i < 12; i++) {
        const char two[] = { hex.text[2 * i], hex.text[2 * i + 1], '\0' };
        id[i] = alphabet[strtoul(two, NULL, 16) & 31];
    }
    return arena_strdup(a, id);
}

enum err shards_check(struct shard *shard, size_t count, struct arena *a, const char **ret_id, struct error *e)
{
    qsort(shard, count, sizeof(*shard), by_index);
    for (size_t i = 1; i < count; i++) {
        struct comparing c = { &shard[0], &shard[i], a, e };
        if (expect_the_same(&c) != OK)
            return e->code;
    }
    if (check_parts(shard, count, e) != OK)
        return e->code;
    *ret_id = id_of(shard, count, a);
    return OK;
}
