/*
 * migrate - makes a new file from schema.sql and lifts an older one, one transaction per step.
 *
 * To change the schema: change schema.sql, raise STORE_SCHEMA_VERSION, add migrations/000N_name.sql (it ends in
 * `PRAGMA user_version = N`) to assets.list and one line to the table in migrate.c.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/err.h"

#include <stdint.h>

struct store;

struct migration {
    int to; /* the version the file has afterwards; 0 ends a list */
    const char *sql;
};

extern const struct migration migrations[];

/* Makes the schema in an empty database. A second process that does the same at the same moment is waited for. */
enum err migrate_create(struct store *s, struct error *e) MUST_CHECK;
/* Applies the steps of `list` that lead beyond the file's version, in order; a step that fails leaves the file at the
   version before it. Foreign keys are off while a step runs, as rebuilding a table needs, and checked before it commits. */
enum err migrate_lift(struct store *s, const struct migration *list, struct error *e) MUST_CHECK;
enum err migrate_version(struct store *s, int64_t *ret_version, struct error *e) MUST_CHECK;

#endif
