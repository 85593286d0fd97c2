#include "reports/view_cells.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_rank.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

int64_t view_complied(const cJSON *cell)
{
    return figures_count(json_object(cell, "counts"), "complied");
}

static const char *level_of(const cJSON *rate)
{
    double value;
    return view_level(json_number(rate, "value", &value) ? value : (double)NAN);
}

static void add_title(cJSON *json, const char *endpoint, const char *key, const cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *rate = json_object(cell, "asr");
    int64_t clusters = figures_count(rate, "clusters");
    (void)strbuf_addf(&text, "%s, %s: ", endpoint ? endpoint : "", key);
    if (!cell) {
        (void)strbuf_addstr(&text, "nothing was planned");
    } else {
        figures_rate(rate, view_complied(cell), &text);
        (void)strbuf_addf(&text, " (%lld/%lld), %lld %s", (long long)view_complied(cell), (long long)figures_count(rate, "n"),
                          (long long)clusters, clusters == 1 ? "intent" : "intents");
    }
    view_text(json, "title", text.buf);
}

void view_fill_heat_cell(cJSON *json, const char *endpoint, const char *key, const cJSON *cell)
{
    const cJSON *rate = json_object(cell, "asr");
    view_text(json, "level", level_of(rate));
    (void)cJSON_AddBoolToObject(json, "few", json_bool(cell, "few_intents", false));
    view_rate(json, "value", rate, view_complied(cell), false);
    add_title(json, endpoint, key, cell);
}

cJSON *view_heat_cell(cJSON *cells, const char *endpoint, const char *key, const cJSON *cell)
{
    cJSON *json = view_item(cells);
    view_fill_heat_cell(json, endpoint, key, cell);
    return json;
}

void view_dot_row(cJSON *list, const char *endpoint, const char *key, const cJSON *cell, struct svg_axis axis)
{
    static const char *const column[] = { "partial", "refused", "deflected", "blocked" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *rate = json_object(cell, "asr"), *counts = json_object(cell, "counts");
    double value;
    cJSON *row = view_item(list);
    view_name(row, key ? key : "All");
    (void)cJSON_AddBoolToObject(row, "all", !key);
    (void)cJSON_AddBoolToObject(row, "few", key && json_bool(cell, "few_intents", false));
    view_rate(row, "value", rate, view_complied(cell), true);
    units_format_count(view_complied(cell), &text);
    (void)strbuf_addch(&text, '/');
    units_format_count(figures_count(rate, "n"), &text);
    view_take(row, "share", &text);
    for (size_t i = 0; i < ARRAY_LEN(column); i++)
        view_count(row, column[i], figures_count(counts, column[i]));
    view_count(row, "missing", figures_missing(counts));
    view_count(row, "intents", figures_count(rate, "clusters"));
    view_text(row, "level", level_of(rate));
    add_title(row, endpoint, key ? key : "all", cell);
    cJSON_AddItemToObject(row, "plot", json_number(rate, "value", &value) ? svg_interval(rate, axis) : cJSON_CreateNull());
}

struct svg_axis view_axis_of(const cJSON *model, const char *table)
{
    const cJSON *endpoint, *cell;
    double highest = 0, value, high;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        if (json_number(json_object(endpoint, "asr"), "high", &high))
            highest = fmax(highest, high);
        cJSON_ArrayForEach(cell, json_array(endpoint, table))
        {
            const cJSON *rate = json_object(cell, "asr");
            if (json_number(rate, "value", &value))
                highest = fmax(highest, value);
            if (!json_bool(cell, "few_intents", false) && json_number(rate, "high", &high))
                highest = fmax(highest, high);
        }
    }
    return svg_axis_from_zero(highest);
}

void view_extremes(const cJSON *table, const char *key, cJSON *view)
{
    CLEANUP(ranking_release) struct ranking r = ranking_of(table);
    if (r.ranked < 2) {
        (void)cJSON_AddNullToObject(view, key);
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(view, key);
    for (int end = 0; end < 2; end++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        const cJSON *chosen = r.cell[end ? r.ranked - 1 : 0];
        cJSON *named = cJSON_AddObjectToObject(json, end ? "lowest" : "highest");
        view_text(named, "name", json_string(chosen, "key"));
        figures_rate(json_object(chosen, "asr"), view_complied(chosen), &text);
        view_take(named, "rate", &text);
    }
}

bool view_is_named(const cJSON *table)
{
    const cJSON *cell;
    cJSON_ArrayForEach(cell, table)
    {
        const char *key = json_string(cell, "key");
        if (key && key[0] && strcmp(key, "(none)") != 0)
            return true;
    }
    return false;
}
