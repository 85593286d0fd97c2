/*
 * weighted - the rate of a subset, as an estimate of the rate of the whole set (statistics.md section 3).
 *
 * A row weighs 1 / its chance to be drawn. value = sum(w y) / sum(w); influence z = w (y - mean) / sum(w), the mean being
 * the stratum's own where rows were drawn by strata; variance = the sum over strata of the one cluster-robust variance
 * (Taylor linearisation; Cochran, "Sampling Techniques", 1977, chapter 6; Korn and Graubard, "Analysis of Health Surveys", 1999).
 * Clusters are nested in strata: one intent in two strata counts as one in each.
 */
#ifndef STATS_WEIGHTED_H
#define STATS_WEIGHTED_H

#include "stats/interval.h"

/* weight[i] > 0. `stratum` may be NULL: one stratum. A stratum with a single intent has no variance of its own: it is
   joined with the next one (the last with the one before), and *ret_merged counts how many were (may be NULL): say so. */
struct rate rate_weighted(const double *y, const double *weight, const uint32_t *cluster, const uint32_t *stratum, size_t n,
                          size_t *ret_merged);

#endif
