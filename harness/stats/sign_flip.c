#include "stats/sign_flip.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/rng.h"
#include "stats/special.h"

#include <math.h>
#include <string.h>

enum { MAX_CLUSTERS = 2000, MAX_SUM = 20000, LANES = 4 };

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

/* -x when the first bit of `coin` is set. A coin's side cannot be predicted, so there is no branch to miss. */
static double flipped_by(double magnitude, uint64_t coin)
{
    uint64_t bits;
    memcpy(&bits, &magnitude, sizeof(bits));
    bits |= coin & UINT64_C(0x8000000000000000);
    memcpy(&magnitude, &bits, sizeof(bits));
    return magnitude;
}

/* The sums of the next LANES repetitions, side by side: each is added up in its own order, and none waits for another. */
static void flip_lanes(const double *magnitude, size_t count, struct rng *rng, double sum[LANES])
{
    struct rng lane[LANES];
    for (size_t l = 0; l < LANES; l++) {
        lane[l] = *rng;
        rng_skip(rng, count);
        sum[l] = 0.0;
    }
    for (size_t g = 0; g < count; g++) {
        for (size_t l = 0; l < LANES; l++)
            sum[l] += flipped_by(magnitude[g], rng_next(&lane[l]));
    }
}

struct sign_flip sign_flip_monte_carlo(const double *sum, size_t clusters, uint64_t seed, size_t repetitions, size_t *ret_hits)
{
    struct sign_flip r = flip_of_nothing("sign-flip-monte-carlo");
    CLEANUP(cleanup_free) double *magnitude = xcalloc(clusters + 1, sizeof(*magnitude));
    for (size_t g = 0; g < clusters; g++) {
        r.total += sum[g];
        if (sum[g] != 0.0)
            magnitude[r.nonzero++] = fabs(sum[g]);
    }
    double slack = 1e-12 * fmax(1.0, fabs(r.total));
    size_t hits = 0, worse = 0;
    struct rng rng;
    rng_init(&rng, seed);
    for (size_t b = 0; b < repetitions && r.nonzero > 0; b += LANES) {
        double flipped[LANES];
        size_t lanes = repetitions - b < LANES ? repetitions - b : LANES;
        flip_lanes(magnitude, r.nonzero, &rng, flipped);
        for (size_t l = 0; l < lanes; l++) {
            hits += fabs(flipped[l]) >= fabs(r.total) - slack;
            worse += flipped[l] >= r.total - slack;
        }
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
