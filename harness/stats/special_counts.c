/* The distributions of counts: gamma with chi-squared, and the binomial. */
#include "stats/saddle_point.h"
#include "stats/special.h"

#include <math.h>

enum { MAX_TERMS = 100000 };

/* P(a, x) by its series (DLMF 8.11.4); converges fast below x = a + 1. */
static double gamma_series(double x, double a)
{
    double term = 1.0, sum = 1.0;
    for (int i = 1; i < MAX_TERMS && term > 1e-17 * sum; i++) {
        term *= x / (a + i);
        sum += term;
    }
    return saddle_poisson(a, x) * sum;
}

/* Q(a, x) by its continued fraction (DLMF 8.9.2) with the modified Lentz method; for x above a + 1. */
static double gamma_fraction(double x, double a)
{
    double b = x + 1.0 - a, c = 1e300, d = 1.0 / b, fraction = d;
    for (int i = 1; i < MAX_TERMS; i++) {
        double numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        fraction *= d * c;
        if (fabs(d * c - 1.0) < 3e-16)
            break;
    }
    return saddle_poisson(a, x) * a * fraction;
}

double stats_gamma_cdf(double x, double a)
{
    if (!(a > 0.0) || !(x >= 0.0))
        return NAN;
    if (x == 0.0 || isinf(x))
        return x == 0.0 ? 0.0 : 1.0;
    return x < a + 1.0 ? gamma_series(x, a) : 1.0 - gamma_fraction(x, a);
}

double stats_gamma_upper(double x, double a)
{
    if (!(a > 0.0) || !(x >= 0.0))
        return NAN;
    if (x == 0.0 || isinf(x))
        return x == 0.0 ? 1.0 : 0.0;
    return x < a + 1.0 ? 1.0 - gamma_series(x, a) : gamma_fraction(x, a);
}

double stats_chi2_upper(double x, double df)
{
    if (df == 1.0 && x >= 0.0)
        return erfc(sqrt(0.5 * x));
    return stats_gamma_upper(0.5 * x, 0.5 * df);
}

/* Bisection on the tail that is the smaller one, after doubling an upper bound. */
double stats_chi2_quantile(double p, double df)
{
    if (!(df > 0.0) || !(p >= 0.0 && p <= 1.0))
        return NAN;
    if (p == 0.0 || p == 1.0)
        return p == 0.0 ? 0.0 : INFINITY;
    double low = 0.0, high = df;
    for (int i = 0; i < 60 && stats_gamma_cdf(0.5 * high, 0.5 * df) < p; i++) {
        low = high;
        high *= 2.0;
    }
    for (int i = 0; i < 2000; i++) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        double excess = p < 0.5 ? stats_gamma_cdf(0.5 * middle, 0.5 * df) - p : (1.0 - p) - stats_gamma_upper(0.5 * middle, 0.5 * df);
        if (excess < 0.0)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

double stats_binomial_cdf(double k, double n, double p)
{
    if (!(k >= 0.0 && k <= n) || !(p >= 0.0 && p <= 1.0))
        return NAN;
    return k >= n ? 1.0 : stats_beta_cdf(1.0 - p, n - k, k + 1.0);
}

double stats_binomial_weight(double k, double n, double p)
{
    if (!(k >= 0.0 && k <= n) || !(p >= 0.0 && p <= 1.0))
        return NAN;
    if (p == 0.0 || p == 1.0)
        return (p == 0.0 && k == 0.0) || (p == 1.0 && k == n) ? 1.0 : 0.0;
    if (k == 0.0)
        return exp(n * log1p(-p));
    return k == n ? exp(n * log(p)) : saddle_binomial(k, n - k, p, 1.0 - p);
}
