/* From the samples taken in to a planned run: data set, order, samples, images, trials. */
#include "store/intake.h"

#include "embed/assets.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <assert.h>

enum {
    DATASET_FIND,
    DATASET_INSERT,
    DATASET_MOVED,
    BY_POSITION,
    BY_HASH,
    BY_STRATUM,
    BY_INTENT,
    SHARD,
    KNOWN_SAMPLES,
    LAST_SAMPLE,
    SAMPLES,
    IMAGES,
    NEW_SAMPLES,
    ENDPOINTS,
    LAST_TRIAL,
    TRIALS,
    ENDPOINT_RANGE,
    RUN_DATASET,
    COUNTS
};

/* Joins are written CROSS JOIN where their order matters: SQLite then keeps it. */
static const struct statement sql[] = {
    [DATASET_FIND] = { "find the data set", "SELECT id FROM dataset WHERE name = ?1 AND version IS ?2 AND recipe_sha256 = ?3"
                                            " AND files_sha256 = ?4 AND rows_sha256 = ?5" },
    [DATASET_INSERT] = { "record the data set",
                         "INSERT INTO dataset (name, version, recipe_sha256, files_sha256, rows_sha256, sha256, source, revision, license,"
                         " root, verified) VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6, ?7, ?8, ?9, ?10)" },
    [DATASET_MOVED] = { "record where the data set is", "UPDATE dataset SET root = ?2 WHERE id = ?1 AND root IS NOT ?2" },
    [BY_POSITION] = { "order the samples",
                      "INSERT INTO intake_order (position) SELECT position FROM intake_key ORDER BY position LIMIT ?2" },
    [BY_HASH] = { "order the samples", "INSERT INTO intake_order (position) SELECT position FROM intake_key"
                                       " ORDER BY seeded_hash(?1, key), key LIMIT ?2" },
    [BY_STRATUM] = { "order the samples", asset_intake_stratified },
    [BY_INTENT] = { "order the samples", asset_intake_per_intent },
    [SHARD] = { "take the shard", "INSERT INTO intake_plan (position) SELECT position FROM intake_order"
                                  " WHERE (place - 1) % ?2 = ?1 ORDER BY place" },
    [KNOWN_SAMPLES] = { "find the samples again", "UPDATE intake_plan SET sample_id = (SELECT s.id FROM intake_key k CROSS JOIN sample s"
                                                  " ON s.dataset_id = ? AND s.key = k.key WHERE k.position = intake_plan.position)" },
    [LAST_SAMPLE] = { "number the samples", "SELECT max(id) FROM sample" },
    [SAMPLES] = { "store the samples",
                  "INSERT INTO sample (id, dataset_id, key, intent_id, category, subcategory, attack, expected, twin, split, file, row,"
                  " intent, prompt, context, extra_json) SELECT ?1 + p.place, ?2, k.key, i.intent_id, i.category, i.subcategory, i.attack,"
                  " i.expected, i.twin, i.split, i.file, i.row, i.intent, i.prompt, i.context, i.extra_json FROM intake_plan p"
                  " CROSS JOIN intake_key k ON k.position = p.position CROSS JOIN intake_sample i ON i.position = p.position"
                  " WHERE p.sample_id IS NULL ORDER BY p.place" },
    [IMAGES] = { "store the images", "INSERT INTO image (sample_id, position, path, bytes, sha256)"
                                     " SELECT ?1 + p.place, i.position, i.path, i.bytes, i.sha256"
                                     " FROM intake_plan p CROSS JOIN intake_image i ON i.sample_position = p.position"
                                     " WHERE p.sample_id IS NULL ORDER BY p.place, i.position" },
    [NEW_SAMPLES] = { "number the samples", "UPDATE intake_plan SET sample_id = ?1 + place WHERE sample_id IS NULL" },
    [ENDPOINTS] = { "list the endpoints", "SELECT id FROM endpoint WHERE run_id = ? ORDER BY id" },
    [LAST_TRIAL] = { "number the trials", "SELECT max(id) FROM trial" },
    [TRIALS] = { "plan the trials",
                 "WITH RECURSIVE epoch (number) AS (VALUES (1) UNION ALL SELECT number + 1 FROM epoch WHERE number < ?5)"
                 " INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status)"
                 " SELECT ?1 + (number - 1) * ?4 + place, ?2, ?3, sample_id, number, 'pending' FROM epoch CROSS JOIN intake_plan"
                 " ORDER BY number, place" },
    [ENDPOINT_RANGE] = { "plan the trials", "UPDATE endpoint SET first_trial = ?2, last_trial = ?3 WHERE id = ?1" },
    [RUN_DATASET] = { "plan the run", "UPDATE run SET dataset_id = ?2, excluded = ?3 WHERE id = ?1" },
    [COUNTS] = { "count the plan", "SELECT count(*), count(DISTINCT k.intent), count(DISTINCT k.category), count(DISTINCT k.subcategory)"
                                   " FROM intake_plan p CROSS JOIN intake_key k ON k.position = p.position" },
};
const struct statement_group plan_statements = { sql, ARRAY_LEN(sql) };

