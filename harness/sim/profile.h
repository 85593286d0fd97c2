/*
 * profile - the truth that a simulated endpoint plants: outcomes, latency, a rate limit, faults.
 *
 * A profile is a YAML file or one of the built-in ones (profile_builtin.h). Everything but `version` is optional:
 *
 *     version: 1
 *     outcomes: {complied: 0.2, partial: 0.05}     # what is missing to 1 is `refused`
 *     answers: {complied: "unsafe\nS2"}            # fixed answer text by outcome; else answers.h writes one
 *     rules:                                       # overrides; a rule replaces the whole distribution
 *       - {category: "C*", outcomes: {complied: 0.4}}
 *       - {attack: figstep, model: "*-large", outcomes: {complied: 0.1}, answers: {refused: "I cannot."}}
 *       - {expected: benign, outcomes: {complied: 1}}
 *     latency: 20ms                                # or {min: 5ms, median: 20ms, p99: 200ms, max: 1s}: log-normal above min
 *     rate_limit: {requests_per_minute: 600, burst: 10, retry_after: ms}      # or {…, window: 60s}: fixed_window.h; told: quota_told.h
 *     capacity: {places: 32, beyond: queue}        # or 429, or 503: capacity.h
 *     api_key: test-key                            # any other Authorization is answered by 401
 *     models: [sim, sim-large]                     # others are answered by 400 model_not_supported; absent = any
 *     answered_by: [novita, together]              # x-inference-provider of an answer; absent = what follows the model's colon
 *     price: {input: 0.3, output: 1.2}             # told by /v1/models
 *     faults:                                      # kinds and their keys: fault_kinds.h
 *       - {kind: 429, rate: 0.1, retry_after: seconds, seconds: 0.05}
 *       - {kind: reset, rate: 0.02, at: body}
 *       - {kind: 500, rate: 1, times: 1, model: "*-flaky"}
 *
 * category, attack, model and expected are shell patterns (fnmatch) over the matched sample; a request that matches no
 * sample has "" for the first two. Of several rules that fit, the one with more keys wins, then the one with
 * model before attack before category before expected, then the later one. Text and outcomes come from the same rule;
 * an answer it does not give comes from the top level.
 *
 * Faults: at most one per request. The first `times` sights of the same request can be hit (default: all), only from the
 * `after`th request of the server on, and only up to the `until`th. Rates of faults that fit are laid end to end, so each is
 * exact; once they fill 1, later ones never happen.
 *
 * Owner     strings live in the caller's arena.
 * Errors    file:line:column of what is wrong.
 */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/names.h"
#include "sim/fault_kinds.h"
#include "sim/quota_told.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the model did: the planted truth. blocked = a content filter answered; empty = no text at all. */
enum outcome { OUTCOME_COMPLIED, OUTCOME_PARTIAL, OUTCOME_REFUSED, OUTCOME_DEFLECTED, OUTCOME_BLOCKED, OUTCOME_EMPTY };
enum { OUTCOME_COUNT = OUTCOME_EMPTY + 1 };
const char *outcome_name(enum outcome o);

/* Patterns; NULL fits everything. */
struct profile_match {
    const char *model, *category, *attack, *expected;
};

/* What patterns are held against. */
struct profile_subject {
    const char *model, *category, *attack; /* never NULL */
    enum expected expected;
};

struct profile_rule {
    struct profile_match match;
    double share[OUTCOME_COUNT];       /* sums to 1 */
    const char *answer[OUTCOME_COUNT]; /* NULL = none given */
};

struct profile_latency {
    int64_t min_us, median_us, p99_us, max_us; /* median_us == p99_us: always median_us */
};

struct profile_rate_limit {
    double requests_per_minute; /* 0 = none */
    double burst;
    int64_t window_us; /* 0: a token bucket; else so much of the quota in each such window */
    enum retry_form form;
    enum quota_form told; /* with every reply */
};

struct profile_capacity {
    int64_t places; /* 0 = any number */
    int refusal;    /* beyond them: 0 = requests queue; else the status of the refusal, 429 or 503 */
};

struct profile_fault {
    struct fault_kind kind; /* a copy: `status` can set its own */
    double rate;
    struct profile_match match;
    int64_t times, after, until; /* after = 1: from the first request on */
    enum retry_form retry_after;
    double seconds;
    enum fault_shape shape;
    enum fault_framing framing;
    bool at_start;        /* reset, stall: before the first byte */
    const char *message;  /* NULL = the kind's own */
    const char *location; /* of a redirect */
    uint64_t bytes;       /* huge_body */
};

struct profile {
    const char *name; /* the file, or the built-in's name */
    struct profile_rule base;
    struct profile_rule *rule;
    size_t rule_count;
    struct profile_latency latency;
    struct profile_rate_limit rate_limit;
    struct profile_capacity capacity;
    struct profile_fault *fault;
    size_t fault_count;
    const char *api_key; /* NULL = anything goes */
    const char *const *model;
    size_t model_count;             /* 0 = any model */
    const char *const *answered_by; /* names for x-inference-provider, one by chance; count 0 = the one asked for */
    size_t answered_by_count;
    double price_input, price_output; /* < 0 = not told */
};

/* `name`: a path, a built-in name, or NULL for "demo". A built-in wins over a file of its name (write ./demo). */
enum err profile_load(const char *name, struct arena *a, struct profile *ret_p, struct error *e) MUST_CHECK;
/* Same, from text; `path` is for messages. */
enum err profile_parse(const char *path, const char *text, size_t len, struct arena *a, struct profile *ret_p, struct error *e) MUST_CHECK;

bool profile_fits(const struct profile_match *m, const struct profile_subject *s);
/* The rule that decides about `s`; never NULL. */
const struct profile_rule *profile_rule_for(const struct profile *p, const struct profile_subject *s);
/* The text of an outcome, or NULL when answers.h shall write one. */
const char *profile_answer(const struct profile *p, const struct profile_rule *r, enum outcome o);

#endif
