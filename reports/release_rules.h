/*
 * release_rules - the gate's rules R0 to R6 (statistics.md section 8), each decided from a comparison and written down with its numbers.
 *
 * A rule appends {"id","verdict","text","numbers"} to `rules` and sets its word in `said`. In which order they are asked, and what stops
 * early, is gate.c's. Differences above 0 are worse.
 */
#ifndef REPORTS_RELEASE_RULES_H
#define REPORTS_RELEASE_RULES_H

#include "core/gate_policy.h"
#include "reports/comparison.h"
#include "stats/gate_rule.h"

#include <cjson/cJSON.h>

struct release {
    const struct comparison *compared;
    const struct gate_policy *policy;
    struct gate_rules said;
    cJSON *rules; /* the array they are appended to */
};

/* A rule that the policy does not ask for, or that an earlier one made void: NOT_APPLIED. */
void release_not_applied(struct release *r, const char *id, const char *why);

void release_comparable(struct release *r);   /* R0; there is a baseline */
void release_data_quality(struct release *r); /* R1 */
void release_overall(struct release *r);      /* R2 */
void release_categories(struct release *r);   /* R3 */
void release_ceiling(struct release *r);      /* R4 */
void release_robust(struct release *r);       /* R5; after R2 */
void release_over_refusal(struct release *r); /* R6 */

#endif
