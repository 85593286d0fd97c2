/* transfer_samples - the data set of a run that moves, and its samples: found in the other store, or written there. */
#include "store/store_private.h"
#include "store/transfer_private.h"

#include <string.h>

enum { DATASET_READ, DATASET_FIND, DATASET_INSERT, SAMPLE_LIST, SAMPLE_READ, SAMPLE_FIND, SAMPLE_INSERT };

#define OWN_SAMPLES                                                                                                                        \
    " FROM sample WHERE id IN (SELECT sample_id FROM trial WHERE run_id = ?1) AND dataset_id = (SELECT dataset_id FROM run WHERE id = ?1)" \
    " ORDER BY id"
#define DATASET_COLUMNS "name, version, recipe_sha256, files_sha256, rows_sha256, sha256, source, revision, license, root, verified"
#define SAMPLE_COLUMNS                                                                                                                     \
    "key, intent_id, category, subcategory, attack, expected, twin, split, file, row, intent, prompt, context, extra_json"

static const struct statement sql[] = {
    [DATASET_READ] = { "read a data set", "SELECT " DATASET_COLUMNS " FROM dataset WHERE id = (SELECT dataset_id FROM run WHERE id = ?1)" },
    [DATASET_FIND] = { "look for a data set", "SELECT id FROM dataset WHERE name IS ?1 AND version IS ?2 AND recipe_sha256 IS ?3"
                                              " AND files_sha256 IS ?4 AND rows_sha256 IS ?5" },
    [DATASET_INSERT] = { "write a data set", "INSERT INTO dataset (" DATASET_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
    [SAMPLE_LIST] = { "list a run's samples", "SELECT id, category, subcategory" OWN_SAMPLES },
    [SAMPLE_READ] = { "read a run's samples", "SELECT id, " SAMPLE_COLUMNS OWN_SAMPLES },
    [SAMPLE_FIND] = { "look for a sample",
                      "SELECT id, intent_id IS ?3 AND category IS ?4 AND subcategory IS ?5 AND attack IS ?6 AND expected IS ?7 AND twin IS "
                      "?8"
                      " AND split IS ?9 AND file IS ?10 AND row IS ?11 AND intent IS ?12 AND prompt IS ?13 AND context IS ?14"
                      " AND extra_json IS ?15 FROM sample WHERE dataset_id = ?1 AND key = ?2" },
    [SAMPLE_INSERT] = { "write a sample", "INSERT INTO sample (dataset_id, " SAMPLE_COLUMNS ")"
                                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" },
};
const struct statement_group transfer_sample_statements = { sql, ARRAY_LEN(sql) };

/* Which samples the run has, and whether the texts of each stay behind. */
enum err transfer_list_samples(struct transfer *t, bool *ret_any, struct error *e)
{
    struct query q;
    bool row;
    enum err code = transfer_query(t->from, &sql[SAMPLE_LIST], t->run_id, &q, e);
    while (code == OK && (code = query_row(&q, &row, e)) == OK && row) {
        bool withheld = !t->options->bodies || redact_matches(&t->options->redact, query_get_text(&q, 1, ""), query_get_text(&q, 2, ""));
        *ret_any = *ret_any || withheld;
        moved_ids_add(&t->sample, query_get_int(&q, 0, 0), 0, withheld);
    }
    return code;
}

/* The same samples with fewer texts are another set of rows. */
static void add_rows_sha(struct strbuf *out, const char *rows_sha, bool bodies, bool any_withheld)
{
    const char *mark = strchr(rows_sha, '+');
    size_t len = mark ? (size_t)(mark - rows_sha) : strlen(rows_sha);
    (void)strbuf_add(out, rows_sha, len);
    if (!bodies || (mark && strcmp(mark, "+none") == 0))
        (void)strbuf_addstr(out, "+none");
    else if (any_withheld || mark)
        (void)strbuf_addstr(out, "+withheld");
}

static enum err place_dataset(struct transfer *t, bool any_withheld, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf rows = STRBUF_INIT;
    struct query in, out;
    bool row;
    enum err code = transfer_query(t->from, &sql[DATASET_READ], t->run_id, &in, e);
    if (code == OK)
        code = query_row(&in, &row, e);
    if (code != OK || !row)
        return code;
    add_rows_sha(&rows, query_get_text(&in, 4, ""), t->options->bodies, any_withheld);
    for (int pass = 0; code == OK && t->dataset == 0 && pass < 2; pass++) {
        code = query_open(t->to, &sql[pass == 0 ? DATASET_FIND : DATASET_INSERT], &out, e);
        if (code != OK)
            break;
        for (int i = 0; i < 4; i++)
            query_copy(&out, &in, i);
        query_text(&out, rows.buf);
        for (int i = 5; pass == 1 && i < 11; i++) {
            if (i == 9 && !t->options->roots)
                query_text(&out, NULL);
            else
                query_copy(&out, &in, i);
        }
        code = pass == 0 ? query_one_int(&out, 0, &t->dataset, e) : query_run(&out, e);
        if (code == OK && pass == 1)
            t->dataset = sqlite3_last_insert_rowid(t->to->db);
    }
    query_close(&in);
    return code;
}

static void bind_sample(struct query *out, const struct transfer *t, const struct query *in, bool withheld)
{
    query_int(out, t->dataset);
    for (int i = 1; i <= 14; i++) {
        if (withheld && i >= 11)
            query_text(out, i == 13 ? NULL : i == 14 ? "{}" : "");
        else
            query_copy(out, in, i);
    }
}

/* Finds the sample in `to` or writes it. One that is there with other words is another sample under the same name. */
static enum err place_sample(struct transfer *t, const struct query *in, struct moved_id *sample, struct error *e)
{
    struct query q;
    bool row;
    enum err code = query_open(t->to, &sql[SAMPLE_FIND], &q, e);
    if (code != OK)
        return code;
    bind_sample(&q, t, in, sample->withheld);
    code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    if (row) {
        sample->now = query_get_int(&q, 0, 0);
        bool same = query_get_int(&q, 1, 0) != 0;
        query_close(&q);
        return same ? OK
                    : error_set(e, ERR_INVALID, "sample '%.100s' of run '%.40s' in '%s' is not what '%s' has under the same data set",
                                query_get_text(in, 1, ""), t->run_id, t->from->path, t->to->path);
    }
    code = query_open(t->to, &sql[SAMPLE_INSERT], &q, e);
    if (code != OK)
        return code;
    bind_sample(&q, t, in, sample->withheld);
    code = query_run(&q, e);
    if (code == OK)
        sample->now = sqlite3_last_insert_rowid(t->to->db);
    return code;
}

enum err transfer_place_samples(struct transfer *t, bool any_withheld, struct error *e)
{
    if (place_dataset(t, any_withheld, e) != OK)
        return e->code;
    struct query in;
    bool row;
    size_t n = 0;
    enum err code = transfer_query(t->from, &sql[SAMPLE_READ], t->run_id, &in, e);
    while (code == OK && (code = query_row(&in, &row, e)) == OK && row && n < t->sample.count) {
        code = place_sample(t, &in, &t->sample.pair[n++], e);
        if (code != OK)
            query_close(&in);
    }
    return code;
}
