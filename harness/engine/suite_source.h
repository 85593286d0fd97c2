/*
 * suite_source - the data set that a suite means, preset and all: asked by everything that opens it.
 */
#ifndef ENGINE_SUITE_SOURCE_H
#define ENGINE_SUITE_SOURCE_H

#include "config/suite.h"
#include "dataset/dataset.h"

/* Borrows from the suite and the map (`--map`; NULL = none). */
struct dataset_source suite_source(const struct suite *suite, const struct dataset_map *map, size_t map_count);

#endif
