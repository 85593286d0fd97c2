/*
 * trend - control charts of a fixed canary, night after night (statistics.md section 10).
 *
 * The samples are the same each night, so what varies is decoding and the judge: sigma comes from the nights themselves
 * (mean moving range, Montgomery, "Introduction to Statistical Quality Control"), never from a binomial.
 */
#ifndef STATS_TREND_H
#define STATS_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Phase I: nights of one era. */
struct trend_base {
    double mean, sigma;  /* NaN: no night; fewer than two */
    double moving_range; /* mean |x_t - x_{t-1}|; sigma = that / (2/sqrt(pi)), at least `floor` */
    double floor;        /* max(sqrt(decoding variance), 1/(2n)) */
    double binomial_se;  /* for comparison only */
    bool enough;         /* >= 10 nights: fewer raise no alarm */
};
/* n = samples a night; decoding_variance of the night's rate (stats/repeats.h), 0 when unknown. */
struct trend_base trend_base_of(const double *night, size_t nights, int64_t n, double decoding_variance);

/* Roberts 1959 (EWMA), Page 1954 (CUSUM). TREND_DEFAULTS: a false alarm in about 370 and 465 nights. */
struct trend_settings {
    double lambda, width; /* EWMA: weight of a night, limits in sigmas */
    double slack, height; /* CUSUM: k and h, in sigmas */
};
#define TREND_DEFAULTS ((struct trend_settings){ .lambda = 0.2, .width = 2.86, .slack = 0.5, .height = 5.0 })

struct trend_point {
    double ewma, lower, upper;          /* limits mean -+ width sigma sqrt(lambda/(2-lambda) (1-(1-lambda)^2t)) */
    double above, below;                /* CUSUM: C+ and C- */
    bool ewma_alarm, cusum_alarm, jump; /* jump: 4 sigma in one night (Shewhart) */
    size_t above_since, below_since;    /* the last night with C = 0, counted from 1; 0 = before the series: the onset after an alarm */
};
/* One point a night into ret_point. sigma must be > 0. */
void trend_series(double mean, double sigma, struct trend_settings s, const double *night, size_t nights, struct trend_point *ret_point);

#endif
