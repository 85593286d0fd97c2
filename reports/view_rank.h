/*
 * view_rank - the cells of a table in the order people want them: highest attack success first.
 *
 * Cells with fewer than 10 intents are not ranked: they come last, by name (statistics.md section 3).
 */
#ifndef REPORTS_VIEW_RANK_H
#define REPORTS_VIEW_RANK_H

#include <cjson/cJSON.h>
#include <stddef.h>

struct ranking {
    const cJSON **cell; /* borrowed from the table */
    size_t count;
    size_t ranked; /* the first so many have a value and enough intents */
};

struct ranking ranking_of(const cJSON *table);
void ranking_release(struct ranking *r);

#endif
