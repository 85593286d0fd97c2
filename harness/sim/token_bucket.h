/*
 * token_bucket - the enforced rate limit: what a server does to clients that do not hold back.
 *
 * Time      microseconds of the monotonic clock, given by the caller.
 * Threads   the caller locks.
 */
#ifndef SIM_TOKEN_BUCKET_H
#define SIM_TOKEN_BUCKET_H

#include <stdint.h>

struct token_bucket {
    double tokens, burst, per_us;
    int64_t at_us;
};

/* Full at now_us. per_minute > 0, burst >= 1. */
void token_bucket_init(struct token_bucket *b, double per_minute, double burst, int64_t now_us);
/* Takes one token and returns 0, or takes none and returns the microseconds until there is one. */
int64_t token_bucket_take(struct token_bucket *b, int64_t now_us);

#endif
