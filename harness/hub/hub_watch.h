/*
 * hub_watch - whoever watches a pull: asked whether to stop, told how far it is.
 *
 * Every function may be NULL. They are called on the thread that pulls.
 */
#ifndef HUB_WATCH_H
#define HUB_WATCH_H

#include "base/log.h"

#include <stdbool.h>
#include <stdint.h>

struct hub_progress {
    const char *phase;               /* "asking", "listing", "pulling" */
    int64_t files_done, files_total; /* total 0 = not known yet; while listing, done = found so far */
    int64_t bytes_done, bytes_total;
    int64_t fetched_bytes; /* over the network, in this session */
    int64_t in_flight, retries;
    int64_t start_us, now_us;
    int64_t paused_until_us; /* 0 = not paused by a rate limit */
};

struct hub_watch {
    void *context;
    bool (*stop)(void *context);
    void (*progress)(void *context, const struct hub_progress *p);
    /* kind: "warning", "renamed", "rate_limit", "retry", …; the message is safe to print. */
    void (*notice)(void *context, enum log_level level, const char *kind, const char *message);
};

#endif
