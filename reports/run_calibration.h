/*
 * run_calibration - what is known of a scorer's errors, and each endpoint's rate with them taken out.
 *
 * One place for `calibrate RUN` and for every report: labels of the run beside the scorer's verdicts, labels of other runs that
 * had the same scorer (identity), and stats/correction.h, which chooses the estimator.
 *
 * As JSON, beside every rate of success:
 *     {"state", "method", "labels", "labels_left_out", "theta", "low", "high", "note"}
 * state   uncorrected     a judge's rate, and nobody labelled its answers
 *         not_calibrated  a rule's rate, and nobody labelled its answers
 *         refused         there are labels, and they carry no correction: note says why
 *         corrected       theta, low and high are the rate with the scorer's errors taken out, by method
 */
#ifndef REPORTS_RUN_CALIBRATION_H
#define REPORTS_RUN_CALIBRATION_H

#include "reports/rows.h"
#include "reports/run_labels.h"
#include "stats/correction.h"
#include "stats/judge_groups.h"
#include "store/writer.h"

#include <cjson/cJSON.h>

/* A group of labels in which the judge may err otherwise than in the rest. */
struct run_group {
    const char *kind, *key; /* "model" or "attack", and its name */
};

struct run_calibration {
    bool is_judge; /* the scorer asks a model */
    struct run_labels own, other;
    struct judge_elsewhere elsewhere;
    /* whether it errs alike on all models and attacks, by the labels of this run or else of the others: test[i] is of group[i / 2] */
    struct run_group *group;
    struct judge_group_test *test;
    size_t group_count;
    double least_p;
};

/* By the labels of `of` (NULL = everybody's). Everything is in `a`. */
enum err run_calibration_read(struct store *s, const char *run_id, const struct scorer_row *scorer, const struct labeller_choice *of,
                              struct arena *a, struct run_calibration *ret_c, struct error *e) MUST_CHECK;
/* The usable labels of the run's endpoint, answers that a filter settled left out; in `a`. */
const struct labelled_answer *run_calibration_labels(const struct run_calibration *c, const char *endpoint, struct arena *a,
                                                     size_t *ret_count);
/* What all labels under the scorer, of this run and of others, say of it, least_p included. `a` is scratch. */
struct judge_elsewhere run_calibration_everywhere(const struct run_calibration *c, struct arena *a);
/* The state above. */
const char *calibration_state(bool is_judge, bool corrected, bool refused);
/* `rows`: those of the endpoint under the scorer. */
struct correction run_calibration_correct(const struct run_calibration *c, const char *endpoint, const struct rows *rows);
/* Adds "calibration" to `json`. */
void run_calibration_add(const struct run_calibration *c, const char *endpoint, const struct rows *rows, cJSON *json);

#endif
