/*
 * hub_workers - a few threads for what takes the disk's time: hashing what is there, syncing what came.
 *
 * An item belongs to whoever holds it: to a worker from give to take, else to the caller. At most `capacity` items may be
 * with the workers, so that giving never blocks. `wake` is called after each piece of work, on the worker's thread.
 */
#ifndef HUB_WORKERS_H
#define HUB_WORKERS_H

#include "base/err.h"

#include <stddef.h>

struct hub_workers;

enum err hub_workers_new(size_t threads, size_t capacity, void (*work)(void *item), void (*wake)(void *context), void *context,
                         struct hub_workers **ret, struct error *e) MUST_CHECK;
void hub_workers_give(struct hub_workers *w, void *item);
/* An item whose work is done, or NULL. */
void *hub_workers_take(struct hub_workers *w);
/* Finishes what was given; it is then still to be taken from the caller's own list. */
void hub_workers_free(struct hub_workers *w);

#endif
