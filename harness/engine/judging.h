/*
 * judging - asks judges about answers: a scorer's asks become questions, their replies become scores.
 *
 *     answered trial ──▶ scorer ──ask──▶ question ──▶ journal ──▶ dispatcher ──▶ journal ──▶ scoring ─┐
 *                          ▲                                                                          │
 *                          └───────────────────────────── reply ──────────────────────────────────────┘
 *
 * A question is a struct trial of its own with `question` set: it is journaled, limited, retried and stored like any
 * trial, in the lane of its judge. The answered trial it is about stays in memory until its last question is settled;
 * it has left its lane by then, so that generation goes on, and pipeline.judged bounds how many wait.
 *
 * What an earlier session asked and got a reply to is not asked again: the stored replies are heard in their order, and
 * the first ask without one becomes a question.
 *
 * Threads   judging_begin, judging_hear: the scoring thread. judging_write: the journal. judging_release: any.
 */
#ifndef ENGINE_JUDGING_H
#define ENGINE_JUDGING_H

#include "engine/pipeline.h"
#include "store/reader.h"

/* In the trial that is judged. */
struct judging {
    struct scorer *const *scorer; /* the run's; of a canary its own */
    size_t scorer_count;
    struct score_input in;
    cJSON *extra;               /* in.extra, ours */
    struct judge_state **state; /* one per scorer; NULL for rules */
    _Atomic int holders;        /* the trial itself and its open questions */
    bool left_lane;             /* its lane no longer counts it */
    bool begun;                 /* what follows goes out at once: the trial itself is with the journal */
    struct trial_list outbox;   /* the first questions, until then */

    /* from earlier sessions */
    const bool *done; /* which scorers have a verdict already; NULL = none */
    const bool *redo; /* of those not done, whose verdict is there and is to be replaced; NULL = none */
    const struct judge_question *asked;
    const struct stored_reply *reply; /* one per element of `asked`; only where it was answered */
    size_t asked_count;
    bool apart; /* another provider answered: no scorer is asked (apart.h) */

    struct canary *canary; /* NULL = a real answer */
};

/* In the trial that is a question. */
struct question {
    struct trial *about;
    size_t scorer; /* index into judging.scorer */
    struct judge_ask ask;
    bool heard;   /* its scorer was told what came of it */
    bool settled; /* and now has a verdict */
};

/* Of an endpoint that judges; NULL when none of that name does. */
struct lane *judge_lane(const struct pipeline *p, const char *name);
/* For a trial whose verdicts are partly there already; judging_begin makes one for others. In its arena. */
struct judging *judging_new(struct pipeline *p, struct trial *t);
/* Scores the answer in t->facts by every scorer that has no verdict yet, and makes the questions that its judges want to ask. They
   must come to the journal behind the trial itself, so that it is written before anybody can answer them: take them, push the
   trial, then send them. */
void judging_begin(struct pipeline *p, struct trial *t);
struct trial_list judging_take(struct trial *t);
void judging_send(struct pipeline *p, struct trial_list *asked);
/* Tells a question's scorer what came of it; its next question, if any, is on its way when this returns. */
void judging_hear(struct pipeline *p, struct trial *t);

/* The verdict that a question brought, into the store. */
enum err judging_write(struct pipeline *p, const struct trial *question, int64_t now_wall_us, struct error *e) MUST_CHECK;
/* Ends one hold on a judged trial; the last one frees it. */
void judging_release(struct pipeline *p, struct trial *t);
/* The store's id of a scorer of a judged trial. */
int64_t judging_scorer_id(const struct pipeline *p, const struct trial *t, size_t scorer);
/* What trial_free frees of it. */
void judging_free(struct trial *t);

#endif
