/*
 * store - one SQLite file that holds everything: opens it, checks it, locks it against a second run.
 *
 * STRICT tables, foreign keys, WAL, synchronous=FULL, busy_timeout, application_id "GNTL", PRAGMA user_version as the
 * schema's version. A new file is made from schema.sql; an older one is lifted by migrations, one transaction each; a
 * newer one is refused, naming both versions.
 *
 * Owner     store_open/store_close. A store is one SQLite connection.
 * Threads   one thread at a time; the engine gives the writing store to its writer thread and opens others for reading.
 * Errors    ERR_DB, ERR_IO, ERR_INVALID (not a gauntlet store, newer version), ERR_NOT_FOUND; always with the path and
 *           what to do. A full disk is ERR_IO with os = ENOSPC.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode {
    STORE_READ,  /* must exist */
    STORE_WRITE, /* must exist */
    STORE_CREATE /* made when absent, with its folder */
};

enum { STORE_SCHEMA_VERSION = 2 };

enum err store_open(const char *path, enum store_mode mode, struct store **ret_s, struct error *e) MUST_CHECK;
void store_close(struct store *s);
void store_closep(struct store **s);
const char *store_path(const struct store *s);

/* Only one process at a time runs trials into a store: an flock on "<path>.lock", released with the process whatever
   happens to it. ERR_INVALID names the process and its run. */
#define STORE_LOCK_PLANNING "planning" /* in place of a run's id while there is none yet */
enum err store_lock_run(struct store *s, const char *run_id, struct error *e) MUST_CHECK;
void store_unlock_run(struct store *s);
/* Who holds it now: false when nobody does. run_id gets at most 63 characters. */
bool store_lock_holder(const char *path, int *ret_pid, char ret_run_id[64]);

/* A number that changes when another connection has committed something: PRAGMA data_version. */
enum err store_data_version(struct store *s, int64_t *ret_version, struct error *e) MUST_CHECK;

/* Makes a store that nobody writes to any more one file, without "-wal" and "-shm" beside it; writing makes them again. */
enum err store_single_file(struct store *s, struct error *e) MUST_CHECK;

/* Everything that is read until store_rollback is of one moment, whatever a run writes meanwhile. Cheaper, too: one lock for all. */
enum err store_begin_reading(struct store *s, struct error *e) MUST_CHECK;
enum err store_begin(struct store *s, struct error *e) MUST_CHECK;
enum err store_commit(struct store *s, struct error *e) MUST_CHECK;
void store_rollback(struct store *s);

#endif
