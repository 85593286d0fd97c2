#include "net/http.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/vec.h"
#include "net/http_easy.h"
#include "net/http_lane.h"
#include "net/reactor.h"

#include <assert.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>

struct http_client {
    struct http_client_options options;
    char *user_agent;
    struct strbuf no_proxy;
    CURLSH *share;
    struct reactor reactor;

    struct http_lane **lane; /* made when needed; the first ones fill up first and so keep their connections warm */
    size_t lane_count, lane_cap;
    struct http_profile **profile;
    size_t profile_count, profile_cap;

    struct http_transfer *active; /* under way */
    size_t active_count;
    size_t held_bytes; /* upload buffers of those */
    struct http_transfer *done, *last_done;
};

/* libcurl allocates and frees an upload buffer for every streamed body. By default glibc hands such blocks back to the
   kernel and faults them in again page by page, which costs more than sending the body does. */
static void keep_large_blocks(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    (void)mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
#endif
}

enum err http_global_init(struct error *e)
{
    keep_large_blocks();
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK)
        return error_set(e, ERR_UNSUPPORTED, "cannot start libcurl: %s", curl_easy_strerror(code));
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    if (sigaction(SIGPIPE, &ignore, NULL) != 0)
        return error_set(e, ERR_IO, "cannot ignore SIGPIPE");
    return OK;
}

void http_global_cleanup(void)
{
    curl_global_cleanup();
}

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

enum err http_client_new(const struct http_client_options *options, struct http_client **ret_c, struct error *e)
{
    assert(options->max_connections > 0);

    struct http_client *c = xcalloc(1, sizeof *c);
    if (reactor_init(&c->reactor, e) != OK) {
        free(c);
        return e ? e->code : ERR_IO;
    }
    c->options = *options;
    c->user_agent = xstrdup(options->user_agent ? options->user_agent : "gauntlet");
    strbuf_init(&c->no_proxy, STRBUF_DEFAULT_MAX);
    set_no_proxy(&c->no_proxy);
    c->share = curl_share_init();
    if (!c->share) {
        http_client_free(c);
        return error_set(e, ERR_UNSUPPORTED, "libcurl cannot make a share handle");
    }
    /* Among the lanes of this thread, hence no locks. */
    curl_share_setopt(c->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(c->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    *ret_c = c;
    return OK;
}

static void free_list(struct http_transfer *t)
{
    while (t) {
        struct http_transfer *next = t->next;
        http_easy_free(t);
        t = next;
    }
}

void http_client_free(struct http_client *c)
{
    if (!c)
        return;
    http_client_abort(c);
    free_list(c->done);
    for (size_t i = 0; i < c->profile_count; i++) {
        free_list(c->profile[i]->idle[0]);
        free_list(c->profile[i]->idle[1]);
    }
    for (size_t i = 0; i < c->lane_count; i++)
        http_lane_free(c->lane[i]);
    if (c->share)
        (void)curl_share_cleanup(c->share);
    for (size_t i = 0; i < c->profile_count; i++) {
        free(c->profile[i]->url);
        free((char *)c->profile[i]->route.ca_file);
        free(c->profile[i]);
    }
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
    if (capacity < c->options.max_connections)
        return add_lane(c, smaller(LANE_CONNECTIONS, c->options.max_connections - capacity));
    return emptiest;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_route(const struct http_route *a, const struct http_route *b)
{
    return a->tls_verify == b->tls_verify && a->http_version == b->http_version && a->timeout_us == b->timeout_us &&
           a->connect_timeout_us == b->connect_timeout_us && a->streaming == b->streaming && a->allow_plain == b->allow_plain &&
           same_text(a->ca_file, b->ca_file);
}

/* Compared by value: a route may be gone tomorrow and another one lie at its address. */
static struct http_profile *find_profile(struct http_client *c, const struct http_route *route)
{
    for (size_t i = 0; i < c->profile_count; i++)
        if (same_route(&c->profile[i]->route, route))
            return c->profile[i];

    struct http_profile *p = xcalloc(1, sizeof *p);
    p->route = *route;
    p->route.ca_file = route->ca_file ? xstrdup(route->ca_file) : NULL;
    p->route.secret = NULL;
    p->max_response_bytes = c->options.max_response_bytes;
    p->max_header_bytes = c->options.max_header_bytes;
    p->user_agent = c->user_agent;
    p->no_proxy = c->no_proxy.buf;
    p->share = c->share;
    p->reactor = &c->reactor;
    c->profile = vec_grow(c->profile, c->profile_count, &c->profile_cap, sizeof(void *));
    return c->profile[c->profile_count++] = p;
}

/* ---- Transfers ----------------------------------------------------------------------------------------------------- */

static size_t idle_list(size_t upload_bytes)
{
    return upload_bytes > HTTP_SMALL_UPLOAD_BYTES;
}

static struct http_transfer *take_idle(struct http_profile *p, size_t upload_bytes)
{
    struct http_transfer **list = &p->idle[idle_list(upload_bytes)];
    struct http_transfer *t = *list;
    if (!t)
        return http_easy_new(p);
    *list = t->next;
    return t;
}

static void give_back(struct http_transfer *t)
{
    struct http_transfer **list = &t->profile->idle[idle_list(t->upload_bytes)];
    t->next = *list;
    *list = t;
}

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
    struct http_profile *profile = find_profile(c, route);
    if (http_easy_check(profile, request, e) != OK)
        return e ? e->code : ERR_INVALID;

    size_t body_len = http_request_body_len(request);
    size_t upload_bytes = http_easy_upload_bytes(body_len, c->held_bytes);
    struct http_lane *lane = choose_lane(c);
    struct http_transfer *t = lane ? take_idle(profile, upload_bytes) : NULL;
    if (!t)
        return error_set(e, ERR_LIMIT, "libcurl cannot make another handle");

    t->lane = lane;
    http_easy_prepare(t, request, body_len, upload_bytes, route, user);
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
        http_easy_finish(t, code);
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
    give_back(t);
    return true;
}

void http_client_abort(struct http_client *c)
{
    while (c->active) {
        struct http_transfer *t = c->active;
        http_easy_cancel(t);
        move_to_done(c, t);
    }
}
