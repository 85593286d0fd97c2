/*
 * limiter - decides when the next request to one endpoint may start.
 *
 * A ceiling on requests in flight, two leaky buckets (requests and tokens a minute) and a shared cool-down. Tokens are
 * charged after the fact from `usage`: the bucket may go below zero and then holds back the next request. Below the
 * ceiling a window adapts to what the endpoint accepts: halved once per episode of 429, widened by one for every window
 * of successes (additive increase, multiplicative decrease).
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: the endpoint's dispatcher. Nothing here locks.
 */
#ifndef NET_LIMITER_H
#define NET_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

struct limiter {
    int max_in_flight, in_flight;
    double request_us;      /* microseconds between requests; 0 = no limit */
    double token_us;        /* microseconds per token; 0 = no limit */
    double next_request_us; /* when the request bucket has room again */
    double next_token_us;
    int64_t cooldown_until_us;
    int64_t burst_us;         /* how far behind `now` the buckets may lag: one second of credit */
    double window;            /* requests in flight allowed just now: 1 … max_in_flight */
    int64_t episode_until_us; /* further 429s before this belong to the episode that was already answered by a cut */
};

/* requests_per_minute, tokens_per_minute: 0 = no limit. max_in_flight > 0. */
void limiter_init(struct limiter *l, int max_in_flight, double requests_per_minute, double tokens_per_minute);
/* New limits for a run going now; what is in flight and owed stays. */
void limiter_tune(struct limiter *l, int max_in_flight, double requests_per_minute, double tokens_per_minute);
/* 0 = start now; > 0 = microseconds until a start may be possible; -1 = full, wait for a reply. */
int64_t limiter_delay_us(const struct limiter *l, int64_t now_us);
void limiter_start(struct limiter *l, int64_t now_us);
void limiter_done(struct limiter *l);
void limiter_charge_tokens(struct limiter *l, int64_t tokens, int64_t now_us);
/* Nobody starts before now + wait; keeps the later of two. */
void limiter_cooldown(struct limiter *l, int64_t now_us, int64_t wait_us);
/* A 429 came: halves the window, once per episode. Call after limiter_cooldown, whose pause ends the episode. */
void limiter_throttled(struct limiter *l, int64_t now_us);
/* An answer came: the window may widen again. Not for a 5xx, which only pauses growth. */
void limiter_succeeded(struct limiter *l);

#endif
