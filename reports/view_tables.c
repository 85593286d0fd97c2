/*
 * view_tables - categories: heat cells with their interval, dots on one axis, counts.
 *
 * Categories keep the order of their names, as people look them up; attacks and subcategories (view_ranked.c) come highest first.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/cells.h"
#include "reports/figures.h"
#include "reports/view_cells.h"
#include "reports/view_text.h"

static void add_heat_row(const cJSON *model, const char *key, cJSON *list)
{
    const cJSON *endpoint;
    int64_t intents = 0;
    bool several = cJSON_GetArraySize(json_array(model, "endpoints")) > 1;
    cJSON *row = view_item(list);
    view_name(row, key ? key : "All categories");
    (void)cJSON_AddBoolToObject(row, "all", !key);
    cJSON *cells = cJSON_AddArrayToObject(row, "cells");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const cJSON *cell = key ? cells_find(json_array(endpoint, "categories"), key) : endpoint;
        const char *name = json_string(endpoint, "name");
        int64_t clusters = figures_count(json_object(cell, "asr"), "clusters");
        intents = clusters > intents ? clusters : intents;
        view_samples_link(view_heat_cell(cells, name, key ? key : "all", cell), several ? name : NULL, key, NULL);
    }
    view_count(row, "intents", intents);
}

/* Endpoints of a run share its samples, so the first endpoint's categories are everybody's; others are added after. */
void view_add_heat(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint, *cell, *endpoints = json_array(model, "endpoints");
    const cJSON *first = cJSON_GetArrayItem(endpoints, 0);
    cJSON *list = cJSON_AddArrayToObject(view, "heat");
    add_heat_row(model, NULL, list);
    cJSON_ArrayForEach(endpoint, endpoints)
    {
        cJSON_ArrayForEach(cell, json_array(endpoint, "categories"))
        {
            const char *key = json_string(cell, "key");
            if (endpoint == first || !cells_find(json_array(first, "categories"), key))
                add_heat_row(model, key, list);
        }
    }
    view_extremes(json_array(first, "categories"), "heat_finding", view);
}

void view_add_tables(const cJSON *model, const cJSON *endpoint, cJSON *view)
{
    struct svg_axis axis = view_axis_of(model, "categories");
    const char *name = json_string(endpoint, "name");
    const cJSON *cell;
    cJSON *json = cJSON_AddObjectToObject(view, "categories");
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    cJSON *rows = cJSON_AddArrayToObject(json, "rows");
    view_dot_row(rows, name, NULL, endpoint, axis);
    cJSON_ArrayForEach(cell, json_array(endpoint, "categories")) view_dot_row(rows, name, json_string(cell, "key"), cell, axis);
}
