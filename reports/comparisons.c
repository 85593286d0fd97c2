#include "reports/comparisons.h"

#include "base/cleanup.h"
#include "base/json.h"

#include <stdbool.h>
#include <string.h>

static const char *const member[] = { "compare", "gate", "baseline" };

/* A failed gate outweighs what could not be judged, and that a pass. */
static int badness(const cJSON *item)
{
    static const char *const worse[] = { "PASS", "INCONCLUSIVE", "NOT_COMPARABLE", "INCOMPLETE", "FAIL" };
    const char *verdict = json_string(json_object(item, "gate"), "verdict");
    int i = (int)ARRAY_LEN(worse) - 1;
    while (i > 0 && !(verdict && strcmp(worse[i], verdict) == 0))
        i--;
    return i;
}

void comparisons_put(cJSON *model, cJSON *list)
{
    cJSON *item, *worst = list->child;
    cJSON_ArrayForEach(item, list)
    {
        if (badness(item) > badness(worst))
            worst = item;
    }
    if (worst) {
        cJSON_DetachItemViaPointer(list, worst);
        for (size_t i = 0; i < ARRAY_LEN(member); i++) {
            cJSON *part = cJSON_DetachItemFromObjectCaseSensitive(worst, member[i]);
            if (part)
                cJSON_AddItemToObject(model, member[i], part);
        }
        cJSON_Delete(worst);
    }
    if (list->child)
        cJSON_AddItemToObject(model, "others", list);
    else
        cJSON_Delete(list);
}

static bool is_of(const cJSON *holder, const char *endpoint)
{
    const char *candidate = json_string(json_object(json_object(holder, "compare"), "candidate"), "endpoint");
    return candidate && endpoint && strcmp(candidate, endpoint) == 0;
}

const cJSON *comparisons_of(const cJSON *model, const char *endpoint)
{
    const cJSON *item;
    if (is_of(model, endpoint))
        return model;
    cJSON_ArrayForEach(item, json_array(model, "others"))
    {
        if (is_of(item, endpoint))
            return item;
    }
    return NULL;
}
