#include "store/store.h"

#include "base/arena.h"
#include "base/fs.h"
#include "store/db_error.h"
#include "store/migrate.h"
#include "store/schema_check.h"
#include "store/store_private.h"
#include "store/wal_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BUSY_TIMEOUT_MS = 5000, WAL_TRIES = 100, WAL_PAUSE_NS = 20000000 };

/* Every connection. Memory stays bounded: no mapping, 3 MB of cache, temporary tables on disk. A store may come from
   somebody else, so its schema is not trusted to call anything with side effects. */
static const char settings[] = "PRAGMA foreign_keys = ON;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA cache_size = -3072;"
                               "PRAGMA temp_store = FILE;"
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA wal_autocheckpoint = 4000;"
                               "PRAGMA journal_size_limit = 67108864;";

enum err store_exec(struct store *s, const char *sql, const char *purpose, struct error *e)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? OK : db_error(s->db, s->path, rc, purpose, e);
}

enum err store_exec_int(struct store *s, const char *sql, const char *purpose, int64_t *ret_value, struct error *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    enum err code = OK;
    if (rc == SQLITE_ROW)
        *ret_value = sqlite3_column_int64(stmt, 0);
    else
        code = db_error(s->db, s->path, rc, purpose, e);
    sqlite3_finalize(stmt);
    return code;
}

/* ---- Opening ------------------------------------------------------------------------------------------------------ */

/* SQLite takes an empty file for a new database, but does not say why it cannot make one. */
static enum err make_file(const char *path, struct error *e)
{
    enum err code = fs_make_parents(path, e);
    if (code != OK)
        return code;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return error_os(e, errno, "cannot make the store '%s'", path);
    close(fd);
    return OK;
}

static const char *writing_vfs; /* NULL = SQLite's own */

/* SQLite counts every allocation under one lock for all its connections. Nobody reads the count, and the writer and the
   loader would wait for each other. Too late (another part of the program used SQLite before) does no harm. */
static void prepare_sqlite(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    writing_vfs = wal_buffer_vfs();
}

static enum err check_path(const char *path, enum store_mode mode, struct error *e)
{
    if (*path == '\0' || strcmp(path, ":memory:") == 0)
        return error_set(e, ERR_INVALID, "the store must be a file, not '%s'", path);

    struct stat st;
    if (stat(path, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return error_os(e, errno, "cannot open the store '%s'", path);
        if (mode == STORE_CREATE)
            return make_file(path, e);
        return error_set(e, ERR_NOT_FOUND, "there is no store at '%s': `gauntlet run` makes one, --db names another", path);
    }
    if (S_ISDIR(st.st_mode))
        return error_set(e, ERR_INVALID, "'%s' is a folder, not a store", path);
    if (!S_ISREG(st.st_mode))
        return error_set(e, ERR_INVALID, "'%s' is not a regular file, so it cannot be a store", path);
    if (st.st_size == 0 && mode != STORE_CREATE)
        return error_set(e, ERR_INVALID, "'%s' is empty, not a gauntlet store", path);
    return OK;
}

static enum err connect_as(struct store *s, const char *name, int flags, struct error *e)
{
    bool writes = (flags & SQLITE_OPEN_READWRITE) != 0;
    int rc = sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX, writes ? writing_vfs : NULL);
    if (rc != SQLITE_OK)
        return db_error(s->db, s->path, rc, "open it", e);
    if (writes && sqlite3_db_readonly(s->db, "main") == 1)
        return error_set(e, ERR_IO, "store '%s' cannot be written: the file is read-only", s->path);
    sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    enum err code = store_exec(s, settings, "open it", e);
    if (code == OK && !writes) /* reading goes from the first row to the last: what was read is not wanted again */
        code = store_exec(s, "PRAGMA cache_size = -2048", "open it", e);
    return code;
}

static void disconnect(struct store *s)
{
    sqlite3_close(s->db);
    s->db = NULL;
}

