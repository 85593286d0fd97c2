#include "dataset/parquet_source.h"

#include "base/text_safe.h"
#include "core/limits.h"
#include "dataset/parquet_images.h"

#include <string.h>
#include <strings.h>

enum { OPEN_FILES = 4 };

struct open_file {
    char *path; /* below the root; NULL = free */
    struct parquet_file *file;
    struct parquet_images *images;
    uint64_t used; /* when */
};

struct parquet_source {
    char *root;
    struct open_file slot[OPEN_FILES];
    uint64_t clock;
};

bool parquet_source_takes(const char *path, size_t len)
{
    static const char *const endings[] = { ".parquet", ".parq", ".pq" };
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        size_t need = strlen(endings[i]);
        if (len > need && strncasecmp(path + len - need, endings[i], need) == 0)
            return true;
    }
    return false;
}

/* The `#` between file and place; NULL when the name is none of ours. */
static const char *find_mark(const char *name)
{
    for (const char *mark = strchr(name, '#'); mark; mark = strchr(mark + 1, '#'))
        if (parquet_source_takes(name, (size_t)(mark - name)) && parquet_is_place(mark + 1))
            return mark;
    return NULL;
}

static int source_owns(const char *name)
{
    return find_mark(name) != NULL;
}

static void *source_open(const char *root)
{
    struct parquet_source *s = xcalloc(1, sizeof(*s));
    s->root = xstrdup(root);
    return s;
}

static void close_slot(struct open_file *f)
{
    parquet_images_free(f->images);
    parquet_close(f->file);
    free(f->path);
    *f = (struct open_file){ 0 };
}

static void source_close(void *state)
{
    struct parquet_source *s = state;
    for (size_t i = 0; i < OPEN_FILES; i++)
        close_slot(&s->slot[i]);
    free(s->root);
    free(s);
}

/* The slot that holds the file, or else the one that was unused for longest. */
static struct open_file *find_slot(struct parquet_source *s, const char *path)
{
    struct open_file *oldest = &s->slot[0];
    for (struct open_file *f = s->slot; f < s->slot + OPEN_FILES; f++) {
        if (f->path && strcmp(f->path, path) == 0)
            return f;
        if (f->used < oldest->used)
            oldest = f;
    }
    return oldest;
}

static enum err get_file(struct parquet_source *s, const char *path, struct open_file **ret, struct error *e)
{
    struct open_file *f = find_slot(s, path);
    if (!f->path || strcmp(f->path, path) != 0) {
        CLEANUP(strbuf_release) struct strbuf absolute = STRBUF_INIT, shown = STRBUF_INIT;
        text_safe_terminal(path, strlen(path), 100, false, &shown);
        close_slot(f);
        enum err err = fs_resolve_inside(s->root, path, &absolute, e);
        if (err == OK)
            err = parquet_open(absolute.buf, shown.buf, &f->file, e);
        if (err != OK)
            return err;
        f->path = xstrdup(path);
        f->images = parquet_images_new(f->file);
    }
    f->used = ++s->clock;
    *ret = f;
    return OK;
}

static enum err source_read(void *state, const char *name, struct image_bytes *ret_bytes, struct error *e)
{
    const char *mark = find_mark(name);
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    struct open_file *f = NULL;
    struct parquet_place place;
    (void)strbuf_add(&path, name, (size_t)(mark - name));
    strbuf_init(&bytes, MAX_IMAGE_BYTES);
    enum err err = get_file(state, path.buf, &f, e);
    if (err == OK)
        err = parquet_place_parse(f->file, mark + 1, &place, e);
    if (err == OK)
        err = parquet_images_read(f->images, &place, &bytes, e);
    if (err != OK)
        return err;
    ret_bytes->len = bytes.len;
    ret_bytes->owned = strbuf_detach(&bytes, NULL);
    ret_bytes->bytes = ret_bytes->owned;
    return OK;
}

const struct image_source_ops parquet_source_ops = {
    .kind = "parquet", .owns = source_owns, .open = source_open, .read = source_read, .close = source_close
};
