/*
 * parquet_json - the rows of a Parquet file in the form in which this room maps rows: a JSON object and its images.
 *
 * Structs become objects, lists arrays. Whole numbers that a double cannot hold become text. An image becomes an object
 * {"path", "bytes"}, bytes being their number, and stands in row.image with the name under which it can be read. Bytes that
 * are no text (a `binary` column) are an image to whoever maps them as one.
 *
 * Owner     parquet_json_new/_free. A row lives until the next call.
 * Errors    those of parquet_rows. A row with a NUL in a text, or more than MAX_RECORD_BYTES of text, is a row with a problem.
 */
#ifndef DATASET_PARQUET_JSON_H
#define DATASET_PARQUET_JSON_H

#include "dataset/row.h"

struct parquet_json;

/* `name` is the file's path below the root: messages and the names of images begin with it. */
enum err parquet_json_open(const char *path, const char *name, struct parquet_json **ret, struct error *e) MUST_CHECK;
enum err parquet_json_open_memory(const void *bytes, size_t len, const char *name, struct parquet_json **ret, struct error *e) MUST_CHECK;
/* Fills in everything of *ret_row. */
enum err parquet_json_next(struct parquet_json *j, bool *ret_more, struct row *ret_row, struct error *e) MUST_CHECK;
void parquet_json_free(struct parquet_json *j);

#endif
