/*
 * retry_budget - keeps retries from adding to an outage: of one endpoint, at most one retry for every two answers in the long
 * run, a burst beside that, and one a second when nothing is answered.
 *
 * A retry beyond that is not refused but put off, by at most 20 seconds: nothing is lost, and an outage is told while somebody still
 * looks, however many trials wait. Refusals for rate (429) and a model that is being loaded are
 * the limiter's business and do not count. After "Addressing Cascading Failures" in Site Reliability Engineering (Beyer et al.,
 * 2016, chapter 22), which proposes a ratio per client.
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: scoring. Nothing here locks.
 */
#ifndef NET_RETRY_BUDGET_H
#define NET_RETRY_BUDGET_H

#include <stdint.h>

enum { RETRY_BUDGET_BURST = 64 };

struct retry_budget {
    double tokens; /* below 0: retries that were put off */
    int64_t seen_us;
};

void retry_budget_init(struct retry_budget *b, int64_t now_us);
void retry_budget_answered(struct retry_budget *b);
/* Books a retry; returns how long it must wait at least, 0 = not at all, 20 seconds at most. */
int64_t retry_budget_take(struct retry_budget *b, int64_t now_us);

#endif
