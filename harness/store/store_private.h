/*
 * store_private - what an open store is made of; for the files of this room and its tests only.
 */
#ifndef STORE_STORE_PRIVATE_H
#define STORE_STORE_PRIVATE_H

#include "base/sha256.h"
#include "base/strbuf.h"
#include "store/statement.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdint.h>

enum { STORE_APPLICATION_ID = 0x474E544C, STORE_PREPARED_SLOTS = 512 }; /* "GNTL"; a power of two, far above the number of statements */

struct prepared {
    const struct statement *statement;
    sqlite3_stmt *stmt;
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    int lock_fd;                                    /* -1 = this store holds no run lock */
    struct prepared prepared[STORE_PREPARED_SLOTS]; /* hash table by the statement's address */
    struct strbuf scratch;                          /* text being built for one statement */
    struct sha256 *intake_rows;                     /* running digest while an intake is open, else NULL */
    int64_t intake_count;
};

/* As store_open for reading, of this version only: nothing is written, whatever the file is. */
enum err store_open_unlifted(const char *path, struct store **ret_s, struct error *e) MUST_CHECK;
/* Runs SQL that takes no parameters and yields no rows, unprepared: PRAGMAs, schema. */
enum err store_exec(struct store *s, const char *sql, const char *purpose, struct error *e) MUST_CHECK;
/* The integer that `sql` yields, unprepared. */
enum err store_exec_int(struct store *s, const char *sql, const char *purpose, int64_t *ret_value, struct error *e) MUST_CHECK;
/* Begins a transaction unless one is open; *ret_own tells store_leave whether there is one to end. */
enum err store_enter(struct store *s, bool *ret_own, struct error *e) MUST_CHECK;
/* Ends what store_enter began: commits when `result` is OK, else rolls back. Returns what to return. */
enum err store_leave(struct store *s, bool own, enum err result, struct error *e) MUST_CHECK;

#endif
