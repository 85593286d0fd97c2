/*
 * clusters - arbitrary cluster numbers as dense ranks, so that per-cluster sums are plain arrays.
 */
#ifndef STATS_CLUSTERS_H
#define STATS_CLUSTERS_H

#include <stddef.h>
#include <stdint.h>

/* Writes to ret_rank[i] the rank of cluster[i] among the distinct numbers, smallest = 0, and returns how many distinct
   numbers there are. Ranks do not depend on the order of the rows, so sums over clusters do not either. O(n). */
size_t clusters_rank(const uint32_t *cluster, size_t n, uint32_t *ret_rank);

#endif
