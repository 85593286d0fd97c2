/*
 * builder - the state while one sample is being put together; shared by sample_build and sample_extra only.
 *
 * The first problem of a sample becomes its finding, further ones are counted: one rejected sample is one finding.
 */
#ifndef DATASET_BUILDER_H
#define DATASET_BUILDER_H

#include "base/arena.h"
#include "dataset/sample_build.h"

struct builder {
    const struct sample_recipe *recipe;
    const struct row *row;
    struct arena *arena;
    struct built_sample out;
    size_t problems;
    /* bad UTF-8 */
    size_t bad_bytes, bad_fields;
    struct bad_utf8_found first_bad;
    const char *first_bad_field;
    struct strbuf repairs; /* JSON members for extra_json: "field":"how" */
    struct sample_image *image;
    size_t image_cap;
};

/* Notes a problem; the first one decides the code. */
void builder_reject(struct builder *b, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);
/* Text from the row, made valid UTF-8 as the manifest says; bad bytes are counted under the field's name. */
const char *builder_text(struct builder *b, const char *field, const char *text, size_t len);
/* Fills out.sample.extra_json. */
void builder_extra(struct builder *b);

#endif
