#include "reports/sample_ids.h"

#include "base/arena.h"
#include "base/rng.h"
#include "base/vec.h"

#include <stdlib.h>

/* The slot that holds the id, or the free one where it belongs. */
static uint32_t *slot_of(const struct sample_ids *ids, int64_t id)
{
    size_t at = rng_hash(0, &id, sizeof(id)) & (ids->slot_count - 1);
    while (ids->slot[at] && ids->id[ids->slot[at] - 1] != id)
        at = (at + 1) & (ids->slot_count - 1);
    return &ids->slot[at];
}

static void rehash(struct sample_ids *ids)
{
    ids->slot_count = ids->slot_count ? ids->slot_count * 2 : 1024;
    free(ids->slot);
    ids->slot = xcalloc(ids->slot_count, sizeof(*ids->slot));
    for (size_t i = 0; i < ids->count; i++)
        *slot_of(ids, ids->id[i]) = (uint32_t)i + 1;
}

uint32_t sample_ids_add(struct sample_ids *ids, int64_t id)
{
    if (2 * (ids->count + 1) > ids->slot_count)
        rehash(ids);
    uint32_t *slot = slot_of(ids, id);
    if (*slot == 0) {
        ids->id = vec_grow(ids->id, ids->count, &ids->cap, sizeof(*ids->id));
        ids->id[ids->count++] = id;
        *slot = (uint32_t)ids->count;
    }
    return *slot - 1;
}

size_t sample_ids_find(const struct sample_ids *ids, int64_t id)
{
    uint32_t at = ids->slot_count ? *slot_of(ids, id) : 0;
    return at ? at - 1 : SIZE_MAX;
}

void sample_ids_free(struct sample_ids *ids)
{
    if (!ids)
        return;
    free(ids->id);
    free(ids->number);
    free(ids->slot);
    free(ids);
}
