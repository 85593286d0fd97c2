#include "engine/judge_models.h"

#include "base/json.h"
#include "engine/lane.h"

#include <string.h>

struct scorer_setting judge_models(const struct settings *settings, const char *folder, struct arena *a)
{
    struct judge_model *model = arena_array(a, settings->endpoint_count + 1, sizeof(*model));
    for (size_t i = 0; i < settings->endpoint_count; i++) {
        const struct endpoint_config *c = &settings->endpoint[i];
        CLEANUP(strbuf_release) struct strbuf params = STRBUF_INIT;
        lane_params_json(c, &params);
        model[i] = (struct judge_model){ c->name, c->protocol, c->model, c->provider, c->revision, arena_strdup(a, params.buf) };
    }
    return (struct scorer_setting){ .folder = folder, .judge = model, .judge_count = settings->endpoint_count };
}

static bool names(const cJSON *list, const char *endpoint)
{
    if (cJSON_IsString(list))
        return strcmp(list->valuestring, endpoint) == 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, endpoint) == 0)
            return true;
    }
    return false;
}

bool judge_is_named(const struct suite *suite, const char *endpoint)
{
    for (size_t i = 0; i < suite->scorer_count; i++) {
        const cJSON *options = suite->scorer[i].options;
        if (names(json_get(options, "judges"), endpoint) || names(json_get(options, "fallback"), endpoint))
            return true;
    }
    return false;
}
