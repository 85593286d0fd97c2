/*
 * hub_file - the files of a repository as the Hub lists them; and which names are not to be trusted.
 *
 * A server decides what the files are called. A name that would leave the folder, that a terminal or a shell would
 * stumble over, or that this program needs itself is refused before anything is written.
 *
 * Owner     paths live in the arena they were added from; hub_listing_release frees the array.
 */
#ifndef HUB_FILE_H
#define HUB_FILE_H

#include "base/err.h"
#include "base/sha256.h"

#include <stddef.h>
#include <stdint.h>

#define HUB_LOCK_NAME "dataset.lock"   /* what was pulled; written last */
#define HUB_BUSY_NAME ".gauntlet-pull" /* held while a pull goes */
#define HUB_PART_ENDING ".incomplete"

enum { HUB_GIT_HEX = 40 };

struct hub_file {
    const char *path;              /* below the folder, with / */
    int64_t size;                  /* -1 = not known */
    char git_oid[HUB_GIT_HEX + 1]; /* SHA-1 of "blob LEN\0" and the content; "" = not known (a file in LFS) */
    char sha256[SHA256_HEX + 1];   /* "" = not known */
};

struct hub_listing {
    struct hub_file *file;
    size_t count, cap;
    int64_t bytes; /* all of them */
};

void hub_listing_release(struct hub_listing *l);
struct hub_file *hub_listing_add(struct hub_listing *l);
/* Sorts by path and sums up. ERR_INVALID for a path twice, or one that is a file and a folder; ERR_LIMIT for too much. */
enum err hub_listing_seal(struct hub_listing *l, struct error *e) MUST_CHECK;
/* NULL, or why a file may not be called so ("an absolute path", …). */
const char *hub_path_problem(const char *path);
const struct hub_file *hub_listing_find(const struct hub_listing *sealed, const char *path);

#endif
