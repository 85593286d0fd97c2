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
    double chance;     /* of a 429 for reasons of its own, whatever we do */
    int64_t wish_us;   /* which such a 429 asks to wait; 0 = says nothing */
    int64_t latency_us;
    int64_t refuse_us; /* until a 429 comes; 0 = 20 ms */
    int64_t late_us;   /* a request starts so much too late, at most */
    double spread;     /* of the latency: log-normal sigma */
    bool tells;        /* every reply says what is left */
    int64_t tokens;    /* the quota counts tokens: so many a request, half more or less; 0 = requests */
};

struct server {
    const struct model *m;
    struct rng rng;
    double tokens; /* left in the bucket, or in the window */
    int64_t at_us, window_end_us;
    int64_t free_us[MOST]; /* when each slot is free again */
    int inside;
};

struct event {
    int64_t at_us, start_us;
    int64_t wait_us; /* of a refusal: how long its Retry-After asks; -1 = says nothing */
    bool refused, inside;
    double left, limit, cost; /* as the reply tells */
    int64_t reset_us;
};

struct world {
    struct limiter l;
    bool deaf; /* waits as it is told, and learns nothing from a refusal */
    struct server s;
    struct event event[MOST]; /* a heap would be quicker; thousands of events a simulated second are nothing */
    int event_count;
    int64_t now_us;
};

struct tally {
    int64_t granted, refused;
    double in_flight_us; /* integral */
};

static int64_t refusing_us(const struct model *m)
{
    return m->refuse_us ? m->refuse_us : 20000;
}

static double burst_of(const struct model *m)
{
    return fmax(m->tokens > 0 ? 2.0 * (double)m->tokens : 1, m->per_minute / 60);
}

/* Microseconds until a request of so much would be let in; 0 = it is. */
static int64_t over_quota(struct server *s, double cost, int64_t now_us)
{
    const struct model *m = s->m;
    if (m->kind == BUCKET) {
        double per_us = m->per_minute / 60e6;
        s->tokens = fmin(burst_of(m), s->tokens + (double)(now_us - s->at_us) * per_us);
        s->at_us = now_us;
        if (s->tokens >= cost - 1e-9) {
            s->tokens -= cost;
            return 0;
        }
        return (int64_t)ceil((cost - s->tokens) / per_us);
    }
    if (m->kind == WINDOW) {
        while (now_us >= s->window_end_us) {
            s->window_end_us += 60 * SECOND;
            s->tokens = m->per_minute;
        }
        if (s->tokens >= cost) {
            s->tokens -= cost;
            return 0;
        }
        return s->window_end_us - now_us;
    }
    return 0;
}

/* What the reply to a request that came now says. */
static void tell(const struct server *s, int64_t now_us, struct event *e)
{
    const struct model *m = s->m;
    e->left = floor(s->tokens);
    e->limit = m->kind == WINDOW ? m->per_minute : burst_of(m);
    e->reset_us = m->kind == WINDOW ? s->window_end_us - now_us : (int64_t)((e->limit - s->tokens) * 60e6 / m->per_minute);
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
    e.cost = s->m->tokens > 0 ? (double)s->m->tokens * (0.5 + rng_unit(&s->rng)) : 1;
    if (s->m->chance > 0 && rng_unit(&s->rng) < s->m->chance) {
        e.refused = true;
        e.at_us = now_us + (s->m->latency_us < refusing_us(s->m) ? s->m->latency_us : refusing_us(s->m));
        e.wait_us = s->m->wish_us > 0 ? s->m->wish_us : -1;
        return e;
    }
    int64_t wait_us = over_quota(s, e.cost, now_us);
    tell(s, now_us, &e);
    if (wait_us > 0 || (s->m->refuse_beyond && s->inside >= s->m->refuse_beyond)) {
        e.refused = true;
        e.at_us = now_us + refusing_us(s->m);
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
    if (w->s.m->tells && w->s.m->tokens > 0)
        limiter_told_tokens(&w->l, e->left, e->limit, e->reset_us, e->start_us, w->now_us);
    else if (w->s.m->tells)
        limiter_told_requests(&w->l, e->left, e->limit, e->reset_us, e->start_us, w->now_us);
    if (e->refused) {
        t->refused++;
        if (!w->deaf)
            limiter_throttled(&w->l, e->start_us, w->now_us);
        limiter_cooldown(&w->l, w->now_us, e->wait_us >= 0 ? e->wait_us : SECOND);
        if (e->wait_us >= 0 && !w->deaf)
            limiter_hinted(&w->l, w->now_us + e->wait_us);
    } else {
        t->granted += (int64_t)e->cost;
        if (w->s.m->tokens > 0)
            limiter_answer_cost(&w->l, e->cost);
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
            advance(w, w->now_us + 1, t); /* no two leave at once */
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
            advance(w, until_us + (int64_t)(rng_unit(&w->s.rng) * (double)w->s.m->late_us), t);
        }
    }
}

