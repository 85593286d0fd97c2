/*
 * window - how many requests to one endpoint may be in flight, learned from how it answers.
 *
 * Three voices, the most careful of which is heard:
 *   refusals (429)   the window is cut to 0.85 once per episode and comes back along a cubic curve that lingers below the
 *                    size that was refused (CUBIC, RFC 9438), so that episodes become rare and never end the growth
 *   latency          only when adaptive: answers that take longer the more are asked at once stand in a queue
 *   use              a window that is not filled does not grow: nothing was learned about a larger one (RFC 7661)
 *
 * Time      int64_t microseconds of the monotonic clock.
 * Threads   one: the endpoint's dispatcher.
 */
#ifndef NET_WINDOW_H
#define NET_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

struct window {
    double size; /* 1 … ceiling */
    int ceiling;
    bool adaptive;            /* grows from a small start and heeds latency; else starts wide open and heeds refusals only */
    bool slow_start;          /* doubles in a round trip until something objects */
    bool filled;              /* was used up since the last look */
    double widest;            /* before the first cut since window_reopen; 0 = none */
    double refused_size;      /* what the last refusal met; 0 = none yet */
    int64_t cut_us;           /* when the curve begins */
    int64_t episode_until_us; /* refusals before this belong to the cut that was made */

    /* One epoch: enough answers that their mean means something. */
    int64_t epoch_start_us; /* answers to what was asked before it say nothing about the present size */
    double sum_us, sum_squares;
    int count;
    int epochs; /* since the base was measured */
    int epochs_to_probe;
    bool probing;   /* this epoch runs with a smaller window, to see an endpoint without a queue */
    double base_us; /* mean latency without a queue; 0 = not known */
    double base_variance;
    int base_count; /* answers that it rests on */
    double resume_size;
};

void window_init(struct window *w, int ceiling, bool adaptive);
/* A new ceiling for a run going now. A window that was wide open stays so; one that was cut keeps its cut. */
void window_set_ceiling(struct window *w, int ceiling);
/* As many as `in_flight` are on the wire now. */
void window_used(struct window *w, int in_flight);
void window_answered(struct window *w, int64_t start_us, int64_t done_us);
/* A 429. `in_flight` counts the refused one. */
void window_refused(struct window *w, int in_flight, int64_t start_us, int64_t now_us);
/* The refusals that cut it came by chance: it is as wide again as it was. */
void window_reopen(struct window *w);

#endif
