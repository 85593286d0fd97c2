/*
 * clock - monotonic and wall time, and a fake of both for tests.
 *
 * Units     int64_t microseconds: `mono_us` counts from an arbitrary point and never steps, `wall_us` from the Unix epoch (UTC).
 * Owner     a clock is a value; the fake one borrows its two counters from the test.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/strbuf.h"

#include <pthread.h>
#include <stdint.h>
#include <time.h>

struct clock {
    const int64_t *fake_mono_us, *fake_wall_us; /* NULL = the machine's clocks */
};

extern const struct clock clock_real;

int64_t clock_mono_us(const struct clock *c);
int64_t clock_wall_us(const struct clock *c);
/* For waiting: a condition variable whose deadlines are of the monotonic clock, and such a deadline `us` from now. */
void clock_cond_init(pthread_cond_t *cond);
struct timespec clock_deadline(int64_t us);
/* Appends "2026-11-24T07:05:53Z" (`millis`: with ".123"); nothing for a negative time. */
void clock_format_utc(int64_t wall_us, bool millis, struct strbuf *out);

#endif
