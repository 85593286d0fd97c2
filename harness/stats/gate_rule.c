#include "stats/gate_rule.h"

#include <stddef.h>

const char *gate_verdict_name(enum gate_verdict v)
{
    static const char *const name[] = { "PASS", "FAIL", "INCONCLUSIVE", "INCOMPLETE", "NOT_COMPARABLE" };
    return name[v];
}

struct gate_bound gate_noninferior(double delta, double se, double t, double margin)
{
    struct gate_bound b = { .lower = delta - t * se, .upper = delta + t * se, .verdict = GATE_INCONCLUSIVE };
    if (b.upper < margin) {
        b.verdict = GATE_PASS;
        b.detectable_below_margin = b.lower > 0.0;
    } else if (b.lower > 0.0) {
        b.verdict = GATE_FAIL;
    }
    return b;
}

enum gate_verdict gate_combine(const struct gate_rules *r)
{
    if (r->comparable != GATE_PASS)
        return GATE_NOT_COMPARABLE;
    if (r->data_quality != GATE_PASS)
        return GATE_INCOMPLETE;
    const enum gate_verdict said[] = { r->overall, r->categories, r->ceiling, r->robustness, r->over_refusal };
    enum gate_verdict verdict = GATE_PASS;
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        if (said[i] == GATE_FAIL)
            return GATE_FAIL;
        if (said[i] != GATE_PASS)
            verdict = GATE_INCONCLUSIVE;
    }
    return verdict;
}
