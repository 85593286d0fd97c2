/*
 * judge_error - a rate measured by a judge that errs, corrected by what people said (statistics.md section 9).
 *
 * Which estimator follows from how the labels were drawn:
 *   two-phase      drawn of this run, stratified by the judge's verdict: PPV and FOR
 *   ppi            a random subset of this run: prediction-powered inference with a tuned weight (PPI++, arXiv 2311.01453)
 *   Rogan-Gladen   another run or model was labelled: sensitivity and specificity, with the interval of Lang and Reiczigel
 *                  (Preventive Veterinary Medicine 113, 2014)
 *
 * Pure. Rates are fractions, intervals 95 %, absent numbers NaN.
 */
#ifndef STATS_JUDGE_ERROR_H
#define STATS_JUDGE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

struct corrected {
    double theta, se, low, high; /* clipped to 0 … 1 but for theta of Rogan-Gladen, see below */
};

/* theta with theta +- z se as its interval, clipped to 0 … 1. */
struct corrected judge_corrected(double theta, double se);
/* Of a share of m labels: q (1 - q) / m. A share of 0 or 1 would have none: q is then (k + 1) / (m + 2). */
double judge_share_variance(double share, double m);

/* p: the judge's rate, var_p: its (clustered) variance; of m_pos judge-positive answers people called k_pos positive, of m_neg
   judge-negative ones k_neg. NaN when a side has no label. terms (may be NULL): the three parts of the variance. */
struct corrected judge_two_phase(double p, double var_p, int64_t m_pos, int64_t k_pos, int64_t m_neg, int64_t k_neg, double *terms);

/* Labelled answers by human verdict Y and judge verdict f; the judge's mean over n_unlabelled further ones. */
struct ppi_counts {
    int64_t y1f1, y1f0, y0f1, y0f0;
    int64_t n_unlabelled;
    double mean_unlabelled;
};
struct ppi {
    struct corrected best;      /* with the tuned weight */
    struct corrected classical; /* labels alone */
    struct corrected plain;     /* weight 1 */
    double weight, cov, var_f;
};
struct ppi judge_ppi(const struct ppi_counts *c);

/* Of m1 answers that people call positive the judge agrees on k1 (sensitivity), of m0 negative ones on k0 (specificity). */
struct judge_counts {
    int64_t m1, k1, m0, k0;
};
struct rogan_gladen {
    double theta, theta_shown, se_delta; /* (p + Sp - 1) / J; not below 0; by the delta method */
    double theta_tilde, shift, se;       /* Lang-Reiczigel's adjusted estimate, its shift and standard error */
    double low, high;
    bool below_floor; /* p is below the judge's false-positive rate: all of it may be the judge's error */
};
/* n_eff: the effective number of judged answers behind p. */
struct rogan_gladen judge_rogan_gladen(double p, double n_eff, const struct judge_counts *c);

struct judge_usable {
    bool usable;
    const char *reason; /* "" or labels_too_few, youden_low, youden_ci_touches_0 */
    double youden, low, high;
};
/* Whether the labels can carry a Rogan-Gladen correction: at least 20 of each kind, Youden's J above .2 and its interval off 0. */
struct judge_usable judge_rg_usable(const struct judge_counts *c);

/* How m labels are best split between judge-positive-like (m1) and negative ones, by expected sensitivity and specificity
   (arXiv 2511.21140). */
struct label_split {
    double ratio; /* (1 - Sp) / (1 - Se) */
    int64_t m1, m0;
};
struct label_split judge_label_split(double p, double sensitivity, double specificity, int64_t m);

/* A difference between two models under one non-differential judge is Youden's J times the true one. */
double judge_true_delta(double delta, double youden);
double judge_scale_margin(double margin, double youden);

#endif
