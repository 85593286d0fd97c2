/*
 * model_unsettled - the trials that have no verdict, one by one: for formats that name each test.
 *
 * Adds `unsettled`: [{"sample", "category", "epoch", "status", "reason"}] in trial order; status is failed, unscored, skipped or
 * pending, as the counts have them. At most MAX_UNSETTLED of each status; `unsettled_more` counts the rest by status.
 */
#ifndef REPORTS_MODEL_UNSETTLED_H
#define REPORTS_MODEL_UNSETTLED_H

#include "store/store.h"

#include <cjson/cJSON.h>
#include <stdint.h>

enum { MAX_UNSETTLED = 500 };

enum err model_add_unsettled(struct store *s, int64_t endpoint_id, int64_t scorer_id, cJSON *endpoint, struct error *e) MUST_CHECK;

#endif
