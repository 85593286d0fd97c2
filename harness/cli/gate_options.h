/*
 * gate_options - what --allow-mismatch, --policy and --inconclusive say, for the verbs that compare or gate.
 */
#ifndef CLI_GATE_OPTIONS_H
#define CLI_GATE_OPTIONS_H

#include "cli/options.h"
#include "core/gate_policy.h"
#include "reports/comparability.h"

/* ERR_INVALID when a field is none. */
enum err gate_options_allowed(const struct options *o, struct allowed_fields *ret_allowed, struct error *e) MUST_CHECK;
/* The policy of the suite that the run keeps, over it that of --policy, and over that --inconclusive. */
enum err gate_options_policy(const struct options *o, const struct run_row *run, struct gate_policy *ret, struct error *e) MUST_CHECK;

#endif
