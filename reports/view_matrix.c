#include "reports/view_matrix.h"

#include "base/json.h"
#include "reports/view_text.h"

#include <string.h>

/* Columns: beside the table of attacks, with names that stand upright, and more than a page can show. */
enum { COLUMNS_BESIDE = 6, COLUMNS_LYING = 10, MAX_COLUMNS = 40 };

static void add_cell(const struct view_matrix *m, const char *category, const char *attack, const cJSON *cell, cJSON *cells)
{
    cJSON *json = view_item(cells);
    m->fill(json, category, attack[0] ? attack : "(none)", cell, m->context);
    view_samples_link(json, m->endpoint, category, attack);
}

static cJSON *add_line(const char *category, cJSON *lines)
{
    cJSON *line = view_item(lines);
    view_name(line, category ? category : "All");
    (void)cJSON_AddBoolToObject(line, "all", !category);
    return cJSON_AddArrayToObject(line, "cells");
}

/* `*pair` is the next of the pairs, which are sorted as the lines and the columns are. */
static void add_category(const struct view_matrix *m, const char *category, const cJSON **pair, cJSON *lines)
{
    const cJSON *attack;
    cJSON *cells = add_line(category, lines);
    cJSON_ArrayForEach(attack, m->attacks)
    {
        const char *name = json_string(attack, "key");
        bool here = *pair && strcmp(json_string(*pair, "key"), category) == 0 && strcmp(json_string(*pair, "attack"), name) == 0;
        add_cell(m, category, name, here ? *pair : NULL, cells);
        *pair = here ? (*pair)->next : *pair;
    }
}

static void add_head(const struct view_matrix *m, int columns, cJSON *matrix)
{
    const cJSON *attack;
    view_text(matrix, "title", m->title);
    view_text(matrix, "hint", m->hint);
    (void)cJSON_AddBoolToObject(matrix, "change", m->change);
    (void)cJSON_AddBoolToObject(matrix, "beside", columns <= COLUMNS_BESIDE);
    (void)cJSON_AddBoolToObject(matrix, "upright", columns > COLUMNS_LYING);
    cJSON *heads = cJSON_AddArrayToObject(matrix, "attacks");
    cJSON_ArrayForEach(attack, m->attacks)
        view_text(view_item(heads), "name", json_string(attack, "key")[0] ? json_string(attack, "key") : "(none)");
}

void view_add_matrix(const struct view_matrix *m, cJSON *view)
{
    const cJSON *pair = m->pairs ? m->pairs->child : NULL, *cell;
    int columns = cJSON_GetArraySize(m->attacks);
    bool wanted = cJSON_GetArraySize(m->categories) > 1 && columns > 1, fits = pair && columns <= MAX_COLUMNS;
    if (wanted && !fits)
        view_textf(view, "no_matrix", "%d attacks are too many for a table of categories and attacks; the JSON has it.", columns);
    else
        view_text(view, "no_matrix", NULL);
    if (!wanted || !fits) {
        (void)cJSON_AddNullToObject(view, "matrix");
        return;
    }
    cJSON *matrix = cJSON_AddObjectToObject(view, "matrix");
    add_head(m, columns, matrix);
    cJSON *lines = cJSON_AddArrayToObject(matrix, "lines");
    cJSON_ArrayForEach(cell, m->categories) add_category(m, json_string(cell, "key"), &pair, lines);
    cJSON *cells = add_line(NULL, lines);
    cJSON_ArrayForEach(cell, m->attacks) add_cell(m, NULL, json_string(cell, "key"), cell, cells);
}
