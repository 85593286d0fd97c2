/*
 * limiter - decides when the next request to one endpoint may start.
 *
 * What the configuration says: a ceiling on requests in flight, two leaky buckets (requests and tokens a minute). Tokens are
 * charged after the fact from `usage`: the bucket may go below zero and then holds back the next request. What the endpoint
 * says: a cool-down, and what is left of its quotas (told_quota.h). What is learned from it, below the ceiling: a window of
 * requests in flight (window.h) and a rate (pace.h), both from refusals that are no chance (refusals.h). docs/adr/006-adaptive-dispatch.md tells how they work together.
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: the endpoint's dispatcher. Nothing here locks.
 */
#ifndef NET_LIMITER_H
#define NET_LIMITER_H

#include "net/pace.h"
#include "net/told_quota.h"
#include "net/window.h"

#include <stdbool.h>
#include <stdint.h>

struct limiter {
    int max_in_flight, in_flight;
    double request_us;      /* microseconds between requests; 0 = no limit */
    double token_us;        /* microseconds per token; 0 = no limit */
    double next_request_us; /* when the request bucket has room again */
    double next_token_us;
    int64_t cooldown_until_us;
    int64_t burst_us; /* how far behind `now` the buckets may lag: one second of credit */
    struct refusals refusals;
    struct window window;
    struct pace pace;
    struct told_quota told_requests, told_tokens;
};

/* requests_per_minute, tokens_per_minute: 0 = no limit. max_in_flight > 0. */
void limiter_init(struct limiter *l, int max_in_flight, double requests_per_minute, double tokens_per_minute);
/* Before the first start: the window begins small and looks for the endpoint's own limit (`max_in_flight: auto`). */
void limiter_adapt(struct limiter *l);
/* New limits for a run going now; what is in flight and owed stays. */
void limiter_tune(struct limiter *l, int max_in_flight, double requests_per_minute, double tokens_per_minute);
/* What is allowed just now, for people: requests in flight, and requests a minute that were learned (0 = no limit met). */
int limiter_window(const struct limiter *l);
double limiter_rate_per_minute(const struct limiter *l);
/* 0 = start now; > 0 = microseconds until a start may be possible; -1 = full, wait for a reply. */
int64_t limiter_delay_us(const struct limiter *l, int64_t now_us);
void limiter_start(struct limiter *l, int64_t now_us);
void limiter_done(struct limiter *l);
void limiter_charge_tokens(struct limiter *l, int64_t tokens, int64_t now_us);
/* What one answer cost lately: turns what is left of a quota of tokens into requests. */
void limiter_answer_cost(struct limiter *l, double tokens);
/* Nobody starts before now + wait; keeps the later of two. */
void limiter_cooldown(struct limiter *l, int64_t now_us, int64_t wait_us);
/* The last 429 said when it will be over: no guess is needed. Beside limiter_cooldown. */
void limiter_hinted(struct limiter *l, int64_t until_us);
/* The reply to the request that left at start_us says so much is left until the reset (from now on), of requests or of tokens. Call before limiter_done. limit < 0: not said. */
void limiter_told_requests(struct limiter *l, double remaining, double limit, int64_t reset_us, int64_t start_us, int64_t now_us);
void limiter_told_tokens(struct limiter *l, double remaining, double limit, int64_t reset_us, int64_t start_us, int64_t now_us);
/* A 429 came to the request that left at start_us. Call before limiter_done. */
void limiter_throttled(struct limiter *l, int64_t start_us, int64_t now_us);
/* An answer came: window and rate may grow. Not for a 5xx, which only pauses growth. Call before limiter_done. */
void limiter_succeeded(struct limiter *l, int64_t start_us, int64_t done_us);
/* Anything else came of it: nothing is learned. Call before limiter_done. */
void limiter_failed(struct limiter *l);

#endif
