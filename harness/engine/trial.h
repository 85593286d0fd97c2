/*
 * trial - one trial in memory, from the store's page to its committed end.
 *
 * Owner     one thread at a time; queues hand it over. trial_free releases everything.
 * Memory    `arena` holds the request, the facts and the scores; images are mapped, never copied.
 */
#ifndef ENGINE_TRIAL_H
#define ENGINE_TRIAL_H

#include "base/arena.h"
#include "base/http_msg.h"
#include "base/sha256.h"
#include "core/score.h"
#include "dataset/image_source.h"
#include "engine/trial_fsm.h"
#include "provider/token_estimate.h"
#include "store/reader.h"

#include <stdatomic.h>
#include <stdbool.h>

struct lane;
struct judging;
struct question;

/* Pending trials are read from the store a page at a time; the last trial of a page frees it. */
struct trial_page {
    struct arena arena;
    struct pending_trial *pending;
    size_t count;
    _Atomic int references;
};

struct trial {
    struct trial *next; /* in a trial_list */
    enum trial_state state;
    struct lane *lane;
    struct trial_page *page; /* NULL = `pending` lives in the arena */
    const struct pending_trial *pending;
    struct arena arena;

    /* the request, the same for every attempt but for its trace id */
    struct image_bytes *image;
    size_t image_count;      /* how many of them hold something */
    struct image_seen *seen; /* what the images turned out to be; stored with the first journal entry */
    size_t seen_count;
    struct http_request request;
    struct sha256_hex request_sha256;
    char trace_id[40];
    int64_t request_bytes;
    struct token_range prompt; /* tokens, before anybody counted them */
    bool prefetched;           /* counted as prepared and not yet on the wire */

    /* attempts */
    struct trial_history history;
    int number;               /* of the attempt under way */
    int64_t attempt_id;       /* 0 = none was journaled */
    int64_t ready_us, due_us; /* monotonic */
    int64_t sent_wall_us, done_wall_us;
    double upper_usd;    /* the most that sending it once costs; < 0 = unknown */
    double reserved_usd; /* in the budgets, while it is on its way */
    double counted_usd;  /* spent by the budgets' books already: a reply of an earlier session */

    /* what came of it */
    struct http_reply reply;
    struct reply_facts facts;
    struct trial_decision decision;
    double cost_usd;           /* < 0 = unknown */
    double settled_usd;        /* what it is taken to have cost at most; < 0 = unknown */
    struct score *score;       /* one per scorer of the run; NULL when there is nothing to score */
    bool *scored;              /* which of them are there: rules at once, judges when they have spoken */
    bool recalled;             /* its answer was in the store before: only verdicts are written */
    struct judging *judging;   /* NULL unless a judge is asked about it */
    struct question *question; /* NULL unless this is a question to a judge */
    const char *explanation;   /* for an event: why it was skipped; NULL = none */
};

struct trial *trial_new(struct lane *lane, struct trial_page *page, const struct pending_trial *pending);
/* Moves to the next state; an impossible event is our own bug: aborts with both names. */
void trial_advance(struct trial *t, enum trial_event event);
/* Unmaps the images: nothing will be sent any more. */
void trial_drop_images(struct trial *t);
/* The lane counts a trial whose request is prepared until it is first sent, or given up. */
void trial_enter_prefetched(struct trial *t);
void trial_leave_prefetched(struct trial *t);
/* Nothing is being sent: mapped images give their memory back, and are read again if there is another attempt. */
void trial_rest_images(const struct trial *t);
void trial_free(struct trial *t);
void trial_page_release(struct trial_page *page);

#endif
