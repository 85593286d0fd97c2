/*
 * hub_pull - a data set of the Hub, or one file, into a folder; verified, pinned, resumable.
 *
 *     what was asked for → commit → list of files → files → dataset.lock
 *
 * A folder with a lock of the same commit is verified and otherwise left alone; without one, what is there already is
 * kept when its hash is right. A revision that is a full commit is asked for nowhere. With HF_HUB_OFFLINE the list comes
 * from the lock or from the cache of the Hub's own clients.
 *
 * Owner     what *ret points to lives in the arena.
 */
#ifndef HUB_PULL_H
#define HUB_PULL_H

#include "hub/hub_download.h"
#include "hub/hub_lock.h"
#include "hub/hub_watch.h"

struct hub_order {
    struct hub_spec spec;
    const char *dir;    /* made when it is not there */
    const char *sha256; /* of a plain file: 64 hex digits */
    bool force;         /* another commit, or other files, may be overwritten */
    const char *user_agent;
};

struct hub_result {
    struct hub_lock lock; /* as written, or as far as it got; hub_result_release */
    struct hub_tally tally;
    const char *renamed_from; /* NULL = the repository is called as it was asked for */
    bool already_complete;    /* a lock was there and everything was right */
    bool incomplete;          /* it failed after files had begun to come: pull again to go on */
};

enum err hub_pull(const struct hub_order *order, const struct hub_watch *watch, struct arena *a, struct hub_result *ret,
                  struct error *e) MUST_CHECK;
void hub_result_release(struct hub_result *r);

#endif
