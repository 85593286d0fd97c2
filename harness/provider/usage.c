#include "provider/usage.h"

#include <math.h>

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
    *ret_usage = (struct usage)USAGE_UNKNOWN;
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

/* The sum of what is known; -1 when the first is not. */
static int64_t sum(int64_t first, int64_t second, int64_t third)
{
    return first < 0 ? -1 : first + (second > 0 ? second : 0) + (third > 0 ? third : 0);
}

static double known(int64_t count)
{
    return count > 0 ? (double)count : 0;
}

/* A write that lives for five minutes costs 1.25 times what input does, one for an hour twice as much, what is read a tenth of it
   (platform.claude.com, prompt caching). */
static double anthropic_cache_extra(const cJSON *usage)
{
    const double hour = known(tokens(json_object(usage, "cache_creation"), "ephemeral_1h_input_tokens"));
    const double written = known(tokens(usage, "cache_creation_input_tokens"));
    const double read = known(tokens(usage, "cache_read_input_tokens"));
    return 0.25 * fmax(0, written - hour) + fmin(hour, written) - 0.9 * read;
}

void usage_read_anthropic(const cJSON *usage, struct usage *so_far)
{
    int64_t prompt =
        sum(tokens(usage, "input_tokens"), tokens(usage, "cache_creation_input_tokens"), tokens(usage, "cache_read_input_tokens"));
    int64_t completion = tokens(usage, "output_tokens");
    int64_t reasoning = tokens(json_object(usage, "output_tokens_details"), "thinking_tokens");

    if (prompt >= 0) {
        so_far->prompt_tokens = prompt;
        so_far->cache_extra_tokens = anthropic_cache_extra(usage);
    }
    if (completion >= 0)
        so_far->completion_tokens = completion;
    if (reasoning >= 0)
        so_far->reasoning_tokens = reasoning;
}

void usage_read_gemini(const cJSON *usage, struct usage *ret_usage)
{
    int64_t total = tokens(usage, "totalTokenCount"), candidates = tokens(usage, "candidatesTokenCount");

    *ret_usage = (struct usage)USAGE_UNKNOWN;
    ret_usage->prompt_tokens = sum(tokens(usage, "promptTokenCount"), tokens(usage, "toolUsePromptTokenCount"), 0);
    ret_usage->reasoning_tokens = tokens(usage, "thoughtsTokenCount");
    if (candidates < 0 && (total >= 0 || ret_usage->reasoning_tokens >= 0))
        candidates = 0; /* left out when nothing was generated, as JSON of protocol buffers leaves out every zero */
    ret_usage->completion_tokens = sum(candidates, ret_usage->reasoning_tokens, 0);
}
