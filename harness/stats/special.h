/*
 * special - the distribution functions behind every interval: normal, Student's t and beta, with their inverses.
 *
 * Pure. Accurate to 1e-9 absolute (t: also relative) over shapes up to 1e5; the normal to 1e-12 relative down to z = -8.
 * Arguments outside a function's domain yield NaN.
 */
#ifndef STATS_SPECIAL_H
#define STATS_SPECIAL_H

/* Phi(z), and its inverse for 0 < p < 1 (-infinity at 0, infinity at 1). */
double stats_normal_cdf(double z);
double stats_normal_quantile(double p);
/* Student's t with df > 0 degrees of freedom; df need not be whole, infinity is the normal. */
double stats_t_cdf(double t, double df);
double stats_t_quantile(double p, double df);
/* I_x(a, b), the regularised incomplete beta function, and the x at which it reaches p. a, b > 0. */
double stats_beta_cdf(double x, double a, double b);
double stats_beta_quantile(double p, double a, double b);

#endif
