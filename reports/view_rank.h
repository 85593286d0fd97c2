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
/* The same by another number, highest first; NaN = not ranked. Of equal ones the name decides. */
typedef double ranking_key_fn(const cJSON *cell, const void *context);
struct ranking ranking_by(const cJSON *table, ranking_key_fn *key, const void *context);
/* Keys: the rate, and the upper end of its interval. */
ranking_key_fn ranking_rate, ranking_upper;
void ranking_release(struct ranking *r);

#endif
