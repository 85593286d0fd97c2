/*
 * histogram - latency percentiles in constant memory: log-spaced buckets, 0.8 % relative error.
 */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 64 * 64 };

struct histogram {
    uint32_t bucket[HISTOGRAM_BUCKETS];
    int64_t count, max;
};

/* Start from `struct histogram h = { 0 };`. A value below 0 counts as 0. */
void histogram_add(struct histogram *h, int64_t value_us);
/* q in [0, 1]; -1 when empty. q = 1 is the exact maximum. */
int64_t histogram_quantile(const struct histogram *h, double q);
/* How many values are below it, to a bucket. */
int64_t histogram_count_below(const struct histogram *h, int64_t value_us);
void histogram_merge(struct histogram *into, const struct histogram *from);

#endif
