#include "embed/assets.h"

#include <string.h>

#define ASSET(name, path) { path, asset_##name, 0 },
static const struct asset known[] = {
#include "embed/assets.list"
};
#undef ASSET

#define ASSET(name, path) asset_##name##_end,
static const char *const end[] = {
#include "embed/assets.list"
};
#undef ASSET

struct asset asset_find(const char *path)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].path, path) == 0)
            return (struct asset){ known[i].path, known[i].bytes, (size_t)(end[i] - known[i].bytes) };
    }
    return (struct asset){ path, NULL, 0 };
}

struct asset asset_next(const char *prefix, size_t *at)
{
    for (; *at < sizeof(known) / sizeof(known[0]); ++*at) {
        size_t i = *at;
        if (strncmp(known[i].path, prefix, strlen(prefix)) != 0)
            continue;
        ++*at;
        return (struct asset){ known[i].path, known[i].bytes, (size_t)(end[i] - known[i].bytes) };
    }
    return (struct asset){ prefix, NULL, 0 };
}
