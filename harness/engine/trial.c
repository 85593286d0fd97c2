#include "engine/trial.h"

#include "engine/judging.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

struct trial *trial_new(struct lane *lane, struct trial_page *page, const struct pending_trial *pending)
{
    struct trial *t = xcalloc(1, sizeof(*t));
    t->state = TRIAL_PLANNED;
    t->lane = lane;
    t->page = page;
    t->pending = pending;
    t->history.attempts = pending->attempts;
    t->number = pending->last_number;
    t->cost_usd = t->upper_usd = t->settled_usd = -1;
    t->reply = (struct http_reply)HTTP_REPLY_INIT;
    if (page)
        atomic_fetch_add(&page->references, 1);
    return t;
}

void trial_advance(struct trial *t, enum trial_event event)
{
    enum trial_state next = trial_next(t->state, event);
    if (next == TRIAL_IMPOSSIBLE) {
        (void)fprintf(stderr, "gauntlet: internal error: event %d in state '%s' of trial %lld\n", (int)event, trial_state_name(t->state),
                      (long long)t->pending->trial_id);
        _exit(EX_SOFTWARE); /* 70; nothing is written on the way out: what was committed is what resume goes on from */
    }
    t->state = next;
}

void trial_enter_prefetched(struct trial *t)
{
    t->prefetched = true;
    atomic_fetch_add(&t->lane->prefetched, 1);
    atomic_fetch_add(&t->lane->prefetched_bytes, t->request_bytes);
}

void trial_leave_prefetched(struct trial *t)
{
    if (!t->prefetched)
        return;
    t->prefetched = false;
    atomic_fetch_sub(&t->lane->prefetched, 1);
    atomic_fetch_sub(&t->lane->prefetched_bytes, t->request_bytes);
}

void trial_drop_images(struct trial *t)
{
    for (size_t i = 0; i < t->image_count; i++)
        image_bytes_release(&t->image[i]);
    t->image_count = 0;
}

void trial_rest_images(const struct trial *t)
{
    for (size_t i = 0; i < t->image_count; i++)
        fs_map_rest(&t->image[i].map);
}

void trial_free(struct trial *t)
{
    judging_free(t);
    trial_drop_images(t);
    http_reply_release(&t->reply);
    arena_release(&t->arena);
    trial_page_release(t->page);
    free(t);
}

void trial_page_release(struct trial_page *page)
{
    if (!page || atomic_fetch_sub(&page->references, 1) > 1)
        return;
    arena_release(&page->arena);
    free(page);
}
