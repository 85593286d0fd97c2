#include "store/schema_check.h"

#include "embed/assets.h"
#include "store/db_error.h"
#include "store/store_private.h"

static const char wanted_sql[] =
    "SELECT m.type, m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c"
    " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.type, m.name, c.cid";
/* A view is compiled only when it is used: that it is there has to do. */
static const char has_sql[] = "SELECT CASE ?1 WHEN 'view' THEN EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = ?2)"
                              " ELSE EXISTS (SELECT 1 FROM pragma_table_info(?2) WHERE name = ?3) END";

/* 1 = it is there, 0 = it is missing, < 0 = SQLite failed. */
static int has(sqlite3_stmt *stmt, sqlite3_stmt *wanted)
{
    for (int i = 0; i < 3; i++)
        (void)sqlite3_bind_value(stmt, i + 1, sqlite3_column_value(wanted, i));
    int found = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : -1;
    (void)sqlite3_reset(stmt);
    return found;
}

static enum err compare(struct store *s, sqlite3_stmt *wanted, sqlite3_stmt *stmt, struct error *e)
{
    int rc;
    while ((rc = sqlite3_step(wanted)) == SQLITE_ROW) {
        int found = has(stmt, wanted);
        if (found < 0)
            return db_error(s->db, s->path, sqlite3_errcode(s->db), "read its schema", e);
        if (!found)
            return error_set(
                e, ERR_INVALID,
                "store '%s' was made by an unreleased build, whose schema %d lacks %s.%s: begin a new one (--db FILE), or read this "
                "one with the build that made it",
                s->path, STORE_SCHEMA_VERSION, (const char *)sqlite3_column_text(wanted, 1), (const char *)sqlite3_column_text(wanted, 2));
    }
    return rc == SQLITE_DONE ? OK : db_error(sqlite3_db_handle(wanted), "schema.sql", rc, "read it", e);
}

/* The schema of this build, in memory, is what is wanted. */
static enum err against(struct store *s, sqlite3 *model, struct error *e)
{
    sqlite3_stmt *wanted = NULL, *stmt = NULL;
    int rc = sqlite3_exec(model, asset_store_schema, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(model, wanted_sql, -1, &wanted, NULL);
    enum err code = rc == SQLITE_OK ? OK : db_error(model, "schema.sql", rc, "make its tables", e);
    if (code == OK && (rc = sqlite3_prepare_v2(s->db, has_sql, -1, &stmt, NULL)) != SQLITE_OK)
        code = db_error(s->db, s->path, rc, "read its schema", e);
    if (code == OK)
        code = compare(s, wanted, stmt, e);
    sqlite3_finalize(wanted);
    sqlite3_finalize(stmt);
    return code;
}

enum err schema_check(struct store *s, struct error *e)
{
    sqlite3 *model = NULL;
    int rc = sqlite3_open_v2(":memory:", &model, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    enum err code = rc == SQLITE_OK ? against(s, model, e) : db_error(model, "schema.sql", rc, "make its tables", e);
    sqlite3_close(model);
    return code;
}
