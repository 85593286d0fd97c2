#include "store/wal_buffer.h"

#include "base/arena.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { GATHER_BYTES = 128 * 1024 };

/* A "-wal" file: ours, with the system's behind it. */
struct wal_file {
    sqlite3_file base;
    sqlite3_int64 at; /* where `gathered` belongs */
    size_t len;
    char *gathered; /* GATHER_BYTES, from the first write on */
    sqlite3_file *system;
};

static sqlite3_vfs *under; /* the system's */

static struct wal_file *wal_of(sqlite3_file *file)
{
    return (struct wal_file *)(void *)file;
}

/* What could not be written is dropped: the transaction that it belongs to fails. */
static int flush(struct wal_file *w)
{
    if (w->len == 0)
        return SQLITE_OK;
    int len = (int)w->len;
    w->len = 0;
    return w->system->pMethods->xWrite(w->system, w->gathered, len, w->at);
}

static int wal_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(file);
    bool follows = at == w->at + (sqlite3_int64)w->len && w->len + (size_t)len <= GATHER_BYTES;
    if (!follows) {
        int rc = flush(w);
        if (rc != SQLITE_OK)
            return rc;
        if (len > GATHER_BYTES)
            return w->system->pMethods->xWrite(w->system, bytes, len, at);
        w->at = at;
    }
    if (!w->gathered)
        w->gathered = xmalloc(GATHER_BYTES);
    memcpy(w->gathered + w->len, bytes, (size_t)len);
    w->len += (size_t)len;
    return SQLITE_OK;
}

static int wal_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    struct wal_file *w = wal_of(file);
    bool overlaps = at < w->at + (sqlite3_int64)w->len && at + len > w->at;
    int rc = overlaps ? flush(w) : SQLITE_OK;
    return rc == SQLITE_OK ? w->system->pMethods->xRead(w->system, out, len, at) : rc;
}

static int wal_sync(sqlite3_file *file, int flags)
{
    struct wal_file *w = wal_of(file);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->system->pMethods->xSync(w->system, flags) : rc;
}

static int wal_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct wal_file *w = wal_of(file);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->system->pMethods->xTruncate(w->system, size) : rc;
}

static int wal_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    struct wal_file *w = wal_of(file);
    int rc = flush(w);
    return rc == SQLITE_OK ? w->system->pMethods->xFileSize(w->system, ret_size) : rc;
}

static int wal_close(sqlite3_file *file)
{
    struct wal_file *w = wal_of(file);
    int flushed = flush(w);
    int rc = w->system->pMethods->xClose(w->system);
    free(w->gathered);
    return flushed == SQLITE_OK ? rc : flushed;
}

static int wal_control(sqlite3_file *file, int op, void *argument)
{
    sqlite3_file *system = wal_of(file)->system;
    return system->pMethods->xFileControl(system, op, argument);
}

static int wal_sector(sqlite3_file *file)
{
    sqlite3_file *system = wal_of(file)->system;
    return system->pMethods->xSectorSize(system);
}

static int wal_traits(sqlite3_file *file)
{
    sqlite3_file *system = wal_of(file)->system;
    return system->pMethods->xDeviceCharacteristics(system);
}

/* SQLite locks the database and "-shm", never "-wal". */
static int no_lock(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int not_locked(sqlite3_file *file, int *ret_locked)
{
    (void)file;
    *ret_locked = 0;
    return SQLITE_OK;
}

/* Version 1: neither shared memory nor mapping, which belong to the database. */
static const sqlite3_io_methods wal_methods = {
    .iVersion = 1,
    .xClose = wal_close,
    .xRead = wal_read,
    .xWrite = wal_write,
    .xTruncate = wal_truncate,
    .xSync = wal_sync,
    .xFileSize = wal_size,
    .xLock = no_lock,
    .xUnlock = no_lock,
    .xCheckReservedLock = not_locked,
    .xFileControl = wal_control,
    .xSectorSize = wal_sector,
    .xDeviceCharacteristics = wal_traits,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    (void)vfs;
    if (!(flags & SQLITE_OPEN_WAL))
        return under->xOpen(under, name, file, flags, ret_flags); /* from here on it is the system's alone */

    struct wal_file *w = wal_of(file);
    *w = (struct wal_file){ .system = (sqlite3_file *)(void *)(w + 1) };
    int rc = under->xOpen(under, name, w->system, flags, ret_flags);
    w->base.pMethods = rc == SQLITE_OK ? &wal_methods : NULL; /* NULL: SQLite does not close it */
    return rc;
}

const char *wal_buffer_vfs(void)
{
    static sqlite3_vfs ours;
    under = sqlite3_vfs_find(NULL);
    if (!under)
        return NULL;
    ours = *under; /* its other functions take `ours` for itself: they look at nothing but pAppData */
    ours.zName = "gauntlet-wal";
    ours.szOsFile += (int)sizeof(struct wal_file);
    ours.xOpen = open_file;
    ours.pNext = NULL;
    return sqlite3_vfs_register(&ours, 0) == SQLITE_OK ? ours.zName : NULL;
}
