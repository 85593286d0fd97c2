#include "net/http.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/vec.h"
#include "net/http_easy.h"
#include "net/http_finish.h"
#include "net/http_lane.h"
#include "net/reactor.h"

#include <assert.h>
#include <string.h>

struct http_client {
    size_t max_connections;
    char *user_agent;
    struct strbuf no_proxy;
    struct reactor reactor;
    struct http_context context; /* what transfers see of the above */

    struct http_lane **lane; /* made when needed; the first ones fill up first and so keep their connections warm */
    size_t lane_count, lane_cap;
    struct http_profile **profile;
    size_t profile_count, profile_cap;

    struct http_transfer *active; /* under way */
    size_t active_count;
    size_t held_bytes; /* upload buffers of those */
    struct http_transfer *done, *last_done;
};

/* ---- The client ---------------------------------------------------------------------------------------------------- */

/* Loopback never goes through a proxy; setting the option hides the environment's list, so that is appended. */
static void set_no_proxy(struct strbuf *out)
{
    const char *own = getenv("no_proxy");
    if (!own)
        own = getenv("NO_PROXY");
    if (own && strcmp(own, "*") == 0)
        (void)strbuf_addstr(out, "*");
    else
        (void)strbuf_addf(out, "localhost,127.0.0.1,::1%s%s", own && *own ? "," : "", own ? own : "");
}

/* Look-ups and TLS sessions are shared among the lanes of this thread, hence without locks. */
static CURLSH *new_share(void)
{
    CURLSH *share = curl_share_init();
    if (!share)
        return NULL;
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return share;
}

enum err http_client_new(const struct http_client_options *options, struct http_client **ret_c, struct error *e)
{
    assert(options->max_connections > 0);

    struct http_client *c = xcalloc(1, sizeof *c);
    if (reactor_init(&c->reactor, e) != OK) {
        free(c);
        return e ? e->code : ERR_IO;
    }
    c->max_connections = options->max_connections;
    c->user_agent = xstrdup(options->user_agent ? options->user_agent : "gauntlet");
    strbuf_init(&c->no_proxy, STRBUF_DEFAULT_MAX);
    set_no_proxy(&c->no_proxy);
    c->context = (struct http_context){ .max_response_bytes = options->max_response_bytes,
                                        .max_header_bytes = options->max_header_bytes,
                                        .user_agent = c->user_agent,
                                        .no_proxy = c->no_proxy.buf,
                                        .share = new_share(),
                                        .reactor = &c->reactor };
    if (!c->context.share) {
        http_client_free(c);
        return error_set(e, ERR_UNSUPPORTED, "libcurl cannot make a share handle");
    }
    *ret_c = c;
    return OK;
}

void http_client_free(struct http_client *c)
{
    if (!c)
        return;
    http_client_abort(c);
    http_easy_free_list(c->done);
    for (size_t i = 0; i < c->profile_count; i++)
        http_profile_free(c->profile[i]);
    for (size_t i = 0; i < c->lane_count; i++)
        http_lane_free(c->lane[i]);
    if (c->context.share)
        (void)curl_share_cleanup(c->context.share);
    reactor_release(&c->reactor);
    strbuf_release(&c->no_proxy);
    free(c->user_agent);
    free(c->profile);
    free(c->lane);
    free(c);
}

size_t http_client_active(const struct http_client *c)
{
    return c->active_count;
}

void http_client_wake(struct http_client *c)
{
    reactor_wake(&c->reactor);
}

/* ---- Lanes and profiles -------------------------------------------------------------------------------------------- */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct http_lane *add_lane(struct http_client *c, size_t capacity)
{
    struct http_lane *lane = http_lane_new(&c->reactor, capacity);
    if (!lane)
        return NULL;
    c->lane = vec_grow(c->lane, c->lane_count, &c->lane_cap, sizeof(void *));
    return c->lane[c->lane_count++] = lane;
}

/* The first lane with room; when there is no room left at all, the emptiest, where libcurl lets it wait. */
static struct http_lane *choose_lane(struct http_client *c)
{
    struct http_lane *emptiest = NULL;
    size_t capacity = 0;

    for (size_t i = 0; i < c->lane_count; i++) {
        struct http_lane *lane = c->lane[i];
        if (lane->active < lane->capacity)
            return lane;
        if (!emptiest || lane->active < emptiest->active)
            emptiest = lane;
        capacity += lane->capacity;
    }
    if (capacity < c->max_connections)
        return add_lane(c, smaller(LANE_CONNECTIONS, c->max_connections - capacity));
    return emptiest;
}

static struct http_profile *find_profile(struct http_client *c, const struct http_route *route)
{
    for (size_t i = 0; i < c->profile_count; i++)
        if (http_profile_serves(c->profile[i], route))
            return c->profile[i];
    c->profile = vec_grow(c->profile, c->profile_count, &c->profile_cap, sizeof(void *));
    return c->profile[c->profile_count++] = http_profile_new(&c->context, route);
}

