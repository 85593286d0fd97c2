/*
 * The limiter against modelled servers, event by event on a clock of our own: hidden quotas of requests a minute, hidden
 * numbers of requests at once. `-v` as the only argument prints the table that docs/benchmarks.md shows.
 */
#include "base/cleanup.h"
#include "base/rng.h"
#include "net/limiter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define REFUSE_US 20000 /* a 429 comes quickly */

enum { MOST = 2048, FIRST_SEED = 7 };
static bool verbose;
static uint64_t seed = FIRST_SEED;

enum quota_kind { NO_QUOTA, BUCKET, WINDOW };

struct model {
    enum quota_kind kind;
    double per_minute;
    bool hints;        /* 429 with Retry-After in whole seconds; else nothing is said */
    int slots;         /* worked on at once, the others queue; 0 = any number */
    int refuse_beyond; /* 429 beyond that many at once; 0 = never */
    int64_t latency_us;
    double spread; /* of the latency: log-normal sigma */
};

struct server {
    const struct model *m;
    struct rng rng;
    double tokens;
    int64_t at_us, window_end_us, window_left;
    int64_t free_us[MOST]; /* when each slot is free again */
    int inside;
};

struct event {
    int64_t at_us, start_us;
    int64_t wait_us; /* of a refusal: how long its Retry-After asks; -1 = says nothing */
    bool refused, inside;
};

struct world {
    struct limiter l;
    struct server s;
    struct event event[MOST]; /* a heap would be quicker; thousands of events a simulated second are nothing */
    int event_count;
    int64_t now_us;
};

struct tally {
    int64_t granted, refused;
    double in_flight_us; /* integral */
};

/* Microseconds until a request would be let in; 0 = it is. */
static int64_t over_quota(struct server *s, int64_t now_us)
{
    const struct model *m = s->m;
    if (m->kind == BUCKET) {
        double per_us = m->per_minute / 60e6, burst = fmax(1, m->per_minute / 60);
        s->tokens = fmin(burst, s->tokens + (double)(now_us - s->at_us) * per_us);
        s->at_us = now_us;
        if (s->tokens >= 1 - 1e-9) {
            s->tokens -= 1;
            return 0;
        }
        return (int64_t)ceil((1 - s->tokens) / per_us);
    }
    if (m->kind == WINDOW) {
        while (now_us >= s->window_end_us) {
            s->window_end_us += 60 * SECOND;
            s->window_left = (int64_t)m->per_minute;
        }
        if (s->window_left-- > 0)
            return 0;
        return s->window_end_us - now_us;
    }
    return 0;
}

static double normal(struct rng *r)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += rng_unit(r);
    return sum - 6;
}

static int64_t served_at(struct server *s, int64_t now_us)
{
    const struct model *m = s->m;
    int64_t work_us = (int64_t)((double)m->latency_us * exp(m->spread * normal(&s->rng) - m->spread * m->spread / 2));
    if (m->slots == 0)
        return now_us + work_us;
    int first = 0;
    for (int i = 1; i < m->slots; i++)
        if (s->free_us[i] < s->free_us[first])
            first = i;
    int64_t from_us = s->free_us[first] > now_us ? s->free_us[first] : now_us;
    return s->free_us[first] = from_us + work_us;
}

static struct event ask(struct server *s, int64_t now_us)
{
    struct event e = { .start_us = now_us, .wait_us = -1 };
    int64_t wait_us = over_quota(s, now_us);
    if (wait_us > 0 || (s->m->refuse_beyond && s->inside >= s->m->refuse_beyond)) {
        e.refused = true;
        e.at_us = now_us + REFUSE_US;
        if (s->m->hints)
            e.wait_us = (wait_us + SECOND - 1) / SECOND * SECOND;
        return e;
    }
    s->inside++;
    e.inside = true;
    e.at_us = served_at(s, now_us);
    return e;
}

static void reply(struct world *w, const struct event *e, struct tally *t)
{
    if (e->inside)
        w->s.inside--;
    if (e->refused) {
        t->refused++;
        limiter_throttled(&w->l, e->start_us, w->now_us);
        limiter_cooldown(&w->l, w->now_us, e->wait_us >= 0 ? e->wait_us : SECOND);
        if (e->wait_us >= 0)
            limiter_hinted(&w->l, w->now_us + e->wait_us);
    } else {
        t->granted++;
        limiter_succeeded(&w->l, e->start_us, w->now_us);
    }
    limiter_done(&w->l);
}

static int soonest(const struct world *w)
{
    int first = 0;
    for (int i = 1; i < w->event_count; i++)
        if (w->event[i].at_us < w->event[first].at_us)
            first = i;
    return w->event_count ? first : -1;
}

static void advance(struct world *w, int64_t to_us, struct tally *t)
{
    t->in_flight_us += (double)w->l.in_flight * (double)(to_us - w->now_us);
    w->now_us = to_us;
}

/* There is always more to ask. */
static void run_until(struct world *w, int64_t end_us, struct tally *t)
{
    while (w->now_us < end_us) {
        int64_t delay_us = limiter_delay_us(&w->l, w->now_us);
        if (delay_us == 0) {
            assert_true(w->event_count < MOST);
            limiter_start(&w->l, w->now_us);
            w->event[w->event_count++] = ask(&w->s, w->now_us);
            continue;
        }
        int next = soonest(w);
        int64_t until_us = delay_us > 0 ? w->now_us + delay_us : INT64_MAX;
        if (next >= 0 && w->event[next].at_us <= until_us) {
            struct event e = w->event[next];
            w->event[next] = w->event[--w->event_count];
            advance(w, e.at_us, t);
            reply(w, &e, t);
        } else {
            advance(w, until_us, t);
        }
    }
}

