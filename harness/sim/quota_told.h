/*
 * quota_told - the headers in which a server tells with every reply what is left of its rate limit.
 *
 *   x-ratelimit   x-ratelimit-{limit,remaining,reset}-requests, the reset as a duration (OpenAI, Groq)
 *   ratelimit     RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-08 and later)
 *   ratelimit-3   RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset (versions before)
 *   anthropic     anthropic-ratelimit-requests-{limit,remaining,reset}, the reset as a date of RFC 3339
 */
#ifndef SIM_QUOTA_TOLD_H
#define SIM_QUOTA_TOLD_H

#include <stddef.h>
#include <stdint.h>

struct sim_reply;

enum quota_form { QUOTA_UNTOLD, QUOTA_X_RATELIMIT, QUOTA_RATELIMIT, QUOTA_RATELIMIT_3, QUOTA_ANTHROPIC };
/* As a profile writes them. */
extern const char *const quota_form_names[];
extern const size_t quota_form_count;

struct quota_state {
    double limit, remaining;
    int64_t reset_us;  /* until all of it is there again */
    int64_t window_us; /* of the policy */
};

void quota_told_add(struct sim_reply *r, enum quota_form form, const struct quota_state *q, int64_t wall_us);

#endif