/* ---- Transfers ----------------------------------------------------------------------------------------------------- */

static void link_active(struct http_client *c, struct http_transfer *t)
{
    t->prev = NULL;
    t->next = c->active;
    if (t->next)
        t->next->prev = t;
    c->active = t;
    c->active_count++;
    c->held_bytes += t->upload_bytes;
    t->lane->active++;
}

static void move_to_done(struct http_client *c, struct http_transfer *t)
{
    (void)curl_multi_remove_handle(t->lane->multi, t->easy);
    t->lane->active--;
    c->active_count--;
    c->held_bytes -= t->upload_bytes;
    if (t->next)
        t->next->prev = t->prev;
    if (t->prev)
        t->prev->next = t->next;
    else
        c->active = t->next;

    t->next = NULL;
    if (c->last_done)
        c->last_done->next = t;
    else
        c->done = t;
    c->last_done = t;
}

enum err http_client_start(struct http_client *c, const struct http_request *request, const struct http_route *route, void *user,
                           struct error *e)
{
    return http_client_start_to(c, request, route, NULL, user, e);
}

enum err http_client_start_to(struct http_client *c, const struct http_request *request, const struct http_route *route,
                              const struct http_sink *sink, void *user, struct error *e)
{
    struct http_profile *profile = find_profile(c, route);
    if (http_profile_check(profile, request, e) != OK)
        return e ? e->code : ERR_INVALID;

    size_t body_len = http_request_body_len(request);
    size_t upload_bytes = http_easy_upload_bytes(body_len, c->held_bytes);
    struct http_lane *lane = choose_lane(c);
    struct http_transfer *t = lane ? http_profile_take(profile, upload_bytes) : NULL;
    if (!t)
        return error_set(e, ERR_LIMIT, "libcurl cannot make another handle");

    t->lane = lane;
    http_easy_prepare(t, request, body_len, upload_bytes, route, sink, user);
    CURLMcode code = curl_multi_add_handle(lane->multi, t->easy);
    if (code != CURLM_OK) {
        http_easy_free(t);
        return error_set(e, ERR_LIMIT, "libcurl cannot start a transfer: %s", curl_multi_strerror(code));
    }
    link_active(c, t);
    return OK;
}

/* libcurl 7.88 has no callback for finished transfers: asked after every action. */
static void collect(struct http_client *c, struct http_lane *lane)
{
    int left = 0;
    CURLMsg *message;

    while ((message = curl_multi_info_read(lane->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *private = NULL;
        CURLcode code = message->data.result; /* the message does not outlive the handle's removal */
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        struct http_transfer *t = (struct http_transfer *)(void *)private;
        http_finish(t, code);
        move_to_done(c, t);
    }
}

/* Runs the timers that are due; returns when the next one is. */
static int64_t run_timers(struct http_client *c)
{
    int64_t next_us = INT64_MAX, now_us = INT64_MIN;

    for (size_t i = 0; i < c->lane_count; i++) {
        struct http_lane *lane = c->lane[i];
        if (lane->timer_us != INT64_MAX && lane->timer_us != INT64_MIN && now_us == INT64_MIN)
            now_us = clock_mono_us(&clock_real);
        if (lane->timer_us == INT64_MIN || (lane->timer_us != INT64_MAX && lane->timer_us <= now_us)) {
            http_lane_timer(lane);
            collect(c, lane);
        }
        if (lane->timer_us < next_us)
            next_us = lane->timer_us;
    }
    return next_us;
}

enum err http_client_wait(struct http_client *c, int64_t deadline_us, struct error *e)
{
    struct reactor_event event[REACTOR_BATCH];
    size_t count = 0;
    bool woken = false;

    for (;;) {
        int64_t next_us = run_timers(c);
        if (c->done)
            return OK;
        if (reactor_wait(&c->reactor, next_us < deadline_us ? next_us : deadline_us, event, &count, &woken, e) != OK)
            return e ? e->code : ERR_IO;
        for (size_t i = 0; i < count; i++) {
            http_lane_socket(event[i].owner, event[i].fd, event[i].ready);
            collect(c, event[i].owner);
        }
        if (c->done || woken || (deadline_us != INT64_MAX && clock_mono_us(&clock_real) >= deadline_us))
            return OK;
    }
}

bool http_client_take(struct http_client *c, void **ret_user, struct http_reply *ret_reply)
{
    struct http_transfer *t = c->done;
    if (!t)
        return false;
    c->done = t->next;
    if (!c->done)
        c->last_done = NULL;

    *ret_user = t->user;
    *ret_reply = t->reply;
    t->reply = (struct http_reply)HTTP_REPLY_INIT;
    http_profile_give_back(t);
    return true;
}

void http_client_abort(struct http_client *c)
{
    while (c->active) {
        struct http_transfer *t = c->active;
        http_finish_cancelled(t);
        move_to_done(c, t);
    }
}
