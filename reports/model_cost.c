#include "reports/model_cost.h"

#include "base/json.h"
#include "base/json_member.h"

#include <math.h>
#include <string.h>

void model_add_cost(const struct attempt_totals *totals, const struct price *price, cJSON *endpoint)
{
    cJSON *cost = cJSON_AddObjectToObject(endpoint, "cost_usd");
    bool known = totals->cost_usd >= 0, bounded = totals->cost_unknown == 0 && (known || price->known);
    json_member_number(cost, "estimate", known ? totals->cost_usd : (double)NAN);
    json_member_number(cost, "upper", bounded ? totals->cost_upper_usd : (double)NAN);
    if (!price->known) {
        (void)cJSON_AddNullToObject(endpoint, "price");
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(endpoint, "price");
    json_member_number(json, "input", price->input);
    json_member_number(json, "output", price->output);
    json_member_text(json, "source", price->source);
}

void model_add_total_cost(cJSON *model)
{
    static const char *const list[] = { "endpoints", "judges" };
    double estimate = 0, upper = 0, value;
    int parts = 0, unknown = 0;
    for (size_t i = 0; i < ARRAY_LEN(list); i++) {
        const cJSON *one;
        cJSON_ArrayForEach(one, json_array(model, list[i]))
        {
            const cJSON *cost = json_object(one, "cost_usd");
            bool known = json_number(cost, "estimate", &value);
            parts++;
            unknown += !known;
            estimate += known ? value : 0;
            upper += json_number(cost, "upper", &value) ? value : (double)NAN;
        }
    }
    cJSON *json = cJSON_AddObjectToObject(model, "total_cost_usd");
    json_member_number(json, "estimate", unknown < parts ? estimate : (double)NAN);
    json_member_number(json, "upper", parts ? upper : (double)NAN);
    json_member_int(json, "parts", true, parts);
    json_member_int(json, "unknown", true, unknown);
}

enum err model_add_budget_stop(struct store *s, const struct run_row *run, const struct endpoint_row *row, cJSON *endpoint, struct error *e)
{
    struct status_counts counts = { 0 };
    bool stopped = row->stop_reason && strcmp(row->stop_reason, "budget") == 0;
    if (stopped && store_status_counts(s, run->id, row->id, &counts, e) != OK)
        return e->code;
    int64_t pending = counts.by_status[TRIAL_PENDING];
    if (pending == 0) {
        (void)cJSON_AddNullToObject(endpoint, "budget_stop");
        return OK;
    }
    CLEANUP(json_freep) cJSON *options = cJSON_Parse(run->options_json ? run->options_json : "{}");
    const char *order = json_string(options, "sample_order"), *per = json_string(options, "per");
    bool stratified = order && strcmp(order, "stratified") == 0 && !per;
    cJSON *json = cJSON_AddObjectToObject(endpoint, "budget_stop");
    json_member_int(json, "done", true, counts.planned - pending);
    json_member_int(json, "planned", true, counts.planned);
    json_member_text(json, "order", per ? "per intent" : order);
    (void)cJSON_AddBoolToObject(json, "fair_sample", stratified);
    return OK;
}
