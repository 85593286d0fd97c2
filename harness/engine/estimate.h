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

struct scorer;

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
    bool judge;                        /* what it is asked about the answers */
    int64_t trials;                    /* of a judge: questions */
    struct token_range prompt, output; /* of the run; `most` is not used */
    double usd_low, usd_high;          /* < 0 = unknown */
    double seconds_low, seconds_high;  /* each < 0 = unknown */
};

struct estimate estimate_make(const struct estimate_basis *b);
/* Cost and time of a judge's questions, whose tokens are there; of `b` config, price, trials and max_in_flight count. */
void estimate_price(const struct estimate_basis *b, struct estimate *e);

/* What the judges of `scorer` will be asked about the answers to `targets` (their trials and tokens added up): each judge of a panel one
   question an answer, of the rubric's texts, the intent and the answer, and from MIN_OUTPUT to max_tokens back. Canaries, reminders
   and stand-ins are not in it. Calls `each` per judge. */
void estimate_judges(struct scorer *const *scorer, size_t count, const struct settings *settings, const struct estimate *targets,
                     void (*each)(const struct estimate *estimate, void *context), void *context);

/* Looks at up to MAX_LOOKED_AT pending trials of every endpoint of a planned run, spread over all of them, and their images; calls
   `each` per endpoint, then per judge. Trials that would be skipped do not count. Sends and writes nothing. */
enum err engine_estimate(struct store *s, const char *run_id, const struct settings *settings,
                         void (*each)(const struct estimate *estimate, void *context), void *context, struct error *e) MUST_CHECK;

#endif
