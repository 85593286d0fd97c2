/*
 * dataset_options - the options that change how a data set is read.
 */
#ifndef CLI_DATASET_OPTIONS_H
#define CLI_DATASET_OPTIONS_H

#include "base/arena.h"
#include "cli/options.h"
#include "dataset/dataset.h"

/* Every --map FIELD=COLUMN; the texts are those of the command line or live in `a`. Whether a field is one is for the data set to say. */
enum err dataset_options_map(const struct options *o, struct arena *a, const struct dataset_map **ret_map, size_t *ret_count,
                             struct error *e) MUST_CHECK;

#endif
