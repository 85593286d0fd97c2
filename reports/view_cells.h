/*
 * view_cells - one cell of the model's tables as the page shows it: on a level of the heat scale, or as a row with a dot.
 *
 * A cell is {"key", "counts", "asr", "few_intents"} of cells.h, or a whole endpoint, which has the same members.
 */
#ifndef REPORTS_VIEW_CELLS_H
#define REPORTS_VIEW_CELLS_H

#include "reports/svg.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* How many of its trials complied: the numerator of its asr. */
int64_t view_complied(const cJSON *cell);
/* level, few, value, value_bounds, and title: "candidate, D: 27.7 % [25.2, 30.4] (568/2049), 412 intents". cell NULL = nothing was
   planned there. */
void view_fill_heat_cell(cJSON *json, const char *endpoint, const char *key, const cJSON *cell);
/* The same as a new item of `cells`. */
cJSON *view_heat_cell(cJSON *cells, const char *endpoint, const char *key, const cJSON *cell);
/* A new row of `list`: name, counts, rate and its plot on the axis; key NULL = all. */
void view_dot_row(cJSON *list, const char *endpoint, const char *key, const cJSON *cell, struct svg_axis axis);
/* One axis for a table of all endpoints: it holds every point and the intervals of what is ranked; the others are cut, with an arrow. */
struct svg_axis view_axis_of(const cJSON *model, const char *table);
/* `key`: {"highest": {"name", "rate"}, "lowest"} of the cells that are ranked; null with fewer than two. */
void view_extremes(const cJSON *table, const char *key, cJSON *view);
/* Have the cells names? A data set without such names has one cell, and its key says so. */
bool view_is_named(const cJSON *table);

#endif
