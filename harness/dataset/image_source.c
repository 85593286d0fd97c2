#include "dataset/image_source.h"

#include "base/arena.h"
#include "core/limits.h"
#include "dataset/archive_source.h"
#include "dataset/digest_cache.h"
#include "dataset/parquet_source.h"
#include "dataset/record_source.h"

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

static const struct image_source_ops file_ops = { .kind = "file", .owns = file_owns, .open = file_open, .read = file_read, .close = free };

/* ---- The table ---- */

static const struct image_source_ops *const kinds[] = { &parquet_source_ops, &archive_source_ops, &record_source_ops, &file_ops };

struct image_source {
    char *root;
    void *state[ARRAY_LEN(kinds)];
    struct digest_cache *digests; /* made with the first */
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
    digest_cache_free(s->digests);
    free(s->root);
    free(s);
}

static size_t kind_of(const char *name)
{
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(kinds) && !kinds[i]->owns(name))
        i++;
    return i;
}

static void *state_of(struct image_source *s, size_t kind)
{
    if (!s->state[kind])
        s->state[kind] = kinds[kind]->open(s->root);
    return s->state[kind];
}

enum err image_source_read(struct image_source *s, const char *name, struct image_bytes *ret_bytes, struct error *e)
{
    struct image_bytes bytes = { 0 };
    size_t kind = kind_of(name);
    enum err rc = kinds[kind]->read(state_of(s, kind), name, &bytes, e);
    if (rc == OK)
        *ret_bytes = bytes;
    return rc;
}

struct sha256_hex image_source_sha256(struct image_source *s, const struct image_bytes *b)
{
    if (!s->digests)
        s->digests = digest_cache_new();
    return digest_cache_sha256(s->digests, &b->map.stamp, b->bytes, b->len);
}

enum err image_source_find(struct image_source *s, const char *name, int64_t *ret_bytes, struct error *e)
{
    size_t kind = kind_of(name);
    if (kinds[kind]->find)
        return kinds[kind]->find(state_of(s, kind), name, ret_bytes, e);
    struct image_bytes bytes = { 0 };
    enum err rc = image_source_read(s, name, &bytes, e);
    if (rc == OK)
        *ret_bytes = (int64_t)bytes.len;
    image_bytes_release(&bytes);
    return rc;
}

const char *image_source_news(struct image_source *s)
{
    const char *news = NULL;
    for (size_t i = 0; !news && i < ARRAY_LEN(kinds); i++)
        news = s->state[i] && kinds[i]->news ? kinds[i]->news(s->state[i]) : NULL;
    return news;
}

bool image_source_is_file(const char *name)
{
    return kinds[kind_of(name)] == &file_ops;
}

void image_bytes_release(struct image_bytes *b)
{
    fs_unmap(&b->map);
    free(b->owned);
    *b = (struct image_bytes){ 0 };
}
