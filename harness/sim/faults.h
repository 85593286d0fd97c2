/*
 * faults - turns a choice into a reply: the answer as the model gave it, or dressed up, cut or replaced by a fault.
 *
 * Pure but for the wall clock in Retry-After dates, which the caller gives.
 */
#ifndef SIM_FAULTS_H
#define SIM_FAULTS_H

#include "sim/choice.h"
#include "sim/sim_reply.h"
#include "sim/sim_request.h"

struct fault_context {
    const struct profile *profile;
    const struct sim_request *request;
    const struct choice *choice;
    const struct sha256_hex *body; /* of the request: the reply's id comes from it */
    const char *codeword;          /* of the matched sample, "" = none */
    const char *verdict;           /* what a judge says in place of an answer; NULL = it was not asked to judge */
    uint64_t seed;
    int64_t seen;
    int64_t wall_us;
};

/* Fills `ret_r` (initialised, empty). Returns what the client can find in it: the outcome's name, or NULL when the reply
   carries no answer. */
const char *faults_compose(const struct fault_context *c, struct sim_reply *ret_r);

#endif
