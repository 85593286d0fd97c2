#include "engine/suite_source.h"

struct dataset_source suite_source(const struct suite *suite, const struct dataset_map *map, size_t map_count)
{
    return (struct dataset_source){
        .path = suite->dataset_path,
        .root = suite->dataset_root,
        .preset = suite->dataset_preset,
        .map = map,
        .map_count = map_count,
    };
}