/* Runs a statement whose parameters are integers. */
static enum err run_ints(struct store *s, int which, const int64_t *value, size_t count, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    if (code != OK)
        return code;
    for (size_t i = 0; i < count; i++)
        query_int(&q, value[i]);
    return query_run(&q, e);
}

static void bind_dataset_key(struct query *q, const struct intake_dataset *d, const struct sha256_hex *rows)
{
    query_text(q, d->name);
    query_word(q, d->version);
    query_text(q, d->recipe_sha256);
    query_text(q, d->files_sha256);
    query_text(q, rows->text);
}

static enum err set_root(struct store *s, int64_t dataset_id, const char *root, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[DATASET_MOVED], &q, e);
    if (code != OK)
        return code;
    query_int(&q, dataset_id);
    query_word(&q, root);
    return query_run(&q, e);
}

static enum err find_or_insert_dataset(struct store *s, const struct intake_dataset *d, int64_t *ret_id, struct error *e)
{
    struct sha256_hex rows = sha256_take(s->intake_rows);
    struct query q;
    enum err code = query_open(s, &sql[DATASET_FIND], &q, e);
    if (code != OK)
        return code;
    bind_dataset_key(&q, d, &rows);
    code = query_one_int(&q, 0, ret_id, e);
    if (code != OK)
        return code;
    if (*ret_id != 0)
        return set_root(s, *ret_id, d->root, e);

    code = query_open(s, &sql[DATASET_INSERT], &q, e);
    if (code != OK)
        return code;
    bind_dataset_key(&q, d, &rows);
    query_word(&q, d->source);
    query_word(&q, d->revision);
    query_word(&q, d->license);
    query_word(&q, d->root);
    query_int(&q, d->verified);
    code = query_run(&q, e);
    if (code == OK)
        *ret_id = sqlite3_last_insert_rowid(s->db);
    return code;
}

/* Fills intake_plan: the samples of this run in dispatch order. */
static enum err order_samples(struct store *s, const struct intake_options *o, struct error *e)
{
    static const int by_order[] = {
        [INTAKE_FILE] = BY_POSITION, [INTAKE_RANDOM] = BY_HASH, [INTAKE_STRATIFIED] = BY_STRATUM, [INTAKE_PER_INTENT] = BY_INTENT
    };
    const int64_t order[] = { (int64_t)o->seed, o->limit > 0 ? o->limit : -1 };
    const int64_t shard[] = { o->shard_index, o->shard_count > 0 ? o->shard_count : 1 };

    enum err code = run_ints(s, by_order[o->order], order, ARRAY_LEN(order), e);
    return code == OK ? run_ints(s, SHARD, shard, ARRAY_LEN(shard), e) : code;
}

/* Rows of the planned samples that the data set does not have yet, numbered in dispatch order: whoever walks the trials
   then walks the samples too. */
static enum err store_samples(struct store *s, int64_t dataset_id, struct error *e)
{
    int64_t last;
    struct query q;
    enum err code = run_ints(s, KNOWN_SAMPLES, &dataset_id, 1, e);
    if (code == OK)
        code = query_open(s, &sql[LAST_SAMPLE], &q, e);
    if (code == OK)
        code = query_one_int(&q, 0, &last, e);
    if (code == OK)
        code = run_ints(s, SAMPLES, (const int64_t[]){ last, dataset_id }, 2, e);
    if (code == OK)
        code = run_ints(s, IMAGES, &last, 1, e);
    if (code == OK)
        code = run_ints(s, NEW_SAMPLES, &last, 1, e);
    return code;
}

