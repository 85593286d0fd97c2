#include "stats/intents.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/clusters.h"

#include <math.h>

/* Per intent: how many rows, and the sum of their y. */
struct shares {
    uint32_t *rank;
    double *rows, *sum;
    size_t count;
};

static struct shares shares_of(const double *y, const uint32_t *cluster, size_t n)
{
    struct shares s = { .rank = xcalloc(n, sizeof(*s.rank)) };
    s.count = clusters_rank(cluster, n, s.rank);
    s.rows = xcalloc(s.count, sizeof(*s.rows));
    s.sum = xcalloc(s.count, sizeof(*s.sum));
    for (size_t i = 0; i < n; i++) {
        s.rows[s.rank[i]] += 1.0;
        s.sum[s.rank[i]] += y[i];
    }
    return s;
}

static void shares_release(struct shares *s)
{
    free(s->rank);
    free(s->rows);
    free(s->sum);
}

struct rate rate_intent_any(const double *y, const uint32_t *cluster, size_t n)
{
    if (n == 0)
        return rate_independent(0, 0);
    CLEANUP(shares_release) struct shares s = shares_of(y, cluster, n);
    int64_t any = 0;
    for (size_t g = 0; g < s.count; g++)
        any += s.sum[g] > 0.0;
    return rate_independent(any, (int64_t)s.count);
}

struct intent_mean intent_mean(const double *y, const uint32_t *cluster, size_t n)
{
    if (n == 0)
        return (struct intent_mean){ NAN, NAN, 0 };
    CLEANUP(shares_release) struct shares s = shares_of(y, cluster, n);
    double g = (double)s.count, mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < s.count; i++)
        mean += s.sum[i] / s.rows[i] / g;
    for (size_t i = 0; i < s.count; i++)
        squares += (s.sum[i] / s.rows[i] - mean) * (s.sum[i] / s.rows[i] - mean);
    return (struct intent_mean){ mean, s.count < 2 ? NAN : sqrt(squares / ((g - 1.0) * g)), (int64_t)s.count };
}

struct intent_correlation intent_correlation(const double *y, const uint32_t *cluster, size_t n)
{
    struct intent_correlation r = { NAN, NAN, NAN, NAN };
    if (n == 0)
        return r;
    CLEANUP(shares_release) struct shares s = shares_of(y, cluster, n);
    if (s.count < 2 || s.count == n)
        return r;
    double g = (double)s.count, rows = (double)n, total = 0.0, row_squares = 0.0, between = 0.0, within = 0.0;
    for (size_t i = 0; i < s.count; i++) {
        total += s.sum[i];
        row_squares += s.rows[i] * s.rows[i];
    }
    for (size_t i = 0; i < s.count; i++) {
        double apart = s.sum[i] / s.rows[i] - total / rows;
        between += s.rows[i] * apart * apart;
    }
    for (size_t i = 0; i < n; i++) {
        double apart = y[i] - s.sum[s.rank[i]] / s.rows[s.rank[i]];
        within += apart * apart;
    }
    r.m0 = (rows - row_squares / rows) / (g - 1.0);
    r.between = between / (g - 1.0);
    r.within = within / (rows - g);
    double spread = r.between + (r.m0 - 1.0) * r.within;
    r.icc = spread > 0.0 ? (r.between - r.within) / spread : NAN;
    return r;
}

double design_effect(double rho, double rows_per_intent)
{
    return 1.0 + (rows_per_intent - 1.0) * fmax(0.0, rho);
}

bool composition_matters(double micro, double macro, double se_micro)
{
    return fabs(micro - macro) > fmax(0.02, 2.0 * se_micro);
}
