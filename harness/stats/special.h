/*
 * special - the distribution functions behind every interval and test: normal, Student's t, beta, gamma, chi-squared and
 * binomial, with the inverses that are used.
 *
 * Pure. 1e-12 relative over shapes up to 1e5 (tests/unit/stats/special_values.h, from 50 digits). A lower tail keeps its
 * digits however small it is; an upper one has a function of its own, or is the lower one mirrored.
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
/* P(a, x), the regularised lower incomplete gamma function, and Q = 1 - P, each with its own digits. a > 0, x >= 0. */
double stats_gamma_cdf(double x, double a);
double stats_gamma_upper(double x, double a);
/* P(X > x) of chi-squared with df > 0 degrees of freedom, and the x with P(X <= x) = p. */
double stats_chi2_upper(double x, double df);
double stats_chi2_quantile(double p, double df);
/* P(X <= k) and P(X = k) of k events in n trials of probability p; 0 <= k <= n. P(X >= k) is the first with n - k, 1 - p. */
double stats_binomial_cdf(double k, double n, double p);
double stats_binomial_weight(double k, double n, double p);

#endif
