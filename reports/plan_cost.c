#include "reports/plan_cost.h"

#include "store/reader.h"

#include <math.h>

static enum err answered(struct store *s, const char *run_id, int64_t endpoint_id, int64_t *ret_count, struct error *e)
{
    struct status_counts c;
    enum err rc = store_status_counts(s, run_id, endpoint_id, &c, e);
    if (rc == OK)
        *ret_count = c.by_status[TRIAL_ANSWERED] + c.by_status[TRIAL_BLOCKED];
    return rc;
}

/* NaN when one of the judges has no known price. */
static double judges_cost(const struct judge_totals *judge, size_t count)
{
    double usd = 0.0;
    for (size_t i = 0; i < count; i++)
        usd += judge[i].cost_usd >= 0 ? judge[i].cost_usd : NAN;
    return usd;
}

enum err plan_cost_of(struct store *s, const struct night_row *night, struct plan_cost *ret_cost, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct attempt_totals totals;
    struct judge_totals *judge;
    size_t judges;
    int64_t own = 0, all = 0;
    enum err rc = answered(s, night->run_id, night->endpoint_id, &own, e);
    if (rc == OK)
        rc = answered(s, night->run_id, 0, &all, e);
    if (rc == OK)
        rc = store_attempt_totals(s, night->endpoint_id, &a, &totals, e);
    if (rc == OK)
        rc = store_judge_totals(s, night->run_id, &a, &judge, &judges, e);
    if (rc == OK) {
        struct plan_cost c = { .usd_per_trial = NAN, .trials = own };
        bool priced = own > 0 && totals.cost_usd >= 0;
        double judging = judges_cost(judge, judges);
        if (priced && !isnan(judging))
            c.usd_per_trial = totals.cost_usd / (double)own + judging / (double)all;
        c.text = !priced          ? "the endpoint has no known price: set `price` in config.yaml"
                 : isnan(judging) ? "a judge has no known price: set `price` in config.yaml"
                                  : "of the newest run, its judges included: an estimate from tokens and prices";
        *ret_cost = c;
    }
    arena_release(&a);
    return rc;
}
