/*
 * multiplicity - p-values of many cells looked at together (statistics.md section 6).
 *
 * Holm 1979 bounds the chance of any false alarm (FWER); Benjamini and Hochberg 1995 the share of false alarms among the
 * alarms (FDR). p[i] NaN = not tested: it is not counted and stays NaN. ret_adjusted is in the order of p; may be p.
 */
#ifndef STATS_MULTIPLICITY_H
#define STATS_MULTIPLICITY_H

#include <stddef.h>

void adjust_holm(const double *p, size_t n, double *ret_adjusted);
void adjust_benjamini_hochberg(const double *p, size_t n, double *ret_adjusted);

#endif
