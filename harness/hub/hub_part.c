#include "hub/hub_part.h"

#include "base/arena.h"
#include "base/fs.h"
#include "base/text_safe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 256 * 1024 };

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

void hub_part_init(struct hub_part *p, const struct hub_place *place, struct hub_file *file)
{
    *p = (struct hub_part){ .place = place, .file = file, .path = STRBUF_INIT, .temp = STRBUF_INIT, .fd = -1 };
    fs_join(place->root, file->path, &p->path);
    (void)strbuf_addf(&p->temp, "%s%s", p->path.buf, HUB_PART_ENDING);
    p->digest = hub_digest_new(file->size);
}

void hub_part_close(struct hub_part *p)
{
    bool empty = p->fd >= 0 && p->have == 0;
    close_fd(&p->fd);
    p->fd = -1;
    if (empty)
        (void)unlink(p->temp.buf);
    hub_digest_free(p->digest);
    p->digest = NULL;
    strbuf_release(&p->path);
    strbuf_release(&p->temp);
}

/* ---- What is there already ----------------------------------------------------------------------------------------- */

/* Adds the rest of an open file to the hash. */
static enum err hash_fd(struct hub_part *p, int fd, const char *path, struct error *e)
{
    const atomic_bool *cancelled = p->place->cancelled;
    char *block = xmalloc(BLOCK);
    ssize_t got;
    bool enough = false;
    while (!enough && ((got = read(fd, block, BLOCK)) > 0 || (got < 0 && errno == EINTR))) {
        if (got > 0)
            hub_digest_add(p->digest, block, (size_t)got);
        enough = cancelled && atomic_load(cancelled);
    }
    int os = errno;
    free(block);
    if (enough)
        return error_set(e, ERR_CANCELLED, "interrupted");
    return got < 0 ? error_os(e, os, "%s: cannot read", path) : OK;
}

static bool size_fits(const struct hub_part *p, const struct stat *st)
{
    return p->file->size < 0 || p->file->size == st->st_size;
}

static void note_right(struct hub_part *p, const char sha256[SHA256_HEX + 1], int64_t bytes)
{
    memcpy(p->file->sha256, sha256, SHA256_HEX + 1);
    p->file->size = bytes;
}

static enum err hash_and_compare(struct hub_part *p, int fd, const char *path, bool *ret_right, struct error *e)
{
    char sha256[SHA256_HEX + 1];
    hub_digest_reset(p->digest);
    if (hash_fd(p, fd, path, e) != OK)
        return e ? e->code : ERR_IO;
    int64_t bytes = hub_digest_bytes(p->digest);
    *ret_right = hub_digest_is(p->digest, p->file, sha256);
    if (*ret_right)
        note_right(p, sha256, bytes);
    return OK;
}

