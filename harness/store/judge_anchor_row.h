/*
 * judge_anchor_row - stored answers that judges judge again, and what came of it.
 *
 * The answers of a scorer's anchor are those of the oldest complete run that had a scorer of the same identity: the same ones in
 * every run of a store, in an order that only the trials' ids decide. Before there is one, a run is its own anchor. One that cannot be
 * asked again keeps its place: another in its stead would be another anchor.
 */
#ifndef STORE_JUDGE_ANCHOR_ROW_H
#define STORE_JUDGE_ANCHOR_ROW_H

#include "base/arena.h"
#include "core/names.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

/* Above this share of flips a judge is not what it was (statistics.md section 9). */
#define ANCHOR_FLIP_LIMIT 0.02

/* An answer of the anchor: store_answered_page with `run` and this trial alone reads it. */
struct anchor_answer {
    int64_t trial_id;
    enum verdict verdict; /* before; never unscored */
};
/* Whose answers they are, and where that run's images lie (NULL = unknown). */
struct anchor_run {
    const char *run_id, *root;
};
/* Up to `max` answers that this scorer of this run has not judged again yet, in `a`. Only answers that a judge was asked about. */
enum err store_anchor_list(struct store *s, const char *run_id, int64_t scorer_id, size_t max, struct arena *a, struct anchor_run *ret_run,
                           struct anchor_answer **ret_answer, size_t *ret_count, struct error *e) MUST_CHECK;
/* What came of one. left_out NULL = it was asked; else why it was not, and `now` is unscored. */
struct anchor_verdict {
    int64_t scorer_id, trial_id;
    const char *anchor_run, *left_out;
    enum verdict before, now;
};
enum err store_anchor_put(struct store *s, const struct anchor_verdict *v, struct error *e) MUST_CHECK;

/* Of a run, for each scorer that judged an anchor. */
struct anchor_total {
    const char *scorer, *anchor_run;
    int64_t answers, flips, unscored; /* answers: with a verdict both times; unscored: asked, and without one now */
    int64_t left_out;                 /* not asked: an image is gone or is another one */
};
enum err store_anchor_totals(struct store *s, const char *run_id, struct arena *a, struct anchor_total **ret_total, size_t *ret_count,
                             struct error *e) MUST_CHECK;

#endif
