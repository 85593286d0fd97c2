#include "cli/page_documents.h"

#include "base/json.h"
#include "reports/model_trend.h"

static enum err build_trend(struct workspace *w, const struct options *o, const char *suite, cJSON **ret_trend, struct error *e)
{
    int64_t last = 0;
    if (option_int(o, OPT_LAST, 1, MAX_NIGHTS, &last, e) != OK)
        return e->code;
    const struct trend_options options = { .suite = suite, .last = (size_t)last };
    return model_trend_build(w->store, &options, ret_trend, e);
}

enum err page_documents_add(struct workspace *w, const struct options *o, const struct run_row *run, cJSON *model, struct error *e)
{
    if (!option_given(o, OPT_SUITE) && !option_given(o, OPT_LAST))
        return OK;
    cJSON *trend;
    const char *suite = option_given(o, OPT_SUITE) ? option_value(o, OPT_SUITE) : run->suite_name;
    enum err rc = build_trend(w, o, suite, &trend, e);
    if (rc == OK)
        cJSON_AddItemToObject(model, "trend", trend);
    return rc;
}

enum err page_documents_newest(struct workspace *w, const struct options *o, const char **ret_run_id, struct error *e)
{
    cJSON *trend;
    if (build_trend(w, o, option_value(o, OPT_SUITE), &trend, e) != OK)
        return e->code;
    const cJSON *nights = json_array(cJSON_GetArrayItem(json_array(trend, "histories"), 0), "nights");
    const char *run = json_string(cJSON_GetArrayItem(nights, cJSON_GetArraySize(nights) - 1), "run");
    *ret_run_id = arena_strdup(&w->arena, run);
    cJSON_Delete(trend);
    return *ret_run_id ? OK : error_set(e, ERR_NOT_FOUND, "suite '%.60s' has no run in the store", option_value(o, OPT_SUITE));
}
