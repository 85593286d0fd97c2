#include "net/pace.h"

#include <math.h>

enum {
    ENOUGH = 8, /* requests at a rate that it was not all wrong */
    FIRST_PAUSE_US = 1000000,
    LONGEST_PAUSE_US = 16000000,
    LONG_US = 3000000,      /* an episode that a refilling bucket would have ended */
    TOO_LONG_US = 75000000, /* and one that was no window of a minute */
    CREDIT_US = 250000,     /* what a dispatcher that came late may catch up with */
    LOOK_US = 100000        /* between two looks of an episode, when the rate would have them closer by far */
};

static const double FAST = 25e-6;  /* requests a microsecond */
static const double LINGER = 0.95; /* where the curve begins, of what was granted */
static const double AGREES = 0.1;  /* two estimates that differ by less are one */
static const double FEW = 16;      /* requests; the curve is not steeper than so many can show */
static const double SLOW_S = 8;    /* a curve that does not run past a bucket while it empties */
static const double FIRST_FLAT_S = 2, LONGEST_FLAT_S = 32;

void pace_init(struct pace *p)
{
    *p = (struct pace){ .flat_s = FIRST_FLAT_S, .first_cycle = true };
}

/* Between two starts. During an episode a few requests look whether it is over, an eighth of what would go out else. */
static double interval_us(const struct pace *p)
{
    double rate = p->rate;
    if (!p->exhausted)
        return rate > 0 ? 1 / rate : 0;
    double plain_us = rate > 0 ? 1 / rate : 0;
    return fmax(plain_us, fmin(rate > 0 ? 8 * plain_us : LOOK_US, LOOK_US));
}

int64_t pace_delay_us(const struct pace *p, int64_t now_us)
{
    double next_us = fmax(p->next_us, (double)p->resume_us);
    double wait_us = ceil(next_us - (double)now_us);
    return wait_us > 0 ? (int64_t)wait_us : 0;
}

void pace_started(struct pace *p, int64_t now_us)
{
    if (p->cycle_us == 0)
        p->cycle_us = now_us;
    p->cycle_count++;
    double interval = interval_us(p);
    if (interval > 0)
        p->next_us = fmax(p->next_us, (double)(now_us - (p->exhausted ? 0 : CREDIT_US))) + interval;
}

static double clamp_flat(const struct pace *p, double flat_s)
{
    return fmin(LONGEST_FLAT_S, fmax(flat_s, FEW / (p->granted * 1e6)));
}

/* rate(t) = granted (1 + C (t - flat)^3), C such that it begins at LINGER: the curve of RFC 9438, 4.2, for a rate. */
static void follow_curve(struct pace *p, int64_t now_us)
{
    double away = ((double)(now_us - p->curve_us) / 1e6 - p->flat_s) / p->flat_s;
    p->rate = p->granted * (1 + (1 - LINGER) * away * away * away);
    if (p->rate < 2 * p->granted)
        return;
    p->granted = p->rate;
    p->flat_s = clamp_flat(p, FIRST_FLAT_S);
    p->curve_us = now_us;
    p->cycle_us = now_us;
    p->cycle_count = 0;
}

static void recover(struct pace *p, int64_t start_us, int64_t now_us)
{
    bool window = now_us - p->onset_us >= LONG_US && now_us - p->onset_us <= TOO_LONG_US;
    if (window && p->first_cycle && p->cycle_count >= ENOUGH) { /* the quota of a whole window went at its beginning */
        p->granted = fmin(p->granted, (double)p->cycle_count / (double)(start_us - p->cycle_us));
        p->cycle_us = start_us;
        p->cycle_count = 1;
    } else if (p->first_cycle) {
        p->cycle_us = p->onset_us;
        p->cycle_count = 1;
    } else if (window) {
        p->granted = fmin(p->granted, fmax(p->seen, p->granted / 2));
    }
    if (window)
        p->flat_s = LONGEST_FLAT_S; /* what is too fast shows only at the window's end */
    p->first_cycle = false;
    p->exhausted = false;
    p->rate = LINGER * p->granted;
    p->curve_us = now_us;
    p->next_us = fmax((double)start_us + 1 / p->rate, (double)now_us);
}

