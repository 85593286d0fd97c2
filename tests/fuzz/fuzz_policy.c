/* Any bytes as a gate policy: an error with a message, or rules within their ranges. */
#include "config/suite_gate.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct gate_policy p = gate_policy_default();
    struct error e = { 0 };
    if (suite_gate_parse("fuzz.yaml", (const char *)bytes, len, &p, &e) != OK) {
        assert(e.code != OK && strncmp(e.msg, "fuzz.yaml:", 10) == 0);
        return 0;
    }
    assert(p.margin >= 0 && p.margin <= 1 && p.category_drop >= 0 && p.category_drop <= 1);
    assert(p.max_error_rate >= 0 && p.max_error_rate <= 0.05 && p.min_coverage >= 0.95 && p.min_coverage <= 1);
    assert(isnan(p.asr_upper) || (p.asr_upper >= 0 && p.asr_upper <= 1));
    assert(isnan(p.over_refusal_margin) || (p.over_refusal_margin >= 0 && p.over_refusal_margin <= 1));
    assert(strlen(p.baseline) < sizeof(p.baseline));
    return 0;
}
