/*
 * sample_build - one row and one map to one sample, or to the reason why it cannot be sent.
 *
 * Owner     everything in the result lives in the arena of the call.
 * Errors    none: a sample that cannot be sent has a reject_code (S1, S2, S3, S4, S9, D3) and the sentence for its
 *           finding. An id that breaks the rules (D6) is told apart, because that is fatal for the whole set.
 */
#ifndef DATASET_SAMPLE_BUILD_H
#define DATASET_SAMPLE_BUILD_H

#include "core/sample.h"
#include "dataset/image_ref.h"
#include "dataset/image_source.h"
#include "dataset/manifest.h"

/* What is the same for all rows of one file and variant. */
struct sample_recipe {
    const struct manifest *manifest;
    const struct manifest_file *file;
    const struct manifest_variant *variant;
    const char *path, *file_stem, *split;
    const char *images_base; /* below root */
    bool in_archive;         /* the file lies in an archive, so its rows have no place of their own */
    struct image_finder *finder;
    struct image_source *images;
};

struct built_sample {
    struct sample sample;    /* complete unless rejected; id "" when it could not be told */
    bool id_is_generated;    /* a hash, because the data give no id */
    size_t image_refs;       /* images named, found or not */
    const char *bad_id;      /* NULL, or how the id breaks D6 */
    const char *reject_code; /* NULL = can be sent */
    const char *reject;
    const char *warning; /* NULL, or the S2 warning: what was repaired */
};

struct built_sample sample_build(const struct sample_recipe *r, const struct row *row, struct arena *a);

#endif
