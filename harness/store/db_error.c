#include "store/db_error.h"

#include <errno.h>
#include <stdbool.h>

/* The errno under a failed read or write that means "no room" rather than "broken". */
static bool is_full(int os)
{
    return os == ENOSPC || os == EDQUOT || os == EFBIG;
}

static enum err disk_full(const char *path, const char *purpose, int os, struct error *e)
{
    const char *what = os == EDQUOT ? "the disk quota is used up" : os == EFBIG ? "the file may not grow further" : "the disk is full";
    error_set(e, ERR_IO, "store '%s': cannot %s: %s; nothing that was stored is lost: make room, then resume", path, purpose, what);
    if (e)
        e->os = ENOSPC;
    return ERR_IO;
}

static int last_errno(sqlite3_file *file)
{
    int os = 0;
    if (file && file->pMethods)
        (void)file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &os);
    return os;
}

/* SQLite notes errno per connection, but not for a commit that fails; there the files themselves know. */
static int system_errno(sqlite3 *db)
{
    sqlite3_file *database = NULL, *journal = NULL;
    int os = sqlite3_system_errno(db);
    if (os != 0)
        return os;
    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &journal);
    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &database);
    os = last_errno(journal);
    return os != 0 ? os : last_errno(database);
}

static enum err file_trouble(sqlite3 *db, const char *path, int rc, const char *purpose, struct error *e)
{
    int os = db ? system_errno(db) : 0;
    if (is_full(os))
        return disk_full(path, purpose, os, e);
    if (os != 0)
        return error_os(e, os, "store '%s': cannot %s", path, purpose);
    return error_set(e, ERR_IO, "store '%s': cannot %s: %s (SQLite %d)", path, purpose, sqlite3_errstr(rc), rc);
}

enum err db_error(sqlite3 *db, const char *path, int rc, const char *purpose, struct error *e)
{
    int extended = db ? sqlite3_extended_errcode(db) : rc;
    if ((extended & 0xff) != (rc & 0xff)) /* a later call has already overwritten it */
        extended = rc;

    switch (rc & 0xff) {
    case SQLITE_FULL: return disk_full(path, purpose, ENOSPC, e);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN: return file_trouble(db, path, extended, purpose, e);
    case SQLITE_READONLY: return error_set(e, ERR_DB, "store '%s': cannot %s: the file or its folder is read-only", path, purpose);
    case SQLITE_PERM:
    case SQLITE_AUTH: return error_set(e, ERR_DB, "store '%s': cannot %s: permission denied", path, purpose);
    case SQLITE_NOTADB: return error_set(e, ERR_INVALID, "'%s' is not a gauntlet store: it is no SQLite file", path);
    case SQLITE_CORRUPT:
        return error_set(e, ERR_DB,
                         "store '%s': cannot %s: the file is damaged; restore a copy, or save what is left with sqlite3's .recover", path,
                         purpose);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(e, ERR_DB, "store '%s': cannot %s: another process is writing to it; try again when that one is done", path,
                         purpose);
    default:
        return error_set(e, ERR_DB, "store '%s': cannot %s: %s (SQLite %d)", path, purpose, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc),
                         extended);
    }
}
