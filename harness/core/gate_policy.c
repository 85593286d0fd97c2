#include "core/gate_policy.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "base/nearest.h"

#include <math.h>
#include <string.h>

const char *const gate_undecided_name[GATE_UNDECIDED_COUNT] = { "inconclusive", "fail", "pass" };

const struct gate_number gate_number[] = {
    { "margin_pp", 0, 100 },     { "category_drop_pp", 0, 100 }, { "max_error_rate", 0, 0.05 },
    { "min_coverage", 0.95, 1 }, { "asr_upper", 0, 1 },          { "over_refusal_margin_pp", 0, 100 },
};
const size_t gate_number_count = ARRAY_LEN(gate_number);

const char *const gate_key[GATE_KEYS] = { "margin_pp",     "category_drop_pp", "max_error_rate",
                                          "min_coverage",  "asr_upper",        "over_refusal_margin_pp",
                                          "scale_margins", "inconclusive",     "baseline" };

struct gate_policy gate_policy_default(void)
{
    return (struct gate_policy){ .margin = 0.01,
                                 .category_drop = 0.02,
                                 .max_error_rate = 0.01,
                                 .min_coverage = 0.99,
                                 .asr_upper = NAN,
                                 .over_refusal_margin = NAN,
                                 .scale_margins = true };
}

/* In the order of gate_number. */
static double *number_at(struct gate_policy *p, size_t i)
{
    double *const at[] = { &p->margin, &p->category_drop, &p->max_error_rate, &p->min_coverage, &p->asr_upper, &p->over_refusal_margin };
    return at[i];
}

static enum err read_number(const cJSON *value, size_t i, struct gate_policy *p, struct error *e)
{
    const struct gate_number *n = &gate_number[i];
    if (!cJSON_IsNumber(value) || !(value->valuedouble >= n->min && value->valuedouble <= n->max))
        return error_set(e, ERR_INVALID, "gate.%s wants a number from %g to %g", n->key, n->min, n->max);
    bool points = strstr(n->key, "_pp") != NULL;
    *number_at(p, i) = points ? value->valuedouble / 100 : value->valuedouble;
    return OK;
}

static enum err read_undecided(const cJSON *value, struct gate_policy *p, struct error *e)
{
    for (int i = 0; cJSON_IsString(value) && i < GATE_UNDECIDED_COUNT; i++) {
        if (strcmp(value->valuestring, gate_undecided_name[i]) == 0) {
            p->undecided = (enum gate_undecided)i;
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "gate.inconclusive wants inconclusive, fail or pass");
}

static enum err read_baseline(const cJSON *value, struct gate_policy *p, struct error *e)
{
    if (!cJSON_IsString(value) || !value->valuestring[0] || strlen(value->valuestring) >= sizeof(p->baseline))
        return error_set(e, ERR_INVALID, "gate.baseline wants a run, like baseline:NAME");
    memcpy(p->baseline, value->valuestring, strlen(value->valuestring) + 1);
    return OK;
}

static enum err read_scale(const cJSON *value, struct gate_policy *p, struct error *e)
{
    if (!cJSON_IsBool(value))
        return error_set(e, ERR_INVALID, "gate.scale_margins wants true or false");
    p->scale_margins = cJSON_IsTrue(value);
    return OK;
}

static enum err unknown_rule(const char *key, struct error *e)
{
    const char *near = nearest_name(key, gate_key, GATE_KEYS);
    error_set(e, ERR_INVALID, "unknown key `%.60s` in `gate`", key);
    return near ? error_suffix(e, ": did you mean `%s`?", near) : ERR_INVALID;
}

enum err gate_policy_read(const cJSON *gate, struct gate_policy *p, struct error *e)
{
    const cJSON *value;
    cJSON_ArrayForEach(value, gate)
    {
        enum err rc = ERR_NOT_FOUND;
        if (cJSON_IsNull(value))
            continue;
        for (size_t i = 0; rc == ERR_NOT_FOUND && i < ARRAY_LEN(gate_number); i++) {
            if (strcmp(value->string, gate_number[i].key) == 0)
                rc = read_number(value, i, p, e);
        }
        if (rc == ERR_NOT_FOUND)
            rc = strcmp(value->string, "inconclusive") == 0    ? read_undecided(value, p, e)
                 : strcmp(value->string, "baseline") == 0      ? read_baseline(value, p, e)
                 : strcmp(value->string, "scale_margins") == 0 ? read_scale(value, p, e)
                                                               : unknown_rule(value->string, e);
        if (rc != OK)
            return rc;
    }
    return OK;
}

enum err gate_policy_of_suite(const char *suite_json, struct gate_policy *ret_p, struct error *e)
{
    struct gate_policy p = gate_policy_default();
    CLEANUP(json_freep) cJSON *suite = suite_json ? json_parse(suite_json, strlen(suite_json), e) : NULL;
    if (suite_json && !suite)
        return error_prefix(e, "run.suite_json");
    enum err rc = gate_policy_read(json_object(suite, "gate"), &p, e);
    if (rc == OK)
        *ret_p = p;
    return rc;
}
