/*
 * view_multiples - more models than a heat map has room for: one small panel each, the same categories on the same axis, so that the
 * shapes compare at a glance and every number still stands beside its mark.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/cells.h"
#include "reports/view_cells.h"
#include "reports/view_text.h"

enum { MODELS_BESIDE = 8 }; /* columns of the heat map (report.md section 3) */

static void add_row(const cJSON *endpoint, const char *key, const cJSON *cell, struct svg_axis axis, cJSON *rows)
{
    const char *name = json_string(endpoint, "name");
    const cJSON *rate = json_object(cell, "asr");
    double value;
    cJSON *row = view_heat_cell(rows, name, key ? key : "all", cell);
    view_name(row, key ? key : "All categories");
    (void)cJSON_AddBoolToObject(row, "all", !key);
    view_samples_link(row, name, key, NULL);
    cJSON_AddItemToObject(row, "plot", json_number(rate, "value", &value) ? svg_interval(rate, axis) : cJSON_CreateNull());
}

/* Every panel has the categories of the first endpoint, in their order: a place is the same category everywhere. */
static void add_panel(const cJSON *endpoint, const cJSON *categories, struct svg_axis axis, cJSON *panels)
{
    const cJSON *category;
    cJSON *panel = view_item(panels), *rows = cJSON_AddArrayToObject(panel, "rows");
    view_text(panel, "name", json_string(endpoint, "name"));
    cJSON_AddItemToObject(panel, "ticks", svg_ticks(axis));
    add_row(endpoint, NULL, endpoint, axis, rows);
    cJSON_ArrayForEach(category, categories)
    {
        const char *key = json_string(category, "key");
        add_row(endpoint, key, cells_find(json_array(endpoint, "categories"), key), axis, rows);
    }
}

void view_add_multiples(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint, *endpoints = json_array(model, "endpoints");
    if (cJSON_GetArraySize(endpoints) <= MODELS_BESIDE) {
        (void)cJSON_AddNullToObject(view, "multiples");
        return;
    }
    struct svg_axis axis = view_axis_of(model, "categories");
    const cJSON *categories = json_array(endpoints->child, "categories");
    cJSON *panels = cJSON_AddArrayToObject(cJSON_AddObjectToObject(view, "multiples"), "panels");
    cJSON_ArrayForEach(endpoint, endpoints) add_panel(endpoint, categories, axis, panels);
}
