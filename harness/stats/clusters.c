#include "stats/clusters.h"

#include "base/arena.h"
#include "base/cleanup.h"

#include <stdbool.h>

/* Numbers that lie close together, as rows of a database do: one table over their range. */
static size_t rank_dense(const uint32_t *cluster, size_t n, uint32_t min, size_t range, uint32_t *ret_rank)
{
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(range, sizeof(*rank));
    for (size_t i = 0; i < n; i++)
        rank[cluster[i] - min] = 1;
    uint32_t count = 0;
    for (size_t v = 0; v < range; v++) {
        if (rank[v])
            rank[v] = count++;
    }
    for (size_t i = 0; i < n; i++)
        ret_rank[i] = rank[cluster[i] - min];
    return count;
}

struct numbered {
    uint32_t cluster, row;
};

/* One pass of a least-significant-digit radix sort, 11 bits wide. */
static void radix_pass(const struct numbered *from, struct numbered *to, size_t n, unsigned shift)
{
    enum { DIGITS = 1 << 11 };
    size_t start[DIGITS + 1] = { 0 };
    for (size_t i = 0; i < n; i++)
        start[((from[i].cluster >> shift) & (DIGITS - 1)) + 1]++;
    for (size_t d = 1; d < DIGITS; d++)
        start[d] += start[d - 1];
    for (size_t i = 0; i < n; i++)
        to[start[(from[i].cluster >> shift) & (DIGITS - 1)]++] = from[i];
}

/* Numbers scattered over all of uint32, as hashes are: sort, then count the changes. */
static size_t rank_sparse(const uint32_t *cluster, size_t n, uint32_t *ret_rank)
{
    CLEANUP(cleanup_free) struct numbered *a = xcalloc(n, sizeof(*a));
    CLEANUP(cleanup_free) struct numbered *b = xcalloc(n, sizeof(*b));
    for (size_t i = 0; i < n; i++)
        a[i] = (struct numbered){ cluster[i], (uint32_t)i };
    radix_pass(a, b, n, 0);
    radix_pass(b, a, n, 11);
    radix_pass(a, b, n, 22);

    uint32_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && b[i].cluster != b[i - 1].cluster)
            rank++;
        ret_rank[b[i].row] = rank;
    }
    return (size_t)rank + 1;
}

size_t clusters_rank(const uint32_t *cluster, size_t n, uint32_t *ret_rank)
{
    if (n == 0)
        return 0;
    uint32_t min = cluster[0], max = cluster[0];
    for (size_t i = 1; i < n; i++) {
        min = cluster[i] < min ? cluster[i] : min;
        max = cluster[i] > max ? cluster[i] : max;
    }
    size_t range = (size_t)(max - min) + 1;
    bool dense = range <= 4 * n + 1024;
    return dense ? rank_dense(cluster, n, min, range, ret_rank) : rank_sparse(cluster, n, ret_rank);
}
