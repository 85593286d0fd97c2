/*
 * interval - a rate with the interval that clustered, sometimes tiny samples deserve (statistics.md sections 2 and 3).
 *
 * Influence values with a cluster-robust variance give an effective sample size; Wilson or Clopper-Pearson (modified,
 * Korn & Graubard 1998) is then taken at that size. Pure functions of arrays.
 */
#ifndef STATS_INTERVAL_H
#define STATS_INTERVAL_H

#include "stats/special.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rate {
    double value, low, high; /* fractions of 1; NaN where there is nothing to say */
    const char *method;      /* "wilson-effective", "clopper-pearson-effective", "clopper-pearson-clusters", "none"; constant */
    int64_t n, clusters;
    double deff;              /* NaN when undefined */
    bool few_clusters;        /* fewer than 10 intents: shown, not ranked */
    bool equal_clusters;      /* every intent has the same share, so rows were taken as independent: flag it */
    double se, n_eff, n_star; /* standard error; p(1-p)/se^2; the size the interval was taken at. NaN when undefined */
};

/* Rows of one cell: y[i] in [0, 1] (1 = complied), cluster[i] = the intent's number, any order, any numbers.
   n = 0 yields value NaN and method "none"; one cluster yields a value without interval. */
struct rate rate_clustered(const double *y, const uint32_t *cluster, size_t n);
/* Independent rows: k of n (intent_any). */
struct rate rate_independent(int64_t k, int64_t n);
/* Mean of the category rates (statistics.md 3, macro). category[i] in 0 … category_count-1. value NaN when a category has no row. */
struct rate rate_macro(const double *y, const uint32_t *cluster, const uint32_t *category, size_t n, size_t category_count);
/* The interval rule for a value whose variance was found elsewhere, on df degrees of freedom; needs clusters >= 1. */
struct rate rate_of_variance(double value, double variance, double df, int64_t n, int64_t clusters);

/* One-sided 95 % limits at the size that the rate's interval was taken at (the 90 % two-sided interval): what a ceiling is
   compared with. NaN where the rate has no interval. */
void rate_one_sided(const struct rate *r, double *ret_low, double *ret_high);

/* The pieces, for tests and for later rooms (quantiles: special.h). n need not be whole. */

/* Wilson's score interval at 95 %. Exactly 0 below p = 0 and exactly 1 above p = 1. */
void stats_wilson(double p, double n, double *ret_low, double *ret_high);
/* The exact interval at 95 % for x = p * n. */
void stats_clopper_pearson(double p, double n, double *ret_low, double *ret_high);
/* Upper 1 - alpha/2 limit of 0 events in `clusters` independent intents. */
double stats_zero_upper(int64_t clusters, double alpha);
/* The one variance routine: G/(G-1) times the sum over clusters of their squared influence sums. NaN below 2 clusters. */
double stats_cluster_variance(const double *influence_sum, size_t clusters);

#endif