static void world_init(struct world *w, const struct model *m, int ceiling, bool adapt)
{
    memset(w, 0, sizeof(*w));
    w->now_us = 1000 * SECOND;
    w->s.m = m;
    w->s.tokens = m->kind == WINDOW ? m->per_minute : burst_of(m);
    w->s.at_us = w->now_us;
    w->s.window_end_us = w->now_us + 23 * SECOND; /* we come somewhere into the window */
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
                struct model m = {
                    .kind = (enum quota_kind)kind, .per_minute = rate[i], .hints = hints, .latency_us = 300000, .spread = 0.5
                };
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
                struct model m = { .kind = BUCKET, .per_minute = rate[i], .hints = hints, .latency_us = 20000, .spread = 0.2 };
                quota_is_reached(&m);
            }
    seed = FIRST_SEED;
}

/* Short runs of a small bucket, of many beginnings: what is learned from the first refusals holds, and is not doubted at great cost. */
static void hidden_quota_is_kept_within_minutes_whenever_one_comes(void **state)
{
    (void)state;
    static const double rate[] = { 60, 600, 6000 }, spread[] = { 0, 0.02, 0.2 };
    static const int64_t refuse_us[] = { 300, 3000, 20000 };
    static struct world w;
    for (size_t i = 0; i < ARRAY_LEN(rate); i++)
        for (size_t k = 0; k < ARRAY_LEN(refuse_us); k++)
            for (size_t n = 0; n < ARRAY_LEN(spread); n++)
                for (seed = 1; seed <= 10; seed++) {
                    struct model m = { .kind = BUCKET,
                                       .per_minute = rate[i],
                                       .latency_us = 20000,
                                       .refuse_us = refuse_us[k],
                                       .spread = spread[n],
                                       .late_us = 2000 * (int64_t)seed };
                    struct tally before = { 0 }, t = { 0 };
                    world_init(&w, &m, 1024, true);
                    run_until(&w, w.now_us + 60 * SECOND, &before);
                    run_until(&w, w.now_us + 120 * SECOND, &t);
                    assert_true((double)t.granted / 2 >= 0.9 * rate[i]);
                    assert_true((double)t.refused <= 0.05 * (double)(t.granted + t.refused));
                }
    seed = FIRST_SEED;
}

/* Nothing is learned from a 429 here: what is left and when there is more says every reply. */
static void told_quota_is_kept(const struct model *m, int ceiling, bool adapt)
{
    static struct world w;
    struct tally t = { 0 };
    world_init(&w, m, ceiling, adapt);
    run_until(&w, w.now_us + 23 * SECOND + 300 * SECOND, &t);

    double minutes = m->kind == WINDOW ? 6 : 323.0 / 60; /* what is left of the first window is a whole quota, too */
    double reached = (double)t.granted / (minutes * m->per_minute);
    double requests = (double)t.granted / (m->tokens > 0 ? (double)m->tokens : 1);
    double refused = (double)t.refused / (requests + (double)t.refused);
    if (verbose) {
        print_message("%6.0f/min %-6s of %s told, %4lld ms, window %s  reached %5.1f %%  429 %5.3f %%\n",
                      m->per_minute / (m->tokens > 0 ? (double)m->tokens : 1), m->kind == BUCKET ? "bucket" : "window",
                      m->tokens ? "tokens  " : "requests", (long long)m->latency_us / 1000, adapt ? "auto" : "64  ", 100 * reached,
                      100 * refused);
        return;
    }
    bool small = m->kind == BUCKET && m->latency_us > 60 * SECOND * 2 / 3 * (int64_t)burst_of(m) / (int64_t)m->per_minute;
    assert_true(reached >= (small ? 0.75 : 0.88)); /* what fits into the bucket does not last as long as an answer takes */
    assert_true(refused <= 0.01);
}

