#include "stats/special.h"

#include "stats/saddle_point.h"

#include <math.h>
#include <stdbool.h>

double stats_normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2.0));
}

double stats_normal_quantile(double p)
{
    if (!(p >= 0.0 && p <= 1.0))
        return NAN;
    if (p == 0.0 || p == 1.0)
        return p == 0.0 ? -INFINITY : INFINITY;
    if (p > 0.5)
        return -stats_normal_quantile(1.0 - p); /* the lower tail is where erfc keeps its digits */

    double low = -40.0, high = 0.0;
    for (int i = 0; i < 80; i++) {
        double middle = 0.5 * (low + high);
        if (stats_normal_cdf(middle) < p)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* A continued fraction's term must not become exactly 0. */
static double away_from_zero(double x)
{
    static const double tiny = 1e-300;
    return fabs(x) < tiny ? tiny : x;
}

/* The continued fraction of I_x(a, b) by the modified Lentz method (DLMF 8.17.22). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1.0;
    double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    double fraction = d;
    for (int m = 1; m <= 10000; m++) {
        double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;

        double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        double factor = d * c;
        fraction *= factor;
        if (fabs(factor - 1.0) < 3e-16)
            break;
    }
    return fraction;
}

/* x^a y^b / B(a, b) of x + y = 1: a binomial weight without the loss of digits of lgamma. */
static double beta_front(double x, double y, double a, double b)
{
    return saddle_binomial(a, b, x, y) * a * (b / (a + b));
}

/* I_x(a, b) for 0 < x < 1 and y = 1 - x, which the caller may know to more digits than the subtraction leaves. */
static double beta_cdf_inside(double x, double y, double a, double b)
{
    double front = beta_front(x, y, a, b);
    if (x <= (a + 1.0) / (a + b + 2.0))
        return front * beta_fraction(x, a, b) / a;
    return 1.0 - front * beta_fraction(y, b, a) / b; /* the fraction converges fast on this side */
}

double stats_beta_cdf(double x, double a, double b)
{
    if (!(a > 0.0 && b > 0.0) || isnan(x))
        return NAN;
    if (x <= 0.0 || x >= 1.0)
        return x <= 0.0 ? 0.0 : 1.0;
    return beta_cdf_inside(x, 1.0 - x, a, b);
}

/*
 * Newton's method kept inside a shrinking bracket: a step that leaves the bracket, or does not halve the step before
 * last, is replaced by a bisection. About ten evaluations where plain bisection needs two hundred.
 */
double stats_beta_quantile(double p, double a, double b)
{
    if (!(a > 0.0 && b > 0.0) || !(p >= 0.0 && p <= 1.0))
        return NAN;
    if (p == 0.0 || p == 1.0)
        return p;

    double low = 0.0, high = 1.0, x = a / (a + b);
    double step = 1.0, step_before = 1.0;
    for (int i = 0; i < 400; i++) {
        double excess = beta_cdf_inside(x, 1.0 - x, a, b) - p;
        double density = beta_front(x, 1.0 - x, a, b) / (x * (1.0 - x));
        if (excess > 0.0)
            high = x;
        else
            low = x;

        double next = x - excess / density;
        bool newton = next > low && next < high && fabs(excess / density) < 0.5 * fabs(step_before);
        if (!newton)
            next = 0.5 * (low + high);
        step_before = step;
        step = next - x;
        x = next;
        if (fabs(step) <= 1e-15 * fmin(x, 1.0 - x) || x == low || x == high)
            break;
    }
    return x;
}

double stats_t_cdf(double t, double df)
{
    if (!(df > 0.0) || isnan(t))
        return NAN;
    if (isinf(df))
        return stats_normal_cdf(t);
    if (t == 0.0)
        return 0.5;
    if (isinf(t))
        return t > 0.0 ? 1.0 : 0.0;
    double square = t * t;
    double outside = 0.5 * beta_cdf_inside(df / (df + square), square / (df + square), 0.5 * df, 0.5);
    return t > 0.0 ? 1.0 - outside : outside;
}

/*
 * t^2 / (df + t^2) is Beta(1/2, df/2) between -t and t; that quantity is small for large df and so keeps its digits. Far out
 * it is next to 1: there its complement df / (df + t^2) is taken, Beta(df/2, 1/2) outside.
 */
double stats_t_quantile(double p, double df)
{
    if (!(df > 0.0) || !(p >= 0.0 && p <= 1.0))
        return NAN;
    if (isinf(df))
        return stats_normal_quantile(p);
    if (p == 0.0 || p == 1.0)
        return p == 0.0 ? -INFINITY : INFINITY;
    double tail = fmin(p, 1.0 - p);
    double rest = stats_beta_quantile(2.0 * tail, 0.5 * df, 0.5);
    double t = sqrt(df * (1.0 - rest) / rest);
    if (rest >= 0.5) {
        double share = stats_beta_quantile(1.0 - 2.0 * tail, 0.5, 0.5 * df);
        t = sqrt(df * share / (1.0 - share));
    }
    return p < 0.5 ? -t : t;
}