void pace_answered(struct pace *p, int64_t start_us, int64_t now_us)
{
    p->dry_us = 0;
    if (p->exhausted) {
        if (start_us > p->onset_us) /* a look, even when later ones were refused: the quota was there, and went */
            recover(p, start_us, now_us);
    } else if (p->granted > 0 && start_us > p->curve_us) {
        follow_curve(p, now_us);
    }
}

/* What refusals that came by chance have cut is given back. */
static void reopen(struct pace *p, int64_t now_us)
{
    if (p->granted == 0)
        return;
    p->granted = fmax(p->granted, p->best);
    p->best = 0;
    p->rate = p->granted;
    p->flat_s = clamp_flat(p, FIRST_FLAT_S);
    p->curve_us = now_us - (int64_t)(p->flat_s * 1e6); /* it lingers no more */
}

/*
 * `seen` is the quota when the whole cycle was spent at it. A cycle that began below it shows too little, and then the rate
 * that was refused is nearer the truth. How near, the length of the cycle tells: after a few requests it may be far off.
 */
static void estimate(struct pace *p, bool regular, int64_t now_us)
{
    double count = (double)(p->cycle_count > 0 ? p->cycle_count : 0) + 1;
    double before = p->granted;
    p->seen = count / (double)(now_us > p->cycle_us ? now_us - p->cycle_us : 1); /* until nothing was granted any more */
    if (p->rate == 0 || regular) /* regular refusals: each found the quota used up, so what was seen is the quota */
        p->granted = p->rate > 0 ? fmin(p->rate, p->seen) : p->seen;
    else
        p->granted = fmin(p->rate, fmax(p->seen, (p->cycle_count < ENOUGH ? 0.5 : p->flat_s < SLOW_S ? 0.7 : 0.97) * p->rate));
    p->confirmed = before > 0 && fabs(p->granted - before) < AGREES * before;
    p->flat_s = clamp_flat(p, p->confirmed ? 2 * p->flat_s : FIRST_FLAT_S);
}

/* Where many requests go out a second, the next ones tell soon; where few do, each refusal is taken at its word. */
static bool is_fast(const struct pace *p, int64_t now_us)
{
    double seen = (double)(p->cycle_count > 0 ? p->cycle_count : 0) / (double)(now_us > p->cycle_us ? now_us - p->cycle_us : 1);
    return (p->rate > 0 ? p->rate : seen) >= FAST;
}

static void begin_episode(struct pace *p, enum refusal kind, int64_t now_us)
{
    p->best = kind == REFUSAL_ALONE ? fmax(p->best, p->rate) : 0; /* what a limit has cut is not given back */
    estimate(p, kind == REFUSAL_REGULAR, p->dry_us);
    p->exhausted = true;
    p->onset_us = now_us;
    p->pause_us = FIRST_PAUSE_US;
    if (p->granted > p->best)
        p->best = p->granted;
    if (!p->first_cycle) {
        p->cycle_count = 0;
        p->cycle_us = now_us;
    }
}

static void pause_from(struct pace *p, int64_t now_us)
{
    p->refused_us = now_us;
    if (now_us + p->pause_us > p->resume_us)
        p->resume_us = now_us + p->pause_us;
}

bool pace_is_tail(const struct pace *p, int64_t start_us)
{
    return p->exhausted ? start_us <= p->refused_us : start_us <= p->curve_us && p->granted > 0;
}

bool pace_is_beyond(const struct pace *p)
{
    return p->granted > 0 && p->rate > p->granted;
}

void pace_refused(struct pace *p, enum refusal kind, int64_t start_us, int64_t now_us)
{
    p->cycle_count--;
    if (p->dry_us == 0)
        p->dry_us = now_us;
    if (pace_is_tail(p, start_us))
        return;
    if (p->exhausted) {
        p->pause_us = p->pause_us < LONGEST_PAUSE_US / 2 ? 2 * p->pause_us : LONGEST_PAUSE_US;
        pause_from(p, now_us);
    } else if (kind == REFUSAL_TRIED) {
        reopen(p, now_us);
    } else if (kind == REFUSAL_LIMIT || kind == REFUSAL_REGULAR || (kind == REFUSAL_ALONE && !is_fast(p, now_us))) {
        begin_episode(p, kind, now_us);
        pause_from(p, now_us);
    }
}

void pace_hinted(struct pace *p, int64_t until_us)
{
    if (!p->exhausted)
        return;
    p->resume_us = until_us;
    p->pause_us = FIRST_PAUSE_US / 2; /* the next guess starts anew */
}
