#include "dataset/id_table.h"

#include "base/arena.h"
#include "base/sha256.h"

#include <string.h>

enum { FIRST_CAP = 1024 };

static uint64_t digits(const char *hex)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 16; i++)
        value = value << 4 | (uint64_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);
    return value;
}

static bool is_free(const struct id_slot *s)
{
    return s->digest[0] == 0 && s->digest[1] == 0;
}

/* The slot that holds the digest, or the free one where it belongs. */
static struct id_slot *probe(const struct id_table *t, const uint64_t digest[2])
{
    size_t at = (size_t)digest[0] & (t->cap - 1);
    while (!is_free(&t->slot[at]) && (t->slot[at].digest[0] != digest[0] || t->slot[at].digest[1] != digest[1]))
        at = (at + 1) & (t->cap - 1);
    return &t->slot[at];
}

static void grow(struct id_table *t)
{
    struct id_table larger = { .cap = t->cap ? t->cap * 2 : FIRST_CAP, .count = t->count };
    larger.slot = xcalloc(larger.cap, sizeof(*larger.slot));
    for (size_t i = 0; i < t->cap; i++)
        if (!is_free(&t->slot[i]))
            *probe(&larger, t->slot[i].digest) = t->slot[i];
    free(t->slot);
    *t = larger;
}

static void digest_of(const char *id, size_t len, uint64_t ret[2])
{
    struct sha256_hex hex = sha256_of(id, len);
    ret[0] = digits(hex.text);
    ret[1] = digits(hex.text + 16);
}

struct id_place *id_table_find(const struct id_table *t, const char *id, size_t len)
{
    uint64_t digest[2];
    if (t->count == 0)
        return NULL;
    digest_of(id, len, digest);
    struct id_slot *slot = probe(t, digest);
    return is_free(slot) ? NULL : &slot->place;
}

struct id_place *id_table_add(struct id_table *t, const char *id, size_t len, struct id_place place)
{
    uint64_t digest[2];
    digest_of(id, len, digest);

    if (2 * t->count >= t->cap)
        grow(t);
    struct id_slot *slot = probe(t, digest);
    if (!is_free(slot))
        return &slot->place;
    *slot = (struct id_slot){ .digest = { digest[0], digest[1] }, .place = place };
    t->count++;
    return NULL;
}

void id_table_release(struct id_table *t)
{
    free(t->slot);
    *t = (struct id_table)ID_TABLE_INIT;
}
