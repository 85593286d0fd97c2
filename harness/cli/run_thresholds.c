#include "cli/run_thresholds.h"

#include "base/json.h"
#include "base/log.h"
#include "cli/terminal.h"
#include "reports/gate.h"

#include <math.h>
#include <string.h>

static void say_rule(const char *endpoint, const cJSON *rule, bool *failed)
{
    const char *id = json_string(rule, "id"), *verdict = json_string(rule, "verdict"), *text = json_string(rule, "text");
    if (!id || !verdict || strcmp(verdict, "NOT_APPLIED") == 0)
        return;
    bool pass = strcmp(verdict, "PASS") == 0, fail = strcmp(verdict, "FAIL") == 0, unicode = terminal_is_utf8();
    const char *mark = pass ? (unicode ? "✓" : "+") : fail ? (unicode ? "✗" : "x") : "?";
    log_line(fail ? LOG_ERROR : LOG_INFO, "%s %s %s: %s: %s", mark, id, endpoint, verdict, text ? text : "");
    *failed = *failed || fail;
}

static enum err judge(struct workspace *w, const char *run_id, const char *endpoint, const struct gate_policy *policy, bool *failed,
                      struct error *e)
{
    const char *reference = arena_printf(&w->arena, "%s:%s", run_id, endpoint);
    const struct allowed_fields none = { 0 };
    struct side side;
    struct comparison c;
    const cJSON *rule;
    if (sides_find(w->store, &reference, 1, &w->arena, &side, e) != OK || comparison_load(w->store, NULL, &side, &none, &c, e) != OK)
        return e->code;
    CLEANUP(json_freep) cJSON *tree = gate_build(&c, policy);
    comparison_clear(&c);
    cJSON_ArrayForEach(rule, json_array(tree, "rules")) say_rule(endpoint, rule, failed);
    return OK;
}

enum err run_thresholds_say(struct workspace *w, const char *run_id, bool *ret_failed, struct error *e)
{
    struct run_row run;
    struct gate_policy policy;
    struct endpoint_row *endpoint;
    size_t count;
    bool failed = false;
    if (store_run_find(w->store, run_id, &w->arena, &run, e) != OK || gate_policy_of_suite(run.suite_json, &policy, e) != OK ||
        store_endpoint_list(w->store, run_id, &w->arena, &endpoint, &count, e) != OK)
        return e->code;
    for (size_t i = 0; !isnan(policy.asr_upper) && i < count; i++) {
        if (judge(w, run.id, endpoint[i].name, &policy, &failed, e) != OK)
            return e->code;
    }
    *ret_failed = failed;
    return OK;
}
