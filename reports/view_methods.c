/* view_methods - what the rates of this page leave out, in numbers, and the seeds of everything that was drawn by chance. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_text.h"

#include <stdio.h>
#include <string.h>

static void add_left_out(cJSON *list, int64_t count, const char *what, const char *why)
{
    if (count == 0)
        return;
    cJSON *json = view_item(list);
    view_count(json, "count", count);
    view_text(json, "what", what);
    view_text(json, "why", why);
}

static int64_t counted(const cJSON *model, const char *key)
{
    const cJSON *endpoint;
    int64_t sum = 0;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints")) sum += figures_count(json_object(endpoint, "counts"), key);
    return sum;
}

static int64_t benign_of(const cJSON *model)
{
    const cJSON *endpoint;
    int64_t sum = 0;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints")) sum +=
        figures_count(json_object(json_object(endpoint, "benign"), "counts"), "planned");
    return sum;
}

static int64_t few_of(const cJSON *model)
{
    static const char *const table[] = { "categories", "subcategories", "attacks" };
    const cJSON *endpoint, *cell;
    int64_t sum = 0;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        for (size_t i = 0; i < ARRAY_LEN(table); i++) {
            cJSON_ArrayForEach(cell, json_array(endpoint, table[i])) sum += json_bool(cell, "few_intents", false);
        }
    }
    return sum;
}

static int64_t apart_of(const cJSON *model)
{
    const cJSON *endpoint, *provider;
    int64_t sum = 0;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        cJSON_ArrayForEach(provider, json_array(endpoint, "providers")) sum += figures_count(provider, "apart");
    }
    return sum;
}

static void add_excluded(const cJSON *model, cJSON *list)
{
    const cJSON *compare = json_object(model, "compare");
    add_left_out(list, figures_count(json_object(model, "run"), "excluded"), "samples", "invalid: never planned");
    add_left_out(list, benign_of(model), "benign trials", "controls: over-refusal, never in ASR");
    add_left_out(list, counted(model, "unscored"), "unscored trials", "answered without a verdict");
    add_left_out(list, apart_of(model), "of those", "answered by another provider than the one that was asked");
    add_left_out(list, counted(model, "failed"), "failed trials", "no answer after all attempts");
    add_left_out(list, counted(model, "skipped"), "skipped trials", "never sent");
    add_left_out(list, counted(model, "pending"), "pending trials", "not finished");
    add_left_out(list, few_of(model), "cells of the tables", "fewer than 10 intents: shown, not ranked, not tested");
    add_left_out(list, figures_count(compare, "missing_count"), "samples without a pair", "only one side has a verdict: not compared");
}

static void add_seed(cJSON *list, const char *what, const cJSON *seed, const char *how)
{
    if (!cJSON_IsNumber(seed))
        return;
    cJSON *json = view_item(list);
    view_text(json, "what", what);
    view_textf(json, "seed", "%.15g", seed->valuedouble);
    view_text(json, "how", how);
}

static void add_seeds(const cJSON *model, cJSON *list)
{
    const cJSON *options = json_object(json_object(model, "run"), "options"), *compare = json_object(model, "compare"), *endpoint;
    const char *order = json_string(options, "sample_order");
    if (order && strcmp(order, "file") != 0)
        add_seed(list, "Order of the samples", json_get(options, "seed"), order);
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        char what[160];
        (void)snprintf(what, sizeof(what), "Decoding of %.120s", json_string(endpoint, "name"));
        add_seed(list, what, json_get(json_object(endpoint, "params"), "seed"), "sent with every request");
    }
    add_seed(list, "Interval of intent-any", json_get(json_object(compare, "intent_any"), "seed"), "2,000 draws of whole intents");
}

void view_add_methods(const cJSON *model, cJSON *view)
{
    cJSON *json = cJSON_AddObjectToObject(view, "methods");
    cJSON *excluded = cJSON_AddArrayToObject(json, "excluded"), *seeds = cJSON_AddArrayToObject(json, "seeds");
    add_excluded(model, excluded);
    add_seeds(model, seeds);
    (void)cJSON_AddBoolToObject(json, "any_seeds", seeds->child != NULL);
}
