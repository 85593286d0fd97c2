/*
 * content_hash - one hash for all the bytes of a data set: SHA-256 of what `sha256sum` prints for its files.
 *
 * The text is "<sha256>  <path>\n" for every data file and image that is used, paths relative to the root, sorted bytewise
 * by path. An archive counts as the one file that it is, whether rows, images or both are in it; an image inside a
 * record is in the data file's hash. dataset.yaml is not part of it.
 *
 * Owner     content_hash_new/content_hash_free; texts are copied.
 */
#ifndef DATASET_CONTENT_HASH_H
#define DATASET_CONTENT_HASH_H

#include "dataset/dataset.h"

struct content_hash;

struct content_hash *content_hash_new(void);
/* Adds an image of `d`: a file of its own by its name and `sha256`; for a member of an archive the whole archive, once. A
   part of a data file is in that file's hash already. */
enum err content_hash_add_image(struct content_hash *c, struct dataset *d, const char *name, struct sha256_hex sha256,
                                struct error *e) MUST_CHECK;
/* Adds one file; a path that is there already counts once. */
void content_hash_add(struct content_hash *c, const char *path, struct sha256_hex sha256);
struct sha256_hex content_hash_take(struct content_hash *c);
void content_hash_free(struct content_hash *c);
void content_hash_freep(struct content_hash **c);

/* Reads the whole set, rows and images: what `content_hash:` should say. Images that cannot be sent are left out. */
enum err dataset_content_sha256(const struct dataset_source *source, struct sha256_hex *ret, struct error *e) MUST_CHECK;

#endif
