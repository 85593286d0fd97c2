/* archive_walk of archive_index.h: members of any kind of archive in one form. */
#include "core/limits.h"
#include "dataset/archive_index.h"
#include "dataset/tar_stream.h"
#include "dataset/zip_directory.h"

#include <string.h>
#include <sys/stat.h>

/* What a member of any archive must not be. */
static void judge(struct archive_member *m, const char *problem, enum err code)
{
    if (!m->place.problem && problem) {
        m->place.problem = problem;
        m->place.code = code;
    }
}

/* ---- Tar ---- */

static enum err visit_tar(struct tar_stream *s, enum archive_kind kind, const struct tar_member *t, archive_visit *visit, void *context,
                          struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf clean = STRBUF_INIT;
    struct archive_member m = { .name = t->name, .place = { .at = (uint64_t)t->number, .size = t->size } };
    m.unsafe = archive_member_name(t->name, strlen(t->name), &clean) != NULL || clean.len == 0;
    judge(&m, t->problem, ERR_INVALID);
    judge(&m, t->size > MAX_IMAGE_BYTES ? "is larger than 64 MiB" : NULL, ERR_LIMIT);
    if (!m.place.problem && kind == ARCHIVE_TAR && t->size > 0 && !tar_stream_place(s, &m.place.at))
        judge(&m, "cannot be found again in the archive", ERR_UNSUPPORTED);
    return visit(context, &m, e);
}

static enum err walk_tar(const char *path, const char *name, archive_visit *visit, void *context, struct error *e)
{
    enum archive_kind kind = archive_name_kind(name);
    struct tar_stream *s = NULL;
    bool more = true;
    enum err err = tar_stream_open(path, name, &s, e);
    while (err == OK) {
        struct tar_member t;
        err = tar_stream_next(s, &more, &t, e);
        if (err != OK || !more)
            break;
        if (!t.is_directory)
            err = visit_tar(s, kind, &t, visit, context, e);
    }
    tar_stream_close(s);
    return err;
}

/* ---- Zip ---- */

static const char *zip_kind_problem(const struct zip_entry *entry)
{
    mode_t type = (mode_t)entry->mode & S_IFMT;
    if (type == S_IFLNK)
        return "is a symbolic link";
    return type == 0 || type == S_IFREG ? NULL : "is a device or another special file";
}

/* Bytes that deflate cannot make: at best 1032 out of each. */
static bool is_impossible(const struct zip_entry *entry)
{
    return entry->method == ZIP_STORED ? entry->size != entry->packed : entry->size / 1033 > entry->packed;
}

static enum err visit_zip(const struct zip_directory *d, const struct zip_entry *entry, archive_visit *visit, void *context,
                          struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf name = STRBUF_INIT;
    struct archive_member m = {
        .place = { .packed = entry->packed, .size = entry->size, .crc = entry->crc, .deflated = entry->method == ZIP_DEFLATED }
    };
    const char *bad = archive_member_name(entry->name, entry->name_len, &name);
    m.unsafe = bad != NULL || name.len == 0;
    judge(&m, bad, ERR_INVALID);
    judge(&m, name.len == 0 ? "has no name" : NULL, ERR_INVALID);
    if (m.unsafe)
        (void)strbuf_add(&name, entry->name, entry->name_len);
    m.name = name.buf;
    judge(&m, zip_kind_problem(entry), ERR_INVALID);
    judge(&m, entry->encrypted ? "is encrypted" : NULL, ERR_UNSUPPORTED);
    judge(&m, entry->method != ZIP_STORED && entry->method != ZIP_DEFLATED ? "is compressed in another way than deflate" : NULL,
          ERR_UNSUPPORTED);
    judge(&m, entry->size > MAX_IMAGE_BYTES ? "is larger than 64 MiB" : NULL, ERR_LIMIT);
    judge(&m, is_impossible(entry) ? "claims a size that its bytes cannot give" : NULL, ERR_LIMIT);
    enum err err = m.place.problem ? OK : zip_directory_place(d, entry, &m.place.at, e);
    return err == OK ? visit(context, &m, e) : err;
}

static enum err walk_zip(const char *path, const char *name, archive_visit *visit, void *context, struct error *e)
{
    struct fs_map map;
    struct zip_directory d;
    struct zip_entry entry;
    bool more = true;
    enum err err = fs_map_file(path, SIZE_MAX, &map, e);
    if (err != OK)
        return err;
    err = zip_directory_open(&d, map.bytes, map.len, name, e);
    while (err == OK) {
        err = zip_directory_next(&d, &more, &entry, e);
        if (err != OK || !more)
            break;
        if (!entry.is_directory)
            err = visit_zip(&d, &entry, visit, context, e);
    }
    fs_unmap(&map);
    return err;
}

enum err archive_walk(const char *path, const char *name, archive_visit *visit, void *context, struct error *e)
{
    return archive_name_kind(name) == ARCHIVE_ZIP ? walk_zip(path, name, visit, context, e) : walk_tar(path, name, visit, context, e);
}
