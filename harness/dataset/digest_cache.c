#include "dataset/digest_cache.h"

#include "base/arena.h"

#include <stdlib.h>

enum { SLOTS = 16384 };

struct slot {
    struct fs_stamp stamp;
    struct sha256_hex sha256;
};

struct digest_cache {
    struct slot slot[SLOTS];
};

struct digest_cache *digest_cache_new(void)
{
    return xcalloc(1, sizeof(struct digest_cache));
}

void digest_cache_free(struct digest_cache *c)
{
    free(c);
}

/* Fibonacci hashing (Knuth, TAOCP 3, 6.4): inodes of one folder are often neighbours. */
static size_t slot_of(const struct fs_stamp *s)
{
    return (size_t)(((s->inode ^ (s->device << 32)) * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % SLOTS;
}

static bool same(const struct fs_stamp *a, const struct fs_stamp *b)
{
    return a->inode == b->inode && a->device == b->device && a->size == b->size && a->modified_ns == b->modified_ns &&
           a->changed_ns == b->changed_ns;
}

struct sha256_hex digest_cache_sha256(struct digest_cache *c, const struct fs_stamp *stamp, const void *bytes, size_t len)
{
    if (!stamp->settled)
        return sha256_of(bytes, len);
    struct slot *slot = &c->slot[slot_of(stamp)];
    if (!slot->stamp.settled || !same(&slot->stamp, stamp))
        *slot = (struct slot){ *stamp, sha256_of(bytes, len) };
    return slot->sha256;
}
