/*
 * nights - the history of one suite and endpoint in one store: its runs in order, and every trial of them as a few numbers.
 *
 * A night is one run of the suite that planned trials for the endpoint. Each walk is one statement over all nights, and a
 * night's trials are a range of ids: what is read grows with the trials alone.
 *
 * Owner     rows live in the caller's arena; what a callback gets is borrowed until it returns.
 */
#ifndef STORE_NIGHTS_H
#define STORE_NIGHTS_H

#include "base/arena.h"
#include "core/names.h"
#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct night_row {
    int64_t endpoint_id;
    const char *run_id, *name; /* name NULL = none, and so below */
    enum run_status status;
    int64_t started_at, finished_at; /* 0 = not finished */
    const char *comparability_key, *base_url, *model, *provider, *revision_declared, *revision_observed;
    const char *provenance_json, *params_json, *drift;
    const char *scorer, *scorer_identity; /* the primary one */
    const char *baselines;                /* its names, with ", " between them */
    const char *confirms;                 /* the run that this one asked again (run --confirm) */
    int64_t anchor_answers, anchor_flips; /* stored answers that the primary scorer's judges judged again, and otherwise than before */
};
/* The newest `max` of them, oldest first. */
enum err store_night_list(struct store *s, const char *suite, const char *endpoint, int64_t max, struct arena *a,
                          struct night_row **ret_night, size_t *ret_count, struct error *e) MUST_CHECK;

/* One trial, with what its primary scorer said and what its answer says of who gave it. */
struct night_trial {
    int64_t endpoint_id, sample_id;
    int epoch;
    enum trial_status status;
    bool has_score;
    enum verdict verdict;
    int64_t completion_tokens;                            /* -1 = unknown */
    const char *model_echo, *fingerprint, *provider_echo; /* "" = it did not say */
};
typedef void night_trial_fn(const struct night_trial *t, void *context);
/* Every trial of the same nights, one night after the other, in no promised order of nights. */
enum err store_night_trials(struct store *s, const char *suite, const char *endpoint, int64_t max, night_trial_fn *each, void *context,
                            struct error *e) MUST_CHECK;

struct night_answers_wanted {
    const int64_t *sample_id;
    size_t count;
    int64_t max_chars; /* of each answer, from its beginning */
    int64_t epochs;    /* the first so many */
};
/* The answers that these samples got in the same nights. */
typedef void night_answer_fn(int64_t endpoint_id, int64_t sample_id, int epoch, const char *text, void *context);
enum err store_night_answers(struct store *s, const char *suite, const char *endpoint, int64_t max,
                             const struct night_answers_wanted *wanted, night_answer_fn *each, void *context, struct error *e) MUST_CHECK;

struct night_sample {
    const char *key, *intent_id, *category;
    enum expected expected;
};
/* What a sample is; ERR_NOT_FOUND when there is none with that id. */
enum err store_night_sample(struct store *s, int64_t sample_id, struct arena *a, struct night_sample *ret_sample,
                            struct error *e) MUST_CHECK;

/* Names of the suites that have runs, the newest run's first; of a suite's endpoints, those of its newest run first. */
enum err store_suite_names(struct store *s, struct arena *a, const char *const **ret_name, size_t *ret_count, struct error *e) MUST_CHECK;
/* *ret_newest: how many of the first belong to the newest run. */
enum err store_suite_endpoints(struct store *s, const char *suite, struct arena *a, const char *const **ret_name, size_t *ret_count,
                               size_t *ret_newest, struct error *e) MUST_CHECK;

#endif
