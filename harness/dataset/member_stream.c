#include "dataset/member_stream.h"

#include "base/arena.h"
#include "base/fs.h"
#include "dataset/archive_name.h"
#include "dataset/tar_stream.h"
#include "dataset/zip_directory.h"

#include <string.h>
#include <zlib.h>

struct member_stream {
    const char *name;
    struct tar_stream *tar; /* NULL = a zip */
    struct fs_map map;
    struct zip_entry entry;
    z_stream z;
    bool inflating;
    const unsigned char *at; /* stored: what comes next */
    uint64_t left;           /* bytes of the member that did not come yet */
    uint32_t crc;
};

static bool has_name(const char *raw, size_t len, const char *member)
{
    CLEANUP(strbuf_release) struct strbuf clean = STRBUF_INIT;
    return archive_member_name(raw, len, &clean) == NULL && strcmp(clean.buf, member) == 0;
}

/* ---- Zip ---- */

static enum err find_entry(struct member_stream *s, const char *member, struct zip_directory *d, struct error *e)
{
    bool more = true, found = false;
    struct zip_entry entry;
    enum err err = zip_directory_open(d, s->map.bytes, s->map.len, s->name, e);
    while (err == OK) {
        err = zip_directory_next(d, &more, &entry, e);
        if (err != OK || !more)
            break;
        if (entry.is_directory || !has_name(entry.name, entry.name_len, member))
            continue;
        if (found)
            return error_set(e, ERR_INVALID, "data file '%s' is in the archive more than once", s->name);
        found = true;
        s->entry = entry;
    }
    if (err == OK && !found)
        err = error_set(e, ERR_NOT_FOUND, "data file '%s' is not in the archive", s->name);
    return err;
}

static enum err open_zip(struct member_stream *s, const char *path, const char *member, struct error *e)
{
    struct zip_directory d;
    uint64_t offset = 0;
    enum err err = fs_map_file(path, SIZE_MAX, &s->map, e);
    if (err == OK)
        err = find_entry(s, member, &d, e);
    if (err != OK)
        return err;
    const struct zip_entry *entry = &s->entry;
    if (entry->encrypted)
        return error_set(e, ERR_UNSUPPORTED, "data file '%s' is encrypted; encrypted archives are not read", s->name);
    if ((entry->mode & 0170000u) != 0 && (entry->mode & 0170000u) != 0100000u)
        return error_set(e, ERR_INVALID, "data file '%s' is a link or a special file", s->name);
    if (entry->method != ZIP_STORED && entry->method != ZIP_DEFLATED)
        return error_set(e, ERR_UNSUPPORTED, "data file '%s' is compressed in another way than deflate", s->name);
    if (entry->method == ZIP_STORED && entry->size != entry->packed)
        return error_set(e, ERR_SYNTAX, "data file '%s' is damaged: it has two sizes", s->name);
    err = zip_directory_place(&d, entry, &offset, e);
    if (err != OK)
        return err;
    s->at = s->map.bytes + offset;
    s->left = entry->size;
    if (entry->method == ZIP_STORED)
        return OK;
    s->inflating = inflateInit2(&s->z, -MAX_WBITS) == Z_OK;
    return s->inflating ? OK : error_set(e, ERR_IO, "data file '%s' cannot be inflated", s->name);
}

/* zlib counts in 32 bits: a large member is fed in pieces. */
static enum err inflate_piece(struct member_stream *s, void *to, size_t room, struct error *e)
{
    const uint64_t piece = 1u << 30;
    uint64_t fed = (uint64_t)(s->at - s->map.bytes), end = 0;
    s->z.next_out = to;
    s->z.avail_out = (uInt)room;
    while (s->z.avail_out > 0) {
        if (s->z.avail_in == 0 && s->entry.packed > 0) {
            end = s->entry.packed < piece ? s->entry.packed : piece;
            s->z.next_in = (z_const Bytef *)(uintptr_t)(s->map.bytes + fed);
            s->z.avail_in = (uInt)end;
            s->entry.packed -= end;
            fed += end;
            s->at = s->map.bytes + fed;
        }
        int rc = inflate(&s->z, Z_NO_FLUSH);
        if (rc == Z_STREAM_END)
            break;
        if (rc != Z_OK)
            return error_set(e, ERR_SYNTAX, "data file '%s' is damaged: it does not inflate", s->name);
    }
    return OK;
}

static ssize_t pull_zip(struct member_stream *s, void *to, size_t room, struct error *e)
{
    size_t want = room < s->left ? room : (size_t)s->left;
    want = want < UINT32_MAX / 2 ? want : UINT32_MAX / 2;
    if (want == 0)
        return 0;
    if (!s->inflating) {
        memcpy(to, s->at, want);
        s->at += want;
    } else if (inflate_piece(s, to, want, e) != OK) {
        return -1;
    } else if (s->z.avail_out > 0) {
        (void)error_set(e, ERR_SYNTAX, "data file '%s' is damaged: it is shorter than it claims", s->name);
        return -1;
    }
    s->left -= want;
    s->crc = (uint32_t)crc32(s->crc, to, (uInt)want);
    if (s->left == 0 && s->crc != s->entry.crc) {
        (void)error_set(e, ERR_SYNTAX, "data file '%s' is damaged: its check sum is another", s->name);
        return -1;
    }
    return (ssize_t)want;
}

/* ---- Tar ---- */

static enum err open_tar(struct member_stream *s, const char *path, const char *member, struct error *e)
{
    bool more = true;
    struct tar_member m;
    enum err err = tar_stream_open(path, s->name, &s->tar, e);
    while (err == OK) {
        err = tar_stream_next(s->tar, &more, &m, e);
        if (err != OK || !more)
            break;
        if (m.is_directory || strcmp(m.name, member) != 0)
            continue;
        return m.problem ? error_set(e, ERR_INVALID, "data file '%s' %s; it is not read", s->name, m.problem) : OK;
    }
    return err == OK ? error_set(e, ERR_NOT_FOUND, "data file '%s' is not in the archive", s->name) : err;
}

/* ---- Either ---- */

enum err member_stream_open(const char *path, const char *member, const char *name, struct member_stream **ret, struct error *e)
{
    struct member_stream *s = xcalloc(1, sizeof(*s));
    s->name = name;
    bool zip = archive_name_kind(name) == ARCHIVE_ZIP;
    enum err err = zip ? open_zip(s, path, member, e) : open_tar(s, path, member, e);
    if (err == OK)
        *ret = s;
    else
        member_stream_close(s);
    return err;
}

ssize_t member_stream_pull(void *stream, void *to, size_t room, struct error *e)
{
    struct member_stream *s = stream;
    return s->tar ? tar_stream_pull(s->tar, to, room, e) : pull_zip(s, to, room, e);
}

void member_stream_close(void *stream)
{
    struct member_stream *s = stream;
    if (!s)
        return;
    if (s->inflating)
        (void)inflateEnd(&s->z);
    tar_stream_close(s->tar);
    fs_unmap(&s->map);
    free(s);
}
