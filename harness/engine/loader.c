/*
 * loader - takes pending trials from the store, lane by lane in turn, and prepares their requests.
 *
 * Before the first of them the judges are asked about cases whose verdict is known, and answers that an earlier session left
 * without a verdict are recalled.
 *
 * It never holds more than lane.window trials of a lane, of which lane.ahead wait to be sent, and never reads more image bytes ahead than AHEAD_BYTES
 * shared by the lanes: memory does not grow with the set or with the images' size.
 */
#include "engine/judge_anchor.h"
#include "engine/judge_canary.h"
#include "engine/pipeline.h"
#include "engine/recall.h"

#include "core/limits.h"
#include "engine/spending.h"

#include <stdlib.h>

enum { PAGE_TRIALS = 64, WAIT_US = 200000 };
#define AHEAD_BYTES ((int64_t)(12 * MIB))

/* What the loader reads from. */
struct source {
    struct store *reader;
    struct image_source *images;
};

/* Where the loader stands in one lane. */
struct feed {
    struct lane *lane;
    struct trial_page *page;
    size_t next; /* in the page */
    int64_t after_trial_id;
    bool dry;             /* the store has no more */
    struct recall recall; /* comes before the pending ones */
};

static bool lane_has_room(const struct pipeline *p, struct lane *lane)
{
    int64_t share = AHEAD_BYTES / (int64_t)p->target_count;
    return atomic_load(&p->judged) < MAX_JUDGED && atomic_load(&lane->alive) < atomic_load(&lane->window) &&
           atomic_load(&lane->prefetched) < atomic_load(&lane->ahead) && atomic_load(&lane->prefetched_bytes) < share;
}

static enum err next_page(struct store *reader, struct feed *feed, struct error *e)
{
    trial_page_release(feed->page);
    feed->page = NULL;

    struct trial_page *page = xcalloc(1, sizeof(*page));
    atomic_store(&page->references, 1); /* the feed's own */
    enum err rc =
        store_pending_page(reader, &feed->lane->row, feed->after_trial_id, PAGE_TRIALS, &page->arena, &page->pending, &page->count, e);
    if (rc != OK || page->count == 0) {
        trial_page_release(page);
        feed->dry = true;
        return rc;
    }
    feed->page = page;
    feed->next = 0;
    feed->after_trial_id = page->pending[page->count - 1].trial_id;
    return OK;
}

/* Takes the reply that an earlier session stored and did not read: it was paid for, and is not asked for again. */
static enum err recover_reply(struct pipeline *p, struct store *reader, struct trial *t, struct error *e)
{
    struct stored_reply stored;
    enum err rc = store_reply_get(reader, t->pending->unread_attempt_id, &t->arena, &stored, e);
    if (rc != OK)
        return rc;
    t->attempt_id = t->pending->unread_attempt_id;
    t->number = stored.number;
    t->sent_wall_us = stored.sent_at;
    t->done_wall_us = stored.done_at;
    t->history.attempts -= t->history.attempts > 0; /* the store counted it already; reading it counts it */
    t->history.first_start_us = clock_mono_us(p->clock);
    t->reply.status = stored.http_status;
    t->reply.fault = stored.transport ? http_fault_parse(stored.transport) : HTTP_FAULT_NONE;
    t->reply.done_us = stored.done_at - stored.sent_at; /* counted from a start at 0 */
    t->reply.first_byte_us = stored.first_byte_us > 0 ? stored.first_byte_us : 0;
    t->reply.resent = stored.resent;
    t->upper_usd = spending_upper_of(stored.cost_upper_usd);
    t->counted_usd = stored.cost_upper_usd > 0 ? stored.cost_upper_usd : 0; /* by count_before of session.c */
    (void)strbuf_add(&t->reply.headers, stored.headers, stored.headers_len);
    (void)strbuf_add(&t->reply.body, stored.body, stored.body_len);
    atomic_fetch_add(&p->backlog, 1);
    trial_advance(t, TRIAL_EV_RECOVERED);
    return OK;
}

/* Where the trial goes next: to the journal as a rule, to scoring when its reply is there already. */
static enum err prepare(struct pipeline *p, struct source *source, struct trial *t, struct error *e)
{
    trial_advance(t, TRIAL_EV_LOAD);
    if (!request_prepare(t, &p->style, source->images)) {
        trial_advance(t, TRIAL_EV_UNUSABLE);
        return OK;
    }
    if (t->pending->unread_attempt_id)
        return recover_reply(p, source->reader, t, e);
    trial_enter_prefetched(t);
    trial_advance(t, TRIAL_EV_LOADED);
    return OK;
}

static enum err load_trial(struct pipeline *p, struct source *source, struct feed *feed, struct error *e)
{
    struct lane *lane = feed->lane;
    struct trial *t = trial_new(lane, feed->page, &feed->page->pending[feed->next++]);
    atomic_fetch_add(&lane->alive, 1);
    atomic_fetch_add(&p->alive, 1);

