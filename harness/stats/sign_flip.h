/*
 * sign_flip - is a paired difference chance? Tests that respect intents (statistics.md section 6).
 *
 * S_g = the sum of an intent's differences, T = their sum. If the two models are alike, the sign of each S_g is a coin:
 * p = P(|sum of +-S_g| >= |T|), exactly, by convolution over whole sums (Fisher's randomisation test; with intents of one
 * row it is McNemar's exact test). Mid-p counts half of the probability of |T| itself (Lancaster 1961): exact p-values of
 * counts are conservative, mid-p is nearly not.
 */
#ifndef STATS_SIGN_FLIP_H
#define STATS_SIGN_FLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sign_flip {
    double total;       /* T */
    double exact;       /* two-sided */
    double mid;         /* two-sided mid-p: what is reported */
    double worse_mid;   /* one-sided mid-p of T > 0 */
    size_t nonzero;     /* intents that say anything; 0: every p is 1 */
    const char *method; /* "sign-flip", "sign-flip-monte-carlo", "obuchowski"; constant */
};

/* The convolution, within sign_flip_is_small: 2,000 intents and 20,000 for the sum of |S|. Allocates and frees a table of sums. */
struct sign_flip sign_flip_exact(const int64_t *sum, size_t clusters);
bool sign_flip_is_small(const int64_t *sum, size_t clusters);
/* Any real sums: `repetitions` random flips, p = (1 + hits)/(1 + repetitions). Intents in the order given, one output of
   splitmix64 for each that is not 0. worse_mid is found the same way; mid = exact, since ties have no meaning. */
struct sign_flip sign_flip_monte_carlo(const double *sum, size_t clusters, uint64_t seed, size_t repetitions, size_t *ret_hits);
/* The normal form X^2 = T^2 / sum(S^2), one degree of freedom (Yang, Sun and Hardin 2010, the modified Obuchowski test),
   for many intents. *ret_x2 (may be NULL) is NaN when no sum differs from 0. */
struct sign_flip sign_flip_normal(const double *sum, size_t clusters, double *ret_x2);

/* McNemar's test of b against c discordant pairs, ignoring clusters: exact, mid-p, and asymptotic (NaN for b + c = 0). */
struct mcnemar {
    double exact, mid, asymptotic;
};
struct mcnemar mcnemar_test(int64_t b, int64_t c);

#endif
