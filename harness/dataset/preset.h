/*
 * preset - dataset.yaml files for published sets that are part of the program: a user brings the data, the preset the map.
 *
 * They stand in datasets/presets and are compiled in; a copy there can be changed and named by its path like any other.
 * To add one: the file, and its line in harness/embed/assets.list.
 *
 * Owner     names and texts are constant; a loaded manifest lives in the arena of the call.
 */
#ifndef DATASET_PRESET_H
#define DATASET_PRESET_H

#include "dataset/manifest.h"

struct preset {
    const char *name; /* NULL after the last */
    const char *text; /* of its dataset.yaml */
    size_t len;
};

/* The next preset in the order of assets.list; *at begins with 0. The name lives in `a`. */
struct preset preset_next(size_t *at, struct arena *a);
/* What a preset says of its set, also one whose columns are not known yet. ERR_NOT_FOUND for an unknown name. */
enum err preset_describe(const char *name, struct arena *a, struct manifest *ret_m, struct error *e) MUST_CHECK;
/* Parses the preset that `source` names, with its map laid over. ERR_NOT_FOUND for an unknown name, ERR_INVALID when the source
   has no folder for the data. */
enum err preset_load(const struct dataset_source *source, struct arena *a, struct manifest *ret_m, struct error *e) MUST_CHECK;

#endif
