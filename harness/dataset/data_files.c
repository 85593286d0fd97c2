#include "dataset/data_files.h"

#include "base/fs.h"
#include "base/text_safe.h"
#include "base/vec.h"
#include "dataset/archive_index.h"
#include "dataset/file_list.h"
#include "dataset/imagefolder.h"
#include "dataset/parquet_source.h"

#include <string.h>

/* The last component: of "a/b.zip!c.csv" that is "c.csv". */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t archive = archive_name_has_member(path) ? archive_name_split(path) : 0;
    if (archive && (!slash || slash < path + archive))
        return path + archive + 1;
    return slash ? slash + 1 : path;
}

static const char *stem_of(const char *path, struct arena *a)
{
    const char *name = base_name(path), *dot = strrchr(name, '.');
    return arena_strndup(a, name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}

/* "a/b" of "a/b/c", and "b.zip" of "b.zip!c". */
static const char *directory_of(const char *path, struct arena *a)
{
    const char *name = base_name(path);
    return name > path ? arena_strndup(a, path, (size_t)(name - path) - 1) : "";
}

static bool has_name(const char *path, const char *name)
{
    return strcmp(base_name(path), name) == 0;
}

static enum err complain(const struct manifest *m, const struct manifest_file *from, const char *path, const char *what, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    text_safe_terminal(path, strlen(path), 100, false, &shown);
    return error_set(e, ERR_INVALID, "%s:%d:%d: '%s' %s", m->path, from->line, from->column, shown.buf, what);
}

/* The row format of a metadata file, by its name. */
static enum err metadata_format(const struct manifest *m, struct data_file *f, struct error *e)
{
    static const struct {
        const char *name;
        enum row_format format;
    } known[] = { { "metadata.csv", ROW_FORMAT_CSV }, { "metadata.jsonl", ROW_FORMAT_JSONL }, { "metadata.parquet", ROW_FORMAT_PARQUET } };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (has_name(f->path, known[i].name)) {
            f->format = known[i].format;
            return OK;
        }
    }
    return complain(m, f->from, f->path, "is not a metadata file (metadata.csv, metadata.jsonl or metadata.parquet)", e);
}

static enum row_format format_of(enum dataset_format format)
{
    switch (format) {
    case FORMAT_CSV: return ROW_FORMAT_CSV;
    case FORMAT_JSON: return ROW_FORMAT_JSON;
    case FORMAT_PARQUET: return ROW_FORMAT_PARQUET;
    default: return ROW_FORMAT_JSONL;
    }
}

/* What is read from an archive has to be named in it; a shard of a webdataset is one. */
static enum err check_archive(const struct manifest *m, struct data_file *f, struct error *e)
{
    enum archive_kind kind = f->archive ? archive_kind_of(f->archive, strlen(f->archive)) : ARCHIVE_NONE;
    if (m->format == FORMAT_WEBDATASET) {
        f->format = ROW_FORMAT_WEBDATASET;
        if (f->member[0] || (kind != ARCHIVE_TAR && kind != ARCHIVE_TAR_PACKED))
            return complain(m, f->from, f->path, "is no shard of a webdataset (.tar, .tar.gz, .tgz or .tar.zst)", e);
        return OK;
    }
    if (f->archive && !f->member[0])
        return complain(m, f->from, f->path, "is an archive; name the data file in it, as in archive.zip!rows.jsonl", e);
    return OK;
}

/* Its parts are looked up at random, and the names of its images begin with its own. */
static enum err check_parquet(const struct manifest *m, struct data_file *f, struct error *e)
{
    if (f->archive)
        return complain(m, f->from, f->path, "is a Parquet file in an archive; unpack it, it cannot be read in there", e);
    if (!parquet_source_takes(f->path, strlen(f->path)))
        return complain(m, f->from, f->path, "is not called .parquet (.parq, .pq), which the names of its images build on", e);
    return OK;
}

static enum err describe(const struct manifest *m, const char *root, struct arena *a, struct data_file *f, struct error *e)
{
    bool folder = m->format == FORMAT_IMAGEFOLDER;
    CLEANUP(strbuf_release) struct strbuf absolute = STRBUF_INIT;
    size_t archive = archive_name_split(f->path);
    f->archive = archive ? arena_strndup(a, f->path, archive) : NULL;
    f->member = archive && f->path[archive] ? f->path + archive + 1 : "";
    enum err err = fs_resolve_inside(root, f->archive ? f->archive : f->path, &absolute, e);
    if (err != OK)
        return error_prefix(e, "%s:%d:%d: data file", m->path, f->from->line, f->from->column);

