#include "base/fs.h"

#include "base/file_writer.h"
#include "base/text_safe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SETTLED_NS INT64_C(2000000000) /* the coarsest clock of a file system in use: FAT's */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static enum err too_large(const char *path, size_t max_bytes, struct error *e)
{
    return error_set(e, ERR_LIMIT, "%s: larger than the allowed %zu bytes", path, max_bytes);
}

static enum err read_all(int fd, const char *path, size_t max_bytes, size_t expected, struct strbuf *out, struct error *e)
{
    const size_t start = out->len;
    const size_t ceiling = max_bytes < out->max - start ? max_bytes : out->max - start;
    for (size_t step = expected + 1;;) { /* + 1: end of file shows without growing the buffer again */
        size_t room = ceiling - (out->len - start);
        size_t want = step < room ? step : room;
        char probe; /* full: one more byte tells whether that was all */
        char *to = want > 0 ? strbuf_reserve(out, want) : &probe;
        ssize_t got = to ? read(fd, to, want > 0 ? want : 1) : 1;
        if (got == 0)
            return OK;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int os = errno;
            strbuf_truncate(out, start);
            return error_os(e, os, "%s: cannot read", path);
        }
        if (!to || want == 0) {
            strbuf_truncate(out, start);
            return too_large(path, ceiling, e);
        }
        strbuf_commit(out, (size_t)got);
        step = out->cap - out->len > 1 ? out->cap - out->len - 1 : 65536;
    }
}

enum err fs_read_file(const char *path, size_t max_bytes, struct strbuf *out, struct error *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return error_os(e, errno, "%s: cannot open", path);
    if (S_ISDIR(st.st_mode))
        return error_os(e, EISDIR, "%s: cannot read", path);
    if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
        return error_set(e, ERR_IO, "%s: neither a regular file nor a pipe", path);
    if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max_bytes)
        return too_large(path, max_bytes, e);
    return read_all(fd, path, max_bytes, S_ISREG(st.st_mode) ? (size_t)st.st_size : 4096, out, e);
}

static int64_t nanoseconds(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct fs_stamp stamp_of(const struct stat *st)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    struct fs_stamp s = { st->st_dev, st->st_ino, st->st_size, nanoseconds(st->st_mtim), nanoseconds(st->st_ctim), false };
    int64_t settled_ns = nanoseconds(now) - SETTLED_NS;
    s.settled = s.modified_ns < settled_ns && s.changed_ns < settled_ns;
    return s;
}

enum err fs_map_file(const char *path, size_t max_bytes, struct fs_map *ret_map, struct error *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not block the open */
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return error_os(e, errno, "%s: cannot open", path);
    if (!S_ISREG(st.st_mode))
        return error_set(e, ERR_INVALID, "%s: not a regular file", path);
    if ((uintmax_t)st.st_size > max_bytes)
        return too_large(path, max_bytes, e);

    struct fs_map map = { .len = (size_t)st.st_size, .stamp = stamp_of(&st) };
    if (map.len > 0) {
        void *at = mmap(NULL, map.len, PROT_READ, MAP_PRIVATE, fd, 0);
        if (at == MAP_FAILED)
            return error_os(e, errno, "%s: cannot map", path);
        map.bytes = at;
    }
    *ret_map = map;
    return OK;
}

void fs_map_rest(const struct fs_map *map)
{
    if (map->bytes)
        (void)madvise((void *)(uintptr_t)map->bytes, map->len, MADV_DONTNEED);
}

void fs_unmap(struct fs_map *map)
{
    if (map->bytes)
        (void)munmap((void *)(uintptr_t)map->bytes, map->len);
    *map = (struct fs_map){ 0 };
}

enum err fs_write_file(const char *path, const void *bytes, size_t len, struct error *e)
{
    CLEANUP(file_writer_abandon) struct file_writer w = FILE_WRITER_INIT;
    enum err rc = file_writer_open(path, &w, e);
    if (rc == OK)
        rc = file_writer_add(&w, bytes, len, e);
    return rc == OK ? file_writer_commit(&w, e) : rc;
}

enum err fs_make_parents(const char *path, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf dir = STRBUF_INIT;
    fs_dirname(path, &dir);
    for (size_t i = 1; i <= dir.len; i++) {
        if (i < dir.len && dir.buf[i] != '/')
            continue;
        char kept = dir.buf[i];
        dir.buf[i] = '\0';
        struct stat st;
        if (mkdir(dir.buf, 0777) != 0 && (errno != EEXIST || stat(dir.buf, &st) != 0 || !S_ISDIR(st.st_mode)))
            return error_os(e, errno == EEXIST ? ENOTDIR : errno, "%s: cannot make the directory", dir.buf);
        dir.buf[i] = kept;
    }
    return OK;
}

bool fs_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

void fs_dirname(const char *path, struct strbuf *out)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') /* "a/b/" names b */
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    if (end == 0) {
        (void)strbuf_addch(out, '.');
        return;
    }
    while (end > 1 && path[end - 1] == '/')
        end--;
    (void)strbuf_add(out, path, end);
}

void fs_join(const char *dir, const char *name, struct strbuf *out)
{
    if (name[0] != '/' && dir[0] != '\0' && strcmp(dir, ".") != 0) {
        (void)strbuf_addstr(out, dir);
        if (dir[strlen(dir) - 1] != '/')
            (void)strbuf_addch(out, '/');
    }
    (void)strbuf_addstr(out, name);
}

static bool has_parent_component(const char *rel)
{
    for (const char *part = rel; *part;) {
        size_t len = strcspn(part, "/");
        if (len == 2 && part[0] == '.' && part[1] == '.')
            return true;
        part += len + (part[len] == '/');
    }
    return false;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

enum err fs_resolve_inside(const char *root, const char *rel, struct strbuf *out, struct error *e)
{
    if (rel[0] == '\0')
        return error_set(e, ERR_INVALID, "an empty path names no file");
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT; /* the path comes from a data set: hostile */
    text_safe_terminal(rel, strlen(rel), 0, true, &shown);
    if (has_control(rel))
        return error_set(e, ERR_INVALID, "'%s': the path holds control characters", shown.buf);
    if (rel[0] == '/')
        return error_set(e, ERR_INVALID, "'%s': an absolute path is not allowed here", shown.buf);
    if (has_parent_component(rel))
        return error_set(e, ERR_INVALID, "'%s': '..' is not allowed here", shown.buf);

    CLEANUP(strbuf_release) struct strbuf joined = STRBUF_INIT;
    (void)strbuf_addf(&joined, "%s/%s", root, rel);
    CLEANUP(cleanup_free) char *real = realpath(joined.buf, NULL);
    if (!real) {
        int os = errno;
        (void)error_os(e, os, "%s/%s", root, shown.buf);
        if (os != ENOENT && os != ENOTDIR)
            return ERR_IO;
        if (e)
            e->code = ERR_NOT_FOUND;
        return ERR_NOT_FOUND;
    }
    size_t root_len = strcmp(root, "/") == 0 ? 0 : strlen(root);
    if (strncmp(real, root, root_len) != 0 || (real[root_len] != '/' && real[root_len] != '\0'))
        return error_set(e, ERR_INVALID, "'%s': a link leads outside of %s", shown.buf, root);
    (void)strbuf_addstr(out, real);
    return OK;
}
