/*
 * scratch_store - a store that is gone when it is closed: for planning what is not going to be run.
 *
 * Owner     scratch_store_open/scratch_store_close.
 */
#ifndef ENGINE_SCRATCH_STORE_H
#define ENGINE_SCRATCH_STORE_H

#include "store/store.h"

struct scratch_store {
    struct store *store;
    char dir[512]; /* private */
};

/* In a folder of its own below $TMPDIR. */
enum err scratch_store_open(struct scratch_store *s, struct error *e) MUST_CHECK;
/* Nothing happens to one that is not open (all zero). */
void scratch_store_close(struct scratch_store *s);

#endif
