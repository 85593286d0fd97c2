/*
 * writer - the statements that a run writes with, prepared once.
 *
 * The engine's writer thread calls these inside store_begin/store_commit and acknowledges only after the commit:
 * an attempt is journaled before its bytes leave, the raw body is stored before it is parsed, and a trial reaches a
 * final status once (a second attempt to finish it is ERR_INVALID: our bug).
 *
 * Times are int64_t microseconds since the epoch (UTC). Strings may be NULL = SQL NULL.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "core/answer.h"
#include "core/names.h"
#include "core/price.h"
#include "core/score.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct run_row {
    const char *id; /* lower-case base32-like, 12 characters; unique */
    const char *name, *suite_name, *suite_sha256, *suite_path;
    enum run_status status;
    int64_t started_at, finished_at; /* 0 = NULL */
    const char *harness_version, *harness_commit;
    const char *config_json, *suite_json, *options_json; /* options: what the command line added */
    int64_t dataset_id;                                  /* 0 = NULL */
    const char *sample_set_sha256, *comparability_key;
    int64_t excluded; /* rows that --skip-invalid left out */
};

struct endpoint_row {
    int64_t id; /* set by store_endpoint_insert */
    const char *run_id;
    const char *name, *protocol, *base_url, *model, *provider;
    const char *revision_declared, *revision_observed;
    enum evidence evidence;
    const char *params_json;
    int64_t first_trial, last_trial;     /* 0 = not planned yet */
    struct price price;                  /* what the run counts with */
    const char *stop_reason;             /* NULL = it did not stop; set by store_endpoint_stopped */
    const char *provenance_json, *drift; /* what was found out about it, and how it changed; see evidence_row.h. NULL = nothing */
};

struct scorer_row {
    int64_t id;
    const char *run_id, *name, *kind, *identity_sha256, *config_json;
    bool is_primary;
};

enum err store_run_insert(struct store *s, const struct run_row *run, struct error *e) MUST_CHECK;
enum err store_endpoint_insert(struct store *s, struct endpoint_row *endpoint, struct error *e) MUST_CHECK;
/* The price the run counts with from now on; one that is not known becomes NULL. */
enum err store_endpoint_price(struct store *s, int64_t endpoint_id, const struct price *price, struct error *e) MUST_CHECK;
/* Why nothing more was sent there in this session; NULL = it did not stop. */
enum err store_endpoint_stopped(struct store *s, int64_t endpoint_id, const char *reason, struct error *e) MUST_CHECK;
enum err store_scorer_insert(struct store *s, struct scorer_row *scorer, struct error *e) MUST_CHECK;
/* status, finished_at, sample_set_sha256 and comparability_key (NULL leaves the last two as they are). */
enum err store_run_finish(struct store *s, const char *run_id, enum run_status status, int64_t finished_at, const char *sample_set_sha256,
                          const char *comparability_key, struct error *e) MUST_CHECK;
/* Makes the scorer the one whose verdicts are the headline. */
enum err store_scorer_primary(struct store *s, const char *run_id, int64_t scorer_id, struct error *e) MUST_CHECK;
/* Replaces run.options_json. */
enum err store_run_options(struct store *s, const char *run_id, const char *options_json, struct error *e) MUST_CHECK;
/* Back to `started` (finished_at NULL) for a resume; open attempts without done_at become error_class 'lost'. *ret_lost counts them. */
enum err store_run_reopen(struct store *s, const char *run_id, int64_t *ret_lost, struct error *e) MUST_CHECK;
/* Failed trials become pending again (`resume --retry-failed`), and so do skipped ones: whether they can be sent now is seen when they
   are loaded. Attempts are kept, and no longer count towards the limit. */
enum err store_requeue_failed(struct store *s, const char *run_id, int64_t *ret_count, struct error *e) MUST_CHECK;

struct attempt_start {
    int64_t trial_id; /* 0 = a case of a judge's canary */
    int number;       /* 1, 2, … over the trial's whole life */
    const char *trace_id;
    const char *request_sha256; /* of the body with images elided (http_request_elided) */
    int64_t sent_at;
    double cost_upper_usd; /* the most it can cost; < 0 = NULL */
    const char *judge;     /* NULL = an attempt of the trial itself; else the endpoint that is asked about its answer, */
    int64_t scorer_id;     /* by this scorer, */
    int step;              /* in its nth question */
};
enum err store_attempt_start(struct store *s, const struct attempt_start *a, int64_t *ret_attempt_id, struct error *e) MUST_CHECK;
/* An attempt that was journaled but never sent (clean stop): forgotten. */
enum err store_attempt_unsent(struct store *s, int64_t attempt_id, bool of_judge, struct error *e) MUST_CHECK;

