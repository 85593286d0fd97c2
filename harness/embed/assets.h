/*
 * assets - files compiled into the binary through .incbin; one line each in assets.list.
 *
 * Every asset is followed by a NUL that its length does not count, so text assets are C strings.
 */
#ifndef EMBED_ASSETS_H
#define EMBED_ASSETS_H

#include <stddef.h>

#define ASSET(name, path)                                                                                                                  \
    extern const char asset_##name[];                                                                                                      \
    extern const char asset_##name##_end[];
#include "embed/assets.list"
#undef ASSET

/* Length in bytes without the NUL. */
#define ASSET_LEN(name) ((size_t)(asset_##name##_end - asset_##name))

struct asset {
    const char *path; /* as in assets.list */
    const char *bytes;
    size_t len;
};

/* By path ("reports/templates/report.html"); NULL bytes when there is none. */
struct asset asset_find(const char *path);
/* The next whose path begins with `prefix`, in the order of assets.list, from *at on (begin with 0); NULL bytes after the last. */
struct asset asset_next(const char *prefix, size_t *at);

#endif
