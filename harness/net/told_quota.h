/*
 * told_quota - paces requests by what the endpoint says is left of a quota, so that it lasts until there is more.
 *
 * With m requests left and T until the reset, one request every T / m. A window that is counted anew is then spent evenly; a
 * bucket of L that refills at R says T = (L - m) / R, and T / m is 1 / R where it is half full, which is where it settles. Above
 * half of the limit nothing is held back: a small run need not wait for a quota that it does not use up.
 *
 * Replies tell what was left when they were made, so what is in flight then is taken off. A quota that lasts longer than ten
 * minutes (a day's) is not spread out: it is used, and its end is told by a 429.
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: the endpoint's dispatcher.
 */
#ifndef NET_TOLD_QUOTA_H
#define NET_TOLD_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

struct told_quota {
    double left;        /* of what the quota counts, as far as we know now */
    double limit;       /* when nothing is used */
    double held_below;  /* above this nothing is held back */
    double unit;        /* what one request costs: 1, or its tokens as usual; 0 = not known, and nothing is held back */
    int64_t reset_us;   /* when all of it is there again; 0 = nothing was told */
    int64_t as_of_us;   /* when the request left whose reply told, or when we took all of it to be there again by ourselves */
    int64_t longest_us; /* how far away that was at most: the window */
    double from_us;     /* of the last start; no more than CREDIT behind */
};

/* unit: of one request. */
void told_quota_init(struct told_quota *q, double unit);
/* The reply to the request that left at start_us tells. limit < 0: not said; reset_us: from now on; in_flight: without that request. */
void told_quota_set(struct told_quota *q, double remaining, double limit, int64_t reset_us, int in_flight, int64_t start_us,
                    int64_t now_us);
/* Microseconds until the next request may start; 0 = now. */
int64_t told_quota_delay_us(const struct told_quota *q, int64_t now_us);
/* The endpoint has said that less than half is left: a refusal now is no surprise. */
bool told_quota_is_short(const struct told_quota *q);
void told_quota_started(struct told_quota *q, int64_t now_us);
/* One request cost so much: the mean of the last ones is the unit. */
void told_quota_cost(struct told_quota *q, double cost);

#endif
