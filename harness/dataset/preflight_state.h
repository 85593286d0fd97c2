/*
 * preflight_state - what is known of a set while it is looked at; shared by preflight and preflight_sample only.
 */
#ifndef DATASET_PREFLIGHT_STATE_H
#define DATASET_PREFLIGHT_STATE_H

#include "dataset/image_scan.h"
#include "dataset/preflight.h"
#include "dataset/tally.h"
#include "dataset/taxonomy.h"

#include <stdarg.h>

enum twin_side { TWIN_ATTACK = 1, TWIN_BENIGN = 2, TWIN_BOTH = 3 };

struct preflight {
    const struct preflight_options *options;
    preflight_report *report;
    void *context;
    struct preflight_summary sum;
    struct image_scan *scan;
    struct taxonomy taxonomy;
    bool has_taxonomy, counted_twice; /* counted_twice: the loader has already told that this sample came before */
    struct tally intents, categories, subcategories, attacks, twins, pictures, contents;
    const struct sample *sample; /* the one that is looked at */
    bool rejected;
    uint64_t base64_bytes, bytes; /* of its images */
};

void preflight_pass_on(struct preflight *p, const struct finding *f);
/* A finding about `s`, or about the set when `s` is NULL. */
void preflight_tell(struct preflight *p, const struct sample *s, const char *code, enum finding_outcome outcome, const char *format, ...)
    PRINTF_LIKE(5, 6);
void preflight_tell_list(struct preflight *p, const struct sample *s, const char *code, enum finding_outcome outcome, const char *format,
                         va_list args) PRINTF_LIKE(5, 0);
/* Everything that can be said of one sample and its images, whose facts are there by now. */
void preflight_sample(struct preflight *p, const struct sample *s, const struct image_fact *const *fact);

#endif
