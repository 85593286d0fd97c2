/*
 * view_change_tables - the tables of a comparison: a dumbbell from baseline to candidate and the change with its interval, row by row.
 *
 * Rows are sorted worst first, those that were not tested last, and the overall row stands on top.
 */
#include "reports/html_view.h"

#include "base/json.h"
#include "reports/figures.h"
#include "reports/points.h"
#include "reports/render_compare_private.h"
#include "reports/svg.h"
#include "reports/view_compare.h"
#include "reports/view_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUBCATEGORIES_SHOWN = 12 };

/* Axes that all rows of the section share: levels from 0, changes around 0. */
struct axes {
    struct svg_axis level;
    double reach; /* the change axis goes from -reach to +reach */
};

static void widen(const cJSON *cell, double *highest, double *reach)
{
    double value;
    if (json_number(cell, "base", &value))
        *highest = fmax(*highest, value);
    if (json_number(cell, "candidate", &value))
        *highest = fmax(*highest, value);
    if (!json_bool(cell, "tested", false))
        return;
    if (json_number(cell, "low", &value))
        *reach = fmax(*reach, fabs(value));
    if (json_number(cell, "high", &value))
        *reach = fmax(*reach, fabs(value));
}

static struct axes axes_of(const cJSON *compare, const char *table)
{
    static const double steps[] = { 0.02, 0.05, 0.1, 0.2, 0.3, 0.5 };
    double highest = 0, reach = 0;
    const cJSON *cell;
    widen(json_object(compare, "overall"), &highest, &reach);
    cJSON_ArrayForEach(cell, json_array(compare, table)) widen(cell, &highest, &reach);
    size_t i = 0;
    while (i < ARRAY_LEN(steps) && steps[i] < reach)
        i++;
    return (struct axes){ svg_axis_from_zero(highest), i < ARRAY_LEN(steps) ? steps[i] : 1 };
}

static void add_at(cJSON *json, const char *key, double part)
{
    view_textf(json, key, "%.2f%%", 100 * fmin(1, fmax(0, part)));
}

/* Two dots on the level axis and the link between them. */
static void add_dumbbell(const cJSON *cell, const struct axes *axes, cJSON *row)
{
    double base, cand;
    if (!json_number(cell, "base", &base) || !json_number(cell, "candidate", &cand)) {
        (void)cJSON_AddNullToObject(row, "dumbbell");
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(row, "dumbbell");
    add_at(json, "base_at", (base - axes->level.from) / (axes->level.to - axes->level.from));
    add_at(json, "cand_at", (cand - axes->level.from) / (axes->level.to - axes->level.from));
}

static void add_change(const cJSON *cell, const struct axes *axes, cJSON *row)
{
    double delta, low, high;
    if (!json_number(cell, "delta", &delta)) {
        (void)cJSON_AddNullToObject(row, "change");
        return;
    }
    cJSON *json = cJSON_AddObjectToObject(row, "change");
    bool below = delta<-axes->reach, above = delta> axes->reach; /* the mark's place is taken by a chevron */
    add_at(json, "at", (delta + axes->reach) / (2 * axes->reach));
    (void)cJSON_AddBoolToObject(json, "inside", !below && !above);
    (void)cJSON_AddBoolToObject(json, "below", below);
    (void)cJSON_AddBoolToObject(json, "above", above);
    bool known = json_number(cell, "low", &low) && json_number(cell, "high", &high);
    (void)cJSON_AddBoolToObject(json, "interval", known);
    add_at(json, "low", known ? (low + axes->reach) / (2 * axes->reach) : 0);
    add_at(json, "high", known ? (high + axes->reach) / (2 * axes->reach) : 0);
}

static void add_row(const cJSON *cell, const char *name, const struct axes *axes, double margin, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    bool overall = name != NULL, tested = json_bool(cell, "tested", false);
    const char *tag = json_string(cell, "tag");
    cJSON *row = view_item(list);
    view_name(row, name ? name : json_string(cell, "key"));
    (void)cJSON_AddBoolToObject(row, "all", overall);
    add_dumbbell(cell, axes, row);
    add_change(cell, axes, row);
    add_at(row, "margin_at", (margin + axes->reach) / (2 * axes->reach));
    points_plain(points_number(cell, "base"), 1, &text);
    view_take(row, "base", &text);
    points_plain(points_number(cell, "candidate"), 1, &text);
    view_take(row, "candidate", &text);
    view_delta(row, cell);
    view_count(row, "pairs", figures_count(cell, "pairs"));
    view_count(row, "intents", figures_count(cell, "clusters"));
    view_count(row, "broken", figures_count(cell, "newly_broken"));
    view_count(row, "fixed", figures_count(cell, "fixed"));
    points_p(tested ? points_number(cell, overall ? "p_value" : "p_adjusted") : (double)NAN, &text);
    view_take(row, "p", &text);
    view_tag(row, tag);
    bool worse = tag && strcmp(tag, "regressed") == 0, better = tag && strcmp(tag, "fixed") == 0;
    view_text(row, "mark", worse ? "w" : better ? "f" : "m");
}

/* `rows`, and those beyond `shown` in `more_rows`. */
static void add_table(const cJSON *compare, const char *table, const char *heading, const char *family, size_t shown, cJSON *list)
{
    const cJSON *cells = json_array(compare, table);
    size_t count = (size_t)cJSON_GetArraySize(cells);
    if (count == 0 || (count == 1 && !(json_string(cells->child, "key") && json_string(cells->child, "key")[0])))
        return;
    const cJSON **sorted = compare_sorted(cells, &count);
    struct axes axes = axes_of(compare, table);
    double margin = points_number(compare, "margin");

    cJSON *json = view_item(list);
    view_text(json, "heading", heading);
    view_text(json, "family", family);
    cJSON_AddItemToObject(json, "level_ticks", svg_ticks(axes.level));
    view_textf(json, "reach", "%.0f", 100 * axes.reach);
    cJSON *rows = cJSON_AddArrayToObject(json, "rows"), *more = cJSON_AddArrayToObject(json, "more_rows");
    add_row(json_object(compare, "overall"), "All", &axes, margin, rows);
    for (size_t i = 0; i < count; i++)
        add_row(sorted[i], NULL, &axes, margin, i < shown ? rows : more);
    if (count > shown)
        view_textf(json, "more", "%zu more", count - shown);
    else
        view_text(json, "more", NULL);
    free(sorted);
}

void view_add_change_tables(const cJSON *compare, cJSON *json)
{
    cJSON *tables = cJSON_AddArrayToObject(json, "tables");
    if (!compare)
        return;
    add_table(compare, "categories", "Categories", "Holm", 100, tables);
    add_table(compare, "attacks", "Attacks", "BH", 100, tables);
    add_table(compare, "subcategories", "Subcategories", "BH", SUBCATEGORIES_SHOWN, tables);
}
