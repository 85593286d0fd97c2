/*
 * compare_extra - what stands beside the difference of a comparison: the 2 x 2 flow, the attacker's view, flaky samples, speed and
 * cost. Members as in compare.h. Pure.
 */
#ifndef REPORTS_COMPARE_EXTRA_H
#define REPORTS_COMPARE_EXTRA_H

#include "reports/pairs.h"

#include <cjson/cJSON.h>

void compare_add_flow(const struct pairs *p, cJSON *tree);
void compare_add_intent_any(const struct pairs *p, double margin, cJSON *tree);
void compare_add_flaky(const struct pairs *p, cJSON *tree);
/* latency_ms, completion_tokens, cost_usd. */
void compare_add_performance(const struct pairs *p, cJSON *tree);

#endif
