#include "store/statement.h"

#include "base/vec.h"
#include "store/db_error.h"
#include "store/store_private.h"

#include <assert.h>
#include <string.h>

const struct statement_group *const *statement_groups(size_t *ret_count)
{
    static const struct statement_group *const group[] = {
        &intake_statements,       &plan_statements,     &run_statements,        &trial_statements,         &find_statements,
        &part_statements,         &pending_statements,  &reply_statements,      &judge_statements,         &answer_statements,
        &calibration_statements,  &sample_statements,   &detail_statements,     &report_statements,        &traffic_statements,
        &browse_statements,       &identity_statements, &delete_statements,     &evidence_statements,      &label_statements,
        &anchor_statements,       &lookup_statements,   &night_statements,      &foreign_statements,       &transfer_statements,
        &transfer_row_statements, &shard_statements,    &shard_join_statements, &transfer_part_statements, &transfer_sample_statements,
    };
    *ret_count = ARRAY_LEN(group);
    return group;
}

static enum err failed(const struct query *q, int rc, struct error *e)
{
    return db_error(q->store->db, q->store->path, rc, q->statement->purpose, e);
}

/* The slot that holds the statement, or the free one where it belongs. Statements are never removed, so probing ends
   at the first free slot. */
static struct prepared *slot_of(struct store *s, const struct statement *statement)
{
    size_t i = ((uintptr_t)statement / sizeof(*statement)) % STORE_PREPARED_SLOTS;
    while (s->prepared[i].statement && s->prepared[i].statement != statement)
        i = (i + 1) % STORE_PREPARED_SLOTS;
    return &s->prepared[i];
}

static enum err prepare(struct query *q, unsigned flags, struct error *e)
{
    int rc = sqlite3_prepare_v3(q->store->db, q->statement->sql, -1, flags, &q->stmt, NULL);
    return rc == SQLITE_OK ? OK : failed(q, rc, e);
}

enum err query_open(struct store *s, const struct statement *statement, struct query *ret_q, struct error *e)
{
    *ret_q = (struct query){ .store = s, .statement = statement, .bind_rc = SQLITE_OK };

    struct prepared *slot = slot_of(s, statement);
    if (!slot->stmt) {
        enum err code = prepare(ret_q, SQLITE_PREPARE_PERSISTENT, e);
        if (code == OK)
            *slot = (struct prepared){ statement, ret_q->stmt };
        return code;
    }
    if (sqlite3_stmt_busy(slot->stmt)) {
        ret_q->own = true;
        return prepare(ret_q, 0, e);
    }
    ret_q->stmt = slot->stmt;
    return OK;
}

static void note(struct query *q, int rc)
{
    if (q->bind_rc == SQLITE_OK)
        q->bind_rc = rc;
}

void query_text(struct query *q, const char *text)
{
    note(q, sqlite3_bind_text(q->stmt, ++q->bound, text, -1, SQLITE_STATIC));
}

void query_text_len(struct query *q, const char *text, size_t len)
{
    note(q, sqlite3_bind_text64(q->stmt, ++q->bound, text, len, SQLITE_STATIC, SQLITE_UTF8));
}

void query_word(struct query *q, const char *text)
{
    query_text(q, text && *text ? text : NULL);
}

void query_blob(struct query *q, const void *bytes, size_t len)
{
    note(q, sqlite3_bind_blob64(q->stmt, ++q->bound, bytes, len, SQLITE_STATIC));
}

void query_int(struct query *q, int64_t value)
{
    note(q, sqlite3_bind_int64(q->stmt, ++q->bound, value));
}

void query_copy(struct query *q, const struct query *from, int column)
{
    note(q, sqlite3_bind_value(q->stmt, ++q->bound, sqlite3_column_value(from->stmt, column)));
}

