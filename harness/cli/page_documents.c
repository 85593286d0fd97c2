#include "cli/page_documents.h"

#include "base/json.h"
#include "cli/gate_options.h"
#include "reports/compare.h"
#include "reports/gate.h"
#include "reports/leaderboard.h"
#include "reports/model_trend.h"
#include "reports/ranking.h"

#include <string.h>

static enum err build_trend(struct workspace *w, const struct options *o, const char *suite, cJSON **ret_trend, struct error *e)
{
    int64_t last = 0;
    if (option_int(o, OPT_LAST, 1, MAX_NIGHTS, &last, e) != OK)
        return e->code;
    const struct trend_options options = { .suite = suite, .last = (size_t)last };
    return model_trend_build(w->store, &options, ret_trend, e);
}

/* Which endpoint of the run is the candidate, when the baseline is another endpoint of the same run: the first that is not it. */
static enum err other_endpoint(struct workspace *w, const struct side *base, const char **ret_reference, struct error *e)
{
    struct endpoint_row *endpoint;
    size_t count;
    if (store_endpoint_list(w->store, base->run.id, &w->arena, &endpoint, &count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(endpoint[i].name, base->endpoint.name) != 0) {
            *ret_reference = arena_printf(&w->arena, "%s:%s", base->run.id, endpoint[i].name);
            return OK;
        }
    }
    return error_set(e, ERR_INVALID, "--baseline: run %s has one endpoint, and nothing to compare it with", base->run.id);
}

static enum err add_comparison(struct workspace *w, const struct options *o, const struct run_row *run, cJSON *model, struct error *e)
{
    const char *reference[2] = { option_value(o, OPT_BASELINE), run->id };
    struct allowed_fields allowed;
    struct gate_policy policy;
    struct comparison c;
    struct side side[2]; /* baseline, candidate */
    if (gate_options_allowed(o, &allowed, e) != OK)
        return e->code;
    if (strchr(reference[0], ':') && sides_find(w->store, reference, 1, &w->arena, side, e) == OK && strcmp(side[0].run.id, run->id) == 0 &&
        other_endpoint(w, &side[0], &reference[1], e) != OK)
        return e->code;
    if (sides_find(w->store, reference, 2, &w->arena, side, e) != OK || gate_options_policy(o, &side[1].run, &policy, e) != OK)
        return e->code;
    enum err rc = comparison_load(w->store, &side[0], &side[1], &allowed, &c, e);
    if (rc != OK)
        return rc;
    cJSON_AddItemToObject(model, "compare", compare_build(&c, &policy));
    cJSON_AddItemToObject(model, "gate", gate_build(&c, &policy));
    comparison_clear(&c);
    return OK;
}

static const cJSON *endpoint_named(const cJSON *model, const char *name)
{
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        if (strcmp(json_string(endpoint, "name"), name) == 0)
            return endpoint;
    }
    return NULL;
}

/* The baseline's own tables, as its report has them; a run that may not be compared stands beside nothing. */
static enum err add_baseline(struct workspace *w, const struct run_row *run, const struct model_options *options, cJSON *model,
                             struct error *e)
{
    const cJSON *compare = json_object(model, "compare"), *base = json_object(compare, "base");
    const char *id = json_string(base, "run"), *name = json_string(base, "endpoint");
    if (!json_bool(compare, "comparable", false) || !id || !name)
        return OK;
    CLEANUP(json_freep) cJSON *other = NULL;
    const struct model_options plain = { .redact = options->redact, .errors_as = options->errors_as, .no_charts = true };
    if (strcmp(id, run->id) != 0 && model_build(w->store, id, &plain, &other, e) != OK)
        return e->code;
    const cJSON *endpoint = endpoint_named(other ? other : model, name);
    if (endpoint)
        cJSON_AddItemToObject(model, "baseline", cJSON_Duplicate(endpoint, true));
    return OK;
}

/* The endpoints of the run, ranked; a page of one endpoint, or of endpoints that cannot be ranked, has no ranks. */
static enum err add_leaderboard(struct workspace *w, const struct run_row *run, cJSON *model, struct error *e)
{
    const char *id[] = { run->id };
    int endpoints = cJSON_GetArraySize(json_array(model, "endpoints"));
    cJSON *tree = NULL;
    if (endpoints < 2 || endpoints > MAX_RANKED)
        return OK;
    enum err rc = leaderboard_build(w->store, id, 1, &tree, e);
    if (rc == ERR_NO_MATCH)
        return OK;
    if (rc == OK)
        cJSON_AddItemToObject(model, "leaderboard", tree);
    return rc;
}

enum err page_documents_add(struct workspace *w, const struct options *o, const struct run_row *run, const struct model_options *page,
                            cJSON *model, struct error *e)
{
    if (option_given(o, OPT_BASELINE) && add_comparison(w, o, run, model, e) != OK)
        return e->code;
    if (page && (add_baseline(w, run, page, model, e) != OK || add_leaderboard(w, run, model, e) != OK))
        return e->code;
    if (!option_given(o, OPT_SUITE) && !option_given(o, OPT_LAST))
        return OK;
    cJSON *trend = NULL;
    const char *suite = option_given(o, OPT_SUITE) ? option_value(o, OPT_SUITE) : run->suite_name;
    enum err rc = build_trend(w, o, suite, &trend, e);
    if (rc == OK)
        cJSON_AddItemToObject(model, "trend", trend);
    return rc;
}

enum err page_documents_newest(struct workspace *w, const struct options *o, const char **ret_run_id, struct error *e)
{
    struct run_row *run;
    size_t count;
    const char *suite = option_value(o, OPT_SUITE);
    if (store_run_list(w->store, 0, &w->arena, &run, &count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) { /* newest first */
        if (run[i].suite_name && strcmp(run[i].suite_name, suite) == 0) {
            *ret_run_id = run[i].id;
            return OK;
        }
    }
    cJSON *trend = NULL;
    if (build_trend(w, o, suite, &trend, e) != OK) /* it says which suites there are */
        return e->code;
    cJSON_Delete(trend);
    return error_set(e, ERR_NOT_FOUND, "suite '%.60s' has no run in the store", suite);
}
