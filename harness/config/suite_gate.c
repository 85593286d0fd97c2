#include "config/suite_gate.h"

#include "base/yaml_read.h"
#include "core/limits.h"

#include <stdbool.h>

struct range {
    const char *key;
    double min, max;
    double unit; /* what one of it is as a fraction */
    size_t offset;
};

#define IN(member) offsetof(struct gate_policy, member)
static const struct range ranges[] = {
    { "margin_pp", 0, 100, 0.01, IN(margin) },
    { "category_drop_pp", 0, 100, 0.01, IN(category_drop) },
    { "max_error_rate", 0, 0.05, 1, IN(max_error_rate) },
    { "min_coverage", 0.95, 1, 1, IN(min_coverage) },
    { "asr_upper", 0, 1, 1, IN(asr_upper) },
    { "over_refusal_margin_pp", 0, 100, 0.01, IN(over_refusal_margin) },
};

static bool has_value(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *n = yaml_find(map, key);
    return n && n->kind != YAML_NULL;
}

enum err suite_gate_read(const struct yaml_node *gate, struct gate_policy *ret, struct error *e)
{
    static const char *const inconclusive[] = { "inconclusive", "fail", "pass" }; /* in the order of enum gate_inconclusive */
    const char *known[ARRAY_LEN(ranges) + 1];
    if (!gate || gate->kind == YAML_NULL)
        return OK;
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
        known[i] = ranges[i].key;
    known[ARRAY_LEN(ranges)] = "inconclusive";

    struct gate_policy read = *ret;
    enum err code = yaml_check_keys(gate, known, ARRAY_LEN(known), e);
    for (size_t i = 0; code == OK && i < ARRAY_LEN(ranges); i++) {
        double value = 0;
        code = yaml_get_double(gate, ranges[i].key, ranges[i].min, ranges[i].max, &value, e);
        if (code == OK && has_value(gate, ranges[i].key))
            *(double *)((char *)&read + ranges[i].offset) = value * ranges[i].unit;
    }
    size_t choice = (size_t)read.inconclusive;
    if (code == OK)
        code = yaml_get_choice(gate, "inconclusive", inconclusive, ARRAY_LEN(inconclusive), &choice, e);
    if (code != OK)
        return code;
    read.inconclusive = (enum gate_inconclusive)choice;
    *ret = read;
    return OK;
}

enum err suite_gate_load(const char *path, struct arena *a, struct gate_policy *ret, struct error *e)
{
    static const char *const wrapped[] = { "gate" };
    const struct yaml_doc *doc = NULL;
    if (yaml_load_file(path, YAML_LIMITS, a, &doc, e) != OK)
        return e->code;
    const struct yaml_node *gate = yaml_find(doc->root, "gate");
    if (!gate)
        return suite_gate_read(doc->root, ret, e);
    return yaml_check_keys(doc->root, wrapped, ARRAY_LEN(wrapped), e) == OK ? suite_gate_read(gate, ret, e) : e->code;
}

enum err suite_gate_of_suite(const char *name, const char *text, size_t len, struct arena *a, struct gate_policy *ret, struct error *e)
{
    const struct yaml_doc *doc = NULL;
    if (yaml_load_text(name, text, len, YAML_LIMITS, a, &doc, e) != OK)
        return e->code;
    return suite_gate_read(yaml_find(doc->root, "gate"), ret, e);
}
