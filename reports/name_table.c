#include "reports/name_table.h"

#include "base/rng.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static void rehash(struct names *n)
{
    n->slot_count = n->slot_count ? n->slot_count * 2 : 64;
    free(n->slot);
    n->slot = xcalloc(n->slot_count, sizeof(*n->slot));
    for (size_t i = 0; i < n->count; i++) {
        size_t at = rng_hash(0, n->name[i], strlen(n->name[i])) & (n->slot_count - 1);
        while (n->slot[at])
            at = (at + 1) & (n->slot_count - 1);
        n->slot[at] = (uint32_t)i + 1;
    }
}

/* Where `text` is, or the free slot where it would be. There is always a free one. */
static size_t slot_of(const struct names *n, const char *text)
{
    size_t at = rng_hash(0, text, strlen(text)) & (n->slot_count - 1);
    while (n->slot[at] && strcmp(n->name[n->slot[at] - 1], text) != 0)
        at = (at + 1) & (n->slot_count - 1);
    return at;
}

uint32_t names_intern(struct names *n, const char *text, struct arena *a)
{
    if (2 * (n->count + 1) > n->slot_count)
        rehash(n);
    size_t at = slot_of(n, text);
    if (n->slot[at])
        return n->slot[at] - 1;
    n->name = vec_grow(n->name, n->count, &n->cap, sizeof(*n->name));
    n->name[n->count] = arena_strdup(a, text);
    n->slot[at] = (uint32_t)++n->count;
    return n->slot[at] - 1;
}

uint32_t names_find(const struct names *n, const char *text)
{
    size_t at = n->count ? slot_of(n, text) : 0;
    return n->count && n->slot[at] ? n->slot[at] - 1 : NAMES_ABSENT;
}

void names_release(struct names *n)
{
    free(n->name);
    free(n->slot);
    memset(n, 0, sizeof(*n));
}