    f->absolute = arena_strndup(a, absolute.buf, absolute.len);
    f->stem = stem_of(f->path, a);
    f->split = f->from->split[0] || !folder ? f->from->split : imagefolder_split(f->path);
    f->images_base = folder && !m->images_root[0] ? directory_of(f->path, a) : m->images_root;
    f->format = format_of(m->format);
    err = check_archive(m, f, e);
    if (err == OK && folder)
        err = metadata_format(m, f, e);
    return err == OK && f->format == ROW_FORMAT_PARQUET ? check_parquet(m, f, e) : err;
}

/* ---- Paths ---- */

/* Data files and the lines of the manifest that named them. */
struct found {
    struct arena *arena;
    struct data_file *file;
    size_t count, cap;
    const struct manifest_file *from; /* whose paths are added now */
    const char *archive;              /* that is walked now */
};

static void add_file(struct found *f, const char *path)
{
    f->file = vec_grow(f->file, f->count, &f->cap, sizeof(*f->file));
    f->file[f->count++] = (struct data_file){ .from = f->from, .path = path };
}

static enum err add_metadata(void *context, const struct archive_member *member, struct error *e)
{
    struct found *f = context;
    (void)e;
    if (member->unsafe || !(has_name(member->name, "metadata.csv") || has_name(member->name, "metadata.jsonl")))
        return OK;
    if (f->count < MAX_DATA_FILES)
        add_file(f, arena_printf(f->arena, "%s!%s", f->archive, member->name));
    return OK;
}

/* An archive of an imagefolder stands for the metadata files in it. */
static enum err add_archive(struct found *f, const struct manifest *m, const char *root, const char *path, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf absolute = STRBUF_INIT;
    size_t before = f->count;
    f->archive = path;
    enum err err = fs_resolve_inside(root, path, &absolute, e);
    if (err == OK)
        err = archive_walk(absolute.buf, path, add_metadata, f, e);
    if (err != OK)
        return error_prefix(e, "%s:%d:%d: data file", m->path, f->from->line, f->from->column);
    return f->count > before ? OK : complain(m, f->from, path, "holds no metadata.csv and no metadata.jsonl", e);
}

/* Adds what one path of the manifest means. A pattern ends where the name of a member begins. */
static enum err add_paths(struct found *f, const struct manifest *m, const char *root, struct error *e)
{
    CLEANUP(file_list_release) struct file_list list = { .arena = f->arena };
    const char *path = f->from->path, *member = "";
    if (archive_name_has_member(path)) {
        member = path + archive_name_split(path);
        path = arena_strndup(f->arena, path, archive_name_split(path));
    }
    enum err err = file_list_add(&list, root, path, e);
    if (err != OK)
        return error_prefix(e, "%s:%d:%d", m->path, f->from->line, f->from->column);
    if (list.count == 0)
        return complain(m, f->from, f->from->path, "matches no file below the data set's root", e);
    for (size_t i = 0; err == OK && i < list.count; i++) {
        if (m->format == FORMAT_IMAGEFOLDER && !member[0] && archive_name_split(list.path[i]) > 0)
            err = add_archive(f, m, root, list.path[i], e);
        else
            add_file(f, member[0] ? arena_printf(f->arena, "%s%s", list.path[i], member) : list.path[i]);
    }
    return err;
}

static enum err describe_all(struct found *f, const struct manifest *m, const char *root, struct error *e)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < f->count; i++) {
        err = describe(m, root, f->arena, &f->file[i], e);
        if (err == OK && m->format == FORMAT_IMAGEFOLDER && f->file[i].format != f->file[0].format)
            err = complain(m, f->file[i].from, f->file[i].path,
                           "has another extension than the metadata files before it; all must share one", e);
    }
    return err;
}

enum err data_files_find(const struct manifest *m, const char *root, struct arena *a, const struct data_file **ret, size_t *ret_count,
                         struct error *e)
{
    struct error local;
    struct found found = { .arena = a };
    enum err err = OK;
    e = e ? e : &local;
    for (size_t i = 0; err == OK && i < m->file_count; i++) {
        found.from = &m->file[i];
        err = add_paths(&found, m, root, e);
    }
    if (err == OK)
        err = describe_all(&found, m, root, e);
    if (err == OK) {
        struct data_file *file = arena_array(a, found.count, sizeof(*file));
        if (found.count > 0)
            memcpy(file, found.file, found.count * sizeof(*file));
        *ret = file;
        *ret_count = found.count;
    }
    free(found.file);
    return err;
}
