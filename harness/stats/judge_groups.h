/*
 * judge_groups - whether a judge errs alike everywhere: its sensitivity and specificity on one model, or on one attack, against
 * those on the others (statistics.md section 9, rule 3).
 *
 * Difference of two weighted shares, each with the larger of its clustered and its binomial variance, by Student's t with the
 * smaller number of intents - 1. A side with fewer than 10 labels or 10 intents is not tested (p NaN) and not counted by Holm.
 *
 * Pure.
 */
#ifndef STATS_JUDGE_GROUPS_H
#define STATS_JUDGE_GROUPS_H

#include "stats/correction.h"

struct judge_group_test {
    uint32_t group;
    bool of_sensitivity; /* else of specificity */
    int64_t n, rest_n;   /* labels */
    double value, rest;  /* in the group, in the others; NaN where there is none */
    double p, adjusted;  /* two-sided; adjusted by judge_groups_adjust */
};

/* Two tests for each group, into ret_test[2 * groups]; group[i] of label[i] is below `groups`. Labels of `plan` only. */
void judge_groups_test(const struct labelled_answer *label, const uint32_t *group, size_t n, size_t groups, enum label_plan plan,
                       struct judge_group_test *ret_test);
/* Holm over all of them, of whatever grouping; returns the smallest adjusted p, NaN when none was tested. */
double judge_groups_adjust(struct judge_group_test *test, size_t count);

#endif
