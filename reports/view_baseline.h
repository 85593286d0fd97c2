/*
 * view_baseline - the baseline beside the headline of the candidate: its marks, its levels, and how far the two are apart.
 *
 * There is one only where the model has `compare` of two that may be compared, and `baseline`; and only the candidate's endpoint is
 * held against it.
 */
#ifndef REPORTS_VIEW_BASELINE_H
#define REPORTS_VIEW_BASELINE_H

#include <cjson/cJSON.h>
#include <stdint.h>

/* The baseline's endpoint, of which the summary has the rates; NULL when this endpoint is held against none. Borrowed. */
const cJSON *view_baseline_of(const cJSON *model, const cJSON *endpoint);
/* The comparison whose candidate the endpoint is; NULL = there is none. */
const cJSON *view_compare_of(const cJSON *model, const cJSON *endpoint);
/* `against`, null without a baseline: {"base", "base_bounds", "delta", "delta_bounds", "word", and the glyph of view_tag}. `rate` and `events`
   are the baseline's, `difference` a member of the comparison; word null where more is neither better nor worse. */
void view_add_against(cJSON *object, const cJSON *rate, int64_t events, const cJSON *difference);

#endif
