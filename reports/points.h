/*
 * points - differences and p-values as the design writes them: `+5.9`, `[-0.7, +0.5]`, `.015`, `<.001`, `n/t`.
 *
 * Percentage points with one decimal, two when the interval's half-width is under 0.25; signed, never `-0.0`. Arguments are fractions
 * of 1; absent numbers are NaN.
 */
#ifndef REPORTS_POINTS_H
#define REPORTS_POINTS_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stddef.h>

/* 1 or 2, by the interval "low" … "high" of the object. */
int points_decimals(const cJSON *difference);
/* "+5.9", "0.0"; "-" for NaN. */
void points_signed(double fraction, int decimals, struct strbuf *out);
/* "20.9" without a sign; "-" for NaN. */
void points_plain(double fraction, int decimals, struct strbuf *out);
/* "[+4.2, +7.7]"; nothing when one end is not known. */
void points_interval(double low, double high, int decimals, struct strbuf *out);
/* A margin: "1.0", and "0.85" where a tenth is not enough. */
void points_margin(double fraction, struct strbuf *out);
/* ".015", "<.001", "1.000"; "n/t" for NaN. */
void points_p(double p, struct strbuf *out);
/* The member, NaN when null or absent. */
double points_number(const cJSON *object, const char *key);

#endif
