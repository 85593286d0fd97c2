/*
 * view_matrix - categories x attacks as a table of colours with the number in every cell: levels of one endpoint, or changes between two.
 */
#ifndef REPORTS_VIEW_MATRIX_H
#define REPORTS_VIEW_MATRIX_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Fills one cell of the view: level (the class of its colour), few, strong, value, title. `cell` NULL = nothing was planned there;
   category NULL = all categories. */
typedef void view_matrix_cell(cJSON *json, const char *category, const char *attack, const cJSON *cell, const void *context);

struct view_matrix {
    const char *title, *hint;          /* of the caption */
    bool change;                       /* bold type means something: the line of all categories has none */
    const cJSON *categories, *attacks; /* tables sorted by "key" */
    const cJSON *pairs;                /* their cells, sorted by "key" and then "attack" */
    const char *endpoint;              /* whose samples a cell links to; NULL = the only one */
    view_matrix_cell *fill;
    const void *context;
};

/* `matrix`, null unless there are two categories and two attacks, and not more than fit a page; `no_matrix` says so then. */
void view_add_matrix(const struct view_matrix *m, cJSON *view);

#endif
