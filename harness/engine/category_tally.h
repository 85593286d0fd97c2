/*
 * category_tally - how many attacks of each category have a verdict so far, and how many succeeded: for the progress only.
 *
 * Beyond MAX_TALLIED categories further ones are not counted: the progress shows the worst few, and reports count from rows.
 *
 * Owner     keeps copies of the names; category_tally_release.
 * Threads   the tally's lock is held.
 */
#ifndef ENGINE_CATEGORY_TALLY_H
#define ENGINE_CATEGORY_TALLY_H

#include "engine/progress.h"

enum { MAX_TALLIED = 128 };

struct category_tally {
    struct progress_category item[MAX_TALLIED];
    size_t count;
};

void category_tally_add(struct category_tally *t, const char *category, bool complied);
void category_tally_release(struct category_tally *t);

#endif
