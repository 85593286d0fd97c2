/*
 * hub_busy - one pull at a time into a folder: an flock on a file in it, which names the process.
 *
 * The file goes when the pull ends. After a crash it stays and is in nobody's way: the kernel has let go of the lock.
 */
#ifndef HUB_BUSY_H
#define HUB_BUSY_H

#include "base/err.h"

struct hub_busy {
    int fd; /* -1 = not held */
    char *path;
};

#define HUB_BUSY_INIT                                                                                                                      \
    {                                                                                                                                      \
        .fd = -1                                                                                                                           \
    }

/* ERR_INVALID when another process holds it. */
enum err hub_busy_take(struct hub_busy *b, const char *dir, struct error *e) MUST_CHECK;
void hub_busy_release(struct hub_busy *b);

#endif