static void quota_that_replies_tell_is_used_without_refusals(void **state)
{
    (void)state;
    static const double rate[] = { 600, 6000, 60000 };
    static const int64_t latency_us[] = { 20000, 300000, 2000000 };
    for (size_t i = 0; i < ARRAY_LEN(rate); i++)
        for (int kind = BUCKET; kind <= WINDOW; kind++)
            for (size_t k = 0; k < ARRAY_LEN(latency_us); k++)
                for (int tokens = 0; tokens < 2; tokens++) {
                    struct model m = { .kind = (enum quota_kind)kind,
                                       .per_minute = rate[i] * (tokens ? 1000 : 1),
                                       .latency_us = latency_us[k],
                                       .spread = 0.5,
                                       .tells = true,
                                       .tokens = tokens ? 1000 : 0 };
                    if (rate[i] / 60e6 * (double)latency_us[k] > 100)
                        continue; /* more in flight than a window of a few seconds can grow to */
                    told_quota_is_kept(&m, 1024, true);
                }
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

static double answers_of(const struct model *m, bool adapt, bool deaf)
{
    static struct world w;
    struct tally t = { 0 };
    world_init(&w, m, 64, adapt);
    w.deaf = deaf;
    run_until(&w, w.now_us + 300 * SECOND, &t);
    return (double)t.granted;
}

/* An endpoint that refuses now and then whatever we do, has no quota: what is lost are the waits that it asks for, and not the pace. */
static void refusals_by_chance_do_not_slow_a_run_down(void **state)
{
    (void)state;
    static const double chance[] = { 0.01, 0.03, 0.05, 0.1 };
    static const int64_t latency_us[] = { 3000, 20000, 300000, 2000000, 20000000 };
    static const int64_t wish_us[] = { 0, 20000, 1000000 };
    for (size_t i = 0; i < ARRAY_LEN(chance); i++)
        for (size_t k = 0; k < ARRAY_LEN(latency_us); k++)
            for (size_t n = 0; n < ARRAY_LEN(wish_us); n++)
                for (int adapt = 0; adapt < 2; adapt++) {
                    struct model m = { .chance = chance[i], .wish_us = wish_us[n], .latency_us = latency_us[k], .spread = 0.5 };
                    double most = answers_of(&m, adapt, true), got = answers_of(&m, adapt, false);
                    if (verbose)
                        print_message("chance %4.1f %% wish %4lld ms latency %5lld ms window %s  %6.1f answers/s of %6.1f: %5.1f %%\n",
                                      100 * chance[i], (long long)wish_us[n] / 1000, (long long)latency_us[k] / 1000,
                                      adapt ? "auto" : "64  ", got / 300, most / 300, 100 * got / most);
                    else
                        assert_true(got >= 0.85 * most);
                }
}

int main(int argc, char **argv)
{
    verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hidden_quota_is_reached_with_few_refusals),
        cmocka_unit_test(bucket_that_each_pause_fills_again_is_a_quota),
        cmocka_unit_test(hidden_quota_is_kept_within_minutes_whenever_one_comes),
        cmocka_unit_test(quota_that_replies_tell_is_used_without_refusals),
        cmocka_unit_test(number_of_requests_that_an_endpoint_works_on_at_once_is_found),
        cmocka_unit_test(refusals_by_chance_do_not_slow_a_run_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
