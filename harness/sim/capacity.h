/*
 * capacity - how many requests the server works on at once, and what becomes of one more: the knee that a client's
 * window must find.
 *
 * The server is a queue with `places` workers, first come, first served: a request takes the place that is free first
 * and holds it for its service time. That is known when the request comes, so the time of its answer is too, and no
 * worker needs to exist: one finishing time for each place is the whole state.
 *
 * Use       `enter` when a request comes; it is false when a server that does not queue has no place. Then `settle`
 *           once the service time is known.
 * Limits    a client that hangs up leaves its work behind: the place stays taken, as at servers that generate on.
 * Time      microseconds of the monotonic clock, given by the caller.
 * Threads   the caller locks.
 */
#ifndef SIM_CAPACITY_H
#define SIM_CAPACITY_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAX_SIM_PLACES = 4096 };

struct capacity {
    int64_t *free_us; /* when each place is free; in the caller's arena */
    int places, entering;
    bool queues;
};

/* 0 < places <= MAX_SIM_PLACES. */
void capacity_init(struct capacity *c, int places, bool queues, struct arena *a);
bool capacity_enter(struct capacity *c, int64_t now_us);
/* Ends an `enter` that was true: microseconds from now until the answer, the wait for a place included. */
int64_t capacity_settle(struct capacity *c, int64_t service_us, int64_t now_us);

#endif
