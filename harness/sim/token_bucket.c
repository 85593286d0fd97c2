#include "sim/token_bucket.h"

#include <math.h>

void token_bucket_init(struct token_bucket *b, double per_minute, double burst, int64_t now_us)
{
    *b = (struct token_bucket){ .tokens = burst, .burst = burst, .per_us = per_minute / 60e6, .at_us = now_us };
}

int64_t token_bucket_take(struct token_bucket *b, int64_t now_us)
{
    if (now_us > b->at_us) {
        b->tokens = fmin(b->burst, b->tokens + (double)(now_us - b->at_us) * b->per_us);
        b->at_us = now_us;
    }
    if (b->tokens >= 1.0 - 1e-9) {
        b->tokens -= 1.0;
        return 0;
    }
    return (int64_t)ceil((1.0 - b->tokens) / b->per_us);
}
