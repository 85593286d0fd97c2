/*
 * backoff - how long a trial waits before its next attempt (providers.md section 5).
 *
 * Full jitter: max(clamp(hint, 0, 300 s), uniform(0, min(60 s, 0.5 s * 2^n))) after failed attempt n + 1.
 */
#ifndef NET_BACKOFF_H
#define NET_BACKOFF_H

#include "base/rng.h"

#include <stdint.h>

enum { BACKOFF_MAX_HINT_US = 300 * 1000000 };

/* failures >= 1: how many attempts have failed so far. hint_us < 0 = none. */
int64_t backoff_delay_us(int failures, int64_t hint_us, struct rng *r);

#endif
