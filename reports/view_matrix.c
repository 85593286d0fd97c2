/* view_matrix - categories x attacks of one endpoint: which attack opens what. */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/view_cells.h"
#include "reports/view_text.h"

#include <string.h>

/* Columns: beside the table of attacks, with names that stand upright, and more than a page can show. */
enum { COLUMNS_BESIDE = 6, COLUMNS_LYING = 10, MAX_COLUMNS = 40 };

static void add_cell(const cJSON *endpoint, bool several, const char *category, const char *attack, const cJSON *cell, cJSON *cells)
{
    const char *name = json_string(endpoint, "name");
    cJSON *json = view_heat_cell(cells, name, category ? category : "all", cell);
    view_text(json, "attack", attack[0] ? attack : "(none)");
    view_samples_link(json, several ? name : NULL, category, attack);
}

static cJSON *add_line(const char *category, cJSON *lines)
{
    cJSON *line = view_item(lines);
    view_name(line, category ? category : "All");
    (void)cJSON_AddBoolToObject(line, "all", !category);
    return cJSON_AddArrayToObject(line, "cells");
}

/* `*pair` is the next of category_attacks, which are sorted as the lines and the columns are. */
static void add_category(const cJSON *endpoint, bool several, const char *category, const cJSON **pair, cJSON *lines)
{
    const cJSON *attack;
    cJSON *cells = add_line(category, lines);
    cJSON_ArrayForEach(attack, json_array(endpoint, "attacks"))
    {
        const char *name = json_string(attack, "key");
        bool here = *pair && strcmp(json_string(*pair, "key"), category) == 0 && strcmp(json_string(*pair, "attack"), name) == 0;
        add_cell(endpoint, several, category, name, here ? *pair : NULL, cells);
        *pair = here ? (*pair)->next : *pair;
    }
}

static void add_layout(int columns, cJSON *matrix)
{
    (void)cJSON_AddBoolToObject(matrix, "beside", columns <= COLUMNS_BESIDE);
    (void)cJSON_AddBoolToObject(matrix, "upright", columns > COLUMNS_LYING);
}

void view_add_matrix(const cJSON *endpoint, bool several, cJSON *view)
{
    const cJSON *categories = json_array(endpoint, "categories"), *attacks = json_array(endpoint, "attacks"), *cell;
    const cJSON *pair = json_array(endpoint, "category_attacks")->child;
    int columns = cJSON_GetArraySize(attacks);
    bool wanted = cJSON_GetArraySize(categories) > 1 && columns > 1, fits = pair && columns <= MAX_COLUMNS;
    if (wanted && !fits)
        view_textf(view, "no_matrix",
                   "%d attacks are too many for a table of categories and attacks; `gauntlet report --format json` has it.", columns);
    else
        view_text(view, "no_matrix", NULL);
    if (!wanted || !fits) {
        (void)cJSON_AddNullToObject(view, "matrix");
        return;
    }
    cJSON *matrix = cJSON_AddObjectToObject(view, "matrix");
    add_layout(columns, matrix);
    cJSON *heads = cJSON_AddArrayToObject(matrix, "attacks"), *lines = cJSON_AddArrayToObject(matrix, "lines");
    cJSON_ArrayForEach(cell, attacks)
        view_text(view_item(heads), "name", json_string(cell, "key")[0] ? json_string(cell, "key") : "(none)");
    cJSON_ArrayForEach(cell, categories) add_category(endpoint, several, json_string(cell, "key"), &pair, lines);
    cJSON *cells = add_line(NULL, lines);
    cJSON_ArrayForEach(cell, attacks) add_cell(endpoint, several, NULL, json_string(cell, "key"), cell, cells);
}
