#include "stats/weighted.h"

#include "base/arena.h"
#include "base/cleanup.h"

#include <math.h>
#include <stdlib.h>

/* Rows sorted by stratum and cluster: sums do not depend on the order in which rows came. */
struct drawn {
    uint32_t stratum, cluster;
    size_t group; /* strata that were joined share one */
    double y, weight;
};

static int compare_drawn(const void *left, const void *right)
{
    const struct drawn *a = left, *b = right;
    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    if (a->cluster != b->cluster)
        return a->cluster < b->cluster ? -1 : 1;
    if (a->y < b->y || a->y > b->y)
        return a->y < b->y ? -1 : 1;
    return (a->weight > b->weight) - (a->weight < b->weight);
}

static bool same_cluster(const struct drawn *a, const struct drawn *b)
{
    return a->stratum == b->stratum && a->cluster == b->cluster;
}

/* Numbers the groups: one is closed as soon as it has two clusters. Returns how many strata had only one. */
static size_t join_strata(struct drawn *row, size_t n)
{
    size_t group = 0, clusters_in_group = 0, single = 0;
    for (size_t start = 0, end; start < n; start = end) {
        size_t clusters = 1;
        for (end = start + 1; end < n && row[end].stratum == row[start].stratum; end++)
            clusters += !same_cluster(&row[end], &row[end - 1]);
        if (clusters_in_group >= 2) {
            group++;
            clusters_in_group = 0;
        }
        for (size_t i = start; i < end; i++)
            row[i].group = group;
        clusters_in_group += clusters;
        single += clusters == 1 && (start > 0 || end < n);
    }
    for (size_t i = n; group > 0 && clusters_in_group < 2 && i > 0 && row[i - 1].group == group; i--)
        row[i - 1].group = group - 1;
    return single;
}

struct spread {
    double variance, df;
    size_t clusters;
};

/* Adds one group, rows from … end-1; `sum` has room for its clusters. */
static void add_group(struct spread *s, const struct drawn *row, size_t from, size_t end, double total_weight, double *sum)
{
    double weight = 0.0, hits = 0.0;
    for (size_t i = from; i < end; i++) {
        weight += row[i].weight;
        hits += row[i].weight * row[i].y;
    }
    size_t clusters = 0;
    for (size_t i = from; i < end; i++) {
        if (i == from || !same_cluster(&row[i], &row[i - 1]))
            sum[clusters++] = 0.0;
        sum[clusters - 1] += row[i].weight * (row[i].y - hits / weight) / total_weight;
    }
    s->variance += stats_cluster_variance(sum, clusters);
    s->df += (double)clusters - 1.0;
    s->clusters += clusters;
}

struct rate rate_weighted(const double *y, const double *weight, const uint32_t *cluster, const uint32_t *stratum, size_t n,
                          size_t *ret_merged)
{
    if (ret_merged)
        *ret_merged = 0;
    if (n == 0)
        return rate_clustered(NULL, NULL, 0);
    CLEANUP(cleanup_free) struct drawn *row = xcalloc(n, sizeof(*row));
    CLEANUP(cleanup_free) double *sum = xcalloc(n, sizeof(*sum));
    double total = 0.0, hits = 0.0;
    for (size_t i = 0; i < n; i++)
        row[i] = (struct drawn){ .stratum = stratum ? stratum[i] : 0, .cluster = cluster[i], .y = y[i], .weight = weight[i] };
    qsort(row, n, sizeof(*row), compare_drawn);
    size_t merged = join_strata(row, n);
    for (size_t i = 0; i < n; i++) {
        total += row[i].weight;
        hits += row[i].weight * row[i].y;
    }

    struct spread s = { 0 };
    for (size_t from = 0, end; from < n; from = end) {
        for (end = from + 1; end < n && row[end].group == row[from].group; end++)
            ;
        add_group(&s, row, from, end, total, sum);
    }
    if (ret_merged)
        *ret_merged = merged;
    return rate_of_variance(hits / total, s.variance, s.df, (int64_t)n, (int64_t)s.clusters);
}
