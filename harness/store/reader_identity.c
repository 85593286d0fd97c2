/* What a run was planned over: counts and the digest that makes two runs comparable. */
#include "store/reader.h"

#include "base/sha256.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

enum { COUNTS, ENDPOINT, SAMPLES, IMAGES, HAS_IMAGES };

/* Every endpoint of a run has the same samples, so the first endpoint's first epoch is the list of them. */
static const struct statement sql[] = {
    [COUNTS] = { "count the samples", "SELECT count(*), count(DISTINCT s.intent_id), count(DISTINCT nullif(s.category, '(none)')),"
                                      " count(DISTINCT nullif(s.subcategory, '(none)')) FROM endpoint e"
                                      " CROSS JOIN trial t ON t.id BETWEEN e.first_trial AND e.last_trial AND t.epoch = 1 CROSS JOIN "
                                      "sample s ON s.id = t.sample_id"
                                      " WHERE e.id = (SELECT min(id) FROM endpoint WHERE run_id = ?)" },
    [ENDPOINT] = { "find the samples of a run", "SELECT min(id) FROM endpoint WHERE run_id = ?" },
    /* In the order of sample's unique index, so nothing is sorted. */
    [SAMPLES] = { "read the samples of a run",
                  "SELECT s.id, s.key, s.prompt, s.intent, s.expected FROM run r CROSS JOIN sample s ON s.dataset_id = r.dataset_id"
                  " WHERE r.id = ?1 AND EXISTS (SELECT 1 FROM trial t WHERE t.run_id = ?1 AND t.endpoint_id = ?2"
                  " AND t.sample_id = s.id AND t.epoch = 1) ORDER BY s.key" },
    [HAS_IMAGES] = { "look for images",
                     "SELECT EXISTS (SELECT 1 FROM trial t CROSS JOIN image i ON i.sample_id = t.sample_id WHERE t.run_id = ?)" },
    [IMAGES] = { "read the images of a run", "SELECT sha256 FROM image WHERE sample_id = ? ORDER BY position" },
};
const struct statement_group identity_statements = { sql, ARRAY_LEN(sql) };

enum err store_run_has_images(struct store *s, const char *run_id, bool *ret_images, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_text(s, &sql[HAS_IMAGES], run_id, &q, &row, e);
    if (code != OK)
        return code;
    *ret_images = query_get_int(&q, 0, 0) != 0;
    query_close(&q);
    return OK;
}

enum err store_dataset_counts(struct store *s, const char *run_id, struct dataset_counts *ret_c, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_first_of_text(s, &sql[COUNTS], run_id, &q, &row, e);
    if (code != OK)
        return code;
    *ret_c = (struct dataset_counts){ query_get_int(&q, 0, 0), query_get_int(&q, 1, 0), query_get_int(&q, 2, 0), query_get_int(&q, 3, 0) };
    query_close(&q);
    return OK;
}

static enum err add_images(struct store *s, int64_t sample_id, struct sha256 *digest, bool *whole, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[IMAGES], &q, e);
    if (code != OK)
        return code;
    query_int(&q, sample_id);
    while ((code = query_row(&q, &row, e)) == OK && row) {
        const char *hex = query_get_text(&q, 0, NULL);
        if (!hex)
            *whole = false;
        sha256_add(digest, hex ? hex : "", hex ? strlen(hex) : 0);
        sha256_add(digest, " ", 1);
    }
    return code;
}

static enum err add_samples(struct store *s, const char *run_id, int64_t endpoint_id, struct sha256 *digest, bool *whole, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(s, &sql[SAMPLES], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    query_int(&q, endpoint_id);
    while ((code = query_row(&q, &row, e)) == OK && row) {
        for (int column = 1; column <= 4; column++) {
            const char *text = query_get_text(&q, column, "");
            sha256_add(digest, text, strlen(text) + 1);
        }
        code = add_images(s, query_get_int(&q, 0, 0), digest, whole, e);
        if (code != OK) {
            query_close(&q);
            return code;
        }
        sha256_add(digest, "\n", 1);
    }
    return code;
}

enum err store_sample_set_sha256(struct store *s, const char *run_id, char ret_hex[65], bool *ret_whole, struct error *e)
{
    int64_t endpoint_id;
    struct query q;
    enum err code = query_open(s, &sql[ENDPOINT], &q, e);
    if (code != OK)
        return code;
    query_text(&q, run_id);
    code = query_one_int(&q, 0, &endpoint_id, e);
    if (code != OK)
        return code;

    CLEANUP(sha256_freep) struct sha256 *digest = sha256_new();
    bool whole = true;
    code = add_samples(s, run_id, endpoint_id, digest, &whole, e);
    if (code != OK)
        return code;
    struct sha256_hex hex = sha256_take(digest);
    memcpy(ret_hex, hex.text, sizeof(hex.text));
    *ret_whole = whole;
    return OK;
}
