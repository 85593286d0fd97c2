#include "engine/dispatch.h"

#include "base/secret_text.h"
#include "core/limits.h"
#include "core/version.h"
#include "engine/due_heap.h"
#include "engine/spending.h"
#include "provider/quota_headers.h"

#include <curl/curlver.h>
#include <stdlib.h>

enum {
    INBOX_BATCH = 256,
    CROWDED_US = 5000, /* how soon to look again when other dispatchers hold all of max_in_flight */
};

struct dispatcher {
    struct pipeline *p;
    int index;
    struct http_client *client;
    struct queue *inbox;
    struct due_heap backoff;
    _Atomic bool mail; /* something was pushed since the last wake */
    bool aborted;
    bool made_room;    /* something was started since the loader heard of it */
    size_t stops_seen; /* lanes known to be stopped: a new one means a sweep */
};

enum err dispatcher_new(struct pipeline *p, int index, size_t capacity, struct dispatcher **ret_d, struct error *e)
{
    size_t connections = 0;
    for (size_t i = 0; i < p->lane_count; i++) {
        if (p->lane[i].dispatcher == index)
            connections += (size_t)p->room;
    }
    struct http_client_options options = {
        .max_connections = connections ? connections : 1,
        .max_response_bytes = MAX_RESPONSE_BYTES,
        .max_header_bytes = MAX_HEADER_BYTES,
        .user_agent = "gauntlet/" GAUNTLET_VERSION " (libcurl/" LIBCURL_VERSION ")",
    };
    struct dispatcher *d = xcalloc(1, sizeof(*d));
    d->p = p;
    d->index = index;
    d->inbox = queue_new(capacity);
    if (http_client_new(&options, &d->client, e) != OK) {
        dispatcher_free(d);
        return e->code;
    }
    *ret_d = d;
    return OK;
}

void dispatcher_free(struct dispatcher *d)
{
    if (!d)
        return;
    http_client_free(d->client);
    queue_free(d->inbox);
    due_heap_release(&d->backoff);
    free(d);
}

void dispatcher_push(struct pipeline *p, struct trial *t)
{
    struct dispatcher *d = p->dispatcher[t->lane->dispatcher];
    (void)queue_push(d->inbox, t);
    atomic_store(&d->mail, true);
}

void dispatcher_wake(struct dispatcher *d)
{
    http_client_wake(d->client);
}

void dispatcher_deliver(struct dispatcher *d)
{
    if (atomic_exchange(&d->mail, false))
        http_client_wake(d->client);
}

static void to_journal(struct dispatcher *d, struct trial *t, enum trial_event event)
{
    trial_advance(t, event);
    (void)queue_push(d->p->to_journal, t);
}

static bool halted(const struct dispatcher *d, struct lane *lane)
{
    return atomic_load(&d->p->stop) != STOP_NO || atomic_load(&d->p->failed) || atomic_load(&lane->stopped);
}

static void read_inbox(struct dispatcher *d)
{
    void *item[INBOX_BATCH];
    bool closed;
    for (size_t count; (count = queue_pop_wait(d->inbox, item, INBOX_BATCH, 0, &closed)) > 0;) {
        for (size_t i = 0; i < count; i++) {
            struct trial *t = item[i];
            if (halted(d, t->lane))
                to_journal(d, t, TRIAL_EV_STOP); /* its lane was swept already */
            else if (t->state == TRIAL_READY)
                trial_list_push(&t->lane->ready, t);
            else
                due_heap_push(&d->backoff, t);
        }
    }
}

/* Trials of a stopped lane, or all of them when the run stops, are not sent: those journaled are taken back. */
static void sweep(struct dispatcher *d)
{
    struct pipeline *p = d->p;
    for (size_t i = 0; i < p->lane_count; i++) {
        struct lane *lane = &p->lane[i];
        if (lane->dispatcher != d->index || !halted(d, lane))
            continue;
        for (struct trial *t; (t = trial_list_pop(&lane->ready));)
            to_journal(d, t, TRIAL_EV_STOP);
    }

    struct due_heap keep = { 0 };
    for (struct trial *t; (t = due_heap_pop(&d->backoff));) {
        if (halted(d, t->lane))
            to_journal(d, t, TRIAL_EV_STOP);
        else
            due_heap_push(&keep, t);
    }
    due_heap_release(&d->backoff);
    d->backoff = keep;
}

static bool needs_sweep(struct dispatcher *d)
{
    size_t stops = atomic_load(&d->p->stop) != STOP_NO || atomic_load(&d->p->failed) ? d->p->lane_count + 1 : 0;
    for (size_t i = 0; i < d->p->lane_count; i++)
        stops += atomic_load(&d->p->lane[i].stopped) != NULL;
    bool changed = stops != d->stops_seen;
    d->stops_seen = stops;
    return changed; /* what comes back later is stopped at the inbox */
}

