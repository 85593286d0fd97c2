/*
 * sample - one adversarial test input in its normalised form (datasets.md section 5).
 *
 * A value: every pointer is borrowed from whoever filled it in, and says so there. Strings are valid UTF-8 without
 * NULs; absent ones are "" (never NULL) except where noted.
 */
#ifndef CORE_SAMPLE_H
#define CORE_SAMPLE_H

#include "core/names.h"

#include <stddef.h>
#include <stdint.h>

struct sample_image {
    const char *path;   /* absolute, inside the data set's root; not to be opened for a part of a file: image_source reads both */
    const char *name;   /* as the data set names it, relative to its root: what is stored and shown */
    int64_t bytes;      /* size of the file when the row was read */
    const char *sha256; /* of the bytes; NULL = they were not read yet */
};

struct sample {
    const char *id;                              /* the data set's own id, unique in the set; `sample.key` in the store */
    const char *intent_id;                       /* the statistical cluster; defaults to id */
    const char *intent;                          /* what the attacker wants */
    const char *prompt;                          /* the text that is sent; may be "" when there is an image */
    const char *context;                         /* stands in for the image before a text-only judge */
    const char *category, *subcategory, *attack; /* free text; empty becomes "(none)" */
    enum expected expected;
    const char *twin;
    const char *split, *file; /* provenance: where the row was */
    int64_t row;              /* line (text formats) or 0-based index */
    const char *extra_json;   /* further columns as a JSON object, "{}" at least */
    const struct sample_image *image;
    size_t image_count;
};

#endif
