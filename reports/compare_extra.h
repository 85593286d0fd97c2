/*
 * compare_extra - what stands beside the difference of a comparison: the 2 x 2 flow, the attacker's view, flaky samples, speed and
 * cost. Members as in compare.h. Pure.
 */
#ifndef REPORTS_COMPARE_EXTRA_H
#define REPORTS_COMPARE_EXTRA_H

#include "reports/pairs.h"

#include <cjson/cJSON.h>

enum { MAX_DRAWN_EPOCHS = 10 };

void compare_add_flow(const struct pairs *p, cJSON *tree);
void compare_add_intent_any(const struct pairs *p, double margin, cJSON *tree);
/* For k = 2 … the fewest epochs of a pair, MAX_DRAWN_EPOCHS at most; null unless both sides have several. */
void compare_add_any_at_k(const struct pairs *p, double margin, cJSON *tree);
void compare_add_flaky(const struct pairs *p, cJSON *tree);
/* latency_ms, completion_tokens, cost_usd. */
void compare_add_performance(const struct pairs *p, cJSON *tree);

#endif
