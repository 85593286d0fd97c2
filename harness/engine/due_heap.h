/*
 * due_heap - trials that wait for their time, soonest first: a binary heap.
 */
#ifndef ENGINE_DUE_HEAP_H
#define ENGINE_DUE_HEAP_H

#include "engine/trial.h"

struct due_heap {
    struct trial **trial; /* by due_us */
    size_t count, cap;
};

void due_heap_push(struct due_heap *h, struct trial *t);
/* The soonest, or NULL. */
struct trial *due_heap_first(const struct due_heap *h);
struct trial *due_heap_pop(struct due_heap *h);
void due_heap_release(struct due_heap *h);

#endif
