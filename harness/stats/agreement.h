/*
 * agreement - how far raters agree beyond chance (statistics.md section 9).
 *
 * Pure. Matrices are row-major counts: row = first rater (or judge), column = second (or human).
 */
#ifndef STATS_AGREEMENT_H
#define STATS_AGREEMENT_H

#include <stddef.h>
#include <stdint.h>

struct agreement {
    double observed, expected; /* p_o; p_e of kappa */
    double kappa;              /* Cohen 1960; NaN when p_e = 1 */
    double se;                 /* Fleiss, Cohen and Everitt 1969 */
    double se_simple;          /* sqrt(p_o (1 - p_o) / (n (1 - p_e)^2)) */
    double ac1;                /* Gwet 2008: steady where one category is rare */
    double pabak;              /* (k p_o - 1) / (k - 1) */
    double kappa_linear;       /* weights 1 - |i - j| / (k - 1), categories in their order; NaN when undefined */
};

enum { AGREEMENT_MAX_CATEGORIES = 16 };

/* `count` has k * k entries, 2 <= k <= AGREEMENT_MAX_CATEGORIES. With no rows everything is NaN. */
struct agreement agreement_of(const int64_t *count, size_t k);

enum alpha_level { ALPHA_NOMINAL, ALPHA_ORDINAL, ALPHA_INTERVAL };

/* Krippendorff's alpha of any number of raters with missing ratings: rating[rater * units + unit], small whole numbers from 0
   on, negative = missing. All ratings identical = 1 by convention; NaN when no unit has two ratings. */
double agreement_alpha(const int *rating, size_t raters, size_t units, enum alpha_level level);

#endif
