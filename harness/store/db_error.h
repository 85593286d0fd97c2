/*
 * db_error - what SQLite's result codes mean to a person, and to the engine.
 */
#ifndef STORE_DB_ERROR_H
#define STORE_DB_ERROR_H

#include "base/err.h"

#include <sqlite3.h>

/* Fills *e for a failed call on `db` (may be NULL): "store 'path': cannot purpose: why; what to do". A full disk (also a
   quota or a file size limit) is ERR_IO with os = ENOSPC; a refusing file system ERR_IO with its errno; damage, a busy
   or a read-only store and everything else ERR_DB. */
enum err db_error(sqlite3 *db, const char *path, int rc, const char *purpose, struct error *e);

#endif
