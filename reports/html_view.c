#include "reports/html_view.h"

#include "base/json.h"
#include "reports/view_cells.h"
#include "reports/view_text.h"

/* From so many endpoints on, what is said of each is folded away below what is said of all. */
enum { MANY_ENDPOINTS = 5 };

static void add_endpoints(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint;
    int number = 0;
    cJSON *list = cJSON_AddArrayToObject(view, "endpoints");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        cJSON *json = view_item(list);
        view_text(json, "name", json_string(endpoint, "name"));
        view_text(json, "scorer", json_string(endpoint, "scorer"));
        view_textf(json, "number", "%d", ++number);
        view_rate(json, "asr", json_object(endpoint, "asr"), view_complied(endpoint), true);
        view_add_summary(model, endpoint, json);
        view_add_verdict_line(endpoint, json);
        view_add_tables(model, endpoint, json);
        view_add_samples(endpoint, json);
    }
    const cJSON *first = cJSON_GetArrayItem(json_array(model, "endpoints"), 0);
    view_text(view, "finding_of", json_string(first, "name")); /* whose extremes a section's sentence tells */
    (void)cJSON_AddBoolToObject(view, "several", number > 1);  /* only then is an endpoint's name worth its place */
    (void)cJSON_AddBoolToObject(view, "wide", number > 2);
    (void)cJSON_AddBoolToObject(view, "many", number >= MANY_ENDPOINTS);
}

cJSON *html_view_build(const cJSON *model)
{
    cJSON *view = cJSON_CreateObject();
    const cJSON *run = json_object(model, "run");
    const char *name = json_string(run, "name");
    cJSON *json = cJSON_AddObjectToObject(view, "run");
    view_text(json, "id", json_string(run, "id"));
    view_text(json, "name", name ? name : json_string(run, "id"));
    view_text(json, "status", json_string(run, "status"));
    view_add_banner(model, view);
    view_add_provenance(model, view);
    view_add_verdicts(model, view);
    view_add_heat(model, view);
    view_add_multiples(model, view);
    view_add_ranked(model, view);
    view_add_leaderboard(json_object(model, "leaderboard"), view);
    view_add_claims(model, view);
    view_add_scorers(model, view);
    view_add_operations(model, view);
    view_add_compare(model, view);
    view_add_trend(model, view);
    view_add_quality(model, view);
    view_add_methods(model, view);
    add_endpoints(model, view);
    view_textf(view, "title", "%s · %s · gauntlet", json_string(json_object(view, "banner"), "word"), json_string(json, "name"));
    return view;
}
