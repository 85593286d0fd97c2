/*
 * lane - one endpoint at work: what it is, how it is reached, how fast it may go, and whether it still goes.
 *
 * Threads   the fields under "fixed" never change while threads run. A lane belongs to one dispatcher, which alone
 *           touches limiter and ready list; scoring alone the retry budget. The atomics are the only words shared: scoring sets them, everybody reads.
 */
#ifndef ENGINE_LANE_H
#define ENGINE_LANE_H

#include "config/settings.h"
#include "engine/budget.h"
#include "engine/trial_fsm.h"
#include "net/http.h"
#include "net/limiter.h"
#include "net/retry_budget.h"
#include "provider/provider.h"
#include "store/writer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct trial;

struct trial_list {
    struct trial *head, *tail;
    size_t count;
};

/* Limits as they are wanted now: tuning.h changes them, the dispatcher gives them to its limiter. */
struct lane_limits {
    _Atomic int max_in_flight;
    _Atomic double requests_per_minute, tokens_per_minute; /* 0 = no limit */
    _Atomic bool changed;                                  /* and the limiter has not heard of it */
};

struct lane {
    /* fixed */
    const struct endpoint_config *config;
    struct endpoint_row row;
    struct price price; /* the run's: as its row says, else as the configuration does; see session_budget.h */
    const struct provider_ops *provider;
    struct provider_target target;
    struct http_route route;
    struct trial_policy policy;
    const char *expected_provider; /* answers of another one are kept apart; NULL = all count */
    int dispatcher;                /* index of the I/O thread that owns it */
    int credential;                /* lanes with the same number share a key: one 401 stops them all */

    /* the dispatcher's */
    struct limiter *limiter; /* its own, or that of a lane before it: see lanes_give_limiters */
    struct limiter own_limiter;
    struct trial_list ready;

    /* scoring's */
    struct retry_budget retries;
    int64_t scout_trial_id; /* while nothing ever answered: the trial that finds out whether anybody is there; 0 = not sought */

    /* shared */
    struct lane_limits tuned;
    _Atomic int window;               /* most trials of this lane in memory */
    _Atomic int ahead;                /* most of them that were never sent */
    struct budget budget;             /* limits.budget_usd */
    _Atomic int alive;                /* trials in memory */
    _Atomic int prefetched;           /* requests prepared and not yet on the wire */
    _Atomic int64_t prefetched_bytes; /* and their bytes */
    _Atomic int in_flight;
    _Atomic int in_flight_peak;    /* the most of this session; its dispatcher alone writes it */
    _Atomic int allowed;           /* the limiter's window, as its dispatcher saw it last */
    _Atomic double allowed_minute; /* and its learned rate; 0 = none */
    _Atomic int64_t replies;       /* replies that carried an HTTP status, in this session */
    _Atomic int64_t cooldown_until_us;
    _Atomic int64_t hinted_until_us; /* what the last 429 asked for, until the limiter has seen it; 0 = nothing new */
    _Atomic int64_t prompt_excess;   /* percent by which usage passed what was taken for the most: see spending.h */
    _Atomic int64_t output_excess;
    _Atomic int64_t tokens_to_charge;  /* usage that the limiter has not seen yet */
    _Atomic int64_t answers_to_charge; /* of so many answers */
    _Atomic bool mismatch_told;        /* the event about an answer of another provider was written */
    _Atomic(const char *) stopped;     /* NULL, or the reason (a constant) why nothing more is sent */
};

/* Fills `l` from configuration and row. `base_url` is NULL or the simulated endpoint's. Strings are borrowed. */
enum err lane_init(struct lane *l, const struct endpoint_config *config, const struct endpoint_row *row, const char *base_url,
                   int max_in_flight, struct error *e) MUST_CHECK;
/* How many trials a lane with so many requests in flight keeps in memory: on the wire, ahead of it, and with a reply that is
   being stored and scored. Those beside the wire cover the latency of commits. */
int lane_window_of(int max_in_flight);
int lane_ahead_of(int max_in_flight);
/* The endpoint as its provider sees it; strings are borrowed. With a base_url (the simulated endpoint's) it gets no key. */
struct provider_target lane_target(const struct endpoint_config *config, const char *base_url);
/* The price that the configuration states. Not known for `price: router`, and never for hf-inference: it bills seconds of
   computing, which tokens do not tell. */
struct price lane_config_price(const struct endpoint_config *config);
/* What is recorded of an endpoint's parameters, and compared on resume; appends a JSON object. */
void lane_params_json(const struct endpoint_config *config, struct strbuf *out);
/* When all lanes stand where they stay: a judge that is the same endpoint as a lane before it (address, model, provider and key)
   shares its limiter, and therefore its dispatcher, for the two use up one quota. Systems under test keep the limits that each of them was given. */
void lanes_give_limiters(struct lane *lane, size_t target_count, size_t count);
/* The same host and provider: what one of them is told by a 429 holds for both. */
bool lane_shares_route(const struct lane *a, const struct lane *b);
/* Nobody starts before `until_us` (monotonic); the later of two wishes stays. From any thread. */
void lane_cool_down(struct lane *l, int64_t until_us);
/* Nothing more is sent there; the first reason stays. True when this call stopped it. */
bool lane_stop(struct lane *l, const char *reason);

void trial_list_push(struct trial_list *list, struct trial *t);
struct trial *trial_list_pop(struct trial_list *list);

#endif
