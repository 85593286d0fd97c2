/*
 * choice - what becomes of one request: outcome, fault and latency, as a pure function.
 *
 * The outcome depends on (profile, seed, model, request bytes, sample) alone: the same request always meets the same
 * truth. Fault and latency depend on that and on how often the server has seen the very same request, so that a retry can
 * succeed; faults with `after` or `until` depend on the server's request counter too. No clock, no global.
 */
#ifndef SIM_CHOICE_H
#define SIM_CHOICE_H

#include "base/sha256.h"
#include "sim/profile.h"

#include <stdint.h>

struct choice_input {
    uint64_t seed;
    struct sha256_hex body; /* of the request's bytes, in which the model stands too */
    struct profile_subject subject;
    int64_t seen;   /* 1 = first time */
    int64_t number; /* of the request, over the server's life; 1 = first */
};

struct choice {
    const struct profile_rule *rule;
    enum outcome outcome;
    uint64_t variant;                  /* picks a wording; pure like the outcome */
    const struct profile_fault *fault; /* NULL = none */
    int64_t latency_us;
};

struct choice choice_make(const struct profile *p, const struct choice_input *in);

#endif
