#include "config/suite_gate.h"

#include "base/yaml_read.h"

struct range {
    const char *key;
    double min, max;
};

static const struct range ranges[] = {
    { "margin_pp", 0, 100 },     { "category_drop_pp", 0, 100 }, { "max_error_rate", 0, 0.05 },
    { "min_coverage", 0.95, 1 }, { "asr_upper", 0, 1 },          { "over_refusal_margin_pp", 0, 100 },
};

enum err suite_gate_check(const struct yaml_node *gate, struct error *e)
{
    static const char *const inconclusive[] = { "inconclusive", "fail", "pass" };
    const char *known[ARRAY_LEN(ranges) + 1];
    if (!gate || gate->kind == YAML_NULL)
        return OK;
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        known[i] = ranges[i].key;
    known[ARRAY_LEN(ranges)] = "inconclusive";

    enum err code = yaml_check_keys(gate, known, ARRAY_LEN(known), e);
    for (size_t i = 0; code == OK && i < ARRAY_LEN(ranges); i++) {
        double value = 0;
        code = yaml_get_double(gate, ranges[i].key, ranges[i].min, ranges[i].max, &value, e);
    }
    size_t choice = 0;
    return code != OK ? code : yaml_get_choice(gate, "inconclusive", inconclusive, ARRAY_LEN(inconclusive), &choice, e);
}
