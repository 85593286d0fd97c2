#include "dataset/archive_reader.h"

#include "base/arena.h"
#include "core/limits.h"
#include "dataset/tar_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct archive_reader {
    const struct archive_index *index;
    struct recent_members *recent;
    int fd;                    /* zip and tar */
    struct tar_stream *stream; /* packed tar; NULL = not begun */
    uint64_t next;             /* number of the member that the stream gives next */
};

enum err archive_reader_new(const struct archive_index *x, struct recent_members *recent, struct archive_reader **ret, struct error *e)
{
    int fd = -1;
    if (archive_index_kind(x) != ARCHIVE_TAR_PACKED && (fd = open(archive_index_path(x), O_RDONLY | O_CLOEXEC)) < 0)
        return error_os(e, errno, "cannot open archive '%s'", archive_index_name(x));
    struct archive_reader *r = xcalloc(1, sizeof(*r));
    *r = (struct archive_reader){ .index = x, .recent = recent, .fd = fd };
    *ret = r;
    return OK;
}

void archive_reader_free(struct archive_reader *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        (void)close(r->fd);
    tar_stream_close(r->stream);
    free(r);
}

static enum err bad(const struct archive_reader *r, const char *member, struct error *e, const char *what)
{
    return error_set(e, ERR_SYNTAX, "'%s' in archive '%s' %s", member, archive_index_name(r->index), what);
}

/* ---- In place ---- */

/* Maps `len` > 0 bytes at `offset`. The mapping begins at a page, the bytes somewhere in it. */
static enum err map_range(const struct archive_reader *r, uint64_t offset, uint64_t len, const char *member, struct fs_map *ret_map,
                          const unsigned char **ret_bytes, struct error *e)
{
    struct stat st;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), inside = offset % page;
    if (fstat(r->fd, &st) != 0 || (uint64_t)st.st_size < offset || (uint64_t)st.st_size - offset < len)
        return bad(r, member, e, "is not there any more: the archive became shorter");
    void *at = mmap(NULL, (size_t)(len + inside), PROT_READ, MAP_PRIVATE, r->fd, (off_t)(offset - inside));
    if (at == MAP_FAILED)
        return error_os(e, errno, "cannot map '%s' of archive '%s'", member, archive_index_name(r->index));
    *ret_map = (struct fs_map){ .bytes = at, .len = (size_t)(len + inside) };
    *ret_bytes = ret_map->bytes + inside;
    return OK;
}

static enum err inflate_all(const struct archive_reader *r, const unsigned char *packed, const struct archive_place *p, const char *member,
                            unsigned char *to, struct error *e)
{
    z_stream z = { .next_in = (z_const Bytef *)(uintptr_t)packed, .avail_in = (uInt)p->packed, .next_out = to, .avail_out = (uInt)p->size };
    if (p->packed > UINT32_MAX || inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return bad(r, member, e, "cannot be inflated");
    int rc = inflate(&z, Z_FINISH);
    (void)inflateEnd(&z);
    if (rc != Z_STREAM_END || z.total_out != p->size)
        return bad(r, member, e, "is damaged: it does not inflate to the size that it claims");
    return OK;
}

static enum err read_zip(const struct archive_reader *r, const struct archive_place *p, const char *member, struct image_bytes *ret,
                         struct error *e)
{
    struct image_bytes b = { 0 };
    enum err err = map_range(r, p->at, p->packed, member, &b.map, &b.bytes, e);
    if (err != OK)
        return err;
    if (p->deflated) {
        unsigned char *to = xmalloc((size_t)p->size);
        err = inflate_all(r, b.bytes, p, member, to, e);
        fs_unmap(&b.map);
        b.owned = to;
        b.bytes = to;
    }
    b.len = (size_t)p->size;
    if (err == OK && crc32(0, b.bytes, (uInt)b.len) != p->crc)
        err = bad(r, member, e, "is damaged: its check sum is another");
    if (err == OK)
        *ret = b;
    else
        image_bytes_release(&b);
    return err;
}

/* ---- Front to back ---- */

static void give_copy(const void *bytes, size_t len, struct image_bytes *ret)
{
    void *copy = xmalloc(len ? len : 1);
    memcpy(copy, bytes, len);
    *ret = (struct image_bytes){ .bytes = copy, .len = len, .owned = copy };
}

/* One step; what is passed on the way to `wanted` is remembered, in case it is asked for next. */
static enum err step(struct archive_reader *r, uint64_t wanted, bool *ret_there, struct image_bytes *ret, struct error *e)
{
    struct tar_member m;
    bool more = false;
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    enum err err = tar_stream_next(r->stream, &more, &m, e);
    if (err == OK && !more)
        err = error_set(e, ERR_SYNTAX, "archive '%s' is not the one that it was", archive_index_name(r->index));
    if (err != OK)
        return err;
    r->next = (uint64_t)m.number + 1;
    if (m.problem || m.is_directory || m.size > MAX_IMAGE_BYTES)
        return OK;
    strbuf_init(&bytes, MAX_IMAGE_BYTES);
    err = tar_stream_read(r->stream, &bytes, e);
    if (err != OK)
        return err;
    size_t len;
    *ret_there = (uint64_t)m.number == wanted;
    if (*ret_there)
        give_copy(bytes.buf, bytes.len, ret);
    char *kept = strbuf_detach(&bytes, &len);
    recent_members_add(r->recent, r->index, (uint64_t)m.number, kept, len);
    return OK;
}

static enum err read_packed(struct archive_reader *r, const struct archive_place *p, struct image_bytes *ret, struct error *e)
{
    const void *bytes;
    size_t len;
    if (recent_members_find(r->recent, r->index, p->at, &bytes, &len)) {
        give_copy(bytes, len, ret);
        return OK;
    }
    bool there = false;
    enum err err = OK;
    if (!r->stream || r->next > p->at) {
        tar_stream_close(TAKE(r->stream));
        r->next = 0;
        err = tar_stream_open(archive_index_path(r->index), archive_index_name(r->index), &r->stream, e);
    }
    while (err == OK && !there && r->next <= p->at)
        err = step(r, p->at, &there, ret, e);
    if (err == OK && !there)
        err = error_set(e, ERR_SYNTAX, "archive '%s' is not the one that it was", archive_index_name(r->index));
    if (err != OK)
        tar_stream_close(TAKE(r->stream)); /* begins again next time */
    return err;
}

enum err archive_reader_read(struct archive_reader *r, const struct archive_place *place, const char *member, struct image_bytes *ret,
                             struct error *e)
{
    if (place->size == 0) {
        *ret = (struct image_bytes){ .bytes = (const unsigned char *)"" };
        return OK;
    }
    switch (archive_index_kind(r->index)) {
    case ARCHIVE_TAR_PACKED: return read_packed(r, place, ret, e);
    case ARCHIVE_ZIP:
        if (place->packed > 0)
            return read_zip(r, place, member, ret, e);
        return bad(r, member, e, "is damaged: it has no bytes");
    default: ret->len = (size_t)place->size; return map_range(r, place->at, place->size, member, &ret->map, &ret->bytes, e);
    }
}