/* A store in WAL mode wants to make "-shm" beside it. Where the folder refuses, it can still be read as a file that
   nobody changes, unless a "-wal" holds commits that are not in it yet. */
static enum err connect_immutable(struct store *s, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    struct stat st;
    (void)strbuf_addf(&name, "%s-wal", s->path);
    if (stat(name.buf, &st) == 0 && st.st_size > 0)
        return error_set(e, ERR_IO,
                         "store '%s' cannot be read in a read-only folder: '%s' holds newer rows; copy both to a folder of yours", s->path,
                         name.buf);

    strbuf_clear(&name);
    (void)strbuf_addstr(&name, "file:");
    for (const char *p = s->path; *p; p++) {
        if (strchr("%?#", *p))
            (void)strbuf_addf(&name, "%%%02X", (unsigned char)*p);
        else
            (void)strbuf_addch(&name, *p);
    }
    (void)strbuf_addstr(&name, "?immutable=1");
    return connect_as(s, name.buf, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
}

struct identity {
    int64_t application_id, version, tables;
};

static enum err identify(struct store *s, struct identity *ret_i, struct error *e)
{
    enum err code = store_exec_int(s, "PRAGMA application_id", "read it", &ret_i->application_id, e);
    if (code == OK)
        code = migrate_version(s, &ret_i->version, e);
    if (code == OK)
        code = store_exec_int(s, "SELECT count(*) FROM sqlite_schema", "read it", &ret_i->tables, e);
    return code;
}

static enum err connect_reading(struct store *s, struct identity *ret_i, struct error *e)
{
    enum err code = connect_as(s, s->path, SQLITE_OPEN_READONLY, e);
    if (code == OK)
        code = identify(s, ret_i, e);
    if (code == OK || !s->db)
        return code;
    int rc = sqlite3_errcode(s->db) & 0xff;
    if (rc != SQLITE_CANTOPEN && rc != SQLITE_READONLY)
        return code;
    disconnect(s);
    code = connect_immutable(s, e);
    return code == OK ? identify(s, ret_i, e) : code;
}

/* Kept by the file once set. Two processes that make the same new file get in each other's way here, and SQLite does
   not call the busy handler for this statement. */
static enum err ensure_wal(struct store *s, struct error *e)
{
    for (int i = 0;; i++) {
        int rc = sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            return OK;
        if ((rc & 0xff) != SQLITE_BUSY || i == WAL_TRIES)
            return db_error(s->db, s->path, rc, "set its journal mode", e);
        (void)nanosleep(&(struct timespec){ .tv_nsec = WAL_PAUSE_NS }, NULL);
    }
}

static enum err check_identity(struct store *s, const struct identity *i, struct error *e)
{
    if (i->application_id != STORE_APPLICATION_ID)
        return error_set(e, ERR_INVALID, "'%s' is not a gauntlet store: %s", s->path,
                         i->tables == 0 ? "it is empty" : "it is another program's SQLite file");
    if (i->version > STORE_SCHEMA_VERSION)
        return error_set(e, ERR_INVALID, "store '%s' has schema version %lld, this gauntlet knows versions up to %d: use a newer gauntlet",
                         s->path, (long long)i->version, STORE_SCHEMA_VERSION);
    return i->version == STORE_SCHEMA_VERSION ? schema_check(s, e) : OK;
}

static enum err open_writing(struct store *s, struct error *e)
{
    struct identity i;
    int flags = SQLITE_OPEN_READWRITE | (s->mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
    enum err code = connect_as(s, s->path, flags, e);
    if (code == OK)
        code = identify(s, &i, e);
    if (code == OK && s->mode == STORE_CREATE && i.application_id == 0 && i.version == 0 && i.tables == 0) {
        code = migrate_create(s, e);
        if (code == OK)
            code = identify(s, &i, e);
    }
    if (code == OK)
        code = check_identity(s, &i, e);
    if (code == OK)
        code = ensure_wal(s, e);
    if (code == OK && i.version < STORE_SCHEMA_VERSION)
        code = migrate_lift(s, migrations, e);
    return code;
}

static enum err open_unlifted(struct store *s, struct error *e)
{
    struct identity i;
    enum err code = connect_reading(s, &i, e);
    if (code == OK)
        code = check_identity(s, &i, e);
    if (code == OK && i.version < STORE_SCHEMA_VERSION)
        return error_set(
            e, ERR_INVALID,
            "'%s' has schema version %lld, and only version %d can be read from; `gauntlet ls --db FILE` lifts a store of yours", s->path,
            (long long)i.version, STORE_SCHEMA_VERSION);
    return code;
}

/* An older file is lifted first, through a connection that may write. */
static enum err open_reading(struct store *s, struct error *e)
{
    struct identity i;
    enum err code = connect_reading(s, &i, e);
    if (code == OK)
        code = check_identity(s, &i, e);
    if (code != OK || i.version == STORE_SCHEMA_VERSION)
        return code;

    struct store *lift;
    code = store_open(s->path, STORE_WRITE, &lift, e);
    if (code == OK)
        store_close(lift);
    return code;
}

static enum err open_with(const char *path, enum store_mode mode, enum err (*open)(struct store *s, struct error *e), struct store **ret_s,
                          struct error *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, prepare_sqlite);
    enum err code = check_path(path, mode, e);
    if (code != OK)
        return code;

    CLEANUP(store_closep) struct store *s = xcalloc(1, sizeof(*s));
    s->path = xstrdup(path);
    s->mode = mode;
    s->lock_fd = -1;
    strbuf_init(&s->scratch, STRBUF_DEFAULT_MAX);

    code = open(s, e);
    if (code == OK)
        *ret_s = TAKE(s);
    return code;
}

enum err store_open(const char *path, enum store_mode mode, struct store **ret_s, struct error *e)
{
    return open_with(path, mode, mode == STORE_READ ? open_reading : open_writing, ret_s, e);
}

enum err store_open_unlifted(const char *path, struct store **ret_s, struct error *e)
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return error_set(e, ERR_NOT_FOUND, "there is no file '%s'", path);
    return open_with(path, STORE_READ, open_unlifted, ret_s, e);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < STORE_PREPARED_SLOTS; i++)
        sqlite3_finalize(s->prepared[i].stmt);
    disconnect(s);
    store_unlock_run(s);
    sha256_free(s->intake_rows);
    strbuf_release(&s->scratch);
    free(s->path);
    free(s);
}