    enum err rc = prepare(p, source, t, e);
    if (rc != OK) {
        pipeline_release(p, t);
        return rc;
    }
    /* Room for every trial alive; both queues are closed only after the loader ended. */
    (void)queue_push(t->state == TRIAL_RESPONDED ? p->to_scoring : p->to_journal, t);
    return OK;
}

/* An answer without a verdict, if there is one more. */
static enum err feed_recalled(struct pipeline *p, struct source *source, struct feed *feed, bool *ret_progress, struct error *e)
{
    struct trial *t;
    enum err rc = recall_next(p, source->reader, source->images, feed->lane, &feed->recall, &t, e);
    if (rc != OK || !t)
        return rc;
    atomic_fetch_add(&feed->lane->alive, 1);
    atomic_fetch_add(&p->alive, 1);
    *ret_progress = true;
    (void)queue_push(p->to_scoring, t);
    return OK;
}

/* One trial of this lane if it may have one; *ret_progress tells. */
static enum err feed_lane(struct pipeline *p, struct source *source, struct feed *feed, bool *ret_progress, struct error *e)
{
    if (!lane_has_room(p, feed->lane))
        return OK;
    if (!feed->recall.dry)
        return feed_recalled(p, source, feed, ret_progress, e);
    if (p->only_verdicts)
        feed->dry = true;
    if (feed->dry)
        return OK;
    if (atomic_load(&feed->lane->stopped)) {
        feed->dry = true;
        return OK;
    }
    if (!feed->page || feed->next == feed->page->count) {
        enum err rc = next_page(source->reader, feed, e);
        if (rc != OK || feed->dry)
            return rc;
    }
    *ret_progress = true;
    return load_trial(p, source, feed, e);
}

/* Every so many questions, while the run goes on beside it. */
static void canary_when_due(struct pipeline *p, int64_t *at)
{
    if (p->canary_count == 0 || atomic_load(&p->judge_calls) < *at || atomic_load(&p->canaries_open) > 0)
        return;
    *at += CANARY_CALLS;
    judge_canary_ask(p);
}

/* Until no trial is alive; false when the run stops. */
static bool wait_idle(struct pipeline *p)
{
    for (;;) {
        uint64_t seen = gate_seen(&p->gate);
        if (atomic_load(&p->stop) != STOP_NO || atomic_load(&p->failed))
            return false;
        if (atomic_load(&p->alive) == 0)
            return true;
        gate_wait(&p->gate, seen, WAIT_US);
    }
}

/* What judges said is worth something only if they still say of known answers what they said before, and know the known cases. */
static enum err ask_at_the_end(struct pipeline *p, struct source *source, struct error *e)
{
    /* idle first: a short run is loaded before any judge was heard */
    if (p->canary_count == 0 || !wait_idle(p) || atomic_load(&p->judge_calls) == 0)
        return OK;
    enum err rc = judge_anchor_ask(p, source->reader, e);
    if (rc == OK && wait_idle(p))
        judge_canary_ask(p);
    return rc;
}

static enum err load_all(struct pipeline *p, struct source *source, struct feed *feed, struct error *e)
{
    int64_t canary_at = CANARY_CALLS;
    for (;;) {
        uint64_t seen = gate_seen(&p->gate);
        bool progress = false, dry = true;
        for (size_t i = 0; i < p->target_count; i++) {
            if (atomic_load(&p->stop) != STOP_NO || atomic_load(&p->failed))
                return OK;
            enum err rc = feed_lane(p, source, &feed[i], &progress, e);
            if (rc != OK)
                return rc;
            dry = dry && feed[i].dry && feed[i].recall.dry;
        }
        if (dry)
            return OK;
        canary_when_due(p, &canary_at);
        if (!progress)
            gate_wait(&p->gate, seen, WAIT_US);
    }
}

void *loader_main(void *pipeline)
{
    struct pipeline *p = pipeline;
    struct error e;
    struct source source = { .images = image_source_new(p->root) };
    struct feed *feed = xcalloc(p->target_count, sizeof(*feed));
    for (size_t i = 0; i < p->target_count; i++) {
        feed[i].lane = &p->lane[i];
        feed[i].recall.dry = !p->recall;
    }

    enum err rc = store_open(store_path(p->store), STORE_READ, &source.reader, &e);
    judge_canary_ask(p);
    if (judge_canary_wait(p)) {
        if (rc == OK)
            rc = load_all(p, &source, feed, &e);
        if (rc == OK)
            rc = ask_at_the_end(p, &source, &e);
    }
    if (rc != OK)
        pipeline_fail(p, &e);

    for (size_t i = 0; i < p->target_count; i++) {
        trial_page_release(feed[i].page);
        recall_release(&feed[i].recall);
    }
    free(feed);
    store_close(source.reader);
    image_source_free(source.images);
    atomic_store(&p->loaded, true);
    return NULL;
}
