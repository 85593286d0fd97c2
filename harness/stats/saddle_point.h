/*
 * saddle_point - binomial and Poisson weights with all their digits, for real arguments.
 *
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities", 2000. lgamma() of large numbers is
 * large, and differences of such numbers lose digits: at 50,000 rows five of them. Here the large parts have cancelled
 * on paper: what is computed is Stirling's small error and the distance to the mean.
 *
 * Pure; safe on any thread.
 */
#ifndef STATS_SADDLE_POINT_H
#define STATS_SADDLE_POINT_H

/* Gamma(n+1) / (Gamma(x+1) Gamma(n-x+1)) p^x q^(n-x), where x + rest = n, p + q = 1; x, rest, p, q > 0. */
double saddle_binomial(double x, double rest, double p, double q);
/* mean^x e^-mean / Gamma(x+1); x, mean > 0. */
double saddle_poisson(double x, double mean);

#endif
