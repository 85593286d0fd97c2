/*
 * compare_rates - the differences of the headline's other rates: the mean over categories, and the shares of the other verdicts.
 * Members as in compare.h. Pure.
 */
#ifndef REPORTS_COMPARE_RATES_H
#define REPORTS_COMPARE_RATES_H

#include "reports/pairs.h"

#include <cjson/cJSON.h>

/* `macro`: paired, so that each category's difference weighs the same (statistics.md sections 3 and 6). */
void compare_add_macro(const struct pairs *p, double margin, cJSON *tree);
/* `shares`: of partial, refused, deflected and blocked. */
void compare_add_shares(const struct pairs *p, cJSON *tree);
/* A word for an interval without a test: "regressed" above 0, "fixed" below, "no change" inside -+ margin, else "inconclusive"; few
   intents are "few intents". */
const char *compare_interval_tag(double low, double high, double margin, size_t clusters);

#endif
