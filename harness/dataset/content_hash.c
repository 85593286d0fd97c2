#include "dataset/content_hash.h"

#include "base/vec.h"
#include "dataset/archive_name.h"
#include "dataset/id_table.h"
#include "dataset/image_source.h"

#include <string.h>

struct entry {
    const char *path;
    struct sha256_hex sha256;
};

struct content_hash {
    struct arena paths;
    struct id_table archives; /* that are in it already */
    struct entry *entry;
    size_t count, cap;
};

struct content_hash *content_hash_new(void)
{
    return xcalloc(1, sizeof(struct content_hash));
}

void content_hash_free(struct content_hash *c)
{
    if (!c)
        return;
    arena_release(&c->paths);
    id_table_release(&c->archives);
    free(c->entry);
    free(c);
}

void content_hash_freep(struct content_hash **c)
{
    content_hash_free(*c);
}

void content_hash_add(struct content_hash *c, const char *path, struct sha256_hex sha256)
{
    c->entry = vec_grow(c->entry, c->count, &c->cap, sizeof(*c->entry));
    c->entry[c->count++] = (struct entry){ arena_strdup(&c->paths, path), sha256 };
}

enum err content_hash_add_image(struct content_hash *c, struct dataset *d, const char *name, struct sha256_hex sha256, struct error *e)
{
    if (image_source_is_file(name)) {
        content_hash_add(c, name, sha256);
        return OK;
    }
    size_t len = archive_name_has_member(name) ? archive_name_split(name) : 0;
    if (len == 0 || id_table_add(&c->archives, name, len, (struct id_place){ 0 }))
        return OK;
    CLEANUP(cleanup_free) char *path = xstrdup(name);
    path[len] = '\0';
    enum err err = dataset_file_sha256(d, path, &sha256, e);
    if (err == OK)
        content_hash_add(c, path, sha256);
    return err;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

struct sha256_hex content_hash_take(struct content_hash *c)
{
    CLEANUP(sha256_freep) struct sha256 *hash = sha256_new();
    if (c->count > 0)
        qsort(c->entry, c->count, sizeof(*c->entry), by_path);
    for (size_t i = 0; i < c->count; i++) {
        const struct entry *x = &c->entry[i];
        if (i > 0 && strcmp(c->entry[i - 1].path, x->path) == 0)
            continue;
        sha256_add(hash, x->sha256.text, SHA256_HEX);
        sha256_add(hash, "  ", 2);
        sha256_add(hash, x->path, strlen(x->path));
        sha256_add(hash, "\n", 1);
    }
    c->count = 0;
    arena_reset(&c->paths);
    id_table_release(&c->archives);
    return sha256_take(hash);
}

static enum err add_images(struct content_hash *c, struct dataset *d, struct id_table *seen, const struct sample *s, struct error *e)
{
    for (size_t i = 0; i < s->image_count; i++) {
        const struct sample_image *image = &s->image[i];
        struct image_bytes read;
        if (id_table_add(seen, image->name, strlen(image->name), (struct id_place){ 0 }))
            continue;
        enum err err = dataset_read_image(d, image, &read, e);
        if (err != OK)
            return err;
        struct sha256_hex hash = sha256_of(read.bytes, read.len);
        image_bytes_release(&read);
        err = content_hash_add_image(c, d, image->name, hash, e);
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err add_set(struct content_hash *c, struct dataset *d, struct error *e)
{
    struct id_table seen = ID_TABLE_INIT;
    enum dataset_event event = DATASET_FINDING;
    struct sample sample;
    struct finding finding;
    enum err err = OK;

    while (err == OK && event != DATASET_END) {
        err = dataset_next(d, &event, &sample, &finding, e);
        if (err == OK && event == DATASET_SAMPLE)
            err = add_images(c, d, &seen, &sample, e);
    }
    id_table_release(&seen);
    return err;
}

struct sha256_hex dataset_files_sha256(const struct dataset *d)
{
    CLEANUP(content_hash_freep) struct content_hash *c = content_hash_new();
    size_t count;
    const struct dataset_file *file = dataset_file(d, &count);
    for (size_t i = 0; i < count; i++)
        content_hash_add(c, file[i].path, file[i].sha256);
    return content_hash_take(c);
}

enum err dataset_content_sha256(const struct dataset_source *source, struct sha256_hex *ret, struct error *e)
{
    CLEANUP(dataset_closep) struct dataset *d = NULL;
    CLEANUP(content_hash_freep) struct content_hash *c = content_hash_new();
    enum err err = dataset_open(source, &d, e);
    if (err == OK)
        err = add_set(c, d, e);
    if (err != OK)
        return err;

    size_t count;
    const struct dataset_file *file = dataset_file(d, &count);
    for (size_t i = 0; i < count; i++)
        content_hash_add(c, file[i].path, file[i].sha256);
    *ret = content_hash_take(c);
    return OK;
}
