/*
 * correction_difference - how much two runs of the same samples differ in truth, by what people's labels say of their scorer
 * (statistics.md sections 6 and 9).
 *
 *   both runs have labels of their own    theta_candidate - theta_base, each by the estimator that its labels allow (correction_estimate.h).
 *                                         Answers and labels of one intent stand in one sum of influence, so that what the two runs have in
 *                                         common is not counted twice; interval +- t_{G-1} se, G the intents
 *   else, labels under the shared scorer  the scorer's difference / J, J = sensitivity + specificity - 1 (Youden), which both runs share.
 *                                         A scorer that errs alike on both sides shrinks every difference by J. Refused by the rules for
 *                                         one run (judge_rg_usable; errs alike on all models and attacks)
 *
 * Pure. Differences are candidate - base, fractions of 1, above 0 = worse; absent numbers NaN.
 */
#ifndef STATS_CORRECTION_DIFFERENCE_H
#define STATS_CORRECTION_DIFFERENCE_H

#include "stats/correction.h"

/* One run's answers to the samples that both runs have a verdict of, and its own labels. */
struct difference_side {
    const struct judged_answer *judged; /* one a sample, in the same order on both sides */
    const struct labelled_answer *label;
    size_t labels;
};

/* What the shared scorer does to a difference. */
struct judge_scale {
    bool known;
    const char *refused; /* a sentence; NULL when known, and when there is no label at all */
    double youden;       /* J; 1 unless known */
    double low, high;    /* its 95 % interval */
    double specificity, sensitivity_variance, specificity_variance;
    int64_t labels;
};
/* `shared`: all labels under the scorer, of whatever run; NULL = the two sides have different scorers. */
struct judge_scale judge_scale_of(const struct judge_elsewhere *shared);

struct difference_correction {
    enum correction_method base, cand; /* both CORRECTION_ROGAN_GLADEN: the scorer's difference / J */
    const char *refused;               /* a sentence; NULL when corrected, and when there is no label at all */
    int64_t labels;                    /* that were used */
    double theta_base, theta_cand;     /* NaN for the scorer's difference / J, which knows no level */
    struct corrected value;            /* theta = the difference; interval clipped to -1 … 1, NaN below two intents */
};
struct difference_correction difference_correction_of(const struct difference_side *base, const struct difference_side *cand, size_t n,
                                                      const struct judge_scale *scale);

#endif
