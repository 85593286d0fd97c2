#include "engine/recipe.h"

#include "base/fs.h"
#include "base/json.h"
#include "engine/judge_models.h"

#include <string.h>

static void add_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        (void)cJSON_AddStringToObject(object, key, text);
}

static void add_list(cJSON *object, const char *key, const struct select_list *list)
{
    if (list->count > 0)
        cJSON_AddItemToObject(object, key, cJSON_CreateStringArray(list->value, (int)list->count));
}

static void add_selection(cJSON *object, const char *key, const struct suite_select *select)
{
    if (!select)
        return;
    cJSON *json = cJSON_AddObjectToObject(object, key);
    add_list(json, "categories", &select->categories);
    add_list(json, "subcategories", &select->subcategories);
    add_list(json, "attacks", &select->attacks);
    add_list(json, "intents", &select->intents);
    add_list(json, "samples", &select->samples);
}

static void add_dataset(cJSON *json, const struct suite *suite, const struct plan_options *options)
{
    add_text(json, "dataset_path", suite->dataset_path);
    add_text(json, "dataset_root", suite->dataset_root);
    add_text(json, "dataset_preset", suite->dataset_preset);
    if (options->map_count == 0)
        return;
    cJSON *map = cJSON_AddObjectToObject(json, "dataset_map");
    for (size_t i = 0; i < options->map_count; i++)
        (void)cJSON_AddStringToObject(map, options->map[i].field, options->map[i].column);
}

void recipe_write(const struct suite *suite, const struct intake_options *intake, const struct plan_options *options, struct strbuf *out)
{
    cJSON *json = cJSON_CreateObject();
    add_text(json, "system", suite->prompt_system);
    (void)cJSON_AddStringToObject(json, "order", suite->text_first ? "text-first" : "image-first");
    (void)cJSON_AddNumberToObject(json, "epochs", intake->epochs);
    (void)cJSON_AddStringToObject(json, "sample_order", select_order_name(suite->select.order));
    if (suite->select.per_intent)
        (void)cJSON_AddStringToObject(json, "per", "intent");
    (void)cJSON_AddNumberToObject(json, "seed", (double)intake->seed);
    (void)cJSON_AddNumberToObject(json, "limit", (double)intake->limit);
    if (intake->shard_count > 1) {
        (void)cJSON_AddNumberToObject(json, "shard_index", intake->shard_index);
        (void)cJSON_AddNumberToObject(json, "shard_count", intake->shard_count);
    }
    (void)cJSON_AddNumberToObject(json, "max_error_rate", suite->max_error_rate);
    if (suite->judge_anchor > 0)
        (void)cJSON_AddNumberToObject(json, "judge_anchor", suite->judge_anchor);
    if (options->budget_usd >= 0)
        (void)cJSON_AddNumberToObject(json, "budget_usd", options->budget_usd);
    add_text(json, "sim", options->sim_profile);
    add_text(json, "confirms", options->confirms);
    add_dataset(json, suite, options);
    add_text(json, "suite_path", suite->path);
    if (options->skip_invalid)
        (void)cJSON_AddTrueToObject(json, "skip_invalid");
    add_selection(json, "select", &suite->select);
    add_selection(json, "narrow", options->narrow);

    cJSON *scorers = cJSON_AddArrayToObject(json, "scorers");
    for (size_t i = 0; i < suite->scorer_count; i++) {
        cJSON *scorer = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(scorer, "kind", suite->scorer[i].kind);
        cJSON_AddItemToObject(scorer, "options", cJSON_Duplicate(suite->scorer[i].options, true));
        cJSON_AddItemToArray(scorers, scorer);
    }
    json_add_tree(out, json);
    cJSON_Delete(json);
}

static void read_dataset(const cJSON *json, struct recipe *r)
{
    const cJSON *map = json_object(json, "dataset_map"), *item;
    size_t count = map ? (size_t)cJSON_GetArraySize(map) : 0, at = 0;
    r->map = xcalloc(count + 1, sizeof(*r->map));
    cJSON_ArrayForEach(item, map)
    {
        if (cJSON_IsString(item))
            r->map[at++] = (struct dataset_map){ item->string, item->valuestring };
    }
    r->dataset = (struct dataset_source){
        .path = json_string(json, "dataset_path"),
        .root = json_string(json, "dataset_root"),
        .preset = json_string(json, "dataset_preset"),
        .map = r->map,
        .map_count = at,
    };
}

enum err recipe_read(const char *text, struct recipe *ret_r, struct error *e)
{
    cJSON *json = json_parse(text, strlen(text), e);
    if (!json)
        return error_prefix(e, "run.options_json");

    struct recipe r = { .json = json, .max_error_rate = 1, .budget_usd = -1 };
    const char *order = json_string(json, "order");
    r.system = json_string(json, "system");
    r.text_first = order && strcmp(order, "text-first") == 0;
    (void)json_number(json, "max_error_rate", &r.max_error_rate);
    (void)json_number(json, "budget_usd", &r.budget_usd);
    (void)json_int(json, "seed", &r.seed);
    (void)json_int(json, "judge_anchor", &r.judge_anchor);
    r.sim_profile = json_string(json, "sim");
    r.suite_path = json_string(json, "suite_path");
    r.scorer = json_array(json, "scorers");
    if (!r.scorer) {
        cJSON_Delete(json);
        return error_set(e, ERR_INVALID, "run.options_json names no scorers: this run was not planned by `gauntlet run`");
    }
    read_dataset(json, &r);
    *ret_r = r;
    return OK;
}

enum err recipe_scorer_new(const struct recipe *r, size_t index, const struct settings *settings, struct arena *a, struct scorer **ret_s,
                           struct error *e)
{
    const cJSON *spec = cJSON_GetArrayItem(r->scorer, (int)index);
    const char *kind = json_string(spec, "kind"), *own = json_string(spec, "folder");
    CLEANUP(strbuf_release) struct strbuf folder = STRBUF_INIT;
    if (own)
        (void)strbuf_addstr(&folder, own);
    else if (r->suite_path)
        fs_dirname(r->suite_path, &folder);
    struct scorer_setting setting = judge_models(settings, folder.len > 0 ? folder.buf : NULL, a);
    return scorer_new(kind ? kind : "", json_object(spec, "options"), &setting, ret_s, e);
}

void recipe_release(struct recipe *r)
{
    cJSON_Delete(r->json);
    free(r->map);
    r->json = NULL;
    r->map = NULL;
}
