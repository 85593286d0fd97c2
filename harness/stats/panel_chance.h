/*
 * panel_chance - what a panel of judges would reach were its members independent (statistics.md section 9).
 */
#ifndef STATS_PANEL_CHANCE_H
#define STATS_PANEL_CHANCE_H

#include <stddef.h>

/* Chance that more than half of `judges` are right. Their errors correlate in truth, so this is an upper bound to quote beside
   a calibrated panel, never in its place. accuracy[i] in [0, 1]; NaN for none or more than 64 judges. */
double panel_independent_accuracy(const double *accuracy, size_t judges);

#endif