void query_int_if(struct query *q, bool known, int64_t value)
{
    if (known)
        query_int(q, value);
    else
        note(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

void query_real_if(struct query *q, bool known, double value)
{
    note(q, known ? sqlite3_bind_double(q->stmt, ++q->bound, value) : sqlite3_bind_null(q->stmt, ++q->bound));
}

/* Says what went wrong while SQLite still knows, then closes. */
static enum err stop(struct query *q, int rc, struct error *e)
{
    enum err code = failed(q, rc, e);
    query_close(q);
    return code;
}

enum err query_row(struct query *q, bool *ret_row, struct error *e)
{
    assert(q->bound == sqlite3_bind_parameter_count(q->stmt));
    if (q->bind_rc != SQLITE_OK)
        return stop(q, q->bind_rc, e);

    int rc = sqlite3_step(q->stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return stop(q, rc, e);
    if (rc == SQLITE_DONE)
        query_close(q);
    *ret_row = rc == SQLITE_ROW;
    return OK;
}

enum err query_first_of_text(struct store *s, const struct statement *statement, const char *text, struct query *ret_q, bool *ret_row,
                             struct error *e)
{
    enum err code = query_open(s, statement, ret_q, e);
    if (code != OK)
        return code;
    query_text(ret_q, text);
    return query_row(ret_q, ret_row, e);
}

enum err query_first_of_int(struct store *s, const struct statement *statement, int64_t number, struct query *ret_q, bool *ret_row,
                            struct error *e)
{
    enum err code = query_open(s, statement, ret_q, e);
    if (code != OK)
        return code;
    query_int(ret_q, number);
    return query_row(ret_q, ret_row, e);
}

enum err query_run(struct query *q, struct error *e)
{
    bool row;
    enum err code = query_row(q, &row, e);
    assert(code != OK || !row);
    return code;
}

void query_close(struct query *q)
{
    if (!q->stmt)
        return;
    if (q->own)
        sqlite3_finalize(q->stmt);
    else
        sqlite3_reset(q->stmt);
    q->stmt = NULL;
}

int64_t query_get_int(const struct query *q, int column, int64_t fallback)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL ? fallback : sqlite3_column_int64(q->stmt, column);
}

double query_get_real(const struct query *q, int column, double fallback)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL ? fallback : sqlite3_column_double(q->stmt, column);
}

const char *query_get_text(const struct query *q, int column, const char *fallback)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, column);
    return text ? (const char *)text : fallback;
}

size_t query_get_len(const struct query *q, int column)
{
    return (size_t)sqlite3_column_bytes(q->stmt, column);
}

const char *query_dup_text(const struct query *q, int column, struct arena *a)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, column);
    return text ? arena_strndup(a, (const char *)text, (size_t)sqlite3_column_bytes(q->stmt, column)) : NULL;
}

const char *query_dup_word(const struct query *q, int column, struct arena *a)
{
    const char *text = query_dup_text(q, column, a);
    return text ? text : "";
}

enum err query_one_int(struct query *q, int64_t fallback, int64_t *ret_value, struct error *e)
{
    bool row;
    enum err code = query_row(q, &row, e);
    if (code != OK)
        return code;
    *ret_value = row ? query_get_int(q, 0, fallback) : fallback;
    query_close(q);
    return OK;
}

enum err query_all(struct query *q, query_item_fn *read, size_t item_size, struct arena *a, void **ret_items, size_t *ret_count,
                   struct error *e)
{
    CLEANUP(cleanup_free) char *items = NULL;
    size_t count = 0, cap = 0;
    bool row;
    enum err code;
    while ((code = query_row(q, &row, e)) == OK && row) {
        items = vec_grow(items, count, &cap, item_size);
        memset(items + count * item_size, 0, item_size);
        read(q, a, items + count * item_size);
        count++;
    }
    if (code != OK)
        return code;
    *ret_items = arena_array(a, count, item_size);
    if (count > 0)
        memcpy(*ret_items, items, count * item_size);
    *ret_count = count;
    return OK;
}
