#include "engine/judge_anchor.h"

#include "engine/judge_canary.h"
#include "engine/judging.h"
#include "engine/request.h"
#include "score/rubric.h"

#include <string.h>

enum { OPEN_AT_ONCE = 64, OPEN_WITH_IMAGES = 8, WAIT_US = 200000 };

static bool stopping(const struct pipeline *p)
{
    return atomic_load(&p->stop) != STOP_NO || atomic_load(&p->failed);
}

/* Until at most `most` cases are under way; false when the run stops. */
static bool wait_for(struct pipeline *p, int most)
{
    for (;;) {
        uint64_t seen = gate_seen(&p->gate);
        if (stopping(p))
            return false;
        if (atomic_load(&p->canaries_open) <= most)
            return true;
        gate_wait(&p->gate, seen, WAIT_US);
    }
}

/* One scorer's anchor under way. */
struct asking {
    struct pipeline *p;
    struct store *reader;
    struct canary of;
    struct anchor_run run;
    struct image_source *images; /* NULL = its judges see none */
    int64_t left_out;
    char first_left_out[256]; /* why */
};

/* The answer as it was stored, and the sample it is to. */
static enum err recall_answer(struct asking *k, int64_t trial_id, struct trial *t, struct pending_trial *pending, struct error *e)
{
    const struct endpoint_row alone = { .run_id = k->run.run_id, .first_trial = trial_id, .last_trial = trial_id };
    struct answered_trial *found;
    size_t count;
    if (store_answered_page(k->reader, &alone, 0, 1, &t->arena, &found, &count, e) != OK)
        return e->code;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "the answer of trial %lld is gone", (long long)trial_id);
    pending->sample_id = found->sample_id;
    pending->image_sha256 = found->image_sha256;
    pending->sample = found->sample;
    t->facts.answer = found->answer;
    t->decision.status = found->status;
    return OK;
}

/* False when its judges cannot see what they saw. */
static bool has_images(struct asking *k, struct trial *t)
{
    const struct sample *sample = &t->pending->sample;
    if (!k->images || sample->image_count == 0)
        return true;
    struct chat_image *image = arena_array(&t->arena, sample->image_count, sizeof(*image));
    return request_load_images(t, k->images, image);
}

/* Only its row is written. */
static void leave_out(struct asking *k, struct trial *t)
{
    if (k->left_out++ == 0)
        (void)snprintf(k->first_left_out, sizeof(k->first_left_out), "%s", t->explanation);
    atomic_fetch_add(&k->p->canaries_open, 1);
    t->recalled = true;
    trial_advance(t, TRIAL_EV_RECALL);
    trial_advance(t, TRIAL_EV_FINAL);
    (void)queue_push(k->p->to_journal, t);
}

static enum err ask(struct asking *k, const struct anchor_answer *was, struct error *e)
{
    struct pending_trial *pending;
    struct trial *t = judge_case_new(k->p, &k->of, &pending);
    struct anchor *anchor = arena_alloc(&t->arena, sizeof(*anchor));
    *anchor = (struct anchor){ was->trial_id, was->verdict, arena_strdup(&t->arena, k->run.run_id) };
    t->judging->canary->anchor = anchor;
    enum err rc = recall_answer(k, was->trial_id, t, pending, e);
    if (rc != OK) {
        atomic_fetch_add(&k->p->canaries_open, 1); /* what the end of a case takes back */
        judging_release(k->p, t);
    } else if (has_images(k, t)) {
        judge_case_ask(k->p, t);
    } else {
        leave_out(k, t);
    }
    return rc;
}

static void tell(const struct asking *k, size_t count)
{
    struct pipeline *p = k->p;
    int64_t judged = atomic_load(&p->anchors_judged), flipped = atomic_load(&p->anchors_flipped);
    if (k->left_out > 0)
        pipeline_notice(p, LOG_WARN, "judge_anchor", "scorer '%s' could not judge %lld of %zu answers of its anchor again: %s",
                        k->of.probe->name, (long long)k->left_out, count, k->first_left_out);
    if (judged > 0 && (double)flipped > ANCHOR_FLIP_LIMIT * (double)judged)
        pipeline_notice(
            p, LOG_WARN, "judge_flips",
            "scorer '%s' changed its verdict on %lld of %lld answers of run %s that it judged again (limit %.0f %%): its rates do "
            "not compare with earlier ones",
            k->of.probe->name, (long long)flipped, (long long)judged, k->run.run_id, 100 * ANCHOR_FLIP_LIMIT);
}

static enum err ask_scorer(struct pipeline *p, struct store *reader, size_t scorer, struct arena *a, struct error *e)
{
    struct scorer *s = p->scorer[scorer];
    struct anchor_answer *was;
    size_t count;
    if (!s->rubric)
        return OK;
    struct asking k = { .p = p, .reader = reader, .of = { .probe = s, .scorer = scorer, .lane = judge_lane(p, s->judge[0]) } };
    enum err rc = store_anchor_list(reader, p->run_id, p->scorer_id[scorer], (size_t)p->anchor_answers, a, &k.run, &was, &count, e);
    if (rc != OK || count == 0)
        return rc;
    atomic_store(&p->anchors_judged, 0);
    atomic_store(&p->anchors_flipped, 0);
    k.images = s->rubric->wants_images ? image_source_new(k.run.root ? k.run.root : p->root) : NULL;
    int open = k.images ? OPEN_WITH_IMAGES : OPEN_AT_ONCE;
    for (size_t i = 0; rc == OK && i < count && wait_for(p, open - 1); i++)
        rc = ask(&k, &was[i], e);
    if (wait_for(p, 0) && rc == OK)
        tell(&k, count);
    image_source_free(k.images);
    return rc;
}

enum err judge_anchor_ask(struct pipeline *p, struct store *reader, struct error *e)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    enum err rc = OK;
    for (size_t i = 0; rc == OK && p->anchor_answers > 0 && i < p->scorer_count && !stopping(p); i++)
        rc = ask_scorer(p, reader, i, &a, e);
    return rc;
}

enum err judge_anchor_write(struct pipeline *p, const struct trial *t, struct error *e)
{
    const struct anchor *anchor = t->judging->canary->anchor;
    bool asked = t->score != NULL;
    const struct anchor_verdict v = { .scorer_id = p->scorer_id[t->judging->canary->scorer],
                                      .trial_id = anchor->trial_id,
                                      .anchor_run = anchor->run_id,
                                      .left_out = asked ? NULL : t->decision.reason,
                                      .before = anchor->before,
                                      .now = asked ? t->score[0].verdict : VERDICT_UNSCORED };
    return store_anchor_put(p->store, &v, e);
}

void judge_anchor_done(struct pipeline *p, const struct trial *t)
{
    const struct anchor *anchor = t->judging->canary->anchor;
    if (!t->scored || !t->scored[0] || t->score[0].verdict == VERDICT_UNSCORED)
        return;
    atomic_fetch_add(&p->anchors_judged, 1);
    atomic_fetch_add(&p->anchors_flipped, t->score[0].verdict != anchor->before);
}
