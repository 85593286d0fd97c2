/*
 * image_source - the bytes of an image by the name that the data set and the store have for it, wherever they lie.
 *
 *   images/1.png                        a file below the root
 *   images.zip!a/1.png                  a member of an archive (zip, tar, tar.gz, tar.zst)
 *   data/train-00000.parquet#17/image   row 17, column `image` of a Parquet file (…#17/images/2: third of a list)
 *   samples.jsonl@1234                  base64 inside a record: the byte offset of the record, and …@1234/2 its third image
 *
 * To add a kind: one file with a `const struct image_source_ops`, one line in image_source.c.
 *
 * Owner     a source belongs to one thread; it may keep archives and pages open. Bytes that image_source_read hands out are
 *           the caller's to release: mapped where that is possible, else in memory.
 * Errors    name the image. ERR_NOT_FOUND: not there. ERR_INVALID: outside the root, or not what it should be.
 *           ERR_LIMIT: beyond MAX_IMAGE_BYTES. ERR_IO.
 */
#ifndef DATASET_IMAGE_SOURCE_H
#define DATASET_IMAGE_SOURCE_H

#include "base/err.h"
#include "base/fs.h"
#include "base/sha256.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_source;

/* `root`: canonical root of the data set. */
struct image_source *image_source_new(const char *root);
void image_source_free(struct image_source *s);

/* One image's bytes. */
struct image_bytes {
    const unsigned char *bytes;
    size_t len;
    struct fs_map map; /* a mapping to release, or empty */
    void *owned;       /* memory to free, or NULL */
};

enum err image_source_read(struct image_source *s, const char *name, struct image_bytes *ret_bytes, struct error *e) MUST_CHECK;
/* What image_source_read has given, hashed: a file that did not change is hashed once for the life of `s`. */
struct sha256_hex image_source_sha256(struct image_source *s, const struct image_bytes *b);
/* Whether it is there, and its size: without reading it where that can be told. */
enum err image_source_find(struct image_source *s, const char *name, int64_t *ret_bytes, struct error *e) MUST_CHECK;
/* What is worth telling about a place that was opened since the last call, once; NULL = nothing. Valid until the next call. */
const char *image_source_news(struct image_source *s);
/* A file of its own, not a part of one. */
bool image_source_is_file(const char *name);
void image_bytes_release(struct image_bytes *b);

/* A kind of place; private to the room. */
struct image_source_ops {
    const char *kind;
    /* True when a name is of this kind. The first kind in the table that says so has it; plain files come last. */
    int (*owns)(const char *name);
    /* Per-source state, made when first needed. */
    void *(*open)(const char *root);
    enum err (*read)(void *state, const char *name, struct image_bytes *ret_bytes, struct error *e);
    void (*close)(void *state);
    /* Both may be NULL: then the image is read to find it, and there is never any news. */
    enum err (*find)(void *state, const char *name, int64_t *ret_bytes, struct error *e);
    const char *(*news)(void *state);
};

#endif
