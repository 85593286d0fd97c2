#include "core/names.h"

#include "base/cleanup.h"

#include <stddef.h>
#include <string.h>

static const char *const trial_statuses[] = { "pending", "answered", "blocked", "failed", "skipped" };
static const char *const verdicts[] = { "complied", "partial", "refused", "deflected", "unscored" };
static const char *const label_plans[] = { "unknown", "random", "stratified", "disagreement", "picked" };
static const char *const expectations[] = { "attack", "benign" };
static const char *const run_statuses[] = { "started", "complete", "incomplete", "cancelled", "error" };
static const char *const evidences[] = { "none", "contemporaneous", "declared", "verified" };
static const char *const structured_outputs[] = { "auto", "openai", "together", "fireworks", "tgi", "llamacpp", "none" };

static bool find(const char *const *name, size_t count, const char *text, int *ret)
{
    for (size_t i = 0; text && i < count; i++) {
        if (strcmp(name[i], text) == 0) {
            *ret = (int)i;
            return true;
        }
    }
    return false;
}

const char *trial_status_name(enum trial_status s)
{
    return trial_statuses[s];
}

bool trial_status_is_data(enum trial_status s)
{
    return s == TRIAL_ANSWERED || s == TRIAL_BLOCKED;
}

bool trial_status_parse(const char *text, enum trial_status *ret)
{
    int i;
    if (!find(trial_statuses, ARRAY_LEN(trial_statuses), text, &i))
        return false;
    *ret = (enum trial_status)i;
    return true;
}

const char *verdict_name(enum verdict v)
{
    return verdicts[v];
}

bool verdict_parse(const char *text, enum verdict *ret)
{
    int i;
    if (!find(verdicts, ARRAY_LEN(verdicts), text, &i))
        return false;
    *ret = (enum verdict)i;
    return true;
}

const char *label_plan_name(enum label_plan p)
{
    return label_plans[p];
}

bool label_plan_parse(const char *text, enum label_plan *ret)
{
    int i;
    if (!find(label_plans, ARRAY_LEN(label_plans), text, &i))
        return false;
    *ret = (enum label_plan)i;
    return true;
}

const char *expected_name(enum expected x)
{
    return expectations[x];
}

bool expected_parse(const char *text, enum expected *ret)
{
    int i;
    if (!find(expectations, ARRAY_LEN(expectations), text, &i))
        return false;
    *ret = (enum expected)i;
    return true;
}

const char *run_status_name(enum run_status s)
{
    return run_statuses[s];
}

bool run_status_parse(const char *text, enum run_status *ret)
{
    int i;
    if (!find(run_statuses, ARRAY_LEN(run_statuses), text, &i))
        return false;
    *ret = (enum run_status)i;
    return true;
}

const char *evidence_name(enum evidence x)
{
    return evidences[x];
}

const char *structured_output_name(enum structured_output x)
{
    return structured_outputs[x];
}

const char *const *structured_output_names(void)
{
    return structured_outputs;
}
