/*
 * hub_cache - what the Hub's own clients have already downloaded on this machine; only read, never written.
 *
 *     CACHE/datasets--ORG--NAME/refs/REVISION            the commit of a branch or tag, when it was last asked for
 *                               snapshots/COMMIT/PATH    links to
 *                               blobs/HASH               SHA-256 of a file in LFS, git's blob id of any other
 *
 * Whatever is taken from here is hashed like a download: a cache can be damaged, too.
 *
 * Owner     hub_cache_open/close; strings live in the caller's arena.
 */
#ifndef HUB_CACHE_H
#define HUB_CACHE_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "hub/hub_file.h"
#include "hub/hub_url.h"

#include <stdbool.h>

struct hub_cache {
    struct strbuf dir; /* the repository's folder; empty = there is none */
};

#define HUB_CACHE_INIT                                                                                                                     \
    {                                                                                                                                      \
        .dir = STRBUF_INIT                                                                                                                 \
    }

/* Finds the repository's folder below `root`; none is no error. */
void hub_cache_open(struct hub_cache *c, const char *root, const char *repo);
void hub_cache_close(struct hub_cache *c);
/* The commit that a revision had when it was last asked for. A commit is its own. */
bool hub_cache_commit(const struct hub_cache *c, const char *revision, char ret_commit[HUB_COMMIT_HEX + 1]);
/* The files of a snapshot, sealed. It may hold only part of the repository. ERR_NOT_FOUND when it is not there; ERR_INVALID
   for entries that are no links, whose content could not be verified. */
enum err hub_cache_list(const struct hub_cache *c, const char *commit, struct arena *a, struct hub_listing *ret,
                        struct error *e) MUST_CHECK;
/* Appends the path of the blob; false when there is no cache or the file's hash is not known. It need not exist. */
bool hub_cache_blob(const struct hub_cache *c, const struct hub_file *file, struct strbuf *out);

#endif
