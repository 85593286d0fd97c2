#include "net/window.h"

#include <math.h>

enum {
    FEWEST = 8, /* refusals cut no deeper: how many so few requests are is chance, and the pace holds them back as well */
    START = 4,
    FIRST_ANSWERS = 16,   /* of an epoch of slow start, whose steps are so large that a rough mean tells */
    EPOCH_ANSWERS = 48,   /* else: the mean of answers whose length varies by half is then good to 7 % */
    BASE_ANSWERS = 256,   /* as many at most has the base behind it, so that it follows an endpoint that drifts */
    FIRST_PROBE = 4,      /* epochs until the base is measured again; each time twice as many */
    EPOCHS_TO_PROBE = 32, /* but not more */
    OWN_DELAY_US = 10000, /* latency of the quickest endpoint that may be ours (one thread, group commits): see own_delay_us */
    EPISODE_US = 1000000
};

static const double CUT = 0.85;       /* of a window that was refused; CUBIC's is 0.7, for links with larger buffers */
static const double CUBIC = 0.001;    /* requests per cubed second: 128 come back in 27 seconds, 8 in 11; one more is tried 10 later */
static const double PROBE_CUT = 0.5;  /* has no queue even when the window stands at twice what is worked on */
static const double QUEUE = 1.0 / 16; /* of the window may wait at the endpoint, so that it never idles */
static const double CROWDED = 0.75;   /* of the latency without a queue: slow start has gone too far */

void window_init(struct window *w, int ceiling, bool adaptive)
{
    *w = (struct window){ .ceiling = ceiling, .adaptive = adaptive, .slow_start = adaptive, .epochs_to_probe = FIRST_PROBE };
    w->size = adaptive ? fmin(START, ceiling) : ceiling;
}

void window_set_ceiling(struct window *w, int ceiling)
{
    if ((!w->adaptive && w->size >= w->ceiling) || w->size > ceiling)
        w->size = ceiling;
    w->ceiling = ceiling;
}

void window_used(struct window *w, int in_flight)
{
    if (in_flight >= (int)w->size)
        w->filled = true;
}

static void set_size(struct window *w, double size)
{
    w->size = fmax(1, fmin(w->ceiling, size));
}

static void new_epoch(struct window *w, int64_t now_us)
{
    w->epoch_start_us = now_us;
    w->sum_us = w->sum_squares = 0;
    w->count = 0;
    w->filled = false;
}

/* W(t) = C (t - K)^3 + W_refused, with K such that W(0) is what the cut left (RFC 9438, 4.2). */
static double cubic(const struct window *w, int64_t now_us)
{
    double back_s = cbrt(w->refused_size * (1 - CUT) / CUBIC);
    double t_s = (double)(now_us - w->cut_us) / 1e6;
    return w->refused_size + CUBIC * pow(t_s - back_s, 3);
}

struct sample_mean {
    double mean_us, variance;
    int count;
};

static bool is_alike(const struct window *w, double mean_us)
{
    return fabs(mean_us - w->base_us) < w->base_us / 4;
}

/* One more epoch without a queue: joined with those before, or instead of them when the endpoint has changed. */
static void learn_base(struct window *w, const struct sample_mean *m)
{
    int before = is_alike(w, m->mean_us) ? w->base_count : 0;
    double part = (double)m->count / (before + m->count);
    w->base_us += part * (m->mean_us - w->base_us);
    w->base_variance += part * (m->variance - w->base_variance);
    w->base_count = before + m->count < BASE_ANSWERS ? before + m->count : BASE_ANSWERS;
}

/*
 * What we add to a latency ourselves is no sign of a queue over there. To an endpoint that answers in a millisecond it may be
 * several times as much. Where answers take longer it is little beside them and in the base as well, so that less is forgiven:
 * a quarter of OWN_DELAY_US at a base of that length, and at ten times as much a thousandth of the base.
 */
static double own_delay_us(double base_us)
{
    double part = OWN_DELAY_US / (OWN_DELAY_US + base_us);
    return OWN_DELAY_US * part * part;
}

/*
 * The size of Gradient2 (Netflix concurrency-limits) and TCP Vegas (Brakmo and Peterson, 1995): with `size` in flight, a
 * server that works on K of them at once answers in size / K of the base latency, so size * base / mean is K itself. To that
 * comes a little queue. Where nothing queues the same sum is growth by a sixteenth.
 *
 * Both of them compare single answers or short averages with a minimum; an answer of a model is short or long by its nature,
 * so here means of whole epochs are compared, and the base is not a minimum (which chance makes too small) but the mean of
 * epochs without a queue, taken anew now and then with a smaller window because endpoints become slower and faster (as BBR's
 * ProbeRTT does). A base that is too small would hold the window down, so it counts with the standard error that it has.
 */
