#include "stats/saddle_point.h"

#include <math.h>

static const double log_2pi = 1.837877066409345483560659472811;

/* log Gamma(n+1) - log(sqrt(2 pi n) (n/e)^n): the asymptotic series (DLMF 5.11.1), below 15 the definition. */
static double stirling_error(double n)
{
    if (n <= 15.0) {
        int sign;
        return lgamma_r(n + 1.0, &sign) - (n + 0.5) * log(n) + n - 0.5 * log_2pi;
    }
    static const double term[] = { 1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0 };
    double sum = 0.0, square = 1.0 / (n * n);
    for (int i = (int)(sizeof(term) / sizeof(term[0])) - 1; i >= 0; i--)
        sum = sum * square + term[i];
    return sum / n;
}

/* x log(x/mean) + mean - x: half the deviance. A series where x is near the mean and the parts would cancel. */
static double half_deviance(double x, double mean)
{
    double apart = x - mean;
    if (fabs(apart) >= 0.1 * (x + mean))
        return x * log(x / mean) - apart;
    double v = apart / (x + mean), square = v * v;
    double sum = apart * v, power = 2.0 * x * v;
    for (int j = 1; j < 1000; j++) {
        power *= square;
        double next = sum + power / (2 * j + 1);
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

double saddle_binomial(double x, double rest, double p, double q)
{
    double n = x + rest;
    double exponent = stirling_error(n) - stirling_error(x) - stirling_error(rest) - half_deviance(x, n * p) - half_deviance(rest, n * q);
    return exp(exponent - 0.5 * (log_2pi + log(x) + log(rest / n)));
}

double saddle_poisson(double x, double mean)
{
    return exp(-stirling_error(x) - half_deviance(x, mean)) / sqrt(2.0 * M_PI * x);
}
