#include "net/refusals.h"

#include <stddef.h>

enum {
    REGULAR = 4, /* gaps that agree with the one before: by chance once in a thousand refusals */
    REGULAR_IGNORED = 8,
    PATIENCE = 8,
    LONGEST_PATIENCE = 512,
    FEW = 6, /* answers to a refusal, at least, of what may be chance */
    OVERTAKEN = 4,
    LONG_WISH_US = 5000000,
    CALM = 512 /* answers without a sign of a limit: it is forgotten */
};

/* ln (0.3 / 0.1) for a refusal, ln (0.7 / 0.9) for an answer; ln 100000 is a limit. */
static const double REFUSED = 1.0986, ANSWERED = -0.2513, LIMIT = 11.51;

/* What a refusal adds. */
static const int DOUBT[] = { [FORESEEN_BEYOND] = -1, [FORESEEN_UNKNOWN] = 2, [FORESEEN_NOT] = 4 };

void refusals_init(struct refusals *r)
{
    *r = (struct refusals){ .ignored = true, .patience = PATIENCE };
}

void refusals_started(struct refusals *r, int64_t now_us)
{
    r->start_us[r->start_count++ % REFUSALS_STARTS] = now_us;
    r->granted++;
    r->started++;
}

static bool is_calm(const struct refusals *r)
{
    return r->granted - r->calm_from >= CALM;
}

/* Not before it would be over if all that is on its way were refused: else quick answers would hide refusals that come later. */
static void end_test(struct refusals *r)
{
    if ((double)(r->started - r->answered) * REFUSED + (double)r->answered * ANSWERED <= 0)
        r->testing = false;
}

void refusals_answered(struct refusals *r)
{
    if (r->ignored && is_calm(r))
        r->patience = PATIENCE;
    r->answered++;
    end_test(r);
}

void refusals_failed(struct refusals *r)
{
    r->started--;
    r->granted--;
    end_test(r);
}

static enum refusal limit(struct refusals *r, enum refusal sign)
{
    if (r->ignored)
        r->patience = r->patience < LONGEST_PATIENCE / 2 ? 2 * r->patience : LONGEST_PATIENCE;
    r->ignored = false;
    r->taken = r->doubt = 0;
    r->calm_from = r->granted;
    r->testing = false;
    return sign;
}

void refusals_wish(struct refusals *r, int64_t until_us)
{
    if (until_us - r->known_us >= LONG_WISH_US)
        (void)limit(r, REFUSAL_LIMIT);
}

void refusals_pass(struct refusals *r)
{
    r->granted--;
    r->last_granted = r->granted;
    r->gap = r->gaps_alike = 0;
    r->testing = false;
}

/* As far as we remember. */
static int started_after(const struct refusals *r, int64_t start_us)
{
    int count = 0;
    for (size_t i = 0; i < REFUSALS_STARTS; i++)
        count += r->start_us[i] > start_us;
    return count;
}

/* It left before the last refusal came, and is one with it. */
static bool is_of_one_moment(const struct refusals *r, int64_t start_us)
{
    return start_us <= r->known_us;
}

/*
 * A bucket that the pause after each refusal fills again never refuses twice in a row, but always after as many requests. So does
 * a full window that starts anew after each pause, when a server refuses some of many by chance: but then others were let in that
 * had left after the one that was refused.
 */
static bool is_regular(struct refusals *r, int64_t start_us, int64_t now_us)
{
    if (is_of_one_moment(r, start_us)) {
        r->overtaking -= start_us > r->refused_start_us;
        return false;
    }
    int64_t gap = r->granted - r->last_granted, before = r->gap;
    int64_t tolerance = before / 4 > 1 ? before / 4 : 1;
    bool alike = gap - before <= tolerance && before - gap <= tolerance && r->overtaking < OVERTAKEN;
    r->last_granted = r->granted;
    r->gap = gap;
    r->gaps_alike = alike ? r->gaps_alike + 1 : 0;
    r->known_us = now_us;
    r->refused_start_us = start_us;
    r->overtaking = started_after(r, start_us);
    return r->gaps_alike >= (r->ignored ? REGULAR_IGNORED : REGULAR);
}

static void begin_test(struct refusals *r, int in_flight)
{
    r->testing = true;
    r->started = in_flight;
    r->refused = r->answered = 0;
}

/* What is on its way counts as answered until it is known to be refused: refusals come sooner than answers. */
static bool is_repeated(const struct refusals *r)
{
    return (double)r->refused * (REFUSED - ANSWERED) + (double)r->started * ANSWERED >= LIMIT;
}

static enum refusal alone(struct refusals *r, enum foreseen foreseen, bool of_one_moment)
{
    if (r->ignored)
        return REFUSAL_IGNORED;
    if (of_one_moment)
        return REFUSAL_ALONE;
    if (r->taken++ == 0)
        r->taken_from = r->granted;
    r->doubt += DOUBT[foreseen];
    if (r->doubt < 0)
        r->doubt = 0;
    if (r->doubt < r->patience || r->granted - r->taken_from < FEW * (int64_t)r->taken)
        return REFUSAL_ALONE;
    r->ignored = true;
    r->taken = r->doubt = 0;
    r->calm_from = r->granted;
    return REFUSAL_TRIED;
}

enum refusal refusals_add(struct refusals *r, enum foreseen foreseen, int in_flight, int64_t start_us, int64_t now_us)
{
    r->granted--;
    if (foreseen == FORESEEN_TOLD) {
        r->ignored = false;
        r->taken = r->doubt = 0;
        return REFUSAL_ALONE;
    }
    bool of_one_moment = is_of_one_moment(r, start_us);
    if (!r->testing)
        begin_test(r, in_flight);
    r->refused++;
    if (is_repeated(r))
        return limit(r, REFUSAL_LIMIT);
    if (is_regular(r, start_us, now_us))
        return limit(r, r->gap > 0 ? REFUSAL_REGULAR : REFUSAL_LIMIT);
    return alone(r, foreseen, of_one_moment);
}
