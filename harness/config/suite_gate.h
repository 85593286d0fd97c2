/*
 * suite_gate - checks the `gate:` of a suite, and reads a policy file that says the same (core/gate_policy.h has the rules).
 *
 * A policy file is YAML: the rules themselves, or under one key `gate:`.
 */
#ifndef CONFIG_SUITE_GATE_H
#define CONFIG_SUITE_GATE_H

#include "base/yaml_tree.h"
#include "core/gate_policy.h"

/* OK for NULL and null. */
enum err suite_gate_check(const struct yaml_node *gate, struct error *e) MUST_CHECK;
/* Takes over what the file says; errors name file, line and column, and the nearest known rule. */
enum err suite_gate_load(const char *path, struct gate_policy *p, struct error *e) MUST_CHECK;
/* Same for text that is already here; `path` is for messages. */
enum err suite_gate_parse(const char *path, const char *text, size_t len, struct gate_policy *p, struct error *e) MUST_CHECK;

#endif
