/*
 * pipeline - the threads of a run and what they share.
 *
 *     loader ──▶ journal ──▶ dispatcher ──▶ journal ──▶ scoring ──▶ journal ──▶ (done)
 *                   ▲            │  ▲                      │
 *                   └── due ─────┘  └────── back-off ◀─────┘
 *
 * One loader, one dispatcher per I/O thread, one scoring thread, one journal: the only thread that writes the store.
 * A trial is owned by whoever holds it. Queues hold every trial that can be alive, so pushing never blocks and the
 * circle cannot lock up; what is bounded is the number of trials alive (lane.window), and the loader waits for that.
 *
 * Judges    ask about answers in questions, which go the same way in lanes of their own (judging.h).
 *
 * Stopping  `stop` only rises. STOP_DRAIN: nothing new is sent, what is on the wire is waited for and stored.
 *           STOP_ABORT: transfers are cut. A store that cannot be written (`failed`) aborts too.
 */
#ifndef ENGINE_PIPELINE_H
#define ENGINE_PIPELINE_H

#include "base/queue.h"
#include "core/redact.h"
#include "engine/budget.h"
#include "engine/category_tally.h"
#include "engine/engine.h"
#include "engine/lane.h"
#include "engine/request.h"
#include "engine/trial.h"
#include "score/scorer.h"
#include "stats/histogram.h"

#include <pthread.h>
#include <stdatomic.h>

/* A place to wait for something to change: the loader for room, the main thread for the end. Opening it costs one atomic load while nobody waits. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t open;
    _Atomic int waiting;
    _Atomic uint64_t passes;
};

enum { MAX_JUDGED = 1024 }; /* answers that may wait for judges before generation waits, too */

struct canary;
struct dispatcher;

/* Something to tell the person at the terminal and the store's event table. */
struct notice {
    struct notice *next;
    enum log_level level;
    const char *kind;  /* constant */
    int64_t at;        /* when it was first to be told, wall clock */
    int64_t times;     /* how often: the same is told once, and counted */
    char message[512]; /* safe for one terminal line */
};

struct tally {
    pthread_mutex_t lock;
    struct progress_endpoint *endpoint; /* one per lane */
    int64_t session_done, attempts, retries, rate_limited;
    double cost_usd, judge_cost_usd;
    bool cost_known, judge_cost_known;
    struct category_tally category;
    struct histogram *latency;
    struct notice *first_notice, *last_notice;
    char first_failure[256]; /* the words about the first trial that failed; safe for one terminal line */
};

struct pipeline {
    /* fixed while threads run */
    const struct clock *clock;
    struct store *store; /* the journal's */
    const char *run_id;
    int64_t seed;
    struct request_style style;
    const char *root;          /* canonical root of the data set */
    struct redact_list redact; /* categories whose texts are told nobody: a server's words may quote them */
    struct lane *lane;
    size_t lane_count;   /* systems under test, then judges */
    size_t target_count; /* how many of them are under test */
    bool judges_see_images;
    bool retry_judges;     /* answers that are unscored because a judge could not be asked are judged again */
    bool recall;           /* answers without a verdict may be in the store */
    bool only_verdicts;    /* nothing is asked of the systems under test */
    struct canary *canary; /* every judge of every scorer alone */
    size_t canary_count;
    int64_t anchor_answers; /* that each judge scorer judges again; 0 = none */
    struct scorer **scorer;
    int64_t *scorer_id;
    size_t scorer_count;
    int room; /* the most that may ever be in flight: dispatch.max_in_flight of the start */
    int64_t planned;
    double max_error_rate;

    /* between threads */
    struct queue *to_journal, *to_scoring;
    struct dispatcher **dispatcher; /* dispatcher_count of them */
    size_t dispatcher_count;
    struct gate gate; /* room for the loader */
    struct gate done; /* the main thread waits here */
    struct budget budget;
    struct tally tally;
    _Atomic int stop;                            /* enum stop_level */
    _Atomic int max_in_flight;                   /* over all dispatchers */
    _Atomic int in_flight;                       /* likewise */
    _Atomic int64_t alive;                       /* trials in memory */
    _Atomic int64_t backlog;                     /* replies that were not read yet */
    _Atomic int judged;                          /* answers that wait for a judge and have left their lane */
    _Atomic int64_t judge_calls;                 /* questions heard in this session */
    _Atomic int canaries_open;                   /* cases of the judges' canaries that are under way */
    _Atomic int anchors_judged, anchors_flipped; /* answers of the anchor of the scorer under way that have a verdict; another one */
    _Atomic bool canary_failed;                  /* a judge failed one: nothing it says is believed any more */
    _Atomic bool loaded;                         /* the loader has nothing more */
    _Atomic bool over;                           /* no trial is alive and none will come: dispatchers end */
    _Atomic bool failed;                         /* the store cannot be written; `failure` says why */
    struct error failure;                        /* written once, before `failed` */
};

void gate_init(struct gate *g);
void gate_release(struct gate *g);
void gate_open(struct gate *g);
/* Waits until gate_open was called since `seen` was read, at most timeout_us. */
void gate_wait(struct gate *g, uint64_t seen, int64_t timeout_us);
uint64_t gate_seen(struct gate *g);

/* Stops every lane that a reply's effect concerns, and says so once. */
/* What the server said about this trial, for people: NULL when it said nothing, or when the sample's category is withheld. */
const char *pipeline_words(const struct pipeline *p, const struct trial *t);
void pipeline_stop_lanes(struct pipeline *p, struct lane *lane, const char *reason, bool whole_credential, const char *words);
void pipeline_notice(struct pipeline *p, enum log_level level, const char *kind, const char *format, ...) PRINTF_LIKE(4, 5);
/* The store said no: remembers the first failure and makes everything stop. */
void pipeline_fail(struct pipeline *p, const struct error *e);
/* Wakes every dispatcher and the loader, to look at `stop`. */
void pipeline_wake(struct pipeline *p);
/* The trial is over, whatever became of it: frees it and makes room, unless questions about it are open. The journal's. Follow a batch
   with gate_open(&p->gate), so that the loader hears of the room once. */
void pipeline_release(struct pipeline *p, struct trial *t);
/* True when nothing is left to load and no trial is alive. */
bool pipeline_idle(struct pipeline *p);

/* The threads' main functions (pthread_create). */
void *loader_main(void *pipeline);
void *journal_main(void *pipeline);
void *scoring_main(void *pipeline);

#endif