static void due_trials(struct dispatcher *d, int64_t now_us)
{
    for (struct trial *t; (t = due_heap_first(&d->backoff)) && t->due_us <= now_us;) {
        (void)due_heap_pop(&d->backoff);
        to_journal(d, t, halted(d, t->lane) ? TRIAL_EV_STOP : TRIAL_EV_DUE);
    }
}

/* True when the money is there. When it is not and nothing on the wire can give any back, the lane stops. */
static bool reserve_money(struct dispatcher *d, struct trial *t)
{
    struct pipeline *p = d->p;
    double usd = t->upper_usd < 0 ? 0 : spending_reservation(t->upper_usd); /* with a budget every price is known */
    if (!budget_reserve(&t->lane->budget, usd)) {
        if (atomic_load(&t->lane->in_flight) == 0 && atomic_load(&p->backlog) == 0)
            pipeline_stop_lanes(p, t->lane, "budget", false, "the endpoint's budget_usd is reached");
        return false;
    }
    if (!budget_reserve(&p->budget, usd)) {
        budget_settle(&t->lane->budget, usd, 0);
        if (atomic_load(&p->in_flight) == 0 && atomic_load(&p->backlog) == 0) {
            for (size_t i = 0; i < p->lane_count; i++)
                pipeline_stop_lanes(p, &p->lane[i], "budget", false, "the run's budget is reached");
        }
        return false;
    }
    t->reserved_usd = usd;
    return true;
}

/* What the headers of any reply say of quotas. */
static void learn_quotas(struct lane *lane, const struct http_reply *reply, int64_t now_wall_us)
{
    struct quota_headers q;
    if (!quota_headers_read(reply, now_wall_us, &q))
        return;
    if (q.requests.remaining >= 0)
        limiter_told_requests(lane->limiter, q.requests.remaining, q.requests.limit, q.requests.reset_us, reply->start_us, reply->done_us);
    if (q.tokens.remaining >= 0)
        limiter_told_tokens(lane->limiter, q.tokens.remaining, q.tokens.limit, q.tokens.reset_us, reply->start_us, reply->done_us);
}

/* Status and headers teach the limiter, before anybody has read the reply: what else the server wishes follows from scoring. */
static void learn(struct lane *lane, const struct http_reply *reply, int64_t now_wall_us)
{
    learn_quotas(lane, reply, now_wall_us);
    if (reply->status == 429)
        limiter_throttled(lane->limiter, reply->start_us, reply->done_us);
    else if (reply->fault == HTTP_FAULT_NONE && reply->status >= 200 && reply->status < 300)
        limiter_succeeded(lane->limiter, reply->start_us, reply->done_us);
    else
        limiter_failed(lane->limiter);
    limiter_done(lane->limiter);
}

/* The transfer is over, or never began. */
static void replied(struct dispatcher *d, struct trial *t)
{
    atomic_fetch_sub(&t->lane->in_flight, 1);
    atomic_fetch_sub(&d->p->in_flight, 1);
    atomic_fetch_add(&d->p->backlog, 1);
    /* By the monotonic clock, so that what is stored lasts as long as it lasted, whatever became of the wall clock meanwhile. */
    t->done_wall_us = t->sent_wall_us + (t->reply.done_us > t->reply.start_us ? t->reply.done_us - t->reply.start_us : 0);
    learn(t->lane, &t->reply, t->done_wall_us);
    if (t->lane->target.api_key)
        secret_redact(t->lane->target.api_key, &t->reply.body); /* a server may echo what it was sent; the store never holds a key */
    if (t->reply.status / 100 != 2) /* and an error may quote somebody else's; what a model says is data and stays */
        secret_text_redact(&t->reply.body);
    secret_text_redact(&t->reply.headers);
    trial_rest_images(t);
    to_journal(d, t, TRIAL_EV_REPLY);
}

