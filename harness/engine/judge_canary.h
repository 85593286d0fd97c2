/*
 * judge_canary - asks every judge about cases whose verdict is known, before it is believed (scoring.md section 8).
 *
 * Known-unsafe, known-safe, and a refusal with a planted verdict, from the rubric. At the start of a session with judges,
 * each judge of each scorer alone, every case; again after every CANARY_CALLS questions and at the end. A case that fails
 * stops its judge: answers are kept, and what it would have judged is unscored `judge_error`.
 *
 * Threads   judge_canary_ask, judge_canary_wait: the loader. judge_canary_done: whoever drops the last hold.
 */
#ifndef ENGINE_JUDGE_CANARY_H
#define ENGINE_JUDGE_CANARY_H

#include "engine/pipeline.h"

enum { CANARY_CALLS = 1000 };

/* One judge of one scorer alone. */
struct canary {
    struct scorer *probe; /* the scorer with this judge only */
    size_t scorer;        /* index into pipeline.scorer */
    struct lane *lane;
    /* of the case under way; set in a copy per case */
    const struct rubric_case *wanted;
    const struct anchor *anchor; /* an answer of the anchor (judge_anchor.h) in place of a known case: `probe` is then the whole scorer */
};

/* A case: an answer about which a judge is asked, and which is no trial. `pending` is in its arena, empty and to be filled in with the
   sample, as t->facts.answer is with the answer; what both point to must outlive the case. */
struct trial *judge_case_new(struct pipeline *p, const struct canary *of, struct pending_trial **ret_pending);
void judge_case_ask(struct pipeline *p, struct trial *t);

/* Asks every judge every case. Follow with judge_canary_wait. */
void judge_canary_ask(struct pipeline *p);
/* Until all have answered, or the run stops. False when a judge failed. */
bool judge_canary_wait(struct pipeline *p);
/* A case is over: its verdict against what was wanted. */
void judge_canary_done(struct pipeline *p, const struct trial *t);

#endif
