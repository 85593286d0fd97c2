#include "dataset/data_files.h"

#include "base/fs.h"
#include "base/text_safe.h"
#include "dataset/file_list.h"
#include "dataset/imagefolder.h"

#include <string.h>

static const char *stem_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return arena_strndup(a, name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}

static const char *directory_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_strndup(a, path, (size_t)(slash - path)) : "";
}

static bool has_name(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, name) == 0;
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
    if (has_name(f->path, "metadata.parquet")) {
        (void)complain(m, f->from, f->path, "is Parquet, which this build does not read (metadata.csv and metadata.jsonl it does)", e);
        return e->code = ERR_UNSUPPORTED;
    }
    if (!has_name(f->path, "metadata.csv") && !has_name(f->path, "metadata.jsonl"))
        return complain(m, f->from, f->path, "is not a metadata file (metadata.csv or metadata.jsonl)", e);
    f->format = has_name(f->path, "metadata.csv") ? ROW_FORMAT_CSV : ROW_FORMAT_JSONL;
    return OK;
}

static enum err describe(const struct manifest *m, const char *root, struct arena *a, struct data_file *f, struct error *e)
{
    bool folder = m->format == FORMAT_IMAGEFOLDER;
    CLEANUP(strbuf_release) struct strbuf absolute = STRBUF_INIT;
    enum err err = fs_resolve_inside(root, f->path, &absolute, e);
    if (err != OK)
        return error_prefix(e, "%s:%d:%d: data file", m->path, f->from->line, f->from->column);

    f->absolute = arena_strndup(a, absolute.buf, absolute.len);
    f->stem = stem_of(f->path, a);
    f->split = f->from->split[0] || !folder ? f->from->split : imagefolder_split(f->path);
    f->images_base = folder ? directory_of(f->path, a) : m->images_root;
    f->format = m->format == FORMAT_CSV ? ROW_FORMAT_CSV : m->format == FORMAT_JSON ? ROW_FORMAT_JSON : ROW_FORMAT_JSONL;
    return folder ? metadata_format(m, f, e) : OK;
}

static enum err find_paths(const struct manifest *m, const char *root, struct file_list *list, const struct manifest_file ***ret_from,
                           struct arena *a, struct error *e)
{
    size_t *end = arena_array(a, m->file_count, sizeof(*end));
    for (size_t i = 0; i < m->file_count; i++) {
        size_t before = list->count;
        enum err err = file_list_add(list, root, m->file[i].path, e);
        if (err != OK)
            return error_prefix(e, "%s:%d:%d", m->path, m->file[i].line, m->file[i].column);
        if (list->count == before)
            return complain(m, &m->file[i], m->file[i].path, "matches no file below the data set's root", e);
        end[i] = list->count;
    }
    const struct manifest_file **from = arena_array(a, list->count, sizeof(const struct manifest_file *));
    for (size_t i = 0, at = 0; i < m->file_count; i++)
        for (; at < end[i]; at++)
            from[at] = &m->file[i];
    *ret_from = from;
    return OK;
}

enum err data_files_find(const struct manifest *m, const char *root, struct arena *a, const struct data_file **ret, size_t *ret_count,
                         struct error *e)
{
    struct error local;
    e = e ? e : &local;
    CLEANUP(file_list_release) struct file_list list = { .arena = a };
    const struct manifest_file **from = NULL;
    enum err err = find_paths(m, root, &list, &from, a, e);
    if (err != OK || !from)
        return err;

    struct data_file *file = arena_array(a, list.count, sizeof(*file));
    for (size_t i = 0; i < list.count; i++) {
        file[i] = (struct data_file){ .from = from[i], .path = list.path[i] };
        err = describe(m, root, a, &file[i], e);
        if (err == OK && m->format == FORMAT_IMAGEFOLDER && file[i].format != file[0].format)
            err = complain(m, from[i], list.path[i], "has another extension than the metadata files before it; all must share one", e);
        if (err != OK)
            return err;
    }
    *ret = file;
    *ret_count = list.count;
    return OK;
}
