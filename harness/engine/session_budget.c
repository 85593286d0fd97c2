#include "engine/session_budget.h"

#include "store/reader.h"

#include <math.h>

static bool same_price(const struct price *a, const struct price *b)
{
    return fabs(a->input - b->input) < 1e-12 && fabs(a->output - b->output) < 1e-12;
}

static enum err settle_price(struct pipeline *p, const struct lane *lane, struct error *e)
{
    struct price stated = lane_config_price(lane->config);
    const struct price *planned = &lane->row.price;
    if (planned->known && stated.known && !same_price(planned, &stated))
        pipeline_notice(
            p, LOG_WARN, "price",
            "endpoint '%s': the run counts with its price of when it was planned, %g and %g USD per million tokens, not with the "
            "configuration's %g and %g",
            lane->row.name, planned->input, planned->output, stated.input, stated.output);
    return lane->price.known && !planned->known ? store_endpoint_price(p->store, lane->row.id, &lane->price, e) : OK;
}

static enum err check_price(const struct session *s, const struct lane *lane, struct error *e)
{
    bool limited = s->p.budget.limit_usd >= 0 || lane->budget.limit_usd >= 0;
    if (!limited || lane->price.known || s->options->base_url)
        return OK;
    return error_set(e, ERR_INVALID,
                     "endpoint '%s': a budget needs its price, and nobody knows it; give it `price: {input: USD, output: USD}` per "
                     "million tokens",
                     lane->row.name);
}

/* Attempts of a sitting that knew no price have no bound: the budget cannot count them. */
static void tell_uncounted(struct session *s, const struct lane *lane, const struct attempt_totals *totals)
{
    bool limited = s->p.budget.limit_usd >= 0 || lane->budget.limit_usd >= 0;
    if (limited && totals->cost_unknown > 0 && lane->price.known)
        pipeline_notice(&s->p, LOG_WARN, "price",
                        "endpoint '%s': the cost of %lld earlier attempts is not known; the budget does not count them", lane->row.name,
                        (long long)totals->cost_unknown);
}

enum err session_open_budgets(struct session *s, struct error *e)
{
    struct pipeline *p = &s->p;
    struct attempt_totals *totals = arena_array(&s->arena, p->lane_count, sizeof(*totals));
    double spent = 0;
    for (size_t i = 0; i < p->lane_count; i++) {
        struct lane *lane = &p->lane[i];
        bool judge = i >= p->target_count;
        if (judge ? store_judge_spent(p->store, p->run_id, lane->row.name, &totals[i].cost_upper_usd, e) != OK
                  : store_attempt_totals(p->store, lane->row.id, &s->arena, &totals[i], e) != OK)
            return e->code;
        budget_init(&lane->budget, lane->config->limits.budget_usd, totals[i].cost_upper_usd);
        spent += totals[i].cost_upper_usd;
    }
    budget_init(&p->budget, s->options->budget_usd >= 0 ? s->options->budget_usd : s->recipe.budget_usd, spent);

    for (size_t i = 0; i < p->lane_count; i++) {
        if (check_price(s, &p->lane[i], e) != OK)
            return e->code;
    }
    for (size_t i = 0; i < p->lane_count; i++) {
        if (i < p->target_count && settle_price(p, &p->lane[i], e) != OK)
            return e->code;
        tell_uncounted(s, &p->lane[i], &totals[i]);
    }
    return OK;
}
