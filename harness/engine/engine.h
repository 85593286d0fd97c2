/*
 * engine - a suite becomes rows: plans a run, sends its trials, scores and stores them. The only room that sees them all.
 *
 * Data's way: engine_plan streams the data set into the store and makes pending trials. engine_run works on the store
 * alone: the loader takes pending trials, maps their images and builds requests; the journal (the one thread that
 * writes) makes each attempt durable before its bytes leave; a dispatcher (one per I/O thread) sends it; the journal
 * stores the raw reply; the scoring thread reads it and scores; the journal writes the verdict. Resuming is running
 * again: only pending trials are taken.
 *
 * Errors    what stops the harness is a struct error; what happens to a trial is a row.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "config/settings.h"
#include "config/suite.h"
#include "core/names.h"
#include "dataset/dataset.h"
#include "engine/progress.h"
#include "store/intake.h"
#include "store/store.h"
#include "store/writer.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- Planning ---- */

struct plan_options {
    const char *const *endpoint; /* names; count 0 = all of the configuration */
    size_t endpoint_count;
    const char *name;                  /* NULL = none */
    const char *confirms;              /* the id of the run that this one asks again; NULL = none */
    const struct suite_select *narrow; /* --select and --limit, on top of the suite's own; NULL = none */
    int epochs;                        /* 0 = the suite's */
    bool has_seed;
    uint64_t seed;
    int shard_index, shard_count;  /* 0, 1 = everything */
    const struct dataset_map *map; /* --map: columns for fields of the data set; NULL = none */
    size_t map_count;
    bool skip_invalid;       /* leave out rows that cannot be sent, instead of refusing to start */
    double budget_usd;       /* --budget: for the whole run; < 0 = none */
    const char *sim_profile; /* NULL = real endpoints; else recorded, and base_url is stored as "sim:PROFILE" */
};

struct plan_result {
    char run_id[16];
    struct intake_counts counts;
    struct finding *finding; /* the first MAX_FINDINGS_SHOWN, in the arena */
    size_t finding_count;
    int64_t warned, rejected;
};

/* Reads the data set, checks endpoints, scorers and keys, and writes run, endpoints, scorers, samples and trials in
   one transaction. ERR_INVALID when rows were rejected and !skip_invalid: `ret_result` then holds the findings and the
   store is as before. ERR_NO_MATCH when the selection matches no sample. */
enum err engine_plan(struct store *s, const struct settings *settings, const struct suite *suite, const struct plan_options *options,
                     const struct clock *clock, struct arena *a, struct plan_result *ret_result, struct error *e) MUST_CHECK;

/* ---- Running ---- */

enum stop_level { STOP_NO, STOP_DRAIN, STOP_ABORT };

struct run_options {
    const struct settings *settings;
    const struct clock *clock;
    double budget_usd;                                         /* in place of the run's own; < 0 = as it was planned */
    bool ask_evidence;                                         /* ask Hub, router and servers what is served, at start and end */
    const char *base_url;                                      /* NULL, or the simulated endpoint's URL in place of every endpoint's */
    bool only_verdicts;                                        /* ask judges only: nothing is asked of the systems under test */
    bool retry_judges;                                         /* judge again what is unscored because a judge could not be asked */
    enum stop_level (*stop)(void *context);                    /* asked about ten times a second; NULL = never */
    void (*progress)(const struct progress *p, void *context); /* likewise; NULL = none */
    /* Likewise: a configuration that was read again since the last call, whose limits shall hold from now on (tuning.h), or
       NULL. It stays valid until engine_run returns. NULL = never. */
    const struct settings *(*reread)(void *context);
    /* Something a person should know now (an endpoint stopped, a rate limit, …). On the thread of engine_run; the text
       is already safe for a terminal line. NULL = none. */
    void (*notice)(enum log_level level, const char *kind, const char *message, void *context);
    void *context;
};

struct run_result {
    enum run_status status;  /* complete, incomplete, cancelled or error */
    bool unreachable;        /* nothing was evaluated: authentication, or no endpoint answered (exit 3) */
    char why[512];           /* a sentence when the run is not complete; "" otherwise */
    int64_t pending, failed; /* trials */
    int64_t unjudged;        /* answers without a verdict, because their judges were not asked any more */
};

/* Sends what is pending in the run and stores everything. `s` is used by other threads until this returns; the caller
   holds its lock (store_lock_run). An endpoint whose address, model or parameters differ from what the run was planned
   with is ERR_INVALID. A store that cannot be written ends the run with status error and `why`; what was committed
   stays. */
enum err engine_run(struct store *s, const char *run_id, const struct run_options *options, struct run_result *ret_result,
                    struct error *e) MUST_CHECK;

/* One request as it would be sent, image bytes elided (request_sha256 is taken of this text). */
struct preview {
    const char *endpoint, *sample, *url, *body, *problem; /* problem: NULL, or why it would be skipped */
    bool withheld;                                        /* it would be sent; its category is one of redact_categories: no body here */
};
enum err engine_preview(struct store *s, const char *run_id, const struct settings *settings, size_t max,
                        void (*each)(const struct preview *p, void *context), void *context, struct error *e) MUST_CHECK;

#endif
