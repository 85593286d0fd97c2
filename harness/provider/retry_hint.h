/*
 * retry_hint - how long the server wishes us to wait, from wherever it says so.
 *
 * The first that is there and makes sense wins: `retry-after-ms`, `Retry-After` (seconds, fractions, or a date),
 * `RateLimit` with nothing remaining, `x-ratelimit-reset-*` whose `x-ratelimit-remaining-*` is 0, and the same of
 * `anthropic-ratelimit-*-reset` (a date of RFC 3339), the wish of the body (`estimated_time`, Google's RetryInfo), and
 * "try again in 5.3s" in the message. A date in the past is a wish of 0.
 */
#ifndef PROVIDER_RETRY_HINT_H
#define PROVIDER_RETRY_HINT_H

#include "base/http_msg.h"

#include <stdint.h>

/* Microseconds, unclamped; -1 = no wish. body_wish_s < 0 = the body names none; message may be "". */
int64_t retry_hint_us(const struct http_reply *reply, double body_wish_s, const char *message, int64_t now_wall_us);

#endif