static void start(struct dispatcher *d, struct trial *t, int64_t now_us)
{
    struct lane *lane = t->lane;
    limiter_start(lane->limiter, now_us);
    int at_once = atomic_fetch_add(&lane->in_flight, 1) + 1;
    if (at_once > atomic_load(&lane->in_flight_peak))
        atomic_store(&lane->in_flight_peak, at_once);
    atomic_fetch_add(&d->p->in_flight, 1);
    trial_leave_prefetched(t);
    d->made_room = true;

    http_reply_release(&t->reply);
    t->reply = (struct http_reply)HTTP_REPLY_INIT;
    t->sent_wall_us = clock_wall_us(d->p->clock);
    if (t->history.first_start_us == 0)
        t->history.first_start_us = now_us;
    trial_advance(t, TRIAL_EV_START);

    struct error e;
    if (http_client_start(d->client, &t->request, &lane->route, t, &e) != OK) {
        t->reply.fault = HTTP_FAULT_OTHER;
        t->reply.start_us = t->reply.done_us = now_us;
        (void)snprintf(t->reply.detail, sizeof(t->reply.detail), "%.200s", e.msg);
        replied(d, t);
    }
}

static void take_limits(struct lane *lane)
{
    if (atomic_load(&lane->tuned.changed) && atomic_exchange(&lane->tuned.changed, false))
        limiter_tune(lane->limiter, atomic_load(&lane->tuned.max_in_flight), atomic_load(&lane->tuned.requests_per_minute),
                     atomic_load(&lane->tuned.tokens_per_minute));
}

/* Starts what may start in one lane; returns microseconds until more may, or INT64_MAX. */
static int64_t admit_lane(struct dispatcher *d, struct lane *lane)
{
    while (lane->ready.count > 0 && !halted(d, lane)) { /* stopped since the sweep: whoever did it has woken us for the next */
        take_limits(lane);
        int64_t now_us = clock_mono_us(d->p->clock);
        int64_t cooldown = atomic_load(&lane->cooldown_until_us) - now_us;
        if (cooldown > 0)
            limiter_cooldown(lane->limiter, now_us, cooldown);
        if (atomic_load(&lane->hinted_until_us) > 0)
            limiter_hinted(lane->limiter, atomic_exchange(&lane->hinted_until_us, 0));
        int64_t tokens = atomic_exchange(&lane->tokens_to_charge, 0);
        if (tokens > 0) {
            int64_t answers = atomic_exchange(&lane->answers_to_charge, 0);
            limiter_charge_tokens(lane->limiter, tokens, now_us);
            if (answers > 0)
                limiter_answer_cost(lane->limiter, (double)tokens / (double)answers);
        }

        int64_t delay = limiter_delay_us(lane->limiter, now_us);
        if (delay != 0)
            return delay < 0 ? INT64_MAX : delay;
        if (atomic_load(&d->p->in_flight) >= atomic_load(&d->p->max_in_flight))
            return CROWDED_US;
        if (!reserve_money(d, lane->ready.head))
            return CROWDED_US;
        start(d, trial_list_pop(&lane->ready), now_us);
    }
    return INT64_MAX;
}

/* Returns when to look again (monotonic). */
static int64_t admit(struct dispatcher *d)
{
    int64_t soonest = INT64_MAX;
    for (size_t i = d->p->lane_count; i-- > 0;) { /* judges first: what was begun is finished, also where they share a limiter */
        struct lane *lane = &d->p->lane[i];
        if (lane->dispatcher != d->index || lane->ready.count == 0)
            continue;
        int64_t wait = admit_lane(d, lane);
        atomic_store_explicit(&lane->allowed, limiter_window(lane->limiter), memory_order_relaxed);
        atomic_store_explicit(&lane->allowed_minute, limiter_rate_per_minute(lane->limiter), memory_order_relaxed);
        if (wait < soonest)
            soonest = wait;
    }
    if (d->made_room) {
        d->made_room = false;
        gate_open(&d->p->gate);
    }
    int64_t deadline = soonest == INT64_MAX ? INT64_MAX : clock_mono_us(d->p->clock) + soonest;
    const struct trial *first = due_heap_first(&d->backoff);
    return first && first->due_us < deadline ? first->due_us : deadline;
}

static void reap(struct dispatcher *d)
{
    void *user;
    struct http_reply reply;
    while (http_client_take(d->client, &user, &reply)) {
        struct trial *t = user;
        t->reply = reply;
        replied(d, t);
    }
}

void *dispatcher_main(void *dispatcher)
{
    struct dispatcher *d = dispatcher;
    struct pipeline *p = d->p;
    struct error e;
    while (!atomic_load(&p->over)) {
        read_inbox(d);
        if (needs_sweep(d))
            sweep(d);
        if (!d->aborted && (atomic_load(&p->stop) == STOP_ABORT || atomic_load(&p->failed))) {
            http_client_abort(d->client);
            d->aborted = true;
        }
        due_trials(d, clock_mono_us(p->clock));
        int64_t deadline = admit(d);
        if (http_client_wait(d->client, deadline, &e) != OK) {
            pipeline_fail(p, &e);
            http_client_abort(d->client);
        }
        reap(d);
    }
    return NULL;
}