static enum err count_plan(struct store *s, struct intake_counts *c, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[COUNTS], &q, e);
    if (code == OK)
        code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    c->dataset_samples = s->intake_count;
    c->samples = query_get_int(&q, 0, 0);
    c->intents = query_get_int(&q, 1, 0);
    c->categories = query_get_int(&q, 2, 0);
    c->subcategories = query_get_int(&q, 3, 0);
    query_close(&q);
    return OK;
}

/* Trials of one endpoint with the ids after `last`. */
static enum err plan_endpoint(struct store *s, const char *run_id, int64_t endpoint_id, int64_t last, int64_t samples, int epochs,
                              struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[TRIALS], &q, e);
    if (code != OK)
        return code;
    query_int(&q, last);
    query_text(&q, run_id);
    query_int(&q, endpoint_id);
    query_int(&q, samples);
    query_int(&q, epochs);
    code = query_run(&q, e);
    if (code != OK)
        return code;
    const int64_t range[] = { endpoint_id, last + 1, last + samples * epochs };
    return run_ints(s, ENDPOINT_RANGE, range, ARRAY_LEN(range), e);
}

static enum err plan_trials(struct store *s, const char *run_id, int epochs, struct intake_counts *c, struct error *e)
{
    int64_t last;
    struct query q;
    enum err code = query_open(s, &sql[LAST_TRIAL], &q, e);
    if (code == OK)
        code = query_one_int(&q, 0, &last, e);
    if (code == OK)
        code = query_open(s, &sql[ENDPOINTS], &q, e);
    if (code == OK)
        query_text(&q, run_id);

    bool row;
    while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
        code = plan_endpoint(s, run_id, query_get_int(&q, 0, 0), last, c->samples, epochs, e);
        if (code != OK)
            query_close(&q);
        last += c->samples * epochs;
        c->trials += c->samples * epochs;
    }
    return code;
}

static enum err plan(struct store *s, const char *run_id, const struct intake_dataset *dataset, const struct intake_options *o,
                     struct intake_counts *c, struct error *e)
{
    int64_t dataset_id;
    enum err code = find_or_insert_dataset(s, dataset, &dataset_id, e);
    if (code == OK)
        code = order_samples(s, o, e);
    if (code == OK)
        code = store_samples(s, dataset_id, e);
    if (code == OK)
        code = count_plan(s, c, e);
    if (code == OK && c->samples > 0)
        code = plan_trials(s, run_id, o->epochs, c, e);
    if (code != OK)
        return code;

    struct query q;
    code = query_open(s, &sql[RUN_DATASET], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, dataset_id);
    query_int(&q, o->excluded);
    code = query_run(&q, e);
    if (code == OK && sqlite3_changes(s->db) == 0)
        return error_set(e, ERR_NOT_FOUND, "store '%s': internal: run '%s' was not inserted before its samples", s->path, run_id);
    return code;
}

enum err intake_finish(struct store *s, const char *run_id, const struct intake_dataset *dataset, const struct intake_options *options,
                       struct intake_counts *ret_counts, struct error *e)
{
    assert(s->intake_rows && options->epochs >= 1);

    struct intake_counts c = { 0 };
    enum err code = plan(s, run_id, dataset, options, &c, e);
    if (code == OK) /* gives their disk space back before the run begins */
        code = store_exec(s,
                          "DELETE FROM intake_sample; DELETE FROM intake_key; DELETE FROM intake_image; DELETE FROM intake_order; DELETE "
                          "FROM intake_plan",
                          "clear the intake", e);
    if (code == OK)
        code = store_commit(s, e);
    if (code != OK) {
        intake_abort(s);
        return code;
    }
    sha256_free(TAKE(s->intake_rows));
    *ret_counts = c;
    /* The temporary tables are empty: their cache, which a large set fills and a small one does not, is for the run to use. */
    return store_exec(s, "PRAGMA temp.cache_size = -256; PRAGMA shrink_memory", "let go of the intake's cache", e);
}
