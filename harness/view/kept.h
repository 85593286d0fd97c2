/*
 * kept - what is expensive to read from the store, kept until the store changes.
 *
 * A value is made by a function from a run's id and never changed afterwards; several threads may look at it. When the store has
 * changed it is made again, but not before twenty times as long has passed as making it took: a run that writes without a pause
 * costs the viewer a twentieth of a processor. Whoever asks meanwhile gets the older one, and is told so. A few values are kept,
 * those asked for last.
 *
 * Threads   any. One of them makes a value; the others take the older one, or wait when there is none.
 */
#ifndef VIEW_KEPT_H
#define VIEW_KEPT_H

#include "base/clock.h"
#include "base/err.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct kept_kind {
    enum err (*make)(struct store *s, const char *run_id, const void *context, void **ret_value, struct error *e);
    void (*free)(void *value);
};

struct kept_value {
    const void *value;
    int64_t number; /* counts up with each value made: equal numbers, equal values */
    bool behind;    /* the store has changed since it was made; a later call gives a newer one */
};

struct kept;
/* Opens a connection of its own, to be told of changes. `clock` and `context`, which every make is given, are borrowed. */
enum err kept_open(const char *store_path, const struct clock *clock, const void *context, struct kept **ret_k, struct error *e) MUST_CHECK;
void kept_close(struct kept *k);

/* `s` is the caller's reading connection, in no transaction. Give back what you got. */
enum err kept_get(struct kept *k, const struct kept_kind *kind, struct store *s, const char *run_id, struct kept_value *ret_value,
                  struct error *e) MUST_CHECK;
void kept_give(struct kept *k, const struct kept_value *value);

#endif
