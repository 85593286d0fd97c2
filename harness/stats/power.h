/*
 * power - how many samples a difference needs, and what difference a number of samples shows (statistics.md section 7).
 *
 * Paired comparison: the variance of the mean difference is about deff * psi / n, where psi is the share of samples whose
 * outcome differs between the two models and deff the design effect of intents. Normal approximation.
 */
#ifndef STATS_POWER_H
#define STATS_POWER_H

/* z_{1-alpha/2} + z_power (two-sided test), and z_{1-alpha} + z_power (non-inferiority with a true difference of 0). */
double power_two_sided(double alpha, double power);
double power_noninferiority(double alpha, double power);
/* The smallest difference found with that power: constant * sqrt(deff psi / n), a fraction of 1. */
double power_detectable(double constant, double n, double psi, double deff);
/* Samples for a difference (or margin) of `delta`: deff psi (constant/delta)^2; round up. */
double power_samples(double constant, double delta, double psi, double deff);

#endif
