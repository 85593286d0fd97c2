#include "dataset/tar_stream.h"

#include "base/arena.h"
#include "base/fs.h"
#include "core/limits.h"
#include "dataset/archive_name.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK_BYTES = 256 * 1024 };

struct tar_stream {
    const char *name;
    struct archive *archive;
    struct fs_map map; /* of a plain tar: libarchive then hands out pointers into it, which tell places */
    gzFile gzip;       /* of a .tar.gz: zlib checks its sums, libarchive does not */
    int fd;            /* of a .tar.zst */
    char *block;
    uint64_t file_bytes;
    struct strbuf member; /* its name */
    const void *first;    /* the first piece of the current member, fetched to learn its place */
    size_t first_len;
    int64_t count;
    locale_t plain, before; /* see enter() */
};

/* libarchive translates names into the charset of the locale. In the C locale it cannot, and leaves their bytes alone. */
static void enter(struct tar_stream *s)
{
    s->before = s->plain ? uselocale(s->plain) : (locale_t)0;
}

static void leave(struct tar_stream *s)
{
    if (s->before)
        (void)uselocale(s->before);
}

/* ---- Opening ---- */

static enum err damaged(const struct tar_stream *s, struct error *e)
{
    const char *why = archive_error_string(s->archive);
    return error_set(e, ERR_SYNTAX, "archive '%s' is damaged or no tar: %s", s->name, why ? why : "it is empty");
}

/* Whether more came out than such a small file can honestly hold. */
static bool is_bomb(uint64_t in, uint64_t out)
{
    return out > MAX_ARCHIVE_BYTES || (out > FREE_ARCHIVE_BYTES && out / MAX_ARCHIVE_RATIO > in);
}

static la_ssize_t read_gzip(struct archive *a, void *context, const void **ret)
{
    struct tar_stream *s = context;
    int problem = Z_OK;
    int got = gzread(s->gzip, s->block, BLOCK_BYTES);
    const char *why = gzerror(s->gzip, &problem);
    if (got < 0 || (got == 0 && problem != Z_OK && problem != Z_STREAM_END)) {
        const char *text = strstr(why, ">: "); /* zlib puts the descriptor before it */
        archive_set_error(a, EIO, "gzip: %s", text ? text + 3 : why);
        return ARCHIVE_FATAL;
    }
    *ret = s->block;
    return got;
}

static la_ssize_t read_file(struct archive *a, void *context, const void **ret)
{
    struct tar_stream *s = context;
    ssize_t got;
    do
        got = read(s->fd, s->block, BLOCK_BYTES);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        archive_set_error(a, errno, "cannot be read: %s", strerror(errno));
    *ret = s->block;
    return got < 0 ? ARCHIVE_FATAL : got;
}

static enum err open_gzip(struct tar_stream *s, struct error *e)
{
    s->gzip = gzdopen(s->fd, "rb");
    if (!s->gzip)
        return error_set(e, ERR_IO, "archive '%s' cannot be opened", s->name);
    s->fd = -1; /* gzclose closes it */
    (void)gzbuffer(s->gzip, BLOCK_BYTES);
    if (gzdirect(s->gzip))
        return error_set(e, ERR_SYNTAX, "archive '%s' is damaged or not compressed by gzip", s->name);
    return archive_read_open(s->archive, s, NULL, read_gzip, NULL) == ARCHIVE_OK ? OK : damaged(s, e);
}

static enum err open_archive(struct tar_stream *s, const char *path, struct error *e)
{
    size_t len = archive_name_split(s->name);
    s->archive = archive_read_new();
    if (!s->archive)
        abort();
    (void)archive_read_support_format_tar(s->archive);
    if (archive_name_kind(s->name) == ARCHIVE_TAR) {
        enum err err = fs_map_file(path, SIZE_MAX, &s->map, e);
        if (err != OK)
            return err;
        return archive_read_open_memory(s->archive, s->map.bytes, s->map.len) == ARCHIVE_OK ? OK : damaged(s, e);
    }
    s->block = xmalloc(BLOCK_BYTES);
    s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (s->fd < 0 || fstat(s->fd, &st) != 0)
        return error_os(e, errno, "cannot open archive '%s'", s->name);
    if (!S_ISREG(st.st_mode))
        return error_set(e, ERR_INVALID, "archive '%s' is not a regular file", s->name);
    s->file_bytes = (uint64_t)st.st_size;
    if (len < 4 || strncasecmp(s->name + len - 4, ".zst", 4) != 0)
        return open_gzip(s, e);
    (void)archive_read_support_filter_zstd(s->archive);
    return archive_read_open(s->archive, s, NULL, read_file, NULL) == ARCHIVE_OK ? OK : damaged(s, e);
}

enum err tar_stream_open(const char *path, const char *name, struct tar_stream **ret, struct error *e)
{
    struct tar_stream *s = xcalloc(1, sizeof(*s));
    *s = (struct tar_stream){ .name = name, .fd = -1, .member = STRBUF_INIT, .plain = newlocale(LC_ALL_MASK, "C", (locale_t)0) };
    enter(s);
    enum err err = open_archive(s, path, e);
    leave(s);
    if (err == OK)
        *ret = s;
    else
        tar_stream_close(s);
    return err;
}

void tar_stream_close(struct tar_stream *s)
{
    if (!s)
        return;
    (void)archive_read_free(s->archive);
    if (s->gzip)
        (void)gzclose(s->gzip);
    if (s->fd >= 0)
        (void)close(s->fd);
    if (s->plain)
        freelocale(s->plain);
    fs_unmap(&s->map);
    free(s->block);
    strbuf_release(&s->member);
    free(s);
}

/* ---- Members ---- */

