/*
 * taxonomy - the categories and subcategories that a data set says it has.
 *
 * A YAML or JSON file: a list of {category, subcategories: [name, …]}; other keys of an entry are passed over, because
 * published taxonomies carry descriptions. A subcategory may also be a map with `id` or `name`.
 *
 * Owner     the arena of the call.
 * Errors    as of yaml_tree.h; a file that is no such list is ERR_INVALID.
 */
#ifndef DATASET_TAXONOMY_H
#define DATASET_TAXONOMY_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct taxonomy {
    const char **category, **subcategory;
    size_t category_count, subcategory_count;
};

/* `path` below `root`, which is canonical. */
enum err taxonomy_load(const char *root, const char *path, struct arena *a, struct taxonomy *ret, struct error *e) MUST_CHECK;
bool taxonomy_has(const char *const *name, size_t count, const char *value);

#endif
