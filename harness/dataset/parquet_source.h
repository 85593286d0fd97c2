/*
 * parquet_source - the kind of image_source that reads images out of Parquet files: "data/test.parquet#17/image".
 *
 * The few files that were used last stay open, with the pages that were decoded last. Bytes are copied out: they outlive
 * the page.
 */
#ifndef DATASET_PARQUET_SOURCE_H
#define DATASET_PARQUET_SOURCE_H

#include "dataset/image_source.h"

extern const struct image_source_ops parquet_source_ops;

/* Whether a file may be the file of such a name: it ends in .parquet, .parq or .pq. */
bool parquet_source_takes(const char *path, size_t len);

#endif
