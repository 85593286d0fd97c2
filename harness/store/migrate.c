#include "store/migrate.h"

#include "embed/assets.h"
#include "store/store_private.h"

const struct migration migrations[] = {
    { 2, asset_migration_2 },
    { 0, NULL },
};

enum err migrate_version(struct store *s, int64_t *ret_version, struct error *e)
{
    return store_exec_int(s, "PRAGMA user_version", "read its version", ret_version, e);
}

static enum err create(struct store *s, struct error *e)
{
    int64_t tables;
    enum err code = store_exec_int(s, "SELECT count(*) FROM sqlite_schema", "read its schema", &tables, e);
    if (code == OK && tables == 0) /* else another process was faster */
        code = store_exec(s, asset_store_schema, "make its tables", e);
    return code;
}

enum err migrate_create(struct store *s, struct error *e)
{
    enum err code = store_exec(s, "PRAGMA page_size = 4096", "set its page size", e);
    if (code == OK)
        code = store_begin(s, e);
    if (code == OK)
        code = store_leave(s, true, create(s, e), e);
    return code;
}

static enum err check(struct store *s, const struct migration *m, struct error *e)
{
    int64_t version, broken;
    enum err code = migrate_version(s, &version, e);
    if (code == OK)
        code = store_exec_int(s, "SELECT count(*) FROM pragma_foreign_key_check", "check its references", &broken, e);
    if (code != OK)
        return code;
    if (version != m->to || broken != 0)
        return error_set(e, ERR_DB, "store '%s': internal: the migration to version %d left version %lld and %lld broken references",
                         s->path, m->to, (long long)version, (long long)broken);
    return OK;
}

static enum err step(struct store *s, const struct migration *m, struct error *e)
{
    int64_t version;
    enum err code = migrate_version(s, &version, e);
    if (code != OK || version >= m->to) /* done meanwhile by another process */
        return code;
    code = store_exec(s, m->sql, "lift it to the newer schema", e);
    return code == OK ? check(s, m, e) : code;
}

enum err migrate_lift(struct store *s, const struct migration *list, struct error *e)
{
    enum err code = store_exec(s, "PRAGMA foreign_keys = OFF", "prepare a migration", e);
    for (; code == OK && list->to != 0; list++) {
        code = store_begin(s, e);
        if (code == OK)
            code = store_leave(s, true, step(s, list, e), e);
        if (code != OK)
            error_prefix(e, "migration to schema version %d", list->to);
    }
    struct error after;
    if (store_exec(s, "PRAGMA foreign_keys = ON", "end a migration", &after) != OK && code == OK)
        code = error_set(e, after.code, "%s", after.msg);
    return code;
}
