/*
 * estimate - what a run will cost and how long it will take, before anything is sent: ranges, never single figures.
 *
 * Tokens    the prompts' ranges (provider/token_estimate.h), summed over the trials that were looked at and scaled to all of
 *           them. Output: from MIN_OUTPUT to max_tokens a trial; where the store has answers of the same model at the same
 *           address, from half to twice their mean.
 * Cost      tokens times price; unknown without a price.
 * Time      low: what requests_per_minute, tokens_per_minute and earlier latencies allow at best. high: the slowest of the three
 *           with twice the latency; unknown without earlier latencies. Retries, pauses and errors are not in it.
 *
 * Threads   any. estimate_make is pure.
 */
#ifndef ENGINE_ESTIMATE_H
#define ENGINE_ESTIMATE_H

#include "config/settings.h"
#include "core/price.h"
#include "provider/token_estimate.h"
#include "store/reader.h"

struct estimate_basis {
    const struct endpoint_config *config;
    struct price price;
    struct endpoint_history history;
    struct token_range prompt; /* of all the trials that were looked at */
    int64_t looked_at, trials;
    int max_in_flight; /* of the whole run */
};

struct estimate {
    const char *endpoint;
    int64_t trials;
    struct token_range prompt, output; /* of the run; `most` is not used */
    double usd_low, usd_high;          /* < 0 = unknown */
    double seconds_low, seconds_high;  /* each < 0 = unknown */
};

struct estimate estimate_make(const struct estimate_basis *b);

/* Looks at up to MAX_LOOKED_AT pending trials of every endpoint of a planned run, spread over all of them, and their images; calls
   `each` per endpoint. Trials that would be skipped do not count. Sends and writes nothing. */
enum err engine_estimate(struct store *s, const char *run_id, const struct settings *settings,
                         void (*each)(const struct estimate *estimate, void *context), void *context, struct error *e) MUST_CHECK;

#endif
