/*
 * image_ref - from the name of an image in a row to a file that is safe to open.
 *
 * A name is refused when it is absolute, has a `..` component or control characters, or when links lead outside the root.
 * Sets have tens of thousands of images in few directories: the canonical form of each directory is remembered, so an
 * image costs one lstat. For a missing file the directory is listed once and the nearest sibling named.
 *
 * Owner     the finder is the caller's; results live in the arena of the call.
 * Errors    none: what is wrong with an image is a code (S3, S4) and a sentence.
 */
#ifndef DATASET_IMAGE_REF_H
#define DATASET_IMAGE_REF_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "core/sample.h"

struct image_finder;
struct image_source;

/* `root` is canonical; it and the source outlive the finder. */
struct image_finder *image_finder_new(const char *root, struct image_source *images);
void image_finder_free(struct image_finder *f);
/* `base` ("" = root) is where names are relative to, below root. On success *ret is filled and NULL returned; else the code
   of the finding, with the sentence in `problem`. */
const char *image_finder_find(struct image_finder *f, const char *base, const char *name, struct arena *a, struct sample_image *ret,
                              struct strbuf *problem);
/* The same for a part of a file whose size is known: `name` is for image_source, `small` its bytes when it has but few, else
   NULL. */
const char *image_finder_accept(struct image_finder *f, const char *name, int64_t bytes, const unsigned char *small, struct arena *a,
                                struct sample_image *ret, struct strbuf *problem);

#endif
