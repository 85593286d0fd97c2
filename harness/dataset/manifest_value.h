/*
 * manifest_value - one value of `columns`: {literal}, {column}, {template} or {first_of}, with `when`, `map` and `default`.
 *
 * Owner and errors as in manifest.h.
 */
#ifndef DATASET_MANIFEST_VALUE_H
#define DATASET_MANIFEST_VALUE_H

#include "base/yaml_tree.h"
#include "dataset/column_map.h"

enum err manifest_read_value(const struct yaml_node *n, struct arena *a, struct map_value *ret, struct error *e) MUST_CHECK;

#endif
