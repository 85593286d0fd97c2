#include "stats/interval.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/clusters.h"

#include <math.h>
#include <string.h>

static const double z95 = 1.959963984540054;  /* Phi^-1(.975) */
static const double z90 = 1.6448536269514722; /* Phi^-1(.95) */
static const double tail = 0.025;             /* of each side */

enum { FEW_CLUSTERS = 10, EXACT_BELOW_EVENTS = 20 };

static void wilson(double p, double n, double z, double *ret_low, double *ret_high)
{
    double z2 = z * z;
    double centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    double half = z / (1.0 + z2 / n) * sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
    *ret_low = p <= 0.0 ? 0.0 : fmax(0.0, centre - half);
    *ret_high = p >= 1.0 ? 1.0 : fmin(1.0, centre + half);
}

static void clopper_pearson(double p, double n, double beyond, double *ret_low, double *ret_high)
{
    double x = p * n, rest = (1.0 - p) * n;
    *ret_low = p <= 0.0 ? 0.0 : stats_beta_quantile(beyond, x, rest + 1.0);
    *ret_high = p >= 1.0 ? 1.0 : stats_beta_quantile(1.0 - beyond, x + 1.0, rest);
}

void stats_wilson(double p, double n, double *ret_low, double *ret_high)
{
    wilson(p, n, z95, ret_low, ret_high);
}

void stats_clopper_pearson(double p, double n, double *ret_low, double *ret_high)
{
    clopper_pearson(p, n, tail, ret_low, ret_high);
}

void rate_one_sided(const struct rate *r, double *ret_low, double *ret_high)
{
    *ret_low = *ret_high = NAN;
    if (isnan(r->low))
        return;
    if (strcmp(r->method, "wilson-effective") == 0)
        wilson(r->value, r->n_star, z90, ret_low, ret_high);
    else
        clopper_pearson(r->value, r->n_star, 2.0 * tail, ret_low, ret_high);
}

double stats_zero_upper(int64_t clusters, double alpha)
{
    return 1.0 - pow(alpha / 2.0, 1.0 / (double)clusters);
}

/* Kahan's sum: the digits that an addition drops are carried into the next one. */
static double kahan_sum(const double *x, size_t count, double (*of)(double))
{
    double sum = 0.0, carry = 0.0;
    for (size_t i = 0; i < count; i++) {
        double add = (of ? of(x[i]) : x[i]) - carry;
        double next = sum + add;
        carry = (next - sum) - add;
        sum = next;
    }
    return sum;
}

static double square(double x)
{
    return x * x;
}

double stats_cluster_variance(const double *influence_sum, size_t clusters)
{
    if (clusters < 2)
        return NAN;
    double g = (double)clusters;
    return g / (g - 1.0) * kahan_sum(influence_sum, clusters, square);
}

static struct rate rate_of_nothing(size_t n, size_t clusters)
{
    return (struct rate){ .value = NAN,
                          .low = NAN,
                          .high = NAN,
                          .method = "none",
                          .n = (int64_t)n,
                          .clusters = (int64_t)clusters,
                          .deff = NAN,
                          .few_clusters = n > 0 && clusters < FEW_CLUSTERS,
                          .se = NAN,
                          .n_eff = NAN,
                          .n_star = NAN };
}

/* Wilson when both outcomes are common at that size, else the exact interval. */
static void take_interval(struct rate *r, double n_star)
{
    r->n_star = n_star;
    if (n_star * fmin(r->value, 1.0 - r->value) < EXACT_BELOW_EVENTS - 1e-9) { /* 80 of 100 are 20 misses, not 19.999… */
        r->method = "clopper-pearson-effective";
        stats_clopper_pearson(r->value, n_star, &r->low, &r->high);
    } else {
        r->method = "wilson-effective";
        stats_wilson(r->value, n_star, &r->low, &r->high);
    }
}

