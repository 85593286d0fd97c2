/*
 * figures - numbers as the design writes them: `20.9`, `[20.0, 21.9]`, `47,524`, `—`.
 *
 * One decimal, two when the interval's half-width is under 0.25 points (design.md section 3). Never a bare 0 or 100:
 * the interval stands beside it.
 */
#ifndef REPORTS_FIGURES_H
#define REPORTS_FIGURES_H

#include "base/strbuf.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* "20.9", or the dash when the rate has no value. */
void figures_percent(const cJSON *rate, bool unicode, struct strbuf *out);
/* "[20.0, 21.9]", "(1 intent)", or nothing. */
void figures_interval(const cJSON *rate, struct strbuf *out);
/* A member of `counts`; 0 when absent. */
int64_t figures_count(const cJSON *counts, const char *key);
/* planned 12,000 = scored 11,967 + unscored 23 + failed 7 + skipped 3 + pending 0 */
void figures_identity(const cJSON *counts, struct strbuf *out);
/* unscored + failed + skipped + pending. */
int64_t figures_missing(const cJSON *counts);

#endif
