#include "cli/page_documents.h"

#include "base/json.h"
#include "base/log.h"
#include "cli/gate_options.h"
#include "reports/compare.h"
#include "reports/comparisons.h"
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

/* Appends {"compare","gate"} of the two sides; baseline first. */
static enum err compare_sides(struct workspace *w, const struct options *o, const struct side side[2], cJSON *list, struct error *e)
{
    struct allowed_fields allowed;
    struct gate_policy policy;
    struct comparison c;
    if (gate_options_allowed(o, &allowed, e) != OK || gate_options_policy(o, &side[1].run, &policy, e) != OK)
        return e->code;
    enum err rc = comparison_load(w->store, &side[0], &side[1], &allowed, &c, e);
    if (rc != OK)
        return rc;
    cJSON *item = cJSON_CreateObject();
    cJSON_AddItemToObject(item, "compare", compare_build(&c, &policy));
    cJSON_AddItemToObject(item, "gate", gate_build(&c, &policy));
    cJSON_AddItemToArray(list, item);
    comparison_clear(&c);
    return OK;
}

static enum err compare_one(struct workspace *w, const struct options *o, const struct run_row *run, cJSON *list, struct error *e)
{
    const char *reference[2] = { option_value(o, OPT_BASELINE), run->id };
    struct side side[2];
    if (strchr(reference[0], ':') && sides_find(w->store, reference, 1, &w->arena, side, e) == OK && strcmp(side[0].run.id, run->id) == 0 &&
        other_endpoint(w, &side[0], &reference[1], e) != OK)
        return e->code;
    if (sides_find(w->store, reference, 2, &w->arena, side, e) != OK)
        return e->code;
    return compare_sides(w, o, side, list, e);
}

/* Each endpoint of the run beside its namesake in the baseline; those that have none are told. */
static enum err compare_namesakes(struct workspace *w, const struct options *o, const struct run_row *base, const struct run_row *run,
                                  cJSON *list, struct error *e)
{
    struct endpoint_row *endpoint, *known;
    size_t count, known_count;
    if (store_endpoint_list(w->store, run->id, &w->arena, &endpoint, &count, e) != OK ||
        store_endpoint_list(w->store, base->id, &w->arena, &known, &known_count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < known_count && strcmp(known[k].name, endpoint[i].name) != 0)
            k++;
        const char *reference[2] = { arena_printf(&w->arena, "%s:%s", base->id, endpoint[i].name),
                                     arena_printf(&w->arena, "%s:%s", run->id, endpoint[i].name) };
        struct side side[2];
        if (k == known_count)
            log_line(LOG_WARN, "--baseline: run %s has no endpoint '%s' to compare with", base->id, endpoint[i].name);
        else if (sides_find(w->store, reference, 2, &w->arena, side, e) != OK || compare_sides(w, o, side, list, e) != OK)
            return e->code;
    }
    return cJSON_GetArraySize(list) > 0
               ? OK
               : error_set(e, ERR_INVALID, "--baseline: runs %s and %s have no endpoint of the same name", base->id, run->id);
}

/* A baseline that names no endpoint is all of them, where the run has several. */
static enum err compare_all(struct workspace *w, const struct options *o, const struct run_row *run, cJSON *list, struct error *e)
{
    struct run_row base;
    struct endpoint_row *endpoint;
    struct error unknown;
    size_t count;
    if (store_endpoint_list(w->store, run->id, &w->arena, &endpoint, &count, e) != OK)
        return e->code;
    if (count > 1 && store_run_find(w->store, option_value(o, OPT_BASELINE), &w->arena, &base, &unknown) == OK &&
        strcmp(base.id, run->id) != 0)
        return compare_namesakes(w, o, &base, run, list, e);
    return compare_one(w, o, run, list, e);
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
static enum err add_baselines(struct workspace *w, const struct run_row *run, const struct model_options *options, const cJSON *model,
                              cJSON *list, struct error *e)
{
    CLEANUP(json_freep) cJSON *other = NULL; /* all of them have the same run for their base */
    const struct model_options plain = { .redact = options->redact, .errors_as = options->errors_as, .no_charts = true };
    cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *compare = json_object(item, "compare"), *base = json_object(compare, "base");
        const char *id = json_string(base, "run"), *name = json_string(base, "endpoint");
        if (!json_bool(compare, "comparable", false) || !id || !name)
            continue;
        if (!other && strcmp(id, run->id) != 0 && model_build(w->store, id, &plain, &other, e) != OK)
            return e->code;
        const cJSON *endpoint = endpoint_named(other ? other : model, name);
        if (endpoint)
            cJSON_AddItemToObject(item, "baseline", cJSON_Duplicate(endpoint, true));
    }
    return OK;
}

/* The endpoints of the run, ranked; a page of one endpoint, or of endpoints that cannot be ranked, has no ranks. */
static enum err add_leaderboard(struct workspace *w, const struct run_row *run, const struct model_options *page, cJSON *model,
                                struct error *e)
{
    const char *id[] = { run->id };
    int endpoints = cJSON_GetArraySize(json_array(model, "endpoints"));
    cJSON *tree = NULL;
    if (endpoints < 2 || endpoints > MAX_RANKED)
        return OK;
    bool what_if = page->errors_as != ERRORS_MISSING; /* ranks are of what was measured */
    enum err rc = what_if ? leaderboard_build(w->store, id, 1, &tree, e) : leaderboard_of_model(w->store, model, page->shelf, &tree, e);
    if (rc == ERR_NO_MATCH)
        return OK;
    if (rc == OK)
        cJSON_AddItemToObject(model, "leaderboard", tree);
    return rc;
}

static enum err add_comparisons(struct workspace *w, const struct options *o, const struct run_row *run, const struct model_options *page,
                                cJSON *model, struct error *e)
{
    cJSON *list = cJSON_CreateArray();
    enum err rc = compare_all(w, o, run, list, e);
    if (rc == OK && page)
        rc = add_baselines(w, run, page, model, list, e);
    if (rc == OK)
        comparisons_put(model, list);
    else
        cJSON_Delete(list);
    return rc;
}

enum err page_documents_add(struct workspace *w, const struct options *o, const struct run_row *run, const struct model_options *page,
                            cJSON *model, struct error *e)
{
    if (option_given(o, OPT_BASELINE) && add_comparisons(w, o, run, page, model, e) != OK)
        return e->code;
    if (page && add_leaderboard(w, run, page, model, e) != OK)
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

/* A run that asked a night again (run --confirm) is no night of its own. */
static bool confirms_another(const struct run_row *run)
{
    const char *text = run->options_json;
    CLEANUP(json_freep) cJSON *options = text ? json_parse(text, strlen(text), NULL) : NULL;
    return json_string(options, "confirms") != NULL;
}

enum err page_documents_newest(struct workspace *w, const struct options *o, const char **ret_run_id, struct error *e)
{
    struct run_row *run;
    size_t count;
    const char *suite = option_value(o, OPT_SUITE);
    if (store_run_list(w->store, 0, &w->arena, &run, &count, e) != OK)
        return e->code;
    for (size_t i = 0; i < count; i++) { /* newest first */
        if (run[i].suite_name && strcmp(run[i].suite_name, suite) == 0 && !confirms_another(&run[i])) {
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
