#include "reports/view_baseline.h"

#include "base/json.h"
#include "reports/comparisons.h"
#include "reports/view_compare.h"
#include "reports/view_text.h"

#include <string.h>

const cJSON *view_baseline_of(const cJSON *model, const cJSON *endpoint)
{
    const cJSON *holder = comparisons_of(model, json_string(endpoint, "name"));
    return json_bool(json_object(holder, "compare"), "comparable", false) ? json_object(holder, "baseline") : NULL;
}

const cJSON *view_compare_of(const cJSON *model, const cJSON *endpoint)
{
    return json_object(comparisons_of(model, json_string(endpoint, "name")), "compare");
}

/* A rate is not regressed or fixed as a sample is: it is better or worse. */
static const char *word_of(const char *tag)
{
    return strcmp(tag, "regressed") == 0 ? "worse" : strcmp(tag, "fixed") == 0 ? "better" : tag;
}

void view_add_against(cJSON *object, const cJSON *rate, int64_t events, const cJSON *difference)
{
    if (!rate) {
        (void)cJSON_AddNullToObject(object, "against");
        return;
    }
    const char *tag = json_string(difference, "tag");
    cJSON *json = cJSON_AddObjectToObject(object, "against");
    view_rate(json, "base", rate, events, true);
    view_delta(json, difference);
    view_tag(json, tag);
    view_text(json, "word", tag ? word_of(tag) : NULL);
}
