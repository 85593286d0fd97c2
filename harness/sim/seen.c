#include "sim/seen.h"

#include "base/arena.h"
#include "base/rng.h"

#include <pthread.h>

struct seen_slot {
    uint64_t hash; /* 0 = free */
    int64_t count;
};

struct seen {
    pthread_mutex_t lock;
    struct seen_slot *slot; /* open addressing, a power of two, at most half full */
    size_t slot_count, used;
};

struct seen *seen_new(void)
{
    struct seen *s = xcalloc(1, sizeof(*s));
    (void)pthread_mutex_init(&s->lock, NULL);
    s->slot_count = 1024;
    s->slot = xcalloc(s->slot_count, sizeof(*s->slot));
    return s;
}

void seen_free(struct seen *s)
{
    if (!s)
        return;
    (void)pthread_mutex_destroy(&s->lock);
    free(s->slot);
    free(s);
}

static struct seen_slot *slot_of(const struct seen *s, uint64_t hash)
{
    size_t mask = s->slot_count - 1, at = (size_t)hash & mask;
    while (s->slot[at].hash && s->slot[at].hash != hash)
        at = (at + 1) & mask;
    return &s->slot[at];
}

static void double_slots(struct seen *s)
{
    struct seen_slot *old = s->slot;
    size_t old_count = s->slot_count;
    s->slot_count *= 2;
    s->slot = xcalloc(s->slot_count, sizeof(*s->slot));
    for (size_t i = 0; i < old_count; i++)
        if (old[i].hash)
            *slot_of(s, old[i].hash) = old[i];
    free(old);
}

int64_t seen_count(struct seen *s, const struct sha256_hex *body)
{
    uint64_t hash = rng_hash(0, body->text, SHA256_HEX) | 1; /* never 0 */
    (void)pthread_mutex_lock(&s->lock);
    struct seen_slot *slot = slot_of(s, hash);
    if (!slot->hash) {
        if ((s->used + 1) * 2 > s->slot_count) {
            double_slots(s);
            slot = slot_of(s, hash);
        }
        slot->hash = hash;
        s->used++;
    }
    int64_t count = ++slot->count;
    (void)pthread_mutex_unlock(&s->lock);
    return count;
}
