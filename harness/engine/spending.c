#include "engine/spending.h"

#include <string.h>

enum { PERCENT = 100, SENDINGS = 2 };

struct token_range spending_texts(const char *system, const char *prompt)
{
    struct token_range r = token_range_sum(tokens_of_template(), tokens_of_text(prompt, strlen(prompt)));
    return system ? token_range_sum(r, tokens_of_text(system, strlen(system))) : r;
}

/* Rounded up. */
static int64_t raised(int64_t tokens, int64_t excess_percent)
{
    return (tokens * (PERCENT + excess_percent) + PERCENT - 1) / PERCENT;
}

double spending_upper(struct lane *lane, struct token_range prompt)
{
    return price_cost(&lane->price, raised(prompt.most, atomic_load(&lane->prompt_excess)),
                      raised(lane->config->params.max_tokens, atomic_load(&lane->output_excess)));
}

double spending_reservation(double upper_usd)
{
    return upper_usd < 0 ? -1 : SENDINGS * upper_usd;
}

double spending_upper_of(double reservation_usd)
{
    return reservation_usd < 0 ? -1 : reservation_usd / SENDINGS;
}

static bool never_left(const struct http_reply *r)
{
    return r->status == 0 && (r->fault == HTTP_FAULT_DNS || r->fault == HTTP_FAULT_CONNECT || r->fault == HTTP_FAULT_TLS ||
                              r->fault == HTTP_FAULT_CERTIFICATE);
}

double spending_settled(double upper_usd, double cost_usd, const struct http_reply *reply)
{
    double twice = reply->resent ? upper_usd : 0;
    double once = reply->status >= 400 || never_left(reply) ? 0 : cost_usd >= 0 ? cost_usd : upper_usd;
    return twice < 0 || once < 0 ? -1 : once + twice;
}

static void raise_to(_Atomic int64_t *excess, int64_t counted, int64_t most)
{
    if (most <= 0 || counted <= raised(most, atomic_load(excess)))
        return;
    int64_t more = counted < INT64_MAX / (2 * PERCENT) ? counted * PERCENT / most + 1 - PERCENT : 0;
    if (more > atomic_load(excess))
        atomic_store(excess, more);
}

void spending_learn(struct lane *lane, struct token_range prompt, const struct usage *usage)
{
    raise_to(&lane->prompt_excess, usage_billed_prompt(usage), prompt.most);
    raise_to(&lane->output_excess, usage->completion_tokens, lane->config->params.max_tokens);
}
