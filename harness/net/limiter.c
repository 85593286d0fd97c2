#include "net/limiter.h"

#include <assert.h>
#include <math.h>

enum { MINUTE_US = 60 * 1000000, BURST_US = 1000000 };
static const double LONGEST_US = 1e15; /* 31 years: what a mad token count may ask for, safe to convert */

void limiter_init(struct limiter *l, int max_in_flight, double requests_per_minute, double tokens_per_minute)
{
    *l = (struct limiter){ .burst_us = BURST_US };
    limiter_tune(l, max_in_flight, requests_per_minute, tokens_per_minute);
    window_init(&l->window, max_in_flight, false);
    refusals_init(&l->refusals);
    pace_init(&l->pace);
    told_quota_init(&l->told_requests, 1);
    told_quota_init(&l->told_tokens, 0);
}

void limiter_adapt(struct limiter *l)
{
    window_init(&l->window, l->max_in_flight, true);
}

void limiter_tune(struct limiter *l, int max_in_flight, double requests_per_minute, double tokens_per_minute)
{
    assert(max_in_flight > 0);
    assert(requests_per_minute >= 0 && tokens_per_minute >= 0);

    window_set_ceiling(&l->window, max_in_flight);
    l->max_in_flight = max_in_flight;
    l->request_us = requests_per_minute > 0 ? MINUTE_US / requests_per_minute : 0;
    l->token_us = tokens_per_minute > 0 ? MINUTE_US / tokens_per_minute : 0;
}

static int64_t later(int64_t a_us, double b_us)
{
    int64_t whole_us = (int64_t)ceil(fmin(b_us, LONGEST_US));
    return a_us > whole_us ? a_us : whole_us;
}

static int64_t longer(int64_t a_us, int64_t b_us)
{
    return a_us > b_us ? a_us : b_us;
}

int64_t limiter_delay_us(const struct limiter *l, int64_t now_us)
{
    if (l->in_flight >= (int)l->window.size)
        return -1;

    int64_t wait_us = l->cooldown_until_us - now_us;
    wait_us = longer(wait_us, pace_delay_us(&l->pace, now_us));
    wait_us = longer(wait_us, told_quota_delay_us(&l->told_requests, now_us));
    wait_us = longer(wait_us, told_quota_delay_us(&l->told_tokens, now_us));
    if (l->request_us > 0)
        wait_us = later(wait_us, l->next_request_us - (double)now_us);
    if (l->token_us > 0)
        wait_us = later(wait_us, l->next_token_us - (double)now_us);
    return wait_us > 0 ? wait_us : 0;
}

/*
 * Generic cell rate algorithm (ITU-T I.371): the bucket is one number, the time at which it has room again. It may lag
 * behind `now` by burst_us, which makes up for a dispatcher that came late; an untouched bucket (0) has no such credit,
 * so that the first minute holds no more than any other.
 */
static double advance(double next_us, double cost_us, int64_t burst_us, int64_t now_us)
{
    double now = (double)now_us;
    double from_us = next_us > 0 ? fmax(next_us, now - (double)burst_us) : now;
    return from_us + cost_us;
}

void limiter_start(struct limiter *l, int64_t now_us)
{
    l->in_flight++;
    window_used(&l->window, l->in_flight);
    refusals_started(&l->refusals, now_us);
    pace_started(&l->pace, now_us);
    told_quota_started(&l->told_requests, now_us);
    told_quota_started(&l->told_tokens, now_us);
    if (l->request_us > 0)
        l->next_request_us = advance(l->next_request_us, l->request_us, l->burst_us, now_us);
}

void limiter_done(struct limiter *l)
{
    assert(l->in_flight > 0);
    l->in_flight--;
}

void limiter_charge_tokens(struct limiter *l, int64_t tokens, int64_t now_us)
{
    if (l->token_us > 0 && tokens > 0)
        l->next_token_us = advance(l->next_token_us, (double)tokens * l->token_us, l->burst_us, now_us);
}

void limiter_answer_cost(struct limiter *l, double tokens)
{
    told_quota_cost(&l->told_tokens, tokens);
}

void limiter_cooldown(struct limiter *l, int64_t now_us, int64_t wait_us)
{
    int64_t until_us = wait_us > INT64_MAX - now_us ? INT64_MAX : now_us + wait_us;
    if (until_us > l->cooldown_until_us)
        l->cooldown_until_us = until_us;
}

void limiter_told_requests(struct limiter *l, double remaining, double limit, int64_t reset_us, int64_t start_us, int64_t now_us)
{
    told_quota_set(&l->told_requests, remaining, limit, reset_us, l->in_flight - 1, start_us, now_us);
}

void limiter_told_tokens(struct limiter *l, double remaining, double limit, int64_t reset_us, int64_t start_us, int64_t now_us)
{
    told_quota_set(&l->told_tokens, remaining, limit, reset_us, l->in_flight - 1, start_us, now_us);
}

static enum foreseen foreseen(const struct limiter *l)
{
    if (told_quota_is_short(&l->told_requests) || told_quota_is_short(&l->told_tokens))
        return FORESEEN_TOLD;
    if (pace_is_beyond(&l->pace))
        return FORESEEN_BEYOND;
    return l->pace.confirmed ? FORESEEN_NOT : FORESEEN_UNKNOWN;
}

void limiter_throttled(struct limiter *l, int64_t start_us, int64_t now_us)
{
    bool known = l->pace.exhausted || pace_is_tail(&l->pace, start_us); /* an endpoint that would refuse any number, just now */
    enum refusal kind = REFUSAL_LIMIT;
    if (known)
        refusals_pass(&l->refusals);
    else
        kind = refusals_add(&l->refusals, foreseen(l), l->in_flight, start_us, now_us);
    if (kind == REFUSAL_TRIED)
        window_reopen(&l->window);
    else if (!known && kind != REFUSAL_IGNORED)
        window_refused(&l->window, l->in_flight, start_us, now_us);
    pace_refused(&l->pace, kind, start_us, now_us);
}

void limiter_failed(struct limiter *l)
{
    refusals_failed(&l->refusals);
}

void limiter_hinted(struct limiter *l, int64_t until_us)
{
    refusals_wish(&l->refusals, until_us);
    pace_hinted(&l->pace, until_us);
}

void limiter_succeeded(struct limiter *l, int64_t start_us, int64_t done_us)
{
    window_answered(&l->window, start_us, done_us);
    refusals_answered(&l->refusals);
    pace_answered(&l->pace, start_us, done_us);
}

int limiter_window(const struct limiter *l)
{
    return (int)l->window.size;
}

double limiter_rate_per_minute(const struct limiter *l)
{
    return l->pace.rate * MINUTE_US;
}
