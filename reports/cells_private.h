/*
 * cells_private - what the files of cells share: one cell while it is counted.
 */
#ifndef REPORTS_CELLS_PRIVATE_H
#define REPORTS_CELLS_PRIVATE_H

#include "reports/cells.h"

/* The scored attack rows of a cell as the arrays that stats works on. */
struct cell {
    struct counts counts;
    double *y;
    uint32_t *cluster, *category, *attack;
    size_t n;
};

/* Scored, and the attack succeeded. */
bool row_is_complied(const struct row *r);
struct cell cell_new(size_t max);
void cell_add(struct cell *c, const struct row *r);
void cell_release(struct cell *c);

#endif
