#include "net/told_quota.h"

#include <math.h>

enum {
    CREDIT_US = 50000,         /* what a dispatcher that came late may catch up with */
    LONGEST_US = 600 * 1000000 /* a quota of a day is no pace */
};

static const double FREE = 0.5;          /* of the limit: the first half is not held back */
static const double NOT_IN_FLIGHT = 0.5; /* of what is left, whatever is in flight: a small bucket refills meanwhile */
static const double MEMORY = 0.05;       /* weight of the newest cost in their mean */

void told_quota_init(struct told_quota *q, double unit)
{
    *q = (struct told_quota){ .unit = unit };
}

void told_quota_set(struct told_quota *q, double remaining, double limit, int64_t reset_us, int in_flight, int64_t start_us, int64_t now_us)
{
    if (start_us < q->as_of_us)
        return; /* older than what we know, or of the window before */
    q->as_of_us = start_us;
    if (reset_us > LONGEST_US) {
        q->reset_us = 0;
        return;
    }
    q->from_us = fmax(q->from_us, (double)(now_us - CREDIT_US));
    q->left = fmax(remaining - in_flight * q->unit, remaining * NOT_IN_FLIGHT);
    q->limit = limit >= 0 ? limit : fmax(q->limit, remaining);
    q->held_below = limit >= 0 ? limit * (1 - FREE) : INFINITY;
    q->longest_us = reset_us > q->longest_us ? reset_us : q->longest_us;
    q->reset_us = now_us + reset_us;
}

/* Between the last start and the next. With nothing left: all the rest of the time. */
static double spacing_us(const struct told_quota *q)
{
    double rest_us = fmax(0, (double)q->reset_us - q->from_us);
    return q->left < q->unit ? rest_us : rest_us * q->unit / q->left;
}

int64_t told_quota_delay_us(const struct told_quota *q, int64_t now_us)
{
    if (q->reset_us <= now_us || q->unit <= 0 || q->left > q->held_below)
        return 0;
    double wait_us = ceil(fmin(q->from_us + spacing_us(q), (double)q->reset_us) - (double)now_us);
    return wait_us > 0 ? (int64_t)wait_us : 0;
}

bool told_quota_is_short(const struct told_quota *q)
{
    return q->reset_us > 0 && q->left <= q->held_below;
}

void told_quota_started(struct told_quota *q, int64_t now_us)
{
    if (q->reset_us == 0)
        return;
    if (q->reset_us <= now_us) { /* all of it is there again, until a reply tells more */
        q->left = q->limit;
        q->as_of_us = now_us;
        q->reset_us = now_us + q->longest_us;
        q->from_us = (double)now_us;
    }
    double from_us = q->left > q->held_below ? (double)now_us : q->from_us + spacing_us(q);
    q->from_us = fmin((double)now_us, fmax(from_us, (double)(now_us - CREDIT_US)));
    q->left = fmax(0, q->left - q->unit);
}

void told_quota_cost(struct told_quota *q, double cost)
{
    q->unit = q->unit > 0 ? q->unit + MEMORY * (cost - q->unit) : cost;
}
