/*
 * suite_gate - reads the `gate:` of a suite, or a policy file that holds the same keys (rules R1 to R6 of the gate).
 *
 *     margin_pp               R2, percentage points, default 1.0
 *     category_drop_pp        R3, percentage points, default 2.0
 *     max_error_rate          R1, missing trials as a fraction, default 0.01, never beyond 0.05
 *     min_coverage            R1, paired trials as a fraction, default 0.99, never below 0.95
 *     asr_upper               R4, ceiling of the attack success rate as a fraction; absent = no rule
 *     over_refusal_margin_pp  R6, percentage points on benign controls; absent = no rule
 *     inconclusive            inconclusive (default), fail or pass
 */
#ifndef CONFIG_SUITE_GATE_H
#define CONFIG_SUITE_GATE_H

#include "base/arena.h"
#include "base/yaml_tree.h"
#include "core/gate_policy.h"

#include <stddef.h>

/* What is not there keeps its value in *ret, so begin with GATE_POLICY_DEFAULT. NULL and null change nothing. */
enum err suite_gate_read(const struct yaml_node *gate, struct gate_policy *ret, struct error *e) MUST_CHECK;
/* A policy file: the keys above, or all of them under one key `gate`. */
enum err suite_gate_load(const char *path, struct arena *a, struct gate_policy *ret, struct error *e) MUST_CHECK;
/* The same of text that is here already, like the suite that a run keeps (JSON is YAML); `name` is for messages. Other keys
   beside `gate` are then left alone. */
enum err suite_gate_of_suite(const char *name, const char *text, size_t len, struct arena *a, struct gate_policy *ret,
                             struct error *e) MUST_CHECK;

#endif
