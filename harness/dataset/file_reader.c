#include "dataset/file_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Large enough that system calls do not show, small enough to stay in the second-level cache while it is parsed. */
enum { BLOCK_BYTES = 256 * 1024 };

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static void skip_byte_order_mark(struct file_reader *r)
{
    if (r->pos == r->len && !file_reader_fill(r))
        return;
    if (r->len - r->pos >= 3 && memcmp(r->block + r->pos, byte_order_mark, 3) == 0)
        r->pos += 3;
}

enum err file_reader_open(struct file_reader *r, const char *path, const char *name, struct error *e)
{
    /* O_NONBLOCK: opening a pipe must not hang before it can be refused. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_os(e, errno, "cannot open data file '%s'", name);

    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(fd);
        return error_set(e, ERR_INVALID, "data file '%s' is not a regular file", name);
    }
    *r = (struct file_reader){ .name = name, .fd = fd, .own = xmalloc(BLOCK_BYTES), .hash = sha256_new() };
    r->block = r->own;
    skip_byte_order_mark(r);
    return OK;
}

void file_reader_open_stream(struct file_reader *r, struct file_stream stream, const char *name)
{
    *r = (struct file_reader){ .name = name, .fd = -1, .stream = stream, .own = xmalloc(BLOCK_BYTES), .hash = sha256_new() };
    r->block = r->own;
    skip_byte_order_mark(r);
}

void file_reader_open_memory(struct file_reader *r, const void *bytes, size_t len, const char *name)
{
    *r = (struct file_reader){ .name = name, .block = len ? bytes : "", .len = len, .fd = -1, .hash = sha256_new() };
    sha256_add(r->hash, r->block, len);
    skip_byte_order_mark(r);
}

static ssize_t pull(struct file_reader *r, char *to, size_t room)
{
    struct error why = { 0 };
    ssize_t n = r->stream.pull(r->stream.context, to, room, &why);
    if (n < 0) {
        r->failed_stream = xmalloc(sizeof(why));
        *r->failed_stream = why;
    }
    return n;
}

bool file_reader_fill(struct file_reader *r)
{
    if ((r->fd < 0 && !r->stream.pull) || r->failed_os || r->failed_stream)
        return false;
    r->block_start += (int64_t)r->len;
    r->pos = r->len = 0;
    while (r->len < BLOCK_BYTES) {
        ssize_t n = r->stream.pull ? pull(r, r->own + r->len, BLOCK_BYTES - r->len) : read(r->fd, r->own + r->len, BLOCK_BYTES - r->len);
        if (n < 0 && !r->stream.pull && errno == EINTR)
            continue;
        if (n < 0 && !r->stream.pull)
            r->failed_os = errno;
        if (n <= 0)
            break;
        r->len += (size_t)n;
    }
    sha256_add(r->hash, r->own, r->len);
    return r->len > 0;
}

enum err file_reader_check(const struct file_reader *r, struct error *e)
{
    if (r->failed_stream)
        return error_set(e, r->failed_stream->code, "%s", r->failed_stream->msg);
    return r->failed_os ? error_os(e, r->failed_os, "cannot read data file '%s'", r->name) : OK;
}

static enum err read_at(const struct file_reader *r, int64_t offset, size_t len, char *to, struct error *e)
{
    while (len > 0) {
        ssize_t n = pread(r->fd, to, len, offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_os(e, errno, "cannot read data file '%s'", r->name);
        if (n == 0)
            return error_set(e, ERR_IO, "data file '%s' became shorter while it was read", r->name);
        to += n;
        offset += n;
        len -= (size_t)n;
    }
    return OK;
}

enum err file_reader_at(const struct file_reader *r, int64_t offset, size_t len, struct strbuf *out, struct error *e)
{
    strbuf_clear(out);
    if (r->stream.pull)
        return error_set(e, ERR_UNSUPPORTED, "'%s': a JSON object of records cannot be read inside an archive; unpack it, or use JSONL",
                         r->name);
    if (r->fd < 0) {
        if (offset < 0 || (size_t)offset > r->len || len > r->len - (size_t)offset)
            return error_set(e, ERR_IO, "'%s' has no %zu bytes at offset %lld", r->name, len, (long long)offset);
        return strbuf_add(out, r->block + offset, len);
    }
    char *to = strbuf_reserve(out, len);
    if (!to)
        return error_set(e, ERR_LIMIT, "'%s': a record of %zu bytes is too large", r->name, len);
    enum err err = read_at(r, offset, len, to, e);
    if (err != OK)
        return err;
    strbuf_commit(out, len);
    return OK;
}

enum err file_reader_sha256(struct file_reader *r, struct sha256_hex *ret, struct error *e)
{
    while (file_reader_fill(r))
        ;
    enum err err = file_reader_check(r, e);
    if (err != OK)
        return err;
    *ret = sha256_take(r->hash);
    return OK;
}

void file_reader_release(struct file_reader *r)
{
    if (r->fd >= 0)
        (void)close(r->fd);
    if (r->stream.close)
        r->stream.close(r->stream.context);
    free(r->failed_stream);
    free(r->own);
    sha256_free(r->hash);
    *r = (struct file_reader)FILE_READER_INIT;
}
