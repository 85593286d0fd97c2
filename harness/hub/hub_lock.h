/*
 * hub_lock - dataset.lock: what a folder holds, exactly. Written last, when every file is there and verified.
 *
 * JSON, one file a line, so that two of them can be compared with diff. A folder with this file is complete; a folder
 * without it is not, whatever else is in it.
 *
 * Owner     strings live in the caller's arena; hub_lock_release frees the list.
 */
#ifndef HUB_LOCK_H
#define HUB_LOCK_H

#include "base/arena.h"
#include "hub/hub_file.h"
#include "hub/hub_url.h"

#include <stdbool.h>

struct hub_lock {
    const char *repo, *endpoint; /* a data set of the Hub; NULL for a plain file */
    const char *revision;        /* as asked for */
    const char *commit;
    const char *url;     /* a plain file, without its query */
    const char *licence; /* NULL = the card has none */
    const char *gated;   /* "no", "auto", "manual"; NULL = not known */
    bool is_private;
    bool from_cache;            /* the list is a snapshot's in the cache: perhaps only part of the repository */
    int64_t pulled_us;          /* wall clock */
    struct hub_listing listing; /* sealed */
};

/* ERR_NOT_FOUND when the folder has none. */
enum err hub_lock_read(const char *dir, struct arena *a, struct hub_lock *ret, struct error *e) MUST_CHECK;
enum err hub_lock_write(const char *dir, const struct hub_lock *lock, struct error *e) MUST_CHECK;
/* Before anything in the folder is changed: it is no longer complete. */
enum err hub_lock_remove(const char *dir, struct error *e) MUST_CHECK;
void hub_lock_release(struct hub_lock *lock);

#endif
