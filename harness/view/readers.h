/*
 * readers - reading connections to the store, handed to one thread at a time.
 *
 * A connection is expensive to open and must not be shared; so many are kept as were ever needed at once.
 * Threads   readers_take and readers_give from any; what was taken belongs to the taker until it is given back.
 */
#ifndef VIEW_READERS_H
#define VIEW_READERS_H

#include "base/arena.h"
#include "base/err.h"
#include "dataset/image_source.h"
#include "store/store.h"

struct reader {
    struct store *store;
    struct arena arena;          /* of the request; emptied when it is given back */
    struct image_source *images; /* of `root`; NULL until asked for */
    char *root;
    struct reader *next; /* private */
};

struct readers;
struct readers *readers_new(const char *store_path);
void readers_free(struct readers *p);

enum err readers_take(struct readers *p, struct reader **ret_r, struct error *e) MUST_CHECK;
void readers_give(struct readers *p, struct reader *r);

/* Images of the data set below `root`. */
enum err reader_images(struct reader *r, const char *root, struct image_source **ret_images, struct error *e) MUST_CHECK;

#endif
