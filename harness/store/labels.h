/*
 * labels - verdicts by people: the answers that could be labelled, one answer's text, and the table `label`.
 *
 * Only answers to attack samples with text can be labelled: what the model said, or the refusal field where it said nothing else.
 */
#ifndef STORE_LABELS_H
#define STORE_LABELS_H

#include "base/arena.h"
#include "core/names.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct label_candidate {
    int64_t trial_id;
    const char *intent_id;
    enum verdict judge; /* of the scorer asked about; VERDICT_UNSCORED also when it has none */
    bool contested;     /* the run's scorers disagree, or the answer speaks to a judge (flag judge_directed) */
};
/* Those of one endpoint in trial order, in `a`. */
enum err store_label_candidates(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct arena *a,
                                struct label_candidate **ret_candidate, size_t *ret_count, struct error *e) MUST_CHECK;

struct label_answer {
    const char *run_id, *endpoint, *sample_key, *intent, *category, *subcategory, *attack; /* "" = none */
    const char *text;                                                                      /* may hold NULs */
    size_t len;
};
/* ERR_NOT_FOUND when there is no such trial, or it has no answer with text. */
enum err store_label_answer(struct store *s, int64_t trial_id, struct arena *a, struct label_answer *ret_answer,
                            struct error *e) MUST_CHECK;

struct label_row {
    int64_t trial_id;
    const char *labeller, *note; /* note NULL = none */
    enum verdict verdict;
    int64_t created_at;           /* microseconds, wall clock */
    double inclusion_probability; /* < 0 = unknown */
    enum label_plan plan;
};
/* The verdict that this labeller gave this trial before. */
enum err store_label_find(struct store *s, int64_t trial_id, const char *labeller, bool *ret_found, enum verdict *ret_verdict,
                          struct error *e) MUST_CHECK;
/* Every label of a trial, by labeller. */
enum err store_label_list(struct store *s, int64_t trial_id, struct arena *a, struct label_row **ret_label, size_t *ret_count,
                          struct error *e) MUST_CHECK;
struct labelled_trial {
    int64_t trial_id;
    bool mine; /* the labeller asked about has one of them */
};
/* The trials of a run that have a label, in their order. */
enum err store_labelled_trials(struct store *s, const char *run_id, const char *labeller, struct arena *a,
                               struct labelled_trial **ret_trial, size_t *ret_count, struct error *e) MUST_CHECK;
/* Forgets this labeller's label of this trial; there may be none. */
enum err store_label_remove(struct store *s, int64_t trial_id, const char *labeller, struct error *e) MUST_CHECK;
/* Adds a label, or replaces the one of the same trial and labeller. */
enum err store_label_put(struct store *s, const struct label_row *label, struct error *e) MUST_CHECK;

#endif
