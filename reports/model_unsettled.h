/*
 * model_unsettled - the trials that have no verdict, one by one: for formats that name each test.
 *
 * Adds `unsettled`: [{"sample", "category", "epoch", "status", "reason"}] in trial order; status is failed, unscored, skipped or
 * pending, as the counts have them. At most MAX_UNSETTLED of each status; `unsettled_more` counts the rest by status.
 */
#ifndef REPORTS_MODEL_UNSETTLED_H
#define REPORTS_MODEL_UNSETTLED_H

#include "reports/rows.h"

#include <cjson/cJSON.h>

enum { MAX_UNSETTLED = 500 };

/* `rows`: as they were stored, with nothing assumed of what is missing (rows_apply_errors_as). */
void model_add_unsettled(const struct rows *rows, cJSON *endpoint);

#endif
