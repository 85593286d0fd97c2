/*
 * hub_home - what the environment says about the Hub, as the Hub's own clients read it.
 *
 *     HF_ENDPOINT              https://huggingface.co, or a mirror
 *     HF_HOME                  $XDG_CACHE_HOME/huggingface or ~/.cache/huggingface
 *     HF_HUB_CACHE             $HF_HOME/hub (HUGGINGFACE_HUB_CACHE is read, too)
 *     HF_HUB_OFFLINE           1, true, yes, on
 *     HF_HUB_DOWNLOAD_TIMEOUT  seconds without a byte before a transfer is given up
 *
 * Owner     the strings live in the arena.
 */
#ifndef HUB_HOME_H
#define HUB_HOME_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct hub_home {
    const char *endpoint; /* no slash at its end */
    const char *dir;      /* HF_HOME */
    const char *cache;    /* the folder of datasets--… */
    bool offline;
    bool allow_plain; /* the endpoint is http:// on this machine */
    int64_t stall_us;
};

/* ERR_INVALID for an endpoint that must not be used. */
enum err hub_home_read(struct arena *a, struct hub_home *ret, struct error *e) MUST_CHECK;

#endif
