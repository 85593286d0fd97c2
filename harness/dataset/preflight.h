/*
 * preflight - the data set part of `gauntlet check`: reads every row and every image once, sends nothing. Images are read and
 * hashed on several threads; everything is told in the order of the data all the same.
 *
 * Findings come in the order of the data, those about the whole set (D4, D5, D8, D9) at the end. Codes and outcomes are
 * those of datasets.md section 7; S9 belongs to endpoints and is decided by the caller, who can look at every sample.
 *
 * Owner     a finding lives until the report function returns; the summary is a value.
 * Errors    what makes the set unreadable (D1, D2, D6) is told as a fatal finding and is the error that is returned.
 */
#ifndef DATASET_PREFLIGHT_H
#define DATASET_PREFLIGHT_H

#include "dataset/dataset.h"

struct image_fact; /* image_scan.h */

/* A sample that was judged. */
struct preflight_seen {
    const struct sample *sample;
    const struct image_fact *const *fact; /* of its images, in order */
    bool rejected;
};

struct preflight_options {
    bool accept_changed;  /* another content hash is a warning */
    bool strict_taxonomy; /* an unknown category rejects its samples */
    uint32_t max_side;    /* 0 = 8,000 pixels */
    uint64_t max_pixels;  /* 0 = 100 million */
    int threads;          /* that look into images; 0 = as image_scan.h says */
    /* Called with the context of the report, on the caller's thread: once when the set is open, and for every sample that the
       loader hands out, after its findings. NULL = not at all. */
    void (*opened)(void *context, const struct dataset_facts *facts);
    void (*each)(void *context, const struct preflight_seen *seen);
};

struct preflight_summary {
    int64_t samples; /* as published, sendable or not */
    int64_t rejected;
    int64_t benign;
    int64_t images, image_bytes; /* references of the samples that can be sent, and the bytes of all of them */
    int64_t distinct_images;     /* by name */
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
