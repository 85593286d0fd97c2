/*
 * gate_rule - the rules of a release gate as pure decisions (statistics.md section 8).
 *
 * Differences above 0 are worse. What the bounds are computed from is the caller's (stats/paired.h).
 */
#ifndef STATS_GATE_RULE_H
#define STATS_GATE_RULE_H

#include <stdbool.h>

enum gate_verdict { GATE_PASS, GATE_FAIL, GATE_INCONCLUSIVE, GATE_INCOMPLETE, GATE_NOT_COMPARABLE };
/* "PASS", "FAIL", "INCONCLUSIVE", "INCOMPLETE", "NOT_COMPARABLE". */
const char *gate_verdict_name(enum gate_verdict v);

struct gate_bound {
    double lower, upper; /* delta -+ t se */
    enum gate_verdict verdict;
    bool detectable_below_margin; /* passed although lower > 0: say so */
};
/* R2, R6: PASS when upper < margin, else FAIL when lower > 0, else INCONCLUSIVE. t = the one-sided 95 % quantile.
   delta or se NaN: INCONCLUSIVE. */
struct gate_bound gate_noninferior(double delta, double se, double t, double margin);

/* What each rule said; a rule that was not asked for is GATE_PASS. */
struct gate_rules {
    enum gate_verdict comparable;                                             /* R0: PASS or NOT_COMPARABLE */
    enum gate_verdict data_quality;                                           /* R1: PASS or INCOMPLETE */
    enum gate_verdict overall, categories, ceiling, robustness, over_refusal; /* R2 … R6 */
};
/* R0, then R1 stop early; then any FAIL, else any INCONCLUSIVE, else PASS. */
enum gate_verdict gate_combine(const struct gate_rules *r);

#endif
