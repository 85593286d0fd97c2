/*
 * judge_anchor_row - stored answers that judges judge again, and what came of it.
 *
 * The answers of a scorer's anchor are those of the oldest complete run that had a scorer of the same identity: the same ones in
 * every run of a store, in an order that only the trials' ids decide. Before there is one, a run is its own anchor.
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

struct anchor_answer {
    int64_t trial_id;
    enum verdict verdict; /* before; never unscored */
    enum expected expected;
    const char *intent, *context, *category, *subcategory, *text; /* "" = none */
    size_t text_len;                                              /* the text may hold NULs */
};
/* Up to `max` answers that this scorer of this run has not judged again yet, in `a`; *ret_run: whose they are. Only answers that a
   judge was asked about. */
enum err store_anchor_list(struct store *s, const char *run_id, int64_t scorer_id, size_t max, struct arena *a, const char **ret_run,
                           struct anchor_answer **ret_answer, size_t *ret_count, struct error *e) MUST_CHECK;
enum err store_anchor_put(struct store *s, int64_t scorer_id, int64_t trial_id, const char *anchor_run, enum verdict before,
                          enum verdict now, struct error *e) MUST_CHECK;

/* Of a run, for each scorer that judged an anchor. */
struct anchor_total {
    const char *scorer, *anchor_run;
    int64_t answers, flips, unscored; /* answers: with a verdict both times */
};
enum err store_anchor_totals(struct store *s, const char *run_id, struct arena *a, struct anchor_total **ret_total, size_t *ret_count,
                             struct error *e) MUST_CHECK;

#endif
