/*
 * recall - answers that are in the store and lack a verdict, brought back to be scored: what an interrupted session left to
 * its judges, and what rescoring is for.
 */
#ifndef ENGINE_RECALL_H
#define ENGINE_RECALL_H

#include "engine/pipeline.h"
#include "store/reader.h"

/* Where recalling stands in one lane. Starts zeroed. */
struct recall {
    struct trial_page *page;
    struct answered_trial *answered; /* in the page */
    size_t count, next;
    int64_t after_trial_id;
    bool dry; /* no more */
};

/* The next such answer of the lane as a trial in state RECALLED; NULL when there is none (then r->dry). */
enum err recall_next(struct pipeline *p, struct store *reader, struct image_source *images, struct lane *lane, struct recall *r,
                     struct trial **ret_t, struct error *e) MUST_CHECK;
void recall_release(struct recall *r);

#endif
