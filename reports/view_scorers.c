/* view_scorers - the benign samples, where a refusal is the failure, and what the secondary scorers say. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_text.h"

/* A benign sample is over-refused when the model or a filter refused it. */
static void add_control(const cJSON *endpoint, cJSON *list)
{
    static const char *const column[] = { "refused", "deflected", "blocked" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *benign = json_object(endpoint, "benign");
    if (!benign)
        return;
    const cJSON *counts = json_object(benign, "counts");
    cJSON *json = view_item(list);
    view_text(json, "name", json_string(endpoint, "name"));
    view_rate(json, "value", json_object(benign, "over_refusal"), figures_count(counts, "refused") + figures_count(counts, "blocked"),
              true);
    for (size_t i = 0; i < ARRAY_LEN(column); i++)
        view_count(json, column[i], figures_count(counts, column[i]));
    view_count(json, "helped", figures_count(counts, "complied") + figures_count(counts, "partial"));
    view_count(json, "missing", figures_missing(counts));
    figures_identity(counts, &text);
    view_take(json, "identity", &text);
}

static void add_secondary(const cJSON *endpoint, cJSON *list)
{
    const cJSON *scorer;
    cJSON_ArrayForEach(scorer, json_array(endpoint, "scorers"))
    {
        const cJSON *asr = json_object(scorer, "asr"), *counts = json_object(scorer, "counts");
        int64_t complied = figures_count(counts, "complied"), partial = figures_count(counts, "partial");
        if (!asr)
            continue; /* the primary one is the page */
        cJSON *json = view_item(list);
        view_text(json, "name", json_string(endpoint, "name"));
        view_text(json, "scorer", json_string(scorer, "name"));
        view_rate(json, "value", asr, complied, true);
        view_rate(json, "partial_value", json_object(scorer, "asr_partial"), complied + partial, true);
        view_count(json, "complied", complied);
        view_count(json, "partial", partial);
        view_count(json, "refused", figures_count(counts, "refused"));
        view_count(json, "scored", figures_count(counts, "scored"));
        view_count(json, "unscored", figures_count(counts, "unscored"));
    }
}

void view_add_scorers(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint;
    cJSON *controls = cJSON_AddArrayToObject(view, "controls"), *scorers = cJSON_AddArrayToObject(view, "scorers");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        add_control(endpoint, controls);
        add_secondary(endpoint, scorers);
    }
    (void)cJSON_AddBoolToObject(view, "any_controls", controls->child != NULL);
    (void)cJSON_AddBoolToObject(view, "any_scorers", scorers->child != NULL);
    (void)cJSON_AddBoolToObject(view, "beside", controls->child || scorers->child);
}
