/*
 * dataset_show - `show dataset:NAME`: what is in a data set, by category, subcategory, attack and image, and where it is from.
 */
#ifndef CLI_DATASET_SHOW_H
#define CLI_DATASET_SHOW_H

#include "base/arena.h"
#include "cli/options.h"

/* Whether an argument of `show` means a data set: dataset:NAME, or a path to one that is there. */
bool dataset_show_means(const char *argument);
/* `data`: the folder of a preset's data; NULL = none, and then a preset only tells what it is made for. */
enum err dataset_show(const struct options *o, const char *argument, const char *data, struct arena *a, struct error *e) MUST_CHECK;

#endif
