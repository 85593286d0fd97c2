/*
 * How soon do the charts of `gauntlet trend` raise an alarm when nothing has changed, and when something has?
 *
 *   make bench-alarms [REPEATS=4000]       prints a table; docs/statistics.md shows it
 *
 * Nights are independent normal numbers. `learned` of them give mean and sigma (stats/trend.h), the next ones are watched until the
 * first alarm. What the limits are learned from is noise too: with ten nights sigma itself is uncertain by a quarter, and the mean
 * run lengths of the textbooks hold for known parameters only. The seed is fixed: the same numbers every time.
 */
#include "base/rng.h"
#include "stats/trend.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { WATCHED = 400, MAX_LEARNED = 200, SOON = 30 };
enum chart { CHART_EWMA, CHART_CUSUM, CHARTS };
static const char *const chart_name[] = { "EWMA", "CUSUM" };

/* Box and Muller 1958; one of the two. */
static double normal(struct rng *r)
{
    double u = 1.0 - rng_unit(r), v = rng_unit(r);
    return sqrt(-2.0 * log(u)) * cos(2.0 * 3.141592653589793 * v);
}

/* The watched night of the first alarm, from 1; WATCHED + 1 = none. learned 0 = mean 0 and sigma 1 are known. */
static void first_alarms(struct rng *r, size_t learned, double shift, size_t ret_night[CHARTS])
{
    double past[MAX_LEARNED], night[WATCHED];
    static struct trend_point point[WATCHED];
    for (size_t i = 0; i < learned; i++)
        past[i] = normal(r);
    for (size_t i = 0; i < WATCHED; i++)
        night[i] = normal(r) + shift;
    struct trend_base base = { .mean = 0, .sigma = 1 };
    if (learned > 0)
        base = trend_base_of(past, learned, INT64_MAX / 2, 0.0);
    trend_series(base.mean, base.sigma, TREND_DEFAULTS, night, WATCHED, point);
    ret_night[CHART_EWMA] = ret_night[CHART_CUSUM] = WATCHED + 1;
    for (size_t i = WATCHED; i-- > 0;) {
        if (point[i].ewma_alarm)
            ret_night[CHART_EWMA] = i + 1;
        if (point[i].cusum_alarm)
            ret_night[CHART_CUSUM] = i + 1;
    }
}

static int by_size(const void *a, const void *b)
{
    size_t one = *(const size_t *)a, two = *(const size_t *)b;
    return (one > two) - (one < two);
}

static void measure(size_t learned, double shift, size_t repeats, size_t *scratch)
{
    size_t *night[CHARTS] = { scratch, scratch + repeats };
    struct rng r;
    rng_init(&r, 42);
    for (size_t i = 0; i < repeats; i++) {
        size_t first[CHARTS];
        first_alarms(&r, learned, shift, first);
        for (int c = 0; c < CHARTS; c++)
            night[c][i] = first[c];
    }
    for (int c = 0; c < CHARTS; c++) {
        size_t soon = 0;
        for (size_t i = 0; i < repeats; i++)
            soon += night[c][i] <= SOON;
        qsort(night[c], repeats, sizeof(**night), by_size);
        if (learned > 0)
            printf("| %3zu ", learned);
        else
            printf("| known ");
        printf("| %.0f sigma | %s | %zu%s | %.3f |\n", shift, chart_name[c], night[c][repeats / 2],
               night[c][repeats / 2] > WATCHED ? " or more" : "", (double)soon / (double)repeats);
    }
}

int main(int argc, char **argv)
{
    static const size_t learned[] = { 10, 20, 30, 50, 100, 0 };
    size_t repeats = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 4000;
    if (repeats == 0 || repeats > 1000000) {
        fprintf(stderr, "usage: false_alarms [REPEATS]\n");
        return 2;
    }
    size_t *scratch = malloc(CHARTS * repeats * sizeof(*scratch));
    if (!scratch)
        return 70;
    printf("| learned | change | chart | median nights to the first alarm | alarm within %d nights |\n|---|---|---|---|---|\n", SOON);
    for (int shift = 0; shift <= 2; shift++) {
        for (size_t i = 0; i < sizeof(learned) / sizeof(*learned); i++)
            measure(learned[i], shift, repeats, scratch);
    }
    free(scratch);
    return 0;
}
