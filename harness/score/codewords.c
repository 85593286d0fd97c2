#include "score/codewords.h"

#include <string.h>

struct codeword {
    const uint32_t *point; /* NULL = free slot */
    size_t count;
};

static uint64_t hash_of(const uint32_t *point, size_t count)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a over code points, then mixed for the upper bits */
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ point[i]) * 1099511628211u;
    return hash ^ (hash >> 29);
}

static bool fits(size_t count)
{
    return count >= CODEWORD_MIN && count <= CODEWORD_MAX;
}

/* The slot that holds the codeword, or the free one where it belongs. Linear probing; the table is never more than half full. */
static struct codeword *find_slot(struct codeword *slot, size_t slot_count, const uint32_t *point, size_t count)
{
    size_t i = (size_t)hash_of(point, count) & (slot_count - 1);
    while (slot[i].point && !(slot[i].count == count && memcmp(slot[i].point, point, count * sizeof(*point)) == 0))
        i = (i + 1) & (slot_count - 1);
    return &slot[i];
}

static void grow(struct codewords *c, struct arena *a)
{
    size_t slot_count = c->slot_count ? c->slot_count * 2 : 64;
    struct codeword *slot = arena_array(a, slot_count, sizeof(*slot));
    for (size_t i = 0; i < c->slot_count; i++) {
        if (c->slot[i].point)
            *find_slot(slot, slot_count, c->slot[i].point, c->slot[i].count) = c->slot[i];
    }
    c->slot = slot;
    c->slot_count = slot_count;
}

static size_t begin_bit(const uint32_t *point, size_t count)
{
    return (size_t)(hash_of(point, count) & 0xFFFF);
}

static void mark_beginning(struct codewords *c, const uint32_t *point, size_t count)
{
    size_t bit = begin_bit(point, count);
    c->begins[bit / 64] |= (uint64_t)1 << bit % 64;
}

void codewords_add(struct codewords *c, const uint32_t *point, size_t count, struct arena *a)
{
    if (!fits(count))
        return;
    if (2 * (c->count + 1) > c->slot_count)
        grow(c, a);
    struct codeword *slot = find_slot(c->slot, c->slot_count, point, count);
    if (slot->point)
        return;
    uint32_t *copy = arena_array(a, count, sizeof(*copy));
    memcpy(copy, point, count * sizeof(*copy));
    *slot = (struct codeword){ copy, count };

    c->count++;
    c->shortest = c->shortest == 0 || count < c->shortest ? count : c->shortest;
    c->longest = count > c->longest ? count : c->longest;
    mark_beginning(c, point, 2);
    mark_beginning(c, point, CODEWORD_MIN);
}

bool codewords_has(const struct codewords *c, const uint32_t *point, size_t count)
{
    return c->count > 0 && fits(count) && find_slot(c->slot, c->slot_count, point, count)->point;
}

bool codewords_may_begin(const struct codewords *c, const uint32_t *point, size_t count)
{
    size_t bit = begin_bit(point, count);
    return c->begins[bit / 64] >> bit % 64 & 1;
}