/* statistics.md section 3, the interval rule; value, n and clusters are there. `variance` of the value, on df degrees of freedom. */
static void apply_rule(struct rate *r, double variance, double df)
{
    double p = r->value, n = (double)r->n, g = (double)r->clusters;
    if (r->clusters < 2)
        return;

    r->se = sqrt(variance);
    if (p <= 0.0 || p >= 1.0) { /* no variance was seen; at worst an intent is one observation */
        r->se = 0.0;
        r->n_star = g;
        r->method = "clopper-pearson-clusters";
        stats_clopper_pearson(p, g, &r->low, &r->high);
        return;
    }
    /* An intent's share of a rate is about 1/n; a variance this small is rounding of 0, not knowledge. */
    if (r->se < 1e-12) {
        r->se = 0.0;
        r->equal_clusters = true;
        take_interval(r, n);
        return;
    }
    r->deff = variance * n / (p * (1.0 - p));
    r->n_eff = p * (1.0 - p) / variance;
    double t_ratio = stats_t_quantile(1.0 - tail, n - 1.0) / stats_t_quantile(1.0 - tail, df);
    take_interval(r, fmin(n, r->n_eff * t_ratio * t_ratio));
}

struct rate rate_of_variance(double value, double variance, double df, int64_t n, int64_t clusters)
{
    struct rate r = rate_of_nothing((size_t)n, (size_t)clusters);
    r.value = value;
    apply_rule(&r, variance, df);
    return r;
}

struct rate rate_clustered(const double *y, const uint32_t *cluster, size_t n)
{
    if (n == 0)
        return rate_of_nothing(0, 0);
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(n, sizeof(*rank));
    size_t clusters = clusters_rank(cluster, n, rank);
    CLEANUP(cleanup_free) double *sum = xcalloc(clusters, sizeof(*sum));
    CLEANUP(cleanup_free) double *rows = xcalloc(clusters, sizeof(*rows));
    for (size_t i = 0; i < n; i++) {
        sum[rank[i]] += y[i];
        rows[rank[i]] += 1.0;
    }

    struct rate r = rate_of_nothing(n, clusters);
    r.value = kahan_sum(sum, clusters, NULL) / (double)n;
    for (size_t g = 0; g < clusters; g++)
        sum[g] = (sum[g] - rows[g] * r.value) / (double)n; /* the cluster's influence on the value */
    apply_rule(&r, stats_cluster_variance(sum, clusters), (double)clusters - 1.0);
    return r;
}

/* Clusters of one row each, and by definition no design effect: no variance has to be estimated. */
struct rate rate_independent(int64_t k, int64_t n)
{
    struct rate r = rate_of_nothing((size_t)n, (size_t)n);
    if (n == 0)
        return r;
    r.value = (double)k / (double)n;
    if (n < 2)
        return r;
    if (k == 0 || k == n) {
        apply_rule(&r, 0.0, (double)n - 1.0);
        return r;
    }
    r.se = sqrt(r.value * (1.0 - r.value) / (double)n);
    r.deff = 1.0;
    r.n_eff = (double)n;
    take_interval(&r, (double)n);
    return r;
}

/* Rows and mean of every category; false when one has no row. */
static bool category_means(const double *y, const uint32_t *category, size_t n, size_t category_count, double *ret_rows, double *ret_mean)
{
    for (size_t i = 0; i < n; i++) {
        ret_rows[category[i]] += 1.0;
        ret_mean[category[i]] += y[i];
    }
    bool complete = true;
    for (size_t c = 0; c < category_count; c++) {
        complete = complete && ret_rows[c] > 0.0;
        ret_mean[c] /= ret_rows[c];
    }
    return complete;
}

struct rate rate_macro(const double *y, const uint32_t *cluster, const uint32_t *category, size_t n, size_t category_count)
{
    if (n == 0 || category_count == 0)
        return rate_of_nothing(0, 0);
    CLEANUP(cleanup_free) double *rows = xcalloc(category_count, sizeof(*rows));
    CLEANUP(cleanup_free) double *mean = xcalloc(category_count, sizeof(*mean));
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(n, sizeof(*rank));
    size_t clusters = clusters_rank(cluster, n, rank);
    struct rate r = rate_of_nothing(n, clusters);
    if (!category_means(y, category, n, category_count, rows, mean))
        return r; /* never an average over the categories that happen to have answers */

    CLEANUP(cleanup_free) double *influence = xcalloc(clusters, sizeof(*influence));
    for (size_t i = 0; i < n; i++)
        influence[rank[i]] += (y[i] - mean[category[i]]) / ((double)category_count * rows[category[i]]);
    r.value = kahan_sum(mean, category_count, NULL) / (double)category_count;
    apply_rule(&r, stats_cluster_variance(influence, clusters), (double)clusters - 1.0);
    return r;
}
