/*
 * statement - SQL text with its purpose, prepared once per store, bound and stepped with one line each.
 *
 * A file keeps its statements in one table and uses them by index:
 *
 *     struct query q;
 *     if (query_open(s, &sql[TRIAL_FINISH], &q, e) != OK)
 *         return e->code;
 *     query_text(&q, status);                  // ?1, ?2, … in order
 *     query_int(&q, trial_id);
 *     return query_run(&q, e);                 // or query_row in a loop, then query_close
 *
 * Owner     bound text and blobs are borrowed until the query is run, closed or at its last row.
 * Errors    name the store and the statement's purpose: "store 'x.db': cannot <purpose>: …".
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "base/arena.h"
#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

struct statement {
    const char *purpose; /* completes "cannot …" */
    const char *sql;
};

struct statement_group {
    const struct statement *statement;
    size_t count;
};

/* One per file of this room, and all of them: a test prepares every statement there is. */
extern const struct statement_group intake_statements, plan_statements, run_statements, trial_statements, find_statements, part_statements,
    pending_statements, reply_statements, judge_statements, answer_statements, calibration_statements, sample_statements, detail_statements,
    report_statements, traffic_statements, browse_statements, identity_statements, delete_statements, evidence_statements, label_statements,
    anchor_statements, lookup_statements, night_statements, foreign_statements, transfer_statements, transfer_row_statements,
    shard_statements, shard_join_statements, transfer_part_statements, transfer_sample_statements;
const struct statement_group *const *statement_groups(size_t *ret_count);

struct query { /* one use of a statement; private */
    struct store *store;
    const struct statement *statement;
    sqlite3_stmt *stmt;
    int bound, bind_rc;
    bool own; /* prepared for this use only, because the store's copy is in use further up */
};

/* Safe to query_close even after a failure. */
enum err query_open(struct store *s, const struct statement *statement, struct query *ret_q, struct error *e) MUST_CHECK;

/* Each binds the next parameter. NULL text is SQL NULL. */
void query_text(struct query *q, const char *text);
void query_text_len(struct query *q, const char *text, size_t len);
/* As query_text, but "" is SQL NULL too. */
void query_word(struct query *q, const char *text);
void query_blob(struct query *q, const void *bytes, size_t len);
void query_int(struct query *q, int64_t value);
/* SQL NULL unless `known`. */
void query_int_if(struct query *q, bool known, int64_t value);
/* The value of a column of another query's current row, of whatever type; copied. */
void query_copy(struct query *q, const struct query *from, int column);
void query_real_if(struct query *q, bool known, double value);

/* Runs a statement that yields no rows, and closes it. */
enum err query_run(struct query *q, struct error *e) MUST_CHECK;
/* The next row; at the end or on failure the query is closed. */
enum err query_row(struct query *q, bool *ret_row, struct error *e) MUST_CHECK;
/* Opens a statement of one parameter and takes its first row. */
enum err query_first_of_text(struct store *s, const struct statement *statement, const char *text, struct query *ret_q, bool *ret_row,
                             struct error *e) MUST_CHECK;
enum err query_first_of_int(struct store *s, const struct statement *statement, int64_t number, struct query *ret_q, bool *ret_row,
                            struct error *e) MUST_CHECK;
void query_close(struct query *q);

/* Columns of the current row, from 0. Text is never NULL in query_get_text: `fallback` stands for SQL NULL. */
int64_t query_get_int(const struct query *q, int column, int64_t fallback);
double query_get_real(const struct query *q, int column, double fallback);
const char *query_get_text(const struct query *q, int column, const char *fallback);
/* Bytes of a text or blob; 0 for SQL NULL. */
size_t query_get_len(const struct query *q, int column);
/* A copy in the arena; NULL for SQL NULL. */
const char *query_dup_text(const struct query *q, int column, struct arena *a);
/* The same with "" for SQL NULL. */
const char *query_dup_word(const struct query *q, int column, struct arena *a);

/* Runs a statement whose first row's first column is an integer; `fallback` when there is no row. Close is included. */
enum err query_one_int(struct query *q, int64_t fallback, int64_t *ret_value, struct error *e) MUST_CHECK;

/* Reads every row with `read` into an array of the arena, and closes. */
typedef void query_item_fn(const struct query *q, struct arena *a, void *ret_item);
enum err query_all(struct query *q, query_item_fn *read, size_t item_size, struct arena *a, void **ret_items, size_t *ret_count,
                   struct error *e) MUST_CHECK;

#endif
