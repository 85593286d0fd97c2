/*
 * hub_retry - how long the Hub or its CDN wants us to wait.
 *
 * `Retry-After` (seconds or an HTTP date), else the t of `RateLimit: "resolvers";r=0;t=55` when nothing remains. Both are
 * taken at their word up to backoff's ceiling.
 */
#ifndef HUB_RETRY_H
#define HUB_RETRY_H

#include "base/http_msg.h"

#include <stdint.h>

/* Microseconds from now; -1 = no wish. */
int64_t hub_retry_hint_us(const struct http_reply *r, int64_t now_wall_us);

#endif
