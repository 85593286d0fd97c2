/*
 * trial_fsm - what happens next to one trial: a pure function, tested cell by cell on a fake clock.
 *
 * A question to a judge goes the same way as a trial and is held in the same struct (engine/judging.h).
 *
 * The state below is where a trial is in memory; what the store says of it is enum trial_status. A trial is owned by
 * one thread at a time and changes hands through a queue; the state tells the receiver what to do with it.
 */
#ifndef ENGINE_TRIAL_FSM_H
#define ENGINE_TRIAL_FSM_H

#include "base/rng.h"
#include "core/names.h"
#include "provider/provider.h"

#include <stdbool.h>
#include <stdint.h>

enum trial_state {
    TRIAL_PLANNED,    /* in the store, not in memory.                      → LOADING */
    TRIAL_LOADING,    /* the loader maps images and builds the request.    → JOURNALING | RESPONDED | FINISHING (skipped) | DONE */
    TRIAL_JOURNALING, /* its attempt is being written, before any byte.    → READY */
    TRIAL_READY,      /* waits for the limiter.                            → IN_FLIGHT | WITHDRAWN */
    TRIAL_IN_FLIGHT,  /* one attempt is on the wire.                       → STORING */
    TRIAL_STORING,    /* the raw reply is being written, before parsing.   → RESPONDED */
    TRIAL_RESPONDED,  /* raw body is stored; parse and score it.           → FINISHING | RETRYING | PARKED */
    TRIAL_RETRYING,   /* what the reply said is being written.             → BACKOFF */
    TRIAL_BACKOFF,    /* waits for its time; no socket held.               → JOURNALING | DROPPED */
    TRIAL_FINISHING,  /* answer, scores and status are being written.      → DONE */
    TRIAL_PARKED,     /* breaker open or interrupted: the reason is being written, the trial stays pending. → DONE */
    TRIAL_WITHDRAWN,  /* journaled, never sent: the attempt is being taken back. → DONE */
    TRIAL_DROPPED,    /* waited for a retry when the run stopped; pending. → DONE */
    TRIAL_DONE,       /* committed; the memory is free.                    → UNHEARD (a question only) */
    TRIAL_UNHEARD,    /* a question whose judge will not answer: its scorer is told. → FINISHING */
    TRIAL_RECALLED,   /* the answer is read from the store, to be scored.  → FINISHING */
    TRIAL_IMPOSSIBLE  /* no state: the event cannot happen there */
};
enum { TRIAL_STATE_COUNT = TRIAL_IMPOSSIBLE };

enum trial_event {
    TRIAL_EV_LOAD,      /* the loader took it from the store */
    TRIAL_EV_LOADED,    /* request built */
    TRIAL_EV_RECOVERED, /* an earlier session stored its reply and did not come to reading it */
    TRIAL_EV_UNUSABLE,  /* cannot be sent: missing image, too large */
    TRIAL_EV_COMMITTED, /* what was handed to the journal is durable */
    TRIAL_EV_START,     /* the limiter let it go */
    TRIAL_EV_REPLY,     /* the transfer ended, well or badly */
    TRIAL_EV_FINAL,     /* the reply decides the trial */
    TRIAL_EV_RETRY,     /* the reply asks for another attempt */
    TRIAL_EV_PARK,      /* the reply stops the endpoint, or we were interrupted */
    TRIAL_EV_DUE,       /* the back-off is over */
    TRIAL_EV_STOP,      /* the run or the endpoint stops; nothing new may be sent */
    TRIAL_EV_UNHEARD,   /* the question was given up, the run goes on */
    TRIAL_EV_RECALL     /* the loader took an answer that lacks a verdict */
};
enum { TRIAL_EVENT_COUNT = TRIAL_EV_RECALL + 1 };

/* The next state, or TRIAL_IMPOSSIBLE when the event cannot happen there: our own bug. */
enum trial_state trial_next(enum trial_state state, enum trial_event event);
const char *trial_state_name(enum trial_state state);

struct trial_policy {
    int attempts;             /* most attempts that count */
    int64_t trial_timeout_us; /* from the first attempt's start to the last one's planned start */
};

/* What earlier attempts of the trial came to. Starts zeroed; on resume `attempts` is what the store counted. */
struct trial_history {
    int attempts;           /* counted attempts so far, the one just read included */
    int limited_retries;    /* retries granted to replies whose class has a limit of its own */
    int64_t first_start_us; /* monotonic */
};

struct trial_decision {
    enum trial_event event;   /* TRIAL_EV_FINAL, _RETRY or _PARK */
    enum trial_status status; /* FINAL */
    const char *reason;       /* FINAL and PARK: stored with the trial; "" for answered */
    int64_t wait_us;          /* RETRY: from now */
};

/* Updates `history` and says what to do with a reply that was read at now_us. */
struct trial_decision trial_decide(struct trial_history *history, const struct reply_facts *facts, const struct trial_policy *policy,
                                   int64_t now_us, struct rng *rng);

#endif
