#include "store/foreign.h"

#include "base/arena.h"
#include "core/limits.h"
#include "store/migrate.h"
#include "store/statement.h"
#include "store/store_private.h"

#include <string.h>

enum { PLAIN_TABLES, HIDDEN_COLUMNS };
#define TABLES                                                                                                                             \
    "('dataset', 'sample', 'image', 'run', 'endpoint', 'evidence', 'trial', 'attempt', 'response', 'scorer', 'score', 'judge_attempt',"    \
    " 'score_replaced', 'label', 'judge_anchor', 'event')"
static const struct statement sql[] = {
    [PLAIN_TABLES] = { "look at its tables", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
                                             " AND sql LIKE 'CREATE TABLE%' AND name IN " TABLES },
    [HIDDEN_COLUMNS] = { "look at its columns", "SELECT count(*) FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE t.name IN " TABLES
                                                " AND c.hidden <> 0" },
};
const struct statement_group foreign_statements = { sql, ARRAY_LEN(sql) };
enum { TABLE_COUNT = 16 };

static enum err ask(struct store *s, int which, int64_t *ret_value, struct error *e)
{
    struct query q;
    enum err code = query_open(s, &sql[which], &q, e);
    return code == OK ? query_one_int(&q, -1, ret_value, e) : code;
}

/* The first row of quick_check is "ok" or the first problem. */
static enum err check_pages(struct store *s, struct error *e)
{
    static const struct statement check = { "check it", "PRAGMA quick_check(1)" };
    struct query q;
    bool row;
    enum err code = query_open(s, &check, &q, e);
    if (code == OK)
        code = query_row(&q, &row, e);
    if (code != OK)
        return code;
    const char *found = row ? query_get_text(&q, 0, "") : "no answer";
    if (strcmp(found, "ok") != 0)
        code = error_set(e, ERR_INVALID, "'%s' is damaged: %.200s", s->path, found);
    if (row)
        query_close(&q);
    return code;
}

static enum err check(struct store *s, struct error *e)
{
    int64_t tables, hidden;
    if (check_pages(s, e) != OK || ask(s, PLAIN_TABLES, &tables, e) != OK || ask(s, HIDDEN_COLUMNS, &hidden, e) != OK)
        return e->code;
    if (tables != TABLE_COUNT || hidden != 0)
        return error_set(e, ERR_INVALID, "'%s' says that it is a gauntlet store, but its tables are not those of one", s->path);
    return store_exec(s, "BEGIN; SELECT count(*) FROM run", "read it", e);
}

enum err store_open_foreign(const char *path, struct store **ret_s, struct error *e)
{
    CLEANUP(store_closep) struct store *s = NULL;
    enum err code = store_open_unlifted(path, &s, e);
    if (code != OK)
        return code;
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, MAX_TRANSFER_VALUE_BYTES);
    (void)sqlite3_limit(s->db, SQLITE_LIMIT_VDBE_OP, 100000);
    code = check(s, e);
    if (code == OK)
        *ret_s = TAKE(s);
    return code;
}
