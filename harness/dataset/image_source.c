#include "dataset/image_source.h"

#include "base/arena.h"
#include "core/limits.h"

#include <stdlib.h>
#include <string.h>

/* ---- Plain files ---- */

static int file_owns(const char *name)
{
    (void)name;
    return 1;
}

static void *file_open(const char *root)
{
    return xstrdup(root);
}

static enum err file_read(void *state, const char *name, struct image_bytes *ret_bytes, struct error *e)
{
    CLEANUP(strbuf_release) struct strbuf path = STRBUF_INIT;
    if (fs_resolve_inside(state, name, &path, e) != OK || fs_map_file(path.buf, MAX_IMAGE_BYTES, &ret_bytes->map, e) != OK)
        return e->code;
    ret_bytes->bytes = ret_bytes->map.bytes;
    ret_bytes->len = ret_bytes->map.len;
    return OK;
}

static const struct image_source_ops file_ops = {
    .kind = "file", .owns = file_owns, .open = file_open, .read = file_read, .close = free
};

/* ---- The table ---- */

static const struct image_source_ops *const kinds[] = { &file_ops };

struct image_source {
    char *root;
    void *state[ARRAY_LEN(kinds)];
};

struct image_source *image_source_new(const char *root)
{
    struct image_source *s = xcalloc(1, sizeof(*s));
    s->root = xstrdup(root);
    return s;
}

void image_source_free(struct image_source *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (s->state[i])
            kinds[i]->close(s->state[i]);
    }
    free(s->root);
    free(s);
}

enum err image_source_read(struct image_source *s, const char *name, struct image_bytes *ret_bytes, struct error *e)
{
    struct image_bytes bytes = { 0 };
    size_t i = 0;
    while (!kinds[i]->owns(name))
        i++;
    if (!s->state[i])
        s->state[i] = kinds[i]->open(s->root);
    enum err rc = kinds[i]->read(s->state[i], name, &bytes, e);
    if (rc == OK)
        *ret_bytes = bytes;
    return rc;
}

void image_bytes_release(struct image_bytes *b)
{
    fs_unmap(&b->map);
    free(b->owned);
    *b = (struct image_bytes){ 0 };
}
