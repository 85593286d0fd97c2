#include "dataset/recent_members.h"

#include <stdlib.h>

/* A larger one would push all others out. */
#define LARGEST (RECENT_BYTES / 4)

static void forget(struct recent_members *r, struct recent_member *m)
{
    free(m->bytes);
    r->bytes -= m->len;
    *m = (struct recent_member){ 0 };
}

/* A free place, or the one not used for longest. */
static struct recent_member *oldest(struct recent_members *r, bool want_free)
{
    struct recent_member *found = NULL;
    for (size_t i = 0; i < RECENT_COUNT; i++) {
        struct recent_member *m = &r->member[i];
        if (!m->archive && want_free)
            return m;
        if (m->archive && (!found || m->used < found->used))
            found = m;
    }
    return found;
}

static struct recent_member *look_up(struct recent_members *r, const void *archive, uint64_t number)
{
    for (size_t i = 0; i < RECENT_COUNT; i++)
        if (r->member[i].archive == archive && r->member[i].number == number)
            return &r->member[i];
    return NULL;
}

void recent_members_add(struct recent_members *r, const void *archive, uint64_t number, void *bytes, size_t len)
{
    if (len > LARGEST || look_up(r, archive, number)) {
        free(bytes);
        return;
    }
    while (r->bytes + len > RECENT_BYTES)
        forget(r, oldest(r, false));
    struct recent_member *m = oldest(r, true);
    if (m->archive)
        forget(r, m);
    *m = (struct recent_member){ .archive = archive, .number = number, .bytes = bytes, .len = len, .used = ++r->clock };
    r->bytes += len;
}

bool recent_members_find(struct recent_members *r, const void *archive, uint64_t number, const void **ret_bytes, size_t *ret_len)
{
    struct recent_member *m = look_up(r, archive, number);
    if (!m)
        return false;
    m->used = ++r->clock;
    *ret_bytes = m->bytes;
    *ret_len = m->len;
    return true;
}

void recent_members_drop(struct recent_members *r, const void *archive)
{
    for (size_t i = 0; i < RECENT_COUNT; i++)
        if (r->member[i].archive && (!archive || r->member[i].archive == archive))
            forget(r, &r->member[i]);
}
