/*
 * model_cost - money in the report's model: what a run cost, at what price, and whether its budget cut it short.
 *
 * cost_usd.estimate  sum of the known costs, null when none is known. It is tokens times price, not an invoice.
 * cost_usd.upper     the most it can be: with attempts whose fate is unknown at what was reserved for them; null when one of
 *                    them has no known bound.
 * total_cost_usd     of the run, endpoints and judges: {"estimate", "upper", "parts", "unknown"}: the sums of what is known, the number
 *                    of endpoints and judges, and of those of which nothing is known. estimate null when nothing is, upper null when
 *                    one of them has no bound.
 * budget_stop        null, or after how many trials a budget stopped the endpoint, and whether those are a fair sample: they are
 *                    where the order was stratified, because any prefix of it has the plan's proportions.
 */
#ifndef REPORTS_MODEL_COST_H
#define REPORTS_MODEL_COST_H

#include "store/reader.h"

#include <cjson/cJSON.h>

void model_add_cost(const struct attempt_totals *totals, const struct price *price, cJSON *endpoint);
/* After endpoints and judges are there. */
void model_add_total_cost(cJSON *model);
enum err model_add_budget_stop(struct store *s, const struct run_row *run, const struct endpoint_row *row, cJSON *endpoint,
                               struct error *e) MUST_CHECK;

#endif
