/*
 * view_tables - categories, attacks and subcategories: heat cells with their interval, dots on one axis, counts.
 *
 * Categories keep the order of their names, as people look them up; attacks and subcategories come highest first, those
 * with few intents stand last, by name, because they are not ranked.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/cells.h"
#include "reports/figures.h"
#include "reports/svg.h"
#include "reports/view_rank.h"
#include "reports/view_text.h"

#include <math.h>
#include <string.h>

enum { SUBCATEGORIES_SHOWN = 12 };

static int64_t complied_of(const cJSON *cell)
{
    return figures_count(json_object(cell, "counts"), "complied");
}

static const char *level_of(const cJSON *rate)
{
    double value;
    return view_level(json_number(rate, "value", &value) ? value : (double)NAN);
}

/* "candidate, D: 27.7 % [25.2, 30.4] (568/2049), 412 intents". */
static void add_title(cJSON *json, const char *endpoint, const char *key, const cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *rate = json_object(cell, "asr");
    int64_t clusters = figures_count(rate, "clusters");
    (void)strbuf_addf(&text, "%s, %s: ", endpoint ? endpoint : "", key);
    figures_rate(rate, complied_of(cell), &text);
    (void)strbuf_addf(&text, " (%lld/%lld), %lld %s", (long long)complied_of(cell), (long long)figures_count(rate, "n"),
                      (long long)clusters, clusters == 1 ? "intent" : "intents");
    view_text(json, "title", text.buf);
}

static void add_heat_cell(cJSON *cells, const cJSON *endpoint, const char *key, const cJSON *cell)
{
    const cJSON *rate = json_object(cell, "asr");
    cJSON *json = view_item(cells);
    view_text(json, "level", level_of(rate));
    (void)cJSON_AddBoolToObject(json, "few", json_bool(cell, "few_intents", false));
    view_rate(json, "value", rate, complied_of(cell), false);
    add_title(json, json_string(endpoint, "name"), key, cell);
}

static cJSON *last_of(const cJSON *list)
{
    return cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
}

static void add_heat_row(const cJSON *model, const char *key, cJSON *list)
{
    const cJSON *endpoint;
    int64_t intents = 0;
    cJSON *row = view_item(list);
    view_name(row, key ? key : "All categories");
    (void)cJSON_AddBoolToObject(row, "all", !key);
    cJSON *cells = cJSON_AddArrayToObject(row, "cells");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const cJSON *cell = key ? cells_find(json_array(endpoint, "categories"), key) : endpoint;
        int64_t clusters = figures_count(json_object(cell, "asr"), "clusters");
        intents = clusters > intents ? clusters : intents;
        add_heat_cell(cells, endpoint, key ? key : "all", cell);
        bool several = cJSON_GetArraySize(json_array(model, "endpoints")) > 1;
        view_samples_link(last_of(cells), several ? json_string(endpoint, "name") : NULL, key, NULL);
    }
    view_count(row, "intents", intents);
}

/* {"highest": {"name", "rate"}, "lowest"} of the cells that are ranked; null with fewer than two. */
static void add_finding(const cJSON *table, const char *key, cJSON *view)
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
        figures_rate(json_object(chosen, "asr"), complied_of(chosen), &text);
        view_take(named, "rate", &text);
    }
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
    add_finding(json_array(first, "categories"), "heat_finding", view);
}

/* ---- rows with a dot ----------------------------------------------------------------------------------------------- */

/* The axis holds every point and the intervals of what is ranked; the others are cut, with an arrow. */
static double highest_of(const cJSON *model, const char *table)
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
    return highest;
}

static void add_row(cJSON *list, const cJSON *endpoint, const char *key, const cJSON *cell, struct svg_axis axis)
{
    static const char *const column[] = { "partial", "refused", "deflected", "blocked" };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *rate = json_object(cell, "asr"), *counts = json_object(cell, "counts");
    double value;
    cJSON *row = view_item(list);
    view_name(row, key ? key : "All");
    (void)cJSON_AddBoolToObject(row, "all", !key);
    (void)cJSON_AddBoolToObject(row, "few", key && json_bool(cell, "few_intents", false));
    view_rate(row, "value", rate, complied_of(cell), true);
    units_format_count(complied_of(cell), &text);
    (void)strbuf_addch(&text, '/');
    units_format_count(figures_count(rate, "n"), &text);
    view_take(row, "share", &text);
    for (size_t i = 0; i < ARRAY_LEN(column); i++)
        view_count(row, column[i], figures_count(counts, column[i]));
    view_count(row, "missing", figures_missing(counts));
    view_count(row, "intents", figures_count(rate, "clusters"));
    view_text(row, "level", level_of(rate));
    add_title(row, json_string(endpoint, "name"), key ? key : "all", cell);
    cJSON_AddItemToObject(row, "plot", json_number(rate, "value", &value) ? svg_interval(rate, axis) : cJSON_CreateNull());
}

/* One endpoint's rows: the first `shown`, and the others behind a summary. */
static void add_ranked_endpoint(const cJSON *endpoint, const char *table, size_t shown, struct svg_axis axis, cJSON *list)
{
    CLEANUP(ranking_release) struct ranking r = ranking_of(json_array(endpoint, table));
    cJSON *json = view_item(list), *rows = NULL;
    view_text(json, "name", json_string(endpoint, "name"));
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    cJSON *parts = cJSON_AddArrayToObject(json, "parts");
    for (size_t i = 0; i < r.count; i++) {
        if (i == 0 || i == shown) {
            cJSON *part = view_item(parts);
            if (i)
                view_textf(part, "more", "%zu more", r.count - i);
            else
                view_text(part, "more", NULL);
            rows = cJSON_AddArrayToObject(part, "rows");
        }
        add_row(rows, endpoint, json_string(r.cell[i], "key"), r.cell[i], axis);
    }
}

