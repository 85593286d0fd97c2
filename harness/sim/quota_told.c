#include "sim/quota_told.h"

#include "base/cleanup.h"
#include "sim/sim_reply.h"

#include <math.h>
#include <time.h>

const char *const quota_form_names[] = { "no", "x-ratelimit", "ratelimit", "ratelimit-3", "anthropic" };
const size_t quota_form_count = ARRAY_LEN(quota_form_names);

static double whole_seconds(int64_t us)
{
    return ceil((double)us / 1e6); /* rounded up, to be true */
}

static void add_date(struct sim_reply *r, int64_t at_us)
{
    time_t at = (time_t)((at_us + 999999) / 1000000);
    struct tm t;
    if (gmtime_r(&at, &t))
        sim_reply_header(r, "anthropic-ratelimit-requests-reset", "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1,
                         t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

void quota_told_add(struct sim_reply *r, enum quota_form form, const struct quota_state *q, int64_t wall_us)
{
    double limit = floor(q->limit), remaining = floor(q->remaining);
    switch (form) {
    case QUOTA_UNTOLD: break;
    case QUOTA_X_RATELIMIT:
        sim_reply_header(r, "x-ratelimit-limit-requests", "%.15g", limit);
        sim_reply_header(r, "x-ratelimit-remaining-requests", "%.15g", remaining);
        sim_reply_header(r, "x-ratelimit-reset-requests", "%.15gms", ceil((double)q->reset_us / 1e3));
        break;
    case QUOTA_RATELIMIT:
        sim_reply_header(r, "RateLimit-Policy", "\"sim\";q=%.15g;w=%.15g", limit, whole_seconds(q->window_us));
        sim_reply_header(r, "RateLimit", "\"sim\";r=%.15g;t=%.15g", remaining, whole_seconds(q->reset_us));
        break;
    case QUOTA_RATELIMIT_3:
        sim_reply_header(r, "RateLimit-Limit", "%.15g, %.15g;w=%.15g", limit, limit, whole_seconds(q->window_us));
        sim_reply_header(r, "RateLimit-Remaining", "%.15g", remaining);
        sim_reply_header(r, "RateLimit-Reset", "%.15g", whole_seconds(q->reset_us));
        break;
    case QUOTA_ANTHROPIC:
        sim_reply_header(r, "anthropic-ratelimit-requests-limit", "%.15g", limit);
        sim_reply_header(r, "anthropic-ratelimit-requests-remaining", "%.15g", remaining);
        add_date(r, wall_us + q->reset_us);
        break;
    }
}
