/*
 * suite_claims - `claims` of a suite: numbers that somebody else published of a model, to be held against what is measured.
 *
 *     claims:
 *       - metric: asr                # asr, asr_partial, intent_any, macro, attack_standardized, over_refusal
 *         comparator: "<="           # <=, >=, or = with a tolerance
 *         value: 0.12                # a fraction of 1, like tolerance (default 0.01, of `=` only)
 *         dataset: org/bench         # what it was measured on
 *         source: https://example.org/card
 *         revision: 0123abc          # of the model
 *         model: org/model           # of endpoints with this model only; absent = of each
 *         category: C. Fraud         # of this category only (metric asr)
 *
 * Checked here; reports read them again from run.suite_json (reports/model_claims.h).
 */
#ifndef CONFIG_SUITE_CLAIMS_H
#define CONFIG_SUITE_CLAIMS_H

#include "base/yaml_tree.h"

/* `claims` may be NULL: none. */
enum err suite_claims_check(const struct yaml_node *claims, struct error *e) MUST_CHECK;

#endif
