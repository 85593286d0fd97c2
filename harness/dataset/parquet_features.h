/*
 * parquet_features - which columns are images, as the `huggingface` key of the file says.
 *
 * An image and a sound have the same shape, struct<bytes, path>; only the features tell them apart. Without the key, or for
 * a column that it does not mention, the shape decides.
 */
#ifndef DATASET_PARQUET_FEATURES_H
#define DATASET_PARQUET_FEATURES_H

#include "dataset/parquet_schema.h"

/* Columns of the shape that the features call something else become PARQUET_BLOB. */
void parquet_features_apply(const struct parquet_meta *m, struct parquet_schema *s);

#endif