static const char *kind_problem(struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry))
        return "is a hard link";
    switch (archive_entry_filetype(entry)) {
    case AE_IFREG: return archive_entry_sparse_count(entry) > 0 ? "is a sparse file" : NULL;
    case AE_IFDIR: return NULL;
    case AE_IFLNK: return "is a symbolic link";
    default: return "is a device or another special file";
    }
}

static enum err refuse_bomb(const struct tar_stream *s, struct error *e)
{
    return error_set(e, ERR_LIMIT, "archive '%s' unpacks to more than %d times its size; it is refused as a bomb", s->name,
                     MAX_ARCHIVE_RATIO);
}

static enum err check_growth(const struct tar_stream *s, struct error *e)
{
    bool bomb = !s->map.bytes && is_bomb(s->file_bytes, (uint64_t)archive_filter_bytes(s->archive, 0));
    return bomb ? refuse_bomb(s, e) : OK;
}

/* Passes over what is left of the member. Compressed, that means to unpack it: then it is watched. */
static enum err skip_rest(struct tar_stream *s, struct error *e)
{
    const void *piece;
    size_t len;
    la_int64_t offset;
    int rc = ARCHIVE_OK;
    if (s->map.bytes || s->count == 0)
        return OK;
    while (rc == ARCHIVE_OK || rc == ARCHIVE_WARN) {
        enum err err = check_growth(s, e);
        if (err != OK)
            return err;
        rc = archive_read_data_block(s->archive, &piece, &len, &offset);
    }
    return rc == ARCHIVE_EOF ? OK : damaged(s, e);
}

/* A tar may end before its compressed stream, whose check sum stands at the very end. */
static enum err read_to_end(struct tar_stream *s, struct error *e)
{
    const void *piece;
    la_ssize_t got = 1;
    uint64_t out = (uint64_t)archive_filter_bytes(s->archive, 0);
    while (s->gzip && got > 0) {
        got = read_gzip(s->archive, s, &piece);
        out += got > 0 ? (uint64_t)got : 0;
        if (is_bomb(s->file_bytes, out))
            return refuse_bomb(s, e);
    }
    return got < 0 ? damaged(s, e) : OK;
}

static void describe(struct tar_stream *s, struct archive_entry *entry, struct tar_member *ret)
{
    const char *raw = archive_entry_pathname(entry);
    *ret = (struct tar_member){ .problem = kind_problem(entry), .number = s->count };
    ret->is_directory = !ret->problem && archive_entry_filetype(entry) == AE_IFDIR;
    ret->size = archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0 ? (uint64_t)archive_entry_size(entry) : 0;
    strbuf_clear(&s->member);
    const char *bad = raw ? archive_member_name(raw, strlen(raw), &s->member) : "has no name";
    if (bad) {
        ret->problem = bad;
        (void)strbuf_addstr(&s->member, raw ? raw : "");
    } else if (s->member.len == 0 && !ret->is_directory) {
        ret->problem = "has no name";
    }
    ret->name = s->member.buf;
}

static enum err next_member(struct tar_stream *s, bool *ret_more, struct tar_member *ret, struct error *e)
{
    struct archive_entry *entry = NULL;
    enum err err = skip_rest(s, e);
    if (err != OK)
        return err;
    s->first = NULL;
    s->first_len = 0;
    int rc = archive_read_next_header(s->archive, &entry);
    if (rc == ARCHIVE_EOF) {
        *ret_more = false;
        return read_to_end(s, e);
    }
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
        return damaged(s, e);
    if (s->count >= MAX_ARCHIVE_MEMBERS)
        return error_set(e, ERR_LIMIT, "archive '%s' has more than %d members", s->name, MAX_ARCHIVE_MEMBERS);
    describe(s, entry, ret);
    s->count++;
    *ret_more = true;
    return OK;
}

enum err tar_stream_next(struct tar_stream *s, bool *ret_more, struct tar_member *ret, struct error *e)
{
    enter(s);
    enum err err = next_member(s, ret_more, ret, e);
    leave(s);
    return err;
}

bool tar_stream_place(struct tar_stream *s, uint64_t *ret_offset)
{
    la_int64_t offset = 0;
    if (!s->map.bytes || archive_read_data_block(s->archive, &s->first, &s->first_len, &offset) != ARCHIVE_OK || offset != 0)
        return false;
    const unsigned char *at = s->first;
    if (at < s->map.bytes || at > s->map.bytes + s->map.len)
        return false;
    *ret_offset = (uint64_t)(at - s->map.bytes);
    return true;
}

ssize_t tar_stream_pull(struct tar_stream *s, void *to, size_t room, struct error *e)
{
    la_ssize_t got = archive_read_data(s->archive, to, room);
    if (got >= 0 && check_growth(s, e) != OK)
        return -1;
    if (got < 0)
        (void)damaged(s, e);
    return got < 0 ? -1 : (ssize_t)got;
}

enum err tar_stream_read(struct tar_stream *s, struct strbuf *out, struct error *e)
{
    strbuf_clear(out);
    for (;;) {
        size_t room = out->cap - out->len > BLOCK_BYTES ? out->cap - out->len - 1 : BLOCK_BYTES;
        if (room > out->max - out->len)
            room = out->max - out->len;
        char probe;
        char *to = room > 0 ? strbuf_reserve(out, room) : &probe;
        ssize_t got = tar_stream_pull(s, to, room > 0 ? room : 1, e);
        if (got <= 0)
            return got == 0 ? OK : (e ? e->code : ERR_SYNTAX);
        if (room == 0)
            return error_set(e, ERR_LIMIT, "archive '%s': '%s' is larger than %zu MiB", s->name, s->member.buf, out->max / MIB);
        strbuf_commit(out, (size_t)got);
    }
}
