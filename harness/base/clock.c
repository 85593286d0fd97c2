#include "base/clock.h"

#include <time.h>

const struct clock clock_real = { NULL, NULL };

static int64_t read_us(clockid_t id)
{
    struct timespec ts;
    (void)clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_mono_us(const struct clock *c)
{
    return c->fake_mono_us ? *c->fake_mono_us : read_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(const struct clock *c)
{
    return c->fake_wall_us ? *c->fake_wall_us : read_us(CLOCK_REALTIME);
}

void clock_format_utc(int64_t wall_us, bool millis, struct strbuf *out)
{
    if (wall_us < 0)
        return;
    time_t seconds = (time_t)(wall_us / 1000000);
    struct tm tm;
    if (!gmtime_r(&seconds, &tm))
        return;
    (void)strbuf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    if (millis)
        (void)strbuf_addf(out, ".%03d", (int)(wall_us % 1000000 / 1000));
    (void)strbuf_addch(out, 'Z');
}

void clock_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(cond, &attr);
    (void)pthread_condattr_destroy(&attr);
}

struct timespec clock_deadline(int64_t us)
{
    int64_t at_us = read_us(CLOCK_MONOTONIC) + us;
    return (struct timespec){ .tv_sec = (time_t)(at_us / 1000000), .tv_nsec = (long)(at_us % 1000000) * 1000 };
}
