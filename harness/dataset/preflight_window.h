/*
 * preflight_window - what was read and not judged yet: a queue of samples and findings, in the order of the data.
 *
 * It lets the images of the next samples be looked into while the first one waits for its own. Bounded by number and by the
 * bytes of the texts, so memory does not grow with the set.
 *
 * Owner     entries hold deep copies; an entry lives until it is dropped.
 */
#ifndef DATASET_PREFLIGHT_WINDOW_H
#define DATASET_PREFLIGHT_WINDOW_H

#include "base/arena.h"
#include "dataset/dataset.h"
#include "dataset/image_scan.h"

enum { WINDOW_ENTRIES = 512 };

struct window_entry {
    bool is_finding;
    struct finding finding;
    struct sample sample;
    const struct image_fact **fact; /* of the sample's images, in order */
    size_t text_bytes;              /* private */
    struct arena arena;             /* private */
};

struct preflight_window {
    struct window_entry entry[WINDOW_ENTRIES];
    size_t first, count, text_bytes;
};

/* Full: something must be dropped before the next is added. */
bool window_is_full(const struct preflight_window *w);
/* Copies the sample and asks for its images. `file` and `split` of a sample are taken to outlive the window. */
void window_add_sample(struct preflight_window *w, const struct sample *sample, struct image_scan *scan);
void window_add_finding(struct preflight_window *w, const struct finding *finding);
/* NULL when there is none. */
const struct window_entry *window_first(const struct preflight_window *w);
void window_drop(struct preflight_window *w);
void window_release(struct preflight_window *w);

#endif