void store_closep(struct store **s)
{
    store_close(*s);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

enum err store_data_version(struct store *s, int64_t *ret_version, struct error *e)
{
    return store_exec_int(s, "PRAGMA data_version", "see whether it changed", ret_version, e);
}

enum err store_single_file(struct store *s, struct error *e)
{
    return store_exec(s, "PRAGMA journal_mode = DELETE", "make it one file", e);
}

/* ---- Transactions ------------------------------------------------------------------------------------------------- */

enum err store_begin_reading(struct store *s, struct error *e)
{
    return store_exec(s, "BEGIN", "begin reading", e);
}

enum err store_begin(struct store *s, struct error *e)
{
    return store_exec(s, "BEGIN IMMEDIATE", "begin writing", e);
}

enum err store_commit(struct store *s, struct error *e)
{
    return store_exec(s, "COMMIT", "commit", e);
}

void store_rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db)) /* SQLite has done it by itself after some failures */
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

enum err store_enter(struct store *s, bool *ret_own, struct error *e)
{
    *ret_own = sqlite3_get_autocommit(s->db) != 0;
    return *ret_own ? store_begin(s, e) : OK;
}

enum err store_leave(struct store *s, bool own, enum err result, struct error *e)
{
    if (!own)
        return result;
    if (result == OK)
        result = store_commit(s, e);
    if (result != OK)
        store_rollback(s);
    return result;
}