static double gradient(const struct window *w, double mean_us)
{
    double base_us = w->base_us + sqrt(w->base_variance / w->base_count);
    return fmax(0.5, base_us / fmax(base_us, mean_us - own_delay_us(base_us)));
}

static void begin_probe(struct window *w)
{
    w->probing = true;
    w->resume_size = w->size;
    w->epochs = 0;
    w->epochs_to_probe = w->epochs_to_probe < EPOCHS_TO_PROBE / 2 ? 2 * w->epochs_to_probe : EPOCHS_TO_PROBE;
    set_size(w, w->size * PROBE_CUT);
}

/* The next probe comes soon and weighs as much as all that was known. */
static void doubt_base(struct window *w)
{
    w->epochs_to_probe = FIRST_PROBE;
    if (w->base_count > EPOCH_ANSWERS)
        w->base_count = EPOCH_ANSWERS;
}

static void end_probe(struct window *w, const struct sample_mean *m)
{
    learn_base(w, m);
    w->probing = false;
    set_size(w, w->resume_size);
}

static void resize(struct window *w, double mean_us, int64_t now_us)
{
    double slope = gradient(w, mean_us);
    if (slope < CROWDED)
        w->slow_start = false;
    double size = w->slow_start ? 2 * w->size : w->size * slope + fmax(1, w->size * QUEUE);
    if (w->refused_size > 0)
        size = fmin(size, fmax(w->size, cubic(w, now_us)));
    if (!w->slow_start && slope < 1 - 2 * QUEUE) /* a longer queue than we leave: or has the endpoint become slower? */
        doubt_base(w);
    set_size(w, size);
    if (!w->slow_start && ++w->epochs >= w->epochs_to_probe && w->size >= 2)
        begin_probe(w);
}

static void end_epoch(struct window *w, int64_t now_us)
{
    struct sample_mean m = { .mean_us = w->sum_us / w->count, .count = w->count };
    m.variance = fmax(0, w->sum_squares / w->count - m.mean_us * m.mean_us);
    bool filled = w->filled;
    new_epoch(w, now_us);
    if (w->probing) {
        end_probe(w, &m);
        return;
    }
    if (w->base_us == 0 || (w->slow_start && is_alike(w, m.mean_us)) || (!filled && (is_alike(w, m.mean_us) || m.mean_us < w->base_us)))
        learn_base(w, &m); /* nothing stood in a queue */
    if (filled)
        resize(w, m.mean_us, now_us);
}

void window_answered(struct window *w, int64_t start_us, int64_t done_us)
{
    if (!w->adaptive) {
        if (w->refused_size > 0 && w->filled && start_us >= w->cut_us)
            set_size(w, fmax(w->size, cubic(w, done_us)));
        return;
    }
    if (start_us < w->epoch_start_us)
        return;
    double took_us = (double)(done_us - start_us);
    w->sum_us += took_us;
    w->sum_squares += took_us * took_us;
    w->count++;
    /* Quick answers come first: a short epoch would count them twice and the slow ones not at all. */
    double enough = w->slow_start ? fmax(FIRST_ANSWERS, w->size) : fmax(EPOCH_ANSWERS, 2 * w->size);
    if (w->count >= enough)
        end_epoch(w, done_us);
}

/*
 * Many refusals are one episode: those of requests that left before the cut, and all within a second. What was refused is
 * the number in flight, when that is less than the window: then another limit than the window held them back.
 */
void window_refused(struct window *w, int in_flight, int64_t start_us, int64_t now_us)
{
    if (now_us < w->episode_until_us || (w->cut_us > 0 && start_us < w->cut_us))
        return;
    w->slow_start = false;
    w->episode_until_us = now_us + EPISODE_US;
    if (w->probing)
        w->size = w->resume_size;
    w->probing = false;
    if (w->widest == 0)
        w->widest = w->size;
    if (in_flight < (int)(0.9 * w->size)) {
        set_size(w,
                 fmin(w->size, fmax(FEWEST, in_flight + 2))); /* another limit held them back; what was not used is not known to be right */
        new_epoch(w, now_us);
        return;
    }
    w->refused_size = fmax(1, floor(w->size) - 1); /* one less was not refused */
    w->cut_us = now_us;
    set_size(w, fmin(w->size, fmax(FEWEST, floor(w->size * CUT))));
    new_epoch(w, now_us);
}

void window_reopen(struct window *w)
{
    if (w->widest > w->size)
        set_size(w, w->widest);
    w->widest = w->refused_size = 0;
}
