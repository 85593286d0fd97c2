/*
 * recent_members - the bytes of the members that were read last, for archives that can only be read front to back.
 *
 * A sample's images often lie close together but in another order, and several endpoints ask for the same image shortly
 * after each other: those need not start over. Bounded in bytes and in number; the one not used for longest goes first.
 *
 * Owner     the caller; bytes are kept here and copied out. One thread.
 */
#ifndef DATASET_RECENT_MEMBERS_H
#define DATASET_RECENT_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECENT_BYTES ((size_t)32 << 20)
enum { RECENT_COUNT = 512 };

struct recent_member {
    const void *archive; /* NULL = free */
    uint64_t number;
    void *bytes;
    size_t len;
    uint64_t used;
};

struct recent_members {
    struct recent_member member[RECENT_COUNT];
    size_t bytes;
    uint64_t clock;
};

/* Takes the bytes over (malloc), also when it does not keep them. */
void recent_members_add(struct recent_members *r, const void *archive, uint64_t number, void *bytes, size_t len);
/* False when it is not there; the bytes are borrowed until the next call. */
bool recent_members_find(struct recent_members *r, const void *archive, uint64_t number, const void **ret_bytes, size_t *ret_len);
/* Forgets those of one archive; NULL = all. */
void recent_members_drop(struct recent_members *r, const void *archive);

#endif
