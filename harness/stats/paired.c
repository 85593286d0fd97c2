#include "stats/paired.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "stats/clusters.h"
#include "stats/interval.h"

#include <math.h>

enum { MONTE_CARLO_FLIPS = 10000 };

/* The sums S_g of the differences, and the rows of each intent. */
struct sums {
    double *difference, *rows;
    size_t clusters;
};

static void sums_release(struct sums *s)
{
    free(s->difference);
    free(s->rows);
}

static struct sums sums_of(const struct paired_rows *rows)
{
    CLEANUP(cleanup_free) uint32_t *rank = xcalloc(rows->n, sizeof(*rank));
    struct sums s = { .clusters = clusters_rank(rows->cluster, rows->n, rank) };
    s.difference = xcalloc(s.clusters, sizeof(*s.difference));
    s.rows = xcalloc(s.clusters, sizeof(*s.rows));
    for (size_t i = 0; i < rows->n; i++) {
        s.difference[rank[i]] += rows->cand[i] - rows->base[i];
        s.rows[rank[i]] += 1.0;
    }
    return s;
}

static struct sign_flip test_of(const struct sums *s, int epochs, uint64_t seed)
{
    if (epochs <= 0)
        return sign_flip_monte_carlo(s->difference, s->clusters, seed, MONTE_CARLO_FLIPS, NULL);
    CLEANUP(cleanup_free) int64_t *whole = xcalloc(s->clusters, sizeof(*whole));
    for (size_t g = 0; g < s->clusters; g++)
        whole[g] = llround(s->difference[g] * epochs);
    return sign_flip_is_small(whole, s->clusters) ? sign_flip_exact(whole, s->clusters)
                                                  : sign_flip_normal(s->difference, s->clusters, NULL);
}

/* Where no row differs, what could still differ: the upper limit of 0 discordant intents out of G. */
static void interval_of_no_difference(struct paired *p)
{
    p->se = p->se_naive = 0.0;
    p->high = stats_zero_upper(p->clusters, 0.05);
    p->low = -p->high;
    p->high90 = stats_zero_upper(p->clusters, 0.10);
    p->low90 = -p->high90;
}

static void interval_of_sums(struct paired *p, struct sums *s)
{
    for (size_t g = 0; g < s->clusters; g++)
        s->difference[g] = (s->difference[g] - s->rows[g] * p->value) / (double)p->n; /* influence from here on */
    p->se = sqrt(stats_cluster_variance(s->difference, s->clusters));
    if (!(p->se > 1e-12)) /* NaN, or rounding of 0: every intent differs by the same */
        return;
    double df = (double)p->clusters - 1.0, t95 = stats_t_quantile(0.975, df), t90 = stats_t_quantile(0.95, df);
    p->low = fmax(-1.0, p->value - t95 * p->se);
    p->high = fmin(1.0, p->value + t95 * p->se);
    p->low90 = fmax(-1.0, p->value - t90 * p->se);
    p->high90 = fmin(1.0, p->value + t90 * p->se);
}

struct paired paired_difference(const struct paired_rows *rows)
{
    struct paired p = { .n = (int64_t)rows->n,
                        .value = NAN,
                        .se = NAN,
                        .se_naive = NAN,
                        .low = NAN,
                        .high = NAN,
                        .low90 = NAN,
                        .high90 = NAN,
                        .test = sign_flip_exact(NULL, 0),
                        .mcnemar_mid = NAN };
    if (rows->n == 0)
        return p;
    CLEANUP(sums_release) struct sums s = sums_of(rows);
    double n = (double)rows->n, total = 0.0, squares = 0.0;
    for (size_t i = 0; i < rows->n; i++) {
        double d = rows->cand[i] - rows->base[i];
        total += d;
        squares += d * d;
        p.fixed += d < 0.0;
        p.regressed += d > 0.0;
    }
    p.clusters = (int64_t)s.clusters;
    p.value = total / n;
    p.test = test_of(&s, rows->epochs, rows->seed);
    if (rows->epochs == 1)
        p.mcnemar_mid = mcnemar_test(p.fixed, p.regressed).mid;
    if (p.fixed + p.regressed == 0) {
        interval_of_no_difference(&p);
        return p;
    }
    p.se_naive = rows->n > 1 ? sqrt(fmax(0.0, squares - n * p.value * p.value) / (n * (n - 1.0))) : NAN;
    interval_of_sums(&p, &s);
    return p;
}
