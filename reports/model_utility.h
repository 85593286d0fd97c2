/*
 * model_utility - what an attack adds to asking plainly, and what it takes from right answers (scoring.md sections 6 and 10).
 *
 * "uplift"    plain requests are attack samples whose attack is called `plain`, or has no name while others have one. For every
 *             scored sample of an attack whose intent was also asked plainly: its success minus the mean success of the plain ones.
 *             {"plain": rate, "overall", "attacks": [{"key", …}]}, each {pairs, intents, delta, low, high, p_value}
 * "accuracy"  of scorers that know the right answer (exact, contains, choice, numeric, anls): {"clean": rate of the benign samples,
 *             "attacked": rate of the attack samples, "drop"}; drop, over samples of a common `twin`: clean minus attacked
 *
 * Intervals and p-values over intents (stats/paired.h). A member is there only where the set has such samples.
 */
#ifndef REPORTS_MODEL_UTILITY_H
#define REPORTS_MODEL_UTILITY_H

#include "reports/rows.h"

#include <cjson/cJSON.h>

/* Adds "utility" to the endpoint: an object, empty when there is nothing to say. `kind`: the scorer's. */
void model_add_utility(const struct rows *rows, const char *kind, cJSON *endpoint);

#endif
