/*
 * dataset_list - `ls datasets`: the folders of ./datasets, and the presets that wait for somebody's copy of the data.
 */
#ifndef CLI_DATASET_LIST_H
#define CLI_DATASET_LIST_H

#include "base/arena.h"

#include <stdbool.h>

void dataset_list(struct arena *a, bool json);

#endif
