#include "stats/power.h"

#include "stats/special.h"

#include <math.h>

double power_two_sided(double alpha, double power)
{
    return stats_normal_quantile(1.0 - 0.5 * alpha) + stats_normal_quantile(power);
}

double power_noninferiority(double alpha, double power)
{
    return stats_normal_quantile(1.0 - alpha) + stats_normal_quantile(power);
}

double power_detectable(double constant, double n, double psi, double deff)
{
    return n > 0.0 ? constant * sqrt(deff * psi / n) : NAN;
}

double power_samples(double constant, double delta, double psi, double deff)
{
    return delta > 0.0 ? deff * psi * (constant / delta) * (constant / delta) : NAN;
}
