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
/* What a page shows of a rate, value and interval apart. `events` = how many of the rate's n, or < 0 for a mean that is
   no share of n. Nothing and everything are written as counts, never as a bare 0 % or 100 %:
   "20.9 %" "[20.0, 21.9]" · "0/30" "(≤ 11.6 %)" · "30/30" "(≥ 88.4 %)" · "2/5" "(1 intent)" · "—" "".
   `sign` = with the no-break space and % after the value. */
void figures_value(const cJSON *rate, int64_t events, bool sign, struct strbuf *out);
void figures_bounds(const cJSON *rate, int64_t events, struct strbuf *out);
/* The bounds for a terminal: plain spaces, and "<=" and ">=" where `unicode` is false. */
void figures_bounds_text(const cJSON *rate, int64_t events, bool unicode, struct strbuf *out);
/* Both in one line: "20.9 % [20.0, 21.9]". */
void figures_rate(const cJSON *rate, int64_t events, struct strbuf *out);
/* The same for a terminal: "20.9 % [20.0, 21.9]", "0/30 (<= 11.6 %)", "-". */
void figures_rate_text(const cJSON *rate, int64_t events, bool unicode, struct strbuf *out);
/* The value alone, for a terminal's table: "20.9", "0/30", "-". */
void figures_value_text(const cJSON *rate, int64_t events, bool unicode, struct strbuf *out);
/* "5.1 %" of part/whole, two decimals below 1 %; the dash when whole is 0. Only beside its counts. */
void figures_share(int64_t part, int64_t whole, struct strbuf *out);
/* A member of `counts`; 0 when absent. */
int64_t figures_count(const cJSON *counts, const char *key);
/* planned 12,000 = scored 11,967 + unscored 23 + failed 7 + skipped 3 + pending 0 */
void figures_identity(const cJSON *counts, struct strbuf *out);
/* Who answered: "novita 120, together 3 kept apart, 2 not named". Nothing when no answer named a provider. As servers wrote
   the names: make them safe where you show them. */
void figures_providers(const cJSON *endpoint, struct strbuf *out);
/* unscored + failed + skipped + pending. */
int64_t figures_missing(const cJSON *counts);
/* "$0.0123 (estimate; at most $0.0150)", "$0.0123 (estimate; upper bound unknown)", "cost unknown (at most $0.02)", "cost unknown"
   of a cost_usd. */
void figures_cost(const cJSON *cost, struct strbuf *out);
/* A sentence about an endpoint's budget_stop; nothing when there is none. */
void figures_budget_stop(const cJSON *endpoint, struct strbuf *out);

#endif
