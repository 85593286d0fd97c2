#include "provider/usage.h"

/* Beyond this a count is a mistake, and sums over a run must not overflow. */
static const int64_t max_tokens = INT64_C(1) << 40;

static int64_t tokens(const cJSON *object, const char *key)
{
    double count;
    if (!object || !json_number(object, key, &count) || !(count >= 0) || count > (double)max_tokens)
        return -1;
    int64_t whole = (int64_t)count;
    return (double)whole < count ? -1 : whole;
}

void usage_read(const cJSON *usage, struct usage *ret_usage)
{
    *ret_usage = (struct usage){ -1, -1, -1, -1 };
    if (!cJSON_IsObject(usage))
        return;

    ret_usage->prompt_tokens = tokens(usage, "prompt_tokens");
    ret_usage->completion_tokens = tokens(usage, "completion_tokens");
    ret_usage->reasoning_tokens = tokens(json_object(usage, "completion_tokens_details"), "reasoning_tokens");
    if (ret_usage->reasoning_tokens < 0)
        ret_usage->reasoning_tokens = tokens(usage, "reasoning_tokens"); /* SGLang */

    double cost;
    if (json_number(usage, "estimated_cost", &cost) && cost >= 0 && cost < 1e9)
        ret_usage->reported_cost_usd = cost;
}
