#include "stats/histogram.h"

#include <math.h>

/*
 * 64 buckets an octave: values below 64 have one each; from there the octave [2^(5+j), 2^(6+j)) has buckets of width
 * 2^(j-1). A bucket's middle is within 1/128 = 0.8 % of everything in it.
 */
enum { PER_OCTAVE = 64, PER_OCTAVE_BITS = 6 };

static size_t bucket_of(int64_t value)
{
    if (value < PER_OCTAVE)
        return value < 0 ? 0 : (size_t)value;
    int octave = 63 - __builtin_clzll((unsigned long long)value) - (PER_OCTAVE_BITS - 1);
    uint64_t within = ((uint64_t)value >> (octave - 1)) - PER_OCTAVE;
    return (size_t)octave * PER_OCTAVE + (size_t)within;
}

static int64_t bucket_middle(size_t bucket)
{
    size_t octave = bucket / PER_OCTAVE, within = bucket % PER_OCTAVE;
    if (octave == 0)
        return (int64_t)within;
    uint64_t width = (uint64_t)1 << (octave - 1);
    return (int64_t)((PER_OCTAVE + within) * width + (width - 1) / 2);
}

static void bucket_add(uint32_t *bucket, uint32_t count)
{
    *bucket = count > UINT32_MAX - *bucket ? UINT32_MAX : *bucket + count;
}

void histogram_add(struct histogram *h, int64_t value_us)
{
    bucket_add(&h->bucket[bucket_of(value_us)], 1);
    h->count++;
    if (value_us > h->max)
        h->max = value_us;
}

int64_t histogram_quantile(const struct histogram *h, double q)
{
    if (h->count == 0)
        return -1;
    int64_t rank = (int64_t)ceil(q * (double)h->count); /* nearest rank: the smallest value with q of all at or below it */
    if (rank >= h->count)
        return h->max;
    int64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->bucket[i];
        if (seen >= rank && seen > 0)
            return bucket_middle(i) < h->max ? bucket_middle(i) : h->max;
    }
    return h->max;
}

int64_t histogram_count_below(const struct histogram *h, int64_t value_us)
{
    int64_t below = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS && bucket_middle(i) < value_us; i++)
        below += h->bucket[i];
    return below;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        bucket_add(&into->bucket[i], from->bucket[i]);
    into->count += from->count;
    if (from->max > into->max)
        into->max = from->max;
}
