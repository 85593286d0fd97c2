#include "stats/missing.h"

#include "base/arena.h"
#include "base/cleanup.h"

#include <math.h>

/* [assumption] of statistics.md section 4, both. */
static const double minor_share = 0.01, usable_share = 0.05;

struct missing_bounds missing_bounds(const double *y, const uint32_t *cluster, const bool *scored, size_t n)
{
    CLEANUP(cleanup_free) double *imputed = xcalloc(n ? n : 1, sizeof(*imputed));
    struct missing_bounds b;
    for (size_t i = 0; i < n; i++)
        imputed[i] = scored[i] ? y[i] : 0.0;
    b.best = rate_clustered(imputed, cluster, n);
    for (size_t i = 0; i < n; i++)
        imputed[i] = scored[i] ? y[i] : 1.0;
    b.worst = rate_clustered(imputed, cluster, n);
    return b;
}

enum completeness completeness_of(int64_t planned, int64_t missing, double half_width)
{
    if (missing <= 0 || planned <= 0)
        return COMPLETENESS_COMPLETE;
    double share = (double)missing / (double)planned;
    if (share > usable_share)
        return COMPLETENESS_UNUSABLE;
    return share > minor_share || !(share <= half_width) ? COMPLETENESS_PARTIAL : COMPLETENESS_MINOR_GAPS;
}

const char *completeness_name(enum completeness c)
{
    static const char *const name[] = { "COMPLETE", "MINOR_GAPS", "PARTIAL", "UNUSABLE" };
    return name[c];
}

struct missing_spread missing_spread(const int64_t *missing, const int64_t *planned, size_t groups)
{
    struct missing_spread s = { .x2 = NAN, .p = NAN };
    double all = 0.0, gone = 0.0, low = 1.0, high = 0.0;
    int used = 0;
    for (size_t g = 0; g < groups; g++) {
        if (planned[g] <= 0)
            continue;
        double rate = (double)missing[g] / (double)planned[g];
        low = fmin(low, rate);
        high = fmax(high, rate);
        all += (double)planned[g];
        gone += (double)missing[g];
        used++;
    }
    if (used < 2)
        return s;
    s.range = high - low;
    s.df = used - 1;
    if (gone > 0.0 && gone < all) {
        double expected = gone / all;
        s.x2 = 0.0;
        for (size_t g = 0; g < groups; g++) {
            double n = (double)planned[g], apart = (double)missing[g] - n * expected;
            s.x2 += n > 0.0 ? apart * apart / (n * expected * (1.0 - expected)) : 0.0;
        }
        s.p = stats_chi2_upper(s.x2, s.df);
    }
    s.not_at_random = s.range > 0.03 || s.p < 0.05;
    return s;
}
