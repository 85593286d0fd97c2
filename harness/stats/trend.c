#include "stats/trend.h"

#include <math.h>

enum { ENOUGH_NIGHTS = 10 };
static const double mean_range_of_unit_normal = 1.128379167; /* d2(2) = 2/sqrt(pi), to the digits that statistics.md gives */
static const double jump_sigmas = 4.0;

struct trend_base trend_base_of(const double *night, size_t nights, int64_t n, double decoding_variance)
{
    struct trend_base b = {
        .mean = NAN, .sigma = NAN, .moving_range = NAN, .floor = NAN, .binomial_se = NAN, .enough = nights >= ENOUGH_NIGHTS
    };
    if (nights == 0 || n <= 0)
        return b;
    double sum = 0.0, ranges = 0.0;
    for (size_t i = 0; i < nights; i++) {
        sum += night[i];
        ranges += i > 0 ? fabs(night[i] - night[i - 1]) : 0.0;
    }
    b.mean = sum / (double)nights;
    b.floor = fmax(sqrt(decoding_variance), 0.5 / (double)n);
    b.binomial_se = sqrt(b.mean * (1.0 - b.mean) / (double)n);
    if (nights < 2)
        return b;
    b.moving_range = ranges / (double)(nights - 1);
    b.sigma = fmax(b.moving_range / mean_range_of_unit_normal, b.floor);
    return b;
}

void trend_series(double mean, double sigma, struct trend_settings s, const double *night, size_t nights, struct trend_point *ret_point)
{
    struct trend_point p = { .ewma = mean };
    double forgotten = 1.0;
    for (size_t t = 0; t < nights; t++) {
        double apart = (night[t] - mean) / sigma;
        forgotten *= (1.0 - s.lambda) * (1.0 - s.lambda);
        double half = s.width * sigma * sqrt(s.lambda / (2.0 - s.lambda) * (1.0 - forgotten));
        p.ewma = s.lambda * night[t] + (1.0 - s.lambda) * p.ewma;
        p.lower = mean - half;
        p.upper = mean + half;
        p.above = fmax(0.0, p.above + apart - s.slack);
        p.below = fmax(0.0, p.below - apart - s.slack);
        p.above_since = p.above > 0.0 ? p.above_since : t + 1;
        p.below_since = p.below > 0.0 ? p.below_since : t + 1;
        p.ewma_alarm = p.ewma < p.lower || p.ewma > p.upper;
        p.cusum_alarm = p.above > s.height || p.below > s.height;
        p.jump = fabs(apart) > jump_sigmas;
        ret_point[t] = p;
    }
}
