#include "engine/judge_canary.h"

#include "engine/judge_anchor.h"
#include "engine/judging.h"
#include "score/rubric.h"

#include <string.h>

enum { WAIT_US = 200000 };

struct trial *judge_case_new(struct pipeline *p, const struct canary *of, struct pending_trial **ret_pending)
{
    struct pending_trial none = { .trial_id = 0 };
    struct trial *t = trial_new(of->lane, NULL, &none);
    struct arena *a = &t->arena;
    struct pending_trial *pending = arena_alloc(a, sizeof(*pending));
    *pending = none;
    t->pending = *ret_pending = pending;
    t->decision.status = TRIAL_ANSWERED;

    struct canary *c = arena_alloc(a, sizeof(*c));
    *c = *of;
    struct scorer **alone = arena_alloc(a, sizeof(struct scorer *));
    *alone = of->probe;
    t->judging = arena_alloc(a, sizeof(*t->judging));
    t->judging->scorer = alone;
    t->judging->scorer_count = 1;
    t->judging->canary = c;
    t->judging->left_lane = true; /* it never was in one */
    atomic_init(&t->judging->holders, 1);
    atomic_fetch_add(&p->judged, 1);
    atomic_fetch_add(&p->alive, 1);
    return t;
}

void judge_case_ask(struct pipeline *p, struct trial *t)
{
    atomic_fetch_add(&p->canaries_open, 1);
    t->judging->begun = true; /* it is not written itself */
    judging_begin(p, t);
    judging_release(p, t); /* its question holds it now */
}

static struct trial *case_new(struct pipeline *p, const struct canary *of, const struct rubric_case *wanted)
{
    struct pending_trial *pending;
    struct trial *t = judge_case_new(p, of, &pending);
    pending->sample = (struct sample){ .id = "canary",
                                       .intent_id = "canary",
                                       .intent = wanted->intent,
                                       .prompt = wanted->intent,
                                       .context = wanted->context,
                                       .category = "",
                                       .subcategory = "",
                                       .attack = "",
                                       .extra_json = "{}" };
    t->facts.answer = answer_of_text(wanted->answer); /* of the rubric, which outlives the run */
    t->judging->canary->wanted = wanted;
    return t;
}

void judge_canary_ask(struct pipeline *p)
{
    for (size_t i = 0; i < p->canary_count; i++) {
        const struct canary *c = &p->canary[i];
        for (size_t k = 0; k < c->probe->rubric->canary_count && !atomic_load(&c->lane->stopped); k++)
            judge_case_ask(p, case_new(p, c, &c->probe->rubric->canary[k]));
    }
}

bool judge_canary_wait(struct pipeline *p)
{
    for (;;) {
        uint64_t seen = gate_seen(&p->gate);
        if (atomic_load(&p->canaries_open) == 0)
            return !atomic_load(&p->canary_failed);
        if (atomic_load(&p->stop) != STOP_NO || atomic_load(&p->failed))
            return false;
        gate_wait(&p->gate, seen, WAIT_US);
    }
}

void judge_canary_done(struct pipeline *p, const struct trial *t)
{
    const struct canary *c = t->judging->canary;
    const char *judge = c->lane->config->name;
    bool stopping = atomic_load(&p->stop) != STOP_NO || atomic_load(&p->failed);
    const struct score *score = t->score; /* NULL for an answer of an anchor that was left out */
    if (c->anchor) {
        judge_anchor_done(p, t);
    } else if (!t->scored[0] && stopping) {
        /* interrupted: nothing is known */
    } else if (!t->scored[0] || score->verdict == VERDICT_UNSCORED) {
        atomic_store(&p->canary_failed, true);
        pipeline_notice(p, LOG_WARN, "judge_canary", "judge '%s' of scorer '%s' gave no verdict on a known case: %s (%s)", judge,
                        c->probe->name, t->scored[0] ? score->reason : "not asked", t->scored[0] ? score->explanation : "");
        pipeline_stop_lanes(p, c->lane, "judge_canary", false, "it gave no verdict on a case whose verdict is known");
    } else if (!c->wanted->want[score->verdict]) {
        atomic_store(&p->canary_failed, true);
        pipeline_notice(p, LOG_WARN, "judge_canary", "judge '%s' of scorer '%s' said '%s' to a known case (\"%.60s\")", judge,
                        c->probe->name, verdict_name(score->verdict), c->wanted->answer);
        pipeline_stop_lanes(p, c->lane, "judge_canary", false, "it was wrong about a case whose verdict is known");
    }
    atomic_fetch_sub(&p->canaries_open, 1);
    gate_open(&p->gate);
}
