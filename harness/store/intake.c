/* Taking samples in; what becomes of them is in intake_plan.c. */
#include "store/intake.h"

#include "base/rng.h"
#include "embed/assets.h"
#include "store/db_error.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

enum { KEY_IN, SAMPLE_IN, IMAGE_IN };

static const struct statement sql[] = {
    [KEY_IN] = { "take in a sample",
                 "INSERT INTO intake_key (position, key, intent, category, subcategory, attack) VALUES (?, ?, ?, ?, ?, ?)" },
    [SAMPLE_IN] = { "take in a sample",
                    "INSERT INTO intake_sample (position, intent_id, category, subcategory, attack, expected, twin, split,"
                    " file, row, intent, prompt, context, extra_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [IMAGE_IN] = { "take in an image", "INSERT INTO intake_image (sample_position, position, path, bytes, sha256) VALUES (?, ?, ?, ?, ?)" },
};
const struct statement_group intake_statements = { sql, ARRAY_LEN(sql) };

/* seeded_hash(seed, value, …): rng_hash over the text of each value under the hash of those before it, so that
   ("a", "bc") and ("ab", "c") differ. */
static void seeded_hash(sqlite3_context *context, int count, sqlite3_value **value)
{
    uint64_t hash = (uint64_t)sqlite3_value_int64(value[0]);
    for (int i = 1; i < count; i++) {
        if (sqlite3_value_type(value[i]) == SQLITE_INTEGER) {
            sqlite3_int64 number = sqlite3_value_int64(value[i]);
            hash = rng_hash(hash, &number, sizeof(number));
        } else {
            const void *text = sqlite3_value_text(value[i]);
            hash = rng_hash(hash, text ? text : "", (size_t)sqlite3_value_bytes(value[i]));
        }
    }
    sqlite3_result_int64(context, (sqlite3_int64)hash);
}

static enum err prepare(struct store *s, struct error *e)
{
    int rc = sqlite3_create_function_v2(s->db, "seeded_hash", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, seeded_hash,
                                        NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return db_error(s->db, s->path, rc, "plan a run", e);
    return store_exec(s, asset_intake_tables, "make room for samples", e);
}

enum err intake_begin(struct store *s, struct error *e)
{
    bool own;
    enum err code = store_enter(s, &own, e);
    if (code != OK)
        return code;
    code = prepare(s, e);
    if (code != OK) {
        store_rollback(s);
        return code;
    }
    sha256_free(s->intake_rows);
    s->intake_rows = sha256_new();
    s->intake_count = 0;
    return OK;
}

static void digest_text(struct sha256 *digest, const char *text)
{
    sha256_add(digest, text, strlen(text) + 1); /* the NUL keeps neighbours apart */
}

static void digest_number(struct sha256 *digest, int64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%lld", (long long)number);
    digest_text(digest, text);
}

static void digest_sample(struct sha256 *digest, const struct sample *x)
{
    const char *const text[] = { x->id,        x->intent_id, x->category, x->subcategory, x->attack, expected_name(x->expected),
                                 x->twin,      x->split,     x->file,     x->intent,      x->prompt, x->context,
                                 x->extra_json };
    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        digest_text(digest, text[i]);
    digest_number(digest, x->row);
    digest_number(digest, (int64_t)x->image_count);
    for (size_t i = 0; i < x->image_count; i++) {
        digest_text(digest, x->image[i].name);
        digest_number(digest, x->image[i].bytes);
    }
}

static enum err add_images(struct store *s, const struct sample *sample, struct error *e)
{
    for (size_t i = 0; i < sample->image_count; i++) {
        struct query q;
        enum err code = query_open(s, &sql[IMAGE_IN], &q, e);
        if (code != OK)
            return code;
        query_int(&q, s->intake_count);
        query_int(&q, (int64_t)i);
        query_text(&q, sample->image[i].name);
        query_int(&q, sample->image[i].bytes);
        query_text(&q, sample->image[i].sha256);
        code = query_run(&q, e);
        if (code != OK)
            return code;
    }
    return OK;
}

/* The name of a group as a number, unseeded. */
static void query_group(struct query *q, const char *name)
{
    query_int_if(q, strcmp(name, "(none)") != 0, (int64_t)rng_hash(0, name, strlen(name)));
}

static enum err add_key(struct store *s, const struct sample *sample, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[KEY_IN], &q, e);
    if (code != OK)
        return code;
    query_int(&q, s->intake_count);
    query_text(&q, sample->id);
    query_int(&q, (int64_t)rng_hash(0, sample->intent_id, strlen(sample->intent_id)));
    query_group(&q, sample->category);
    query_group(&q, sample->subcategory);
    query_group(&q, sample->attack);
    code = query_run(&q, e);
    if (code != OK && sqlite3_extended_errcode(s->db) == SQLITE_CONSTRAINT_UNIQUE)
        return error_set(e, ERR_INVALID, "sample id '%.200s' stands twice in the data set", sample->id);
    return code;
}

static enum err add_sample(struct store *s, const struct sample *sample, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[SAMPLE_IN], &q, e);
    if (code != OK)
        return code;
    query_int(&q, s->intake_count);
    query_text(&q, sample->intent_id);
    query_text(&q, sample->category);
    query_text(&q, sample->subcategory);
    query_text(&q, sample->attack);
    query_text(&q, expected_name(sample->expected));
    query_word(&q, sample->twin);
    query_word(&q, sample->split);
    query_word(&q, sample->file);
    query_int(&q, sample->row);
    query_text(&q, sample->intent);
    query_text(&q, sample->prompt);
    query_word(&q, sample->context);
    query_text(&q, sample->extra_json);
    return query_run(&q, e);
}

enum err intake_add(struct store *s, const struct sample *sample, struct error *e)
{
    s->intake_count++;
    enum err code = add_key(s, sample, e);
    if (code == OK)
        code = add_sample(s, sample, e);
    if (code == OK)
        code = add_images(s, sample, e);
    if (code == OK)
        digest_sample(s->intake_rows, sample);
    return code;
}

void intake_abort(struct store *s)
{
    if (!s->intake_rows)
        return;
    sha256_free(TAKE(s->intake_rows));
    store_rollback(s);
}
