#include "dataset/file_list.h"

#include "base/fs.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 32 };

bool file_list_is_pattern(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

/* One walk: the parts of the pattern that are still to match below `dir`. */
struct walk {
    struct file_list *list;
    const char *root;
    struct strbuf rel; /* path below root of where the walk stands; "" = root */
    struct error *e;
};

static void append(struct walk *w, const char *name)
{
    if (w->rel.len > 0)
        (void)strbuf_addch(&w->rel, '/');
    (void)strbuf_addstr(&w->rel, name);
}

static enum err take_path(struct walk *w)
{
    struct file_list *l = w->list;
    if (l->count >= MAX_DATA_FILES)
        return error_set(w->e, ERR_LIMIT, "more than %d data files", MAX_DATA_FILES);
    l->path = vec_grow(l->path, l->count, &l->cap, sizeof(*l->path));
    l->path[l->count++] = arena_strndup(l->arena, w->rel.buf, w->rel.len);
    return OK;
}

static bool is_directory(const struct walk *w)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    struct stat st;
    fs_join(w->root, w->rel.buf, &path);
    return lstat(path.buf, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum err walk_pattern(struct walk *w, const char *pattern, int depth);

/* One entry of the directory against the first part of the pattern. */
static enum err walk_entry(struct walk *w, const char *name, const char *part, const char *rest, int depth)
{
    size_t here = w->rel.len;
    bool deep = strcmp(part, "**") == 0;
    enum err err = OK;

    if (!deep && fnmatch(part, name, FNM_PERIOD | FNM_NOESCAPE) != 0)
        return OK;
    append(w, name);
    if (deep) {
        if (name[0] != '.' && is_directory(w)) {
            CLEANUP(strbuf_release) struct strbuf again = STRBUF_INIT;
            (void)strbuf_addf(&again, "**/%s", rest);
            err = walk_pattern(w, again.buf, depth + 1);
        }
    } else if (rest[0]) {
        err = is_directory(w) ? walk_pattern(w, rest, depth + 1) : OK;
    } else if (!is_directory(w)) {
        err = take_path(w);
    }
    strbuf_truncate(&w->rel, here);
    return err;
}

static enum err walk_directory(struct walk *w, const char *part, const char *rest, int depth)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    fs_join(w->root, w->rel.len ? w->rel.buf : ".", &path);
    DIR *dir = opendir(path.buf);
    if (!dir)
        return error_os(w->e, errno, "cannot read the directory '%s'", path.buf);

    enum err err = OK;
    for (struct dirent *entry; err == OK && (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            err = walk_entry(w, entry->d_name, part, rest, depth);
    (void)closedir(dir);
    return err;
}

static enum err walk_pattern(struct walk *w, const char *pattern, int depth)
{
    if (depth > MAX_DEPTH)
        return error_set(w->e, ERR_LIMIT, "'%s' is more than %d directories deep", w->rel.buf, MAX_DEPTH);
    pattern += strspn(pattern, "/");
    size_t len = strcspn(pattern, "/");
    CLEANUP(cleanup_free) char *part = xstrdup(pattern);
    part[len] = '\0';
    const char *rest = pattern + len + strspn(pattern + len, "/");

    if (strcmp(part, "**") == 0) {
        enum err err = walk_pattern(w, rest[0] ? rest : "*", depth); /* no directory at all */
        return err == OK ? walk_directory(w, part, rest[0] ? rest : "*", depth) : err;
    }
    if (file_list_is_pattern(part))
        return walk_directory(w, part, rest, depth);
    size_t here = w->rel.len;
    append(w, part);
    enum err err = rest[0] ? (is_directory(w) ? walk_pattern(w, rest, depth + 1) : OK) : OK;
    if (!rest[0]) {
        CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
        fs_join(w->root, w->rel.buf, &path);
        err = fs_exists(path.buf) ? take_path(w) : OK;
    }
    strbuf_truncate(&w->rel, here);
    return err;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err file_list_add(struct file_list *l, const char *root, const char *pattern, struct error *e)
{
    struct walk w = { .list = l, .root = root, .rel = STRBUF_INIT, .e = e };
    size_t first = l->count;
    enum err err = OK;

    if (file_list_is_pattern(pattern)) {
        err = walk_pattern(&w, pattern, 0);
    } else {
        append(&w, pattern);
        err = take_path(&w);
    }
    strbuf_release(&w.rel);
    if (err != OK || l->count == first)
        return err;

    qsort(l->path + first, l->count - first, sizeof(*l->path), by_bytes);
    size_t kept = first + 1; /* two `**` may lead to one file by several ways */
    for (size_t i = kept; i < l->count; i++)
        if (strcmp(l->path[i], l->path[kept - 1]) != 0)
            l->path[kept++] = l->path[i];
    l->count = kept;
    return OK;
}

void file_list_release(struct file_list *l)
{
    free(l->path);
    *l = (struct file_list){ .arena = l->arena };
}
