/*
 * fixed_window - a quota that is counted in windows: so many requests in each, and none left over for the next.
 *
 * Many servers count this way. A client may spend the whole quota in the first moment of a window and is then refused
 * until the window ends; a token bucket (token_bucket.h) refills all the time instead.
 *
 * Time      microseconds of the monotonic clock, given by the caller. Windows follow each other from where init said.
 * Threads   the caller locks.
 */
#ifndef SIM_FIXED_WINDOW_H
#define SIM_FIXED_WINDOW_H

#include <stdint.h>

struct fixed_window {
    int64_t start_us, length_us; /* of the window that is open */
    int64_t quota, taken;
};

/* quota and length_us > 0. */
void fixed_window_init(struct fixed_window *w, int64_t quota, int64_t length_us, int64_t now_us);
/* Counts one request and returns 0, or counts none and returns the microseconds until the next window. */
int64_t fixed_window_take(struct fixed_window *w, int64_t now_us);

#endif
