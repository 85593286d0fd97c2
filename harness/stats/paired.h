/*
 * paired - how much a candidate differs from a base on the same samples (statistics.md section 6).
 *
 * d = y_cand - y_base of every sample that both have scored; value = mean d, above 0 = worse. Influence z = (d - value)/n,
 * cluster-robust variance, interval value +- t_{G-1} se, within [-1, 1] as every difference of shares is. p by sign flips of the intents' sums.
 */
#ifndef STATS_PAIRED_H
#define STATS_PAIRED_H

#include "stats/sign_flip.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct paired_rows {
    const double *base, *cand; /* each in [0, 1]; means over epochs when there are several */
    const uint32_t *cluster;   /* the intent's number */
    size_t n;
    int epochs;    /* > 0: every y is a multiple of 1/epochs, so that the exact test applies; 0: it is not */
    uint64_t seed; /* of the Monte-Carlo test, when epochs is 0 */
};

struct paired {
    int64_t n, clusters, fixed, regressed; /* fixed: d < 0, regressed: d > 0 */
    double value, se, se_naive;            /* NaN when undefined; se_naive takes rows as independent */
    double low, high;                      /* 95 %; NaN = no interval: one intent, or every d the same and not 0 */
    double low90, high90;                  /* = the one-sided 95 % limits */
    struct sign_flip test;
    double mcnemar_mid; /* mid-p of fixed against regressed, ignoring clusters: shown grey; NaN when epochs != 1 */
};

/* n = 0 yields NaN everywhere and p = 1. Where nothing differs the interval is +- the Clopper-Pearson limit of 0 of G intents. */
struct paired paired_difference(const struct paired_rows *rows);

#endif
