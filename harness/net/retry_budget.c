#include "net/retry_budget.h"

#include <math.h>

static const double SECOND_US = 1e6, PER_ANSWER = 0.5, PER_SECOND = 1.0, MOST_DEBT = 20;

void retry_budget_init(struct retry_budget *b, int64_t now_us)
{
    *b = (struct retry_budget){ .tokens = RETRY_BUDGET_BURST, .seen_us = now_us };
}

void retry_budget_answered(struct retry_budget *b)
{
    b->tokens = fmin(RETRY_BUDGET_BURST, b->tokens + PER_ANSWER);
}

int64_t retry_budget_take(struct retry_budget *b, int64_t now_us)
{
    double passed = now_us > b->seen_us ? (double)(now_us - b->seen_us) / SECOND_US : 0;
    b->seen_us = now_us;
    b->tokens = fmax(-MOST_DEBT, fmin(RETRY_BUDGET_BURST, b->tokens + passed * PER_SECOND) - 1);
    return b->tokens >= 0 ? 0 : (int64_t)(-b->tokens / PER_SECOND * SECOND_US);
}
