/*
 * bootstrap - intervals of statistics that are no means: ratios, any@k, intent-any (statistics.md section 6).
 *
 * Intents are drawn with replacement, whole (Davison and Hinkley 1997, section 3.8); the interval is the percentile one.
 * The same seed gives the same numbers on every machine: splitmix64, one draw an intent, clusters in the order given.
 */
#ifndef STATS_BOOTSTRAP_H
#define STATS_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>

/* The statistic when cluster g was drawn times[g] times; NaN when it is undefined there. */
typedef double (*bootstrap_statistic)(const uint32_t *times, size_t clusters, const void *data);

struct bootstrap {
    double low, high; /* 2.5 % and 97.5 % of the values; NaN when there is none */
    double mean, sd;  /* sd with divisor n - 1 */
    size_t undefined; /* repetitions whose statistic was NaN: they are left out, say so */
};

struct bootstrap bootstrap_clusters(bootstrap_statistic statistic, const void *data, size_t clusters, uint64_t seed, size_t repetitions);

/* sum(numerator) / sum(denominator) over clusters. */
struct bootstrap bootstrap_ratio(const double *numerator, const double *denominator, size_t clusters, uint64_t seed, size_t repetitions);

/* The type-7 quantile (Hyndman and Fan 1996; R's and NumPy's default) of `sorted`, ascending; NaN for n = 0. */
double stats_quantile7(const double *sorted, size_t n, double p);
/* For qsort of doubles without NaN. */
int stats_compare_doubles(const void *left, const void *right);

#endif