/* Is the file itself there, and right? */
static enum err look_at_file(struct hub_part *p, enum hub_found *ret, struct error *e)
{
    struct stat st;
    bool right = false;
    if (lstat(p->path.buf, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? OK : error_os(e, errno, "%s: cannot look at it", p->path.buf);
    if (S_ISREG(st.st_mode) && size_fits(p, &st)) {
        CLEANUP(close_fd) int fd = open(p->path.buf, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            return error_os(e, errno, "%s: cannot open", p->path.buf);
        if (hash_and_compare(p, fd, p->path.buf, &right, e) != OK)
            return e ? e->code : ERR_IO;
    }
    if (right)
        *ret = HUB_FOUND_KEPT;
    else if (!p->place->replace || S_ISDIR(st.st_mode))
        *ret = HUB_FOUND_OTHER;
    return OK;
}

/* The folder of the file, which no link may lead out of the root. */
static enum err make_folder(struct hub_part *p, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf real = STRBUF_INIT;
    if (!strchr(p->file->path, '/'))
        return OK;
    fs_dirname(p->file->path, &folder);
    enum err rc = fs_make_parents(p->path.buf, e);
    return rc == OK ? fs_resolve_inside(p->place->root, folder.buf, &real, e) : rc;
}

/* Opens FILE.incomplete and hashes what it holds. A second link to its content (a cache's blob) must not be written to. */
static enum err open_temp(struct hub_part *p, struct error *e)
{
    struct stat st;
    if (lstat(p->temp.buf, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_nlink > 1) && unlink(p->temp.buf) != 0)
        return error_os(e, errno, "%s: cannot remove", p->temp.buf);
    p->fd = open(p->temp.buf, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (p->fd < 0 || fstat(p->fd, &st) != 0)
        return error_os(e, errno, "%s: cannot open for writing", p->temp.buf);
    if (p->file->size >= 0 && st.st_size > p->file->size)
        return hub_part_restart(p, e);
    hub_digest_reset(p->digest);
    if (hash_fd(p, p->fd, p->temp.buf, e) != OK)
        return e ? e->code : ERR_IO;
    p->have = hub_digest_bytes(p->digest);
    return OK;
}

/* ---- From the cache ------------------------------------------------------------------------------------------------ */

/* Copy-on-write where the file system can, else one more link to the blob. False: it has to be copied. */
static bool share_blob(struct hub_part *p, int blob)
{
    char self[64];
    (void)unlink(p->temp.buf);
    int fd = open(p->temp.buf, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
        bool cloned = ioctl(fd, FICLONE, blob) == 0 && fsync(fd) == 0;
        (void)close(fd);
        if (cloned && rename(p->temp.buf, p->path.buf) == 0)
            return true;
        (void)unlink(p->temp.buf);
    }
    (void)snprintf(self, sizeof(self), "/proc/self/fd/%d", blob);
    if (linkat(AT_FDCWD, self, AT_FDCWD, p->temp.buf, AT_SYMLINK_FOLLOW) != 0)
        return false;
    if (rename(p->temp.buf, p->path.buf) == 0)
        return true;
    (void)unlink(p->temp.buf);
    return false;
}

static enum err copy_blob(struct hub_part *p, int blob, bool *ret_right, struct error *e)
{
    char *block = xmalloc(BLOCK);
    ssize_t got;
    enum err rc = open_temp(p, e);
    if (rc == OK)
        rc = hub_part_restart(p, e);
    if (rc == OK && lseek(blob, 0, SEEK_SET) != 0)
        rc = error_os(e, errno, "%s: cannot read", p->path.buf);
    while (rc == OK && ((got = read(blob, block, BLOCK)) > 0 || (got < 0 && errno == EINTR)))
        if (got > 0)
            rc = hub_part_write(p, block, (size_t)got, e);
    free(block);
    return rc == OK ? hub_part_seal(p, ret_right, e) : rc;
}

static enum err look_in_cache(struct hub_part *p, enum hub_found *ret, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf blob = STRBUF_INIT;
    struct stat st;
    bool right = false;
    if (!p->place->cache || !hub_cache_blob(p->place->cache, p->file, &blob))
        return OK;
    CLEANUP(close_fd) int fd = open(blob.buf, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !size_fits(p, &st))
        return OK;
    if (hash_and_compare(p, fd, blob.buf, &right, NULL) != OK || !right)
        return OK; /* a damaged cache is no reason to fail: the Hub has the file */
    if (share_blob(p, fd)) {
        *ret = HUB_FOUND_CACHED;
        return OK;
    }
    enum err rc = copy_blob(p, fd, &right, e);
    if (rc == OK && right)
        *ret = HUB_FOUND_CACHED;
    return rc;
}

enum err hub_part_prepare(struct hub_part *p, enum hub_found *ret, struct error *e)
{
    enum hub_found found = HUB_FOUND_NOTHING;
    enum err rc = look_at_file(p, &found, e);
    if (rc == OK && found == HUB_FOUND_NOTHING)
        rc = make_folder(p, e);
    if (rc == OK && found == HUB_FOUND_NOTHING)
        rc = look_in_cache(p, &found, e);
    if (rc == OK && found == HUB_FOUND_NOTHING)
        rc = open_temp(p, e);
    if (rc == OK && found == HUB_FOUND_NOTHING && p->file->size >= 0 && p->have == p->file->size) {
        bool right = false;
        rc = hub_part_seal(p, &right, e);
        if (rc == OK && right)
            found = HUB_FOUND_RESUMED;
        else if (rc == OK)
            rc = open_temp(p, e);
    }
    if (rc == OK)
        *ret = found;
    return rc;
}

/* ---- Growing and sealing ------------------------------------------------------------------------------------------- */

enum err hub_part_write(struct hub_part *p, const void *bytes, size_t len, struct error *e)
{
    const char *at = bytes;
    for (size_t left = len; left > 0;) {
        ssize_t put = write(p->fd, at, left);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_os(e, errno, "%s: cannot write", p->temp.buf);
        at += put;
        left -= (size_t)put;
    }
    hub_digest_add(p->digest, bytes, len);
    p->have += (int64_t)len;
    return OK;
}

enum err hub_part_restart(struct hub_part *p, struct error *e)
{
    if (ftruncate(p->fd, 0) != 0 || lseek(p->fd, 0, SEEK_SET) != 0)
        return error_os(e, errno, "%s: cannot write", p->temp.buf);
    hub_digest_reset(p->digest);
    p->have = 0;
    return OK;
}

enum err hub_part_seal(struct hub_part *p, bool *ret_right, struct error *e)
{
    char sha256[SHA256_HEX + 1];
    bool right = hub_digest_is(p->digest, p->file, sha256);
    int64_t bytes = p->have;
    int os = 0;
    if (!right)
        (void)unlink(p->temp.buf);
    else if (fsync(p->fd) != 0 || rename(p->temp.buf, p->path.buf) != 0)
        os = errno;
    close_fd(&p->fd);
    p->fd = -1;
    p->have = 0;
    if (os)
        return error_os(e, os, "%s: cannot keep it", p->path.buf);
    if (right)
        note_right(p, sha256, bytes);
    *ret_right = right;
    return OK;
}
