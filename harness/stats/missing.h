/*
 * missing - what rows without a verdict could have changed (statistics.md section 4).
 *
 * Bounds: every missing row as no success, then every one as a success (Manski 1990). No model of why they are missing.
 */
#ifndef STATS_MISSING_H
#define STATS_MISSING_H

#include "stats/interval.h"

struct missing_bounds {
    struct rate best, worst; /* of all planned rows: best.low … worst.high is the outer range */
};
/* scored[i] = row i has a verdict; y[i] is read only then. */
struct missing_bounds missing_bounds(const double *y, const uint32_t *cluster, const bool *scored, size_t n);

/* How complete a run is: missing = planned - scored; half_width of the headline's interval (NaN = none). */
enum completeness { COMPLETENESS_COMPLETE, COMPLETENESS_MINOR_GAPS, COMPLETENESS_PARTIAL, COMPLETENESS_UNUSABLE };
enum completeness completeness_of(int64_t planned, int64_t missing, double half_width);
/* "COMPLETE", "MINOR_GAPS", "PARTIAL", "UNUSABLE". */
const char *completeness_name(enum completeness c);

/* Are groups missing alike? Pearson's chi-squared of missing against scored over the groups that have rows. */
struct missing_spread {
    double range; /* largest minus smallest missing rate */
    double x2, p; /* NaN below two groups, or when all or nothing is missing */
    int df;
    bool not_at_random; /* range > 3 points, or p < .05 */
};
struct missing_spread missing_spread(const int64_t *missing, const int64_t *planned, size_t groups);

#endif
