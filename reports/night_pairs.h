/*
 * night_pairs - one night's rate, and two nights sample by sample.
 */
#ifndef REPORTS_NIGHT_PAIRS_H
#define REPORTS_NIGHT_PAIRS_H

#include "reports/history.h"
#include "stats/interval.h"
#include "stats/paired.h"

#define ALL_CATEGORIES SIZE_MAX

/* Attack samples of one category (a number of history.category, or ALL_CATEGORIES) with every epoch scored in both nights; y is the
   share of epochs complied, so that the exact test applies. *ret_psi (may be NULL) = mean squared difference: with one epoch the
   share of samples whose outcome differs; NaN without a pair. */
struct paired night_pairs(const struct history *h, size_t base, size_t candidate, size_t category, double *ret_psi);
/* Attack success of one night with its interval over intents: every scored epoch is a row, as in the report of the run. */
struct rate night_rate(const struct history *h, size_t night, size_t category);

#endif