static void world_init(struct world *w, const struct model *m, int ceiling, bool adapt)
{
    memset(w, 0, sizeof(*w));
    w->now_us = 1000 * SECOND;
    w->s.m = m;
    w->s.tokens = fmax(1, m->per_minute / 60);
    w->s.at_us = w->now_us;
    w->s.window_end_us = w->now_us + 23 * SECOND; /* we come somewhere into the window */
    w->s.window_left = (int64_t)m->per_minute;
    rng_init(&w->s.rng, seed);
    limiter_init(&w->l, ceiling, 0, 0);
    if (adapt)
        limiter_adapt(&w->l);
}

static void quota_is_reached(const struct model *m)
{
    static struct world w;
    struct tally before = { 0 }, t = { 0 };
    world_init(&w, m, 1024, true);
    /* Nobody can know a window before its first end: what is measured are whole windows after it. */
    run_until(&w, w.now_us + (m->kind == WINDOW ? 83 : 60) * SECOND, &before);
    run_until(&w, w.now_us + 600 * SECOND, &t);

    double reached = (double)t.granted / 10 / m->per_minute;
    double refused = (double)t.refused / (double)(t.granted + t.refused);
    if (verbose)
        print_message("%6.0f/min %-6s %-13s %3lld ms reached %5.1f %%  429 %4.2f %%   (warm-up: %lld granted, %lld refused)\n",
                      m->per_minute, m->kind == BUCKET ? "bucket" : "window", m->hints ? "with hints" : "without hints",
                      (long long)m->latency_us / 1000, 100 * reached, 100 * refused, (long long)before.granted, (long long)before.refused);
    if (verbose)
        return;
    assert_true(reached >= 0.9);
    assert_true(refused <= 0.05);
}

static void every_hidden_quota_is_reached_with_few_refusals(void **state)
{
    (void)state;
    static const double rate[] = { 60, 600, 6000, 60000 };
    for (size_t i = 0; i < ARRAY_LEN(rate); i++)
        for (int kind = BUCKET; kind <= WINDOW; kind++)
            for (int hints = 0; hints < 2; hints++) {
                struct model m = { (enum quota_kind)kind, rate[i], hints, 0, 0, 300000, 0.5 };
                quota_is_reached(&m);
            }
}

/* A bucket of a second's quota that answers quickly is full again after each pause: it never refuses twice in a row. */
static void bucket_that_each_pause_fills_again_is_a_quota(void **state)
{
    (void)state;
    static const double rate[] = { 60, 120, 300, 600, 1200, 3000, 6000 };
    for (size_t i = 0; i < ARRAY_LEN(rate); i++)
        for (int hints = 0; hints < 2; hints++)
            for (seed = 1; seed <= 5; seed++) {
                struct model m = { BUCKET, rate[i], hints, 0, 0, 20000, 0.2 };
                quota_is_reached(&m);
            }
    seed = FIRST_SEED;
}

static void knee_is_found(const struct model *m, int knee)
{
    static struct world w;
    struct tally before = { 0 }, t = { 0 };
    world_init(&w, m, 1024, true);
    run_until(&w, w.now_us + 120 * SECOND, &before);
    int64_t from_us = w.now_us;
    run_until(&w, w.now_us + 600 * SECOND, &t);

    double span_us = (double)(w.now_us - from_us);
    double in_flight = t.in_flight_us / span_us / knee;
    double best = (double)t.granted / (span_us / (double)m->latency_us * knee);
    if (verbose)
        print_message("knee %4d %-8s %4lld ms spread %.1f  in flight %5.1f %% of it, throughput %5.1f %% of the best, 429 %.2f %%\n", knee,
                      m->slots ? "queueing" : "refusing", (long long)m->latency_us / 1000, m->spread, 100 * in_flight, 100 * best,
                      100 * (double)t.refused / (double)(t.granted + t.refused));
    if (verbose)
        return;
    assert_true(in_flight >= 0.8 && in_flight <= 1.2);
    assert_true(best >= 0.8);
}

static void number_of_requests_that_an_endpoint_works_on_at_once_is_found(void **state)
{
    (void)state;
    static const int knee[] = { 8, 12, 32, 50, 100, 128 };
    static const double spread[] = { 0.1, 0.5 };
    static const int64_t latency_us[] = { 100000, 1000000 };
    for (size_t i = 0; i < ARRAY_LEN(knee); i++)
        for (size_t l = 0; l < ARRAY_LEN(latency_us); l++)
            for (size_t k = 0; k < ARRAY_LEN(spread); k++) {
                struct model queueing = { .slots = knee[i], .latency_us = latency_us[l], .spread = spread[k] };
                struct model refusing = { .refuse_beyond = knee[i], .latency_us = latency_us[l], .spread = spread[k] };
                knee_is_found(&queueing, knee[i]);
                knee_is_found(&refusing, knee[i]);
            }
}

int main(int argc, char **argv)
{
    verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hidden_quota_is_reached_with_few_refusals),
        cmocka_unit_test(bucket_that_each_pause_fills_again_is_a_quota),
        cmocka_unit_test(number_of_requests_that_an_endpoint_works_on_at_once_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
