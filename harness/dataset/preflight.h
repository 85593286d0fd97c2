/*
 * preflight - the data set part of `gauntlet check`: reads every row and every image once, sends nothing.
 *
 * Findings come in the order of the data, those about the whole set (D4, D5, D8, D9) at the end. Codes and outcomes are
 * those of datasets.md section 7; S9 belongs to endpoints and is decided by the caller, for which `largest` is kept.
 *
 * Owner     a finding lives until the report function returns; the summary is a value.
 * Errors    what makes the set unreadable (D1, D2, D6) is an error, after which nothing more is reported.
 */
#ifndef DATASET_PREFLIGHT_H
#define DATASET_PREFLIGHT_H

#include "dataset/dataset.h"

struct preflight_options {
    bool accept_changed;  /* another content hash is a warning */
    bool strict_taxonomy; /* an unknown category rejects its samples */
    uint32_t max_side;    /* 0 = 8,000 pixels */
    uint64_t max_pixels;  /* 0 = 100 million */
};

struct preflight_summary {
    int64_t samples; /* as published, sendable or not */
    int64_t rejected;
    int64_t benign;
    int64_t images, image_bytes; /* references of the samples that can be sent, and the bytes of all of them */
    int64_t intents, categories, subcategories, attacks;
    int64_t twin_groups, orphan_groups; /* complete groups, and those without a partner */
    int64_t count[4];                   /* findings by enum finding_outcome */
    size_t largest_images;              /* most images in one sample */
    uint64_t largest_base64;            /* bytes of the largest sample's images in base64 */
    char largest_id[257];
    struct sha256_hex content_sha256;
};

typedef void preflight_report(void *context, const struct finding *finding);

enum err dataset_preflight(const struct dataset_source *source, const struct preflight_options *options, preflight_report *report,
                           void *context, struct preflight_summary *ret, struct error *e) MUST_CHECK;

#endif
