#include "stats/bootstrap.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int stats_compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double stats_quantile7(const double *sorted, size_t n, double p)
{
    if (n == 0 || !(p >= 0.0 && p <= 1.0))
        return NAN;
    double at = p * (double)(n - 1);
    size_t below = (size_t)at;
    if (below + 1 >= n)
        return sorted[n - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

static struct bootstrap summary_of(double *value, size_t n, size_t undefined)
{
    struct bootstrap b = { NAN, NAN, NAN, NAN, undefined };
    if (n == 0)
        return b;
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += value[i];
    b.mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (value[i] - b.mean) * (value[i] - b.mean);
    b.sd = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
    qsort(value, n, sizeof(*value), stats_compare_doubles);
    b.low = stats_quantile7(value, n, 0.025);
    b.high = stats_quantile7(value, n, 0.975);
    return b;
}

struct bootstrap bootstrap_clusters(bootstrap_statistic statistic, const void *data, size_t clusters, uint64_t seed, size_t repetitions)
{
    if (clusters == 0 || repetitions == 0)
        return summary_of(NULL, 0, 0);
    CLEANUP(cleanup_free) double *value = xcalloc(repetitions, sizeof(*value));
    CLEANUP(cleanup_free) uint32_t *times = xcalloc(clusters, sizeof(*times));
    size_t n = 0;
    struct rng rng;
    rng_init(&rng, seed);
    for (size_t b = 0; b < repetitions; b++) {
        memset(times, 0, clusters * sizeof(*times));
        for (size_t g = 0; g < clusters; g++)
            times[rng_below(&rng, clusters)]++;
        double v = statistic(times, clusters, data);
        if (!isnan(v))
            value[n++] = v;
    }
    return summary_of(value, n, repetitions - n);
}

struct ratio_data {
    const double *numerator, *denominator;
};

static double ratio(const uint32_t *times, size_t clusters, const void *data)
{
    const struct ratio_data *r = data;
    double numerator = 0.0, denominator = 0.0;
    for (size_t g = 0; g < clusters; g++) {
        numerator += times[g] * r->numerator[g];
        denominator += times[g] * r->denominator[g];
    }
    return denominator != 0.0 ? numerator / denominator : NAN;
}

struct bootstrap bootstrap_ratio(const double *numerator, const double *denominator, size_t clusters, uint64_t seed, size_t repetitions)
{
    const struct ratio_data data = { numerator, denominator };
    return bootstrap_clusters(ratio, &data, clusters, seed, repetitions);
}
