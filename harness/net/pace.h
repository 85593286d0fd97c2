/*
 * pace - requests a minute that an endpoint really grants, learned from its refusals.
 *
 * Until the first 429 there is no limit. After that the rate is what was granted between two moments at which the quota was
 * used up: true for a bucket that refills steadily as for a window of a minute. The first such moment has none before it;
 * when a window was full it is followed by a long pause, whose end tells how long the window was. From 0.95 of the estimate
 * the rate comes back along a cubic curve that lingers there and then looks for more, the later the better the estimates
 * agree. What is granted twice over without a refusal becomes the new estimate: it never freezes. While refusals go on, the
 * pauses grow to 16 s at most, and a few requests look again after each.
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: the endpoint's dispatcher.
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include "net/refusals.h"

#include <stdbool.h>
#include <stdint.h>

struct pace {
    double granted;      /* estimate, requests per microsecond; 0 = nothing learned */
    bool confirmed;      /* the last two estimates agree */
    double seen;         /* rate of the cycle that the last episode ended */
    double rate;         /* at which requests start now; 0 = no limit */
    double next_us;      /* when the next may start */
    double best;         /* highest rate since a refusal was tried out, or since a limit showed; 0 = none */
    int64_t dry_us;      /* first refusal since the last answer; 0 = none */
    bool exhausted;      /* refused, and nothing that was asked since then was answered yet */
    int64_t onset_us;    /* first refusal of the episode */
    int64_t refused_us;  /* its last one */
    int64_t resume_us;   /* nobody starts before */
    int64_t pause_us;    /* the last pause of our own choice */
    int64_t curve_us;    /* where the curve begins */
    double flat_s;       /* how long it takes back to `granted` */
    int64_t cycle_us;    /* since when cycle_count is counted: the first request, or the last onset */
    int64_t cycle_count; /* requests started and not refused */
    bool first_cycle;
};

void pace_init(struct pace *p);
/* Microseconds until the next may start; 0 = now. */
int64_t pace_delay_us(const struct pace *p, int64_t now_us);
void pace_started(struct pace *p, int64_t now_us);
/* start_us: when the request left. An answer says nothing about an episode that began after it. */
void pace_answered(struct pace *p, int64_t start_us, int64_t now_us);
void pace_refused(struct pace *p, enum refusal kind, int64_t start_us, int64_t now_us);
/* The request left before an episode was known, or in one that is over: its refusal says nothing new. */
bool pace_is_tail(const struct pace *p, int64_t start_us);
/* Requests leave faster than what is known to be granted. */
bool pace_is_beyond(const struct pace *p);
/* A refusal came with a wish: it takes the place of our own guess at a pause. */
void pace_hinted(struct pace *p, int64_t until_us);

#endif
