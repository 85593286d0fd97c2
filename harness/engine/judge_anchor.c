#include "engine/judge_anchor.h"

#include "engine/judge_canary.h"
#include "engine/judging.h"
#include "score/rubric.h"

#include <string.h>

enum { OPEN_AT_ONCE = 64, WAIT_US = 200000 };

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

static void ask(struct pipeline *p, const struct canary *of, const struct anchor_answer *was, const char *run_id)
{
    struct sample sample = { .id = "anchor",
                             .intent_id = "anchor",
                             .intent = was->intent,
                             .prompt = was->intent,
                             .context = was->context,
                             .category = was->category,
                             .subcategory = was->subcategory,
                             .attack = "",
                             .expected = was->expected,
                             .extra_json = "{}" };
    struct answer answer = answer_of_text(was->text);
    answer.content_len = was->text_len;
    struct trial *t = judge_case_new(p, of, &sample, &answer);
    struct anchor *anchor = arena_alloc(&t->arena, sizeof(*anchor));
    *anchor = (struct anchor){ was->trial_id, was->verdict, arena_strdup(&t->arena, run_id) };
    t->judging->canary->anchor = anchor;
    judge_case_ask(p, t);
}

static enum err ask_scorer(struct pipeline *p, struct store *reader, size_t scorer, struct arena *a, struct error *e)
{
    struct scorer *s = p->scorer[scorer];
    struct anchor_answer *was;
    const char *run_id;
    size_t count;
    if (!s->rubric || s->channel != CHANNEL_CONTENT) /* an anchor is made of answers */
        return OK;
    if (s->rubric->wants_images) {
        pipeline_notice(p, LOG_INFO, "judge_anchor", "scorer '%s' shows its judges images: it has no anchor", s->name);
        return OK;
    }
    enum err rc = store_anchor_list(reader, p->run_id, p->scorer_id[scorer], (size_t)p->anchor_answers, a, &run_id, &was, &count, e);
    if (rc != OK)
        return rc;
    atomic_store(&p->anchors_judged, 0);
    atomic_store(&p->anchors_flipped, 0);
    const struct canary of = { .probe = s, .scorer = scorer, .lane = judge_lane(p, s->judge[0]) };
    for (size_t i = 0; i < count && wait_for(p, OPEN_AT_ONCE - 1); i++)
        ask(p, &of, &was[i], run_id);
    bool whole = wait_for(p, 0);
    int64_t judged = atomic_load(&p->anchors_judged), flipped = atomic_load(&p->anchors_flipped);
    if (whole && judged > 0 && (double)flipped > ANCHOR_FLIP_LIMIT * (double)judged)
        pipeline_notice(
            p, LOG_WARN, "judge_flips",
            "scorer '%s' changed its verdict on %lld of %lld answers of run %s that it judged again (limit %.0f %%): its rates do "
            "not compare with earlier ones",
            s->name, (long long)flipped, (long long)judged, run_id, 100 * ANCHOR_FLIP_LIMIT);
    return OK;
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
    return store_anchor_put(p->store, p->scorer_id[t->judging->canary->scorer], anchor->trial_id, anchor->run_id, anchor->before,
                            t->score[0].verdict, e);
}

void judge_anchor_done(struct pipeline *p, const struct trial *t)
{
    const struct anchor *anchor = t->judging->canary->anchor;
    if (!t->scored[0] || t->score[0].verdict == VERDICT_UNSCORED)
        return;
    atomic_fetch_add(&p->anchors_judged, 1);
    atomic_fetch_add(&p->anchors_flipped, t->score[0].verdict != anchor->before);
}
