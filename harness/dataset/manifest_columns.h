/*
 * manifest_columns - the part of dataset.yaml that maps columns to fields: `columns`, `variants` and `--map`.
 *
 * Owner and errors as in manifest.h.
 */
#ifndef DATASET_MANIFEST_COLUMNS_H
#define DATASET_MANIFEST_COLUMNS_H

#include "dataset/manifest.h"

/* Fills m->variant from `columns` and `variants` under `root`, then from the overrides. m->format is set already. */
enum err manifest_read_columns(const struct yaml_node *root, const struct dataset_map *override, size_t override_count, struct arena *a,
                               struct manifest *m, struct error *e) MUST_CHECK;
/* The field of that name, or -1. */
int manifest_field_of(const char *name);

#endif
