/*
 * correction_estimate - the two estimators that use labels of the run itself, each as a mean of influence values.
 *
 * All answers (first phase) and the labelled ones (second phase) give their rows of influence, so that what answers and labels of one
 * intent have in common is counted, within a run and between two runs of the same intents: variances come from the one routine over
 * intents (statistics.md section 2). `lone` is what it cannot see: labels that never differ do not prove that none would.
 *
 * Owner     an estimate is filled by the functions below and freed by correction_estimate_release.
 */
#ifndef STATS_CORRECTION_ESTIMATE_H
#define STATS_CORRECTION_ESTIMATE_H

#include "stats/correction.h"

struct correction_estimate {
    enum correction_method method;
    enum label_plan plan;
    int64_t labels; /* of that plan */
    double theta;
    double *z; /* z[n], summing to 0 */
    uint32_t *cluster;
    size_t n;
    double lone; /* variance beside that of z */
};

/* By the labels of the plan that correction_plan chooses: two-phase where the judge's verdict drew them (theta = share complied x PPV + share
   not complied x FOR), else PPI++ with its tuned weight. A sentence, method CORRECTION_NONE and no z, when there are fewer than 20, or a
   side of the verdicts that has answers has no label. */
const char *correction_estimate_of(const struct judged_answer *judged, size_t n, const struct labelled_answer *label, size_t labels,
                                   struct correction_estimate *ret_estimate);
void correction_estimate_release(struct correction_estimate *e);

/* The variance of influence values of any number of rows per intent; NaN below two intents. */
double correction_variance(const double *z, const uint32_t *cluster, size_t n);
/* theta with its interval. */
struct corrected correction_interval(const struct correction_estimate *e);

#endif