/* A data set without such names has one cell, and its key says so. */
static bool is_named(const cJSON *table)
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

/* ---- categories × attacks --------------------------------------------------------------------------------------- */

static const cJSON *find_pair(const cJSON *pairs, const char *category, const char *attack)
{
    const cJSON *pair;
    cJSON_ArrayForEach(pair, pairs)
    {
        if (strcmp(json_string(pair, "key"), category) == 0 && strcmp(json_string(pair, "attack"), attack) == 0)
            return pair;
    }
    return NULL;
}

static void add_matrix_row(const cJSON *endpoint, bool several, const char *category, cJSON *rows)
{
    const cJSON *attack;
    cJSON *row = view_item(rows);
    view_name(row, category ? category : "All");
    (void)cJSON_AddBoolToObject(row, "all", !category);
    cJSON *cells = cJSON_AddArrayToObject(row, "cells");
    cJSON_ArrayForEach(attack, json_array(endpoint, "attacks"))
    {
        const char *name = json_string(attack, "key");
        const cJSON *cell = category ? find_pair(json_array(endpoint, "category_attacks"), category, name) : attack;
        add_heat_cell(cells, endpoint, category ? category : "all", cell);
        view_text(last_of(cells), "attack", name);
        view_samples_link(last_of(cells), several ? json_string(endpoint, "name") : NULL, category, name);
    }
}

/* `matrix`: null unless there are two of each, and not more attacks than fit side by side. */
static void add_matrix(const cJSON *endpoint, bool several, cJSON *json)
{
    enum { MAX_COLUMNS = 12 };
    const cJSON *categories = json_array(endpoint, "categories"), *attacks = json_array(endpoint, "attacks"), *cell;
    int columns = cJSON_GetArraySize(attacks);
    if (cJSON_GetArraySize(categories) < 2 || columns < 2 || columns > MAX_COLUMNS || !json_array(endpoint, "category_attacks")->child) {
        (void)cJSON_AddNullToObject(json, "matrix");
        return;
    }
    cJSON *matrix = cJSON_AddObjectToObject(json, "matrix");
    cJSON *heads = cJSON_AddArrayToObject(matrix, "attacks"), *rows = cJSON_AddArrayToObject(matrix, "lines");
    cJSON_ArrayForEach(cell, attacks)
        view_text(view_item(heads), "name", json_string(cell, "key")[0] ? json_string(cell, "key") : "(none)");
    cJSON_ArrayForEach(cell, categories) add_matrix_row(endpoint, several, json_string(cell, "key"), rows);
    add_matrix_row(endpoint, several, NULL, rows);
}

void view_add_ranked(const cJSON *model, cJSON *view)
{
    static const struct {
        const char *table, *heading, *column, *none, *note;
        size_t shown;
    } section[] = {
        { "attacks", "Attacks", "Attack", "The data set names no attacks.",
          "Highest first. Attacks compare only as far as they cover the same intents.", 100 },
        { "subcategories", "Subcategories", "Subcategory", "The data set has no subcategories.",
          "Highest first; exploratory. Those with fewer than 10 intents stand last, in grey.", SUBCATEGORIES_SHOWN },
    };
    cJSON *list = cJSON_AddArrayToObject(view, "ranked");
    for (size_t i = 0; i < ARRAY_LEN(section); i++) {
        const cJSON *endpoint, *first = json_array(cJSON_GetArrayItem(json_array(model, "endpoints"), 0), section[i].table);
        struct svg_axis axis = svg_axis_from_zero(highest_of(model, section[i].table));
        bool named = is_named(first);
        cJSON *json = view_item(list);
        view_text(json, "id", section[i].table);
        view_text(json, "heading", section[i].heading);
        view_text(json, "column", section[i].column);
        view_text(json, "nothing", named ? "Too few have enough intents to rank." : section[i].none);
        view_text(json, "note", named ? section[i].note : NULL);
        add_finding(first, "finding", json);
        cJSON *by_endpoint = cJSON_AddArrayToObject(json, "by_endpoint");
        cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
        {
            if (named)
                add_ranked_endpoint(endpoint, section[i].table, section[i].shown, axis, by_endpoint);
            cJSON *last = cJSON_GetArrayItem(by_endpoint, cJSON_GetArraySize(by_endpoint) - 1);
            if (named && i == 0)
                add_matrix(endpoint, cJSON_GetArraySize(json_array(model, "endpoints")) > 1, last);
            else if (named)
                (void)cJSON_AddNullToObject(last, "matrix");
        }
    }
}

void view_add_tables(const cJSON *model, const cJSON *endpoint, cJSON *view)
{
    struct svg_axis axis = svg_axis_from_zero(highest_of(model, "categories"));
    const cJSON *cell;
    cJSON *json = cJSON_AddObjectToObject(view, "categories");
    cJSON_AddItemToObject(json, "ticks", svg_ticks(axis));
    cJSON *rows = cJSON_AddArrayToObject(json, "rows");
    add_row(rows, endpoint, NULL, endpoint, axis);
    cJSON_ArrayForEach(cell, json_array(endpoint, "categories")) add_row(rows, endpoint, json_string(cell, "key"), cell, axis);
}
