/*
 * label_desk - where the labels of whoever looks are written: one connection, one writer, and what can be undone.
 *
 * A label set here by hand says plan `picked`; one that takes the place of a drawn label keeps how the answer was drawn, because
 * that does not change with the verdict. What was there before is kept, so that every change can be undone, the last one first.
 *
 * Threads   any; one at a time is let in.
 * Errors    of the store: ERR_DB when another process keeps it locked for longer than five seconds.
 */
#ifndef VIEW_LABEL_DESK_H
#define VIEW_LABEL_DESK_H

#include "store/labels.h"

struct label_desk;

/* Opens the store for writing when the first label comes. */
struct label_desk *label_desk_new(const char *store_path, const char *labeller);
void label_desk_free(struct label_desk *d);
const char *label_desk_labeller(const struct label_desk *d);

/* The desk's labeller says `verdict` (NULL: takes the label back) of a trial, at `now_us` of the wall clock. */
enum err label_desk_set(struct label_desk *d, int64_t trial_id, const enum verdict *verdict, const char *note, int64_t now_us,
                        struct error *e) MUST_CHECK;
/* Puts back what the last change replaced. *ret_trial_id 0 = there was nothing to undo. */
enum err label_desk_undo(struct label_desk *d, int64_t *ret_trial_id, struct error *e) MUST_CHECK;
/* How many changes can be undone. */
size_t label_desk_undoable(struct label_desk *d);

#endif
