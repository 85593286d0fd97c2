#include "stats/sign_flip.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/rng.h"
#include "stats/special.h"

#include <math.h>

enum { MAX_CLUSTERS = 2000, MAX_SUM = 20000 };

static struct sign_flip flip_of_nothing(const char *method)
{
    return (struct sign_flip){ .exact = 1.0, .mid = 1.0, .worse_mid = 1.0, .method = method };
}

bool sign_flip_is_small(const int64_t *sum, size_t clusters)
{
    size_t nonzero = 0;
    int64_t reach = 0;
    for (size_t g = 0; g < clusters; g++) {
        nonzero += sum[g] != 0;
        if (llabs(sum[g]) > MAX_SUM - reach || nonzero > MAX_CLUSTERS)
            return false;
        reach += llabs(sum[g]);
    }
    return true;
}

/*
 * Adds one intent: each sum goes up or down by `step` with probability 1/2. The distribution is symmetric, so only sums >= 0
 * are kept, and a sum that would fall below 0 is found at its mirror image.
 */
static void convolve(const double *from, double *to, int64_t reach, int64_t step)
{
    for (int64_t s = 0; s <= reach + step; s++) {
        int64_t below = llabs(s - step), above = s + step;
        to[s] = 0.5 * ((below <= reach ? from[below] : 0.0) + (above <= reach ? from[above] : 0.0));
    }
}

struct sign_flip sign_flip_exact(const int64_t *sum, size_t clusters)
{
    struct sign_flip r = flip_of_nothing("sign-flip");
    CLEANUP(cleanup_free) double *now = xcalloc(MAX_SUM + 1, sizeof(*now));
    CLEANUP(cleanup_free) double *next = xcalloc(MAX_SUM + 1, sizeof(*next));
    int64_t reach = 0, total = 0;
    now[0] = 1.0;
    for (size_t g = 0; g < clusters; g++) {
        if (sum[g] == 0)
            continue;
        int64_t step = llabs(sum[g]);
        convolve(now, next, reach, step);
        double *old = now;
        now = next;
        next = old;
        reach += step;
        total += sum[g];
        r.nonzero++;
    }
    r.total = (double)total;
    if (r.nonzero == 0)
        return r;

    double beyond = 0.0; /* P(sum > |T|), smallest terms first */
    for (int64_t s = reach; s > llabs(total); s--)
        beyond += now[s];
    double at = now[llabs(total)];
    r.exact = total == 0 ? 1.0 : 2.0 * (beyond + at);
    r.mid = total == 0 ? 1.0 - 0.5 * at : 2.0 * beyond + at;
    double tail = beyond + 0.5 * at;
    r.worse_mid = total >= 0 ? tail : 1.0 - tail;
    return r;
}

struct sign_flip sign_flip_monte_carlo(const double *sum, size_t clusters, uint64_t seed, size_t repetitions, size_t *ret_hits)
{
    struct sign_flip r = flip_of_nothing("sign-flip-monte-carlo");
    for (size_t g = 0; g < clusters; g++) {
        r.total += sum[g];
        r.nonzero += sum[g] != 0.0;
    }
    double slack = 1e-12 * fmax(1.0, fabs(r.total));
    size_t hits = 0, worse = 0;
    struct rng rng;
    rng_init(&rng, seed);
    for (size_t b = 0; b < repetitions && r.nonzero > 0; b++) {
        double flipped = 0.0;
        for (size_t g = 0; g < clusters; g++) {
            if (sum[g] != 0.0)
                flipped += rng_next(&rng) >> 63 ? -fabs(sum[g]) : fabs(sum[g]);
        }
        hits += fabs(flipped) >= fabs(r.total) - slack;
        worse += flipped >= r.total - slack;
    }
    if (ret_hits)
        *ret_hits = hits;
    if (r.nonzero == 0)
        return r;
    r.exact = r.mid = (1.0 + (double)hits) / (1.0 + (double)repetitions);
    r.worse_mid = (1.0 + (double)worse) / (1.0 + (double)repetitions);
    return r;
}

struct sign_flip sign_flip_normal(const double *sum, size_t clusters, double *ret_x2)
{
    struct sign_flip r = flip_of_nothing("obuchowski");
    double squares = 0.0;
    for (size_t g = 0; g < clusters; g++) {
        r.total += sum[g];
        squares += sum[g] * sum[g];
        r.nonzero += sum[g] != 0.0;
    }
    if (ret_x2)
        *ret_x2 = r.nonzero ? r.total * r.total / squares : NAN;
    if (r.nonzero == 0)
        return r;
    r.exact = r.mid = stats_chi2_upper(r.total * r.total / squares, 1.0);
    r.worse_mid = stats_normal_cdf(-r.total / sqrt(squares));
    return r;
}

struct mcnemar mcnemar_test(int64_t b, int64_t c)
{
    double n = (double)(b + c), fewer = (double)(b < c ? b : c), apart = (double)(b - c);
    if (b + c == 0)
        return (struct mcnemar){ 1.0, 1.0, NAN };
    double at = stats_binomial_weight(fewer, n, 0.5);
    double tail = stats_binomial_cdf(fewer, n, 0.5);
    return (struct mcnemar){ .exact = b == c ? 1.0 : 2.0 * tail,
                             .mid = b == c ? 1.0 - 0.5 * at : 2.0 * tail - at,
                             .asymptotic = stats_chi2_upper(apart * apart / n, 1.0) };
}
