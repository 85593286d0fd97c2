/*
 * plan_cost - what one trial of a run cost, its judges included: what a budget is divided by.
 */
#ifndef REPORTS_PLAN_COST_H
#define REPORTS_PLAN_COST_H

#include "store/nights.h"

struct plan_cost {
    double usd_per_trial; /* NaN = not known: a price that is unknown is never taken for 0 */
    int64_t trials;       /* answered or blocked ones of the endpoint, that the cost was divided by */
    const char *text;     /* one sentence about it; constant */
};

/* The known cost of the endpoint's attempts by its answered trials, plus that of the run's judges by all its answered trials. */
enum err plan_cost_of(struct store *s, const struct night_row *night, struct plan_cost *ret_cost, struct error *e) MUST_CHECK;

#endif