struct attempt_done {
    int64_t attempt_id;
    bool of_judge;
    int64_t sent_at; /* when its bytes really left; replaces the journaled time */
    int64_t done_at;
    int http_status;     /* 0 = NULL */
    const char *headers; /* "name: value\n" lines; stored as a JSON array of pairs in headers_json */
    size_t headers_len;
    const void *body;
    size_t body_len;
    int64_t first_byte_us; /* after sent_at; -1 = NULL */
    const char *transport; /* http_fault_name when the transfer failed, else NULL */
    bool resent;
};
enum err store_attempt_done(struct store *s, const struct attempt_done *a, struct error *e) MUST_CHECK;

/* What parsing the stored reply found; written with the trial's next step. */
struct attempt_read { /* an attempt that is done and not read can be read again: see pending_trial */
    int64_t attempt_id;
    bool of_judge;
    const char *error_class; /* NULL for a good answer */
    const char *message;
    int64_t retry_after_us;                               /* -1 = NULL */
    int64_t prompt_tokens, completion_tokens;             /* -1 = NULL */
    double cost_usd;                                      /* < 0 = NULL */
    double cost_upper_usd;                                /* in place of what was reserved; < 0 = NULL */
    const char *model_echo, *fingerprint, *provider_echo; /* of a judge: who answered; "" or NULL = not said. Of a trial: see response */
};
enum err store_attempt_read(struct store *s, const struct attempt_read *a, struct error *e) MUST_CHECK;

struct response_row {
    int64_t trial_id, attempt_id;
    const struct answer *answer;
    const char *provider_echo;
    int64_t latency_us, first_byte_us; /* -1 = NULL */
    int64_t wait_us;                   /* from when the trial was ready to go to the start of this attempt: queueing */
};
enum err store_response_insert(struct store *s, const struct response_row *r, struct error *e) MUST_CHECK;

enum err store_score_insert(struct store *s, int64_t trial_id, int64_t scorer_id, const struct score *score, struct error *e) MUST_CHECK;
/* Puts another verdict in the place of one that is there, which is kept in score_replaced. */
enum err store_score_replace(struct store *s, int64_t trial_id, int64_t scorer_id, const struct score *score, int64_t at,
                             struct error *e) MUST_CHECK;

/* The trial's final status, or a reason for staying pending. ERR_INVALID when it already has a final one. */
enum err store_trial_finish(struct store *s, int64_t trial_id, enum trial_status status, const char *reason, struct error *e) MUST_CHECK;

struct image_seen {
    int64_t sample_id;
    int position;
    const char *mime;             /* NULL = not an image */
    int64_t bytes, width, height; /* 0 = NULL for width and height */
    const char *sha256;
};
/* Fills in what reading the file found. The first time wins: a file that changed since is noticed by the loader, which
   compares with pending_trial.image_sha256. */
enum err store_image_seen(struct store *s, const struct image_seen *i, struct error *e) MUST_CHECK;

enum err store_event(struct store *s, const char *run_id, int64_t at, const char *level, const char *kind, const char *message,
                     const char *detail_json, struct error *e) MUST_CHECK;
/* Sets the name `name` on a run; a name that is taken moves. */
enum err store_baseline_set(struct store *s, const char *name, const char *run_id, int64_t at, struct error *e) MUST_CHECK;
/* Forgets the name; ERR_NOT_FOUND when nothing is called so. The run stays. */
enum err store_baseline_remove(struct store *s, const char *name, struct error *e) MUST_CHECK;
/* Deletes a run, its trials, attempts, responses, scores, labels, events and baseline names, and data set rows no run uses
   any more. A transaction of its own: not between store_begin and store_commit. ERR_NOT_FOUND when there is no such run.
   The file keeps its size; the room is used again. */
enum err store_run_delete(struct store *s, const char *run_id, struct error *e) MUST_CHECK;

#endif
