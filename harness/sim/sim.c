#include "sim/sim.h"

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/listen.h"
#include "sim/server.h"

#include <errno.h>

enum { THREADS = 2, KEEP_ALIVE_S = 120, SPARE_DESCRIPTORS = 64, MAX_CONNECTIONS = 65536, CONNECTION_BYTES = 65536 };

static void open_limits(struct sim *s)
{
    const struct profile_rate_limit *limit = &s->profile.rate_limit;
    int64_t now_us = clock_mono_us(&clock_real);
    if (limit->requests_per_minute > 0.0 && limit->window_us > 0)
        fixed_window_init(&s->window, (int64_t)(limit->requests_per_minute * (double)limit->window_us / 60e6 + 1e-6), limit->window_us,
                          now_us);
    else if (limit->requests_per_minute > 0.0)
        token_bucket_init(&s->bucket, limit->requests_per_minute, limit->burst, now_us);
    if (s->profile.capacity.places > 0)
        capacity_init(&s->capacity, (int)s->profile.capacity.places, s->profile.capacity.refusal == 0, &s->arena);
}

static enum err load(struct sim *s, const struct sim_options *options, struct error *e)
{
    s->seed = options->seed;
    if (profile_load(options->profile, &s->arena, &s->profile, e) != OK)
        return e->code;
    if (options->dataset && lookup_add_dataset(s->lookup, options->dataset, e) != OK)
        return e->code;
    if (sim_log_open(options->log_path, &s->log, e) != OK || delays_start(&s->delays, e) != OK)
        return e->code;
    open_limits(s);
    return OK;
}

static enum err serve(struct sim *s, const char *address, struct error *e)
{
    int fd = -1;
    char authority[128];
    size_t descriptors = descriptors_raise();
    if (listen_open(address ? address : "127.0.0.1:0", &fd, authority, sizeof(authority), e) != OK)
        return e->code;
    size_t connections = descriptors > 2 * SPARE_DESCRIPTORS ? descriptors - SPARE_DESCRIPTORS : descriptors / 2;
    if (connections > MAX_CONNECTIONS)
        connections = MAX_CONNECTIONS;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, server_handle, s, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
                                 (unsigned)THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)connections, MHD_OPTION_CONNECTION_TIMEOUT,
                                 (unsigned)KEEP_ALIVE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
                                 MHD_OPTION_NOTIFY_COMPLETED, server_completed, NULL, MHD_OPTION_END);
    if (!s->daemon) /* the socket is MHD's by now */
        return error_os(e, errno, "cannot start the HTTP server");
    (void)snprintf(s->url, sizeof(s->url), "http://%s/v1", authority);
    return OK;
}

enum err sim_start(const struct sim_options *options, struct sim **ret_s, struct error *e)
{
    struct error own;
    e = e ? e : &own;
    struct sim *s = xcalloc(1, sizeof(*s));
    (void)pthread_mutex_init(&s->limits_lock, NULL);
    s->lookup = lookup_new();
    s->seen = seen_new();
    if (load(s, options, e) != OK || serve(s, options->listen, e) != OK) {
        sim_stop(s);
        return e->code;
    }
    *ret_s = s;
    return OK;
}

const char *sim_url(const struct sim *s)
{
    return s->url;
}

int64_t sim_requests(const struct sim *s)
{
    return sim_log_count(s->log);
}

size_t sim_samples(const struct sim *s)
{
    return lookup_count(s->lookup);
}

const char *sim_profile_name(const struct sim *s)
{
    return s->profile.name;
}

void sim_stop(struct sim *s)
{
    if (!s)
        return;
    if (s->delays)
        delays_drain(s->delays); /* MHD must not be stopped while a connection is suspended */
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    delays_stop(s->delays);
    sim_log_close(s->log);
    seen_free(s->seen);
    lookup_free(s->lookup);
    arena_release(&s->arena);
    (void)pthread_mutex_destroy(&s->limits_lock);
    free(s);
}
