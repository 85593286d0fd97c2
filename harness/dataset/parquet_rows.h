/*
 * parquet_rows - the rows of a Parquet file, one after the other, as values.
 *
 * Memory: of each leaf one decoded page and its dictionary. A row's texts point into them; only what stands in lists is
 * copied. Of images a row has the path and the number of bytes; the bytes themselves come from parquet_images, but for those
 * that are too small to be an image, which are at hand to tell what they are instead.
 *
 * Owner     parquet_rows_new/_free; the file must outlive it. A row lives until the next call.
 * Errors    name file, row group and column. A row whose lists hold more than MAX_PARQUET_LIST elements or MAX_RECORD_BYTES of
 *           text is ERR_LIMIT.
 */
#ifndef DATASET_PARQUET_ROWS_H
#define DATASET_PARQUET_ROWS_H

#include "dataset/parquet_file.h"

enum { PARQUET_SMALL_BYTES = 512 };

enum parquet_cell_kind {
    PARQUET_CELL_NULL,
    PARQUET_CELL_BOOL,  /* i */
    PARQUET_CELL_INT,   /* i */
    PARQUET_CELL_UINT,  /* i, as uint64_t */
    PARQUET_CELL_FLOAT, /* f */
    PARQUET_CELL_TEXT,  /* text, len; annotated as text, or UTF-8 without NULs. Annotated text may be neither */
    PARQUET_CELL_BYTES, /* byte_count, small */
    PARQUET_CELL_IMAGE, /* of images and blobs: text, len = path; byte_count, small */
    PARQUET_CELL_LIST   /* item, item_count */
};

struct parquet_cell {
    enum parquet_cell_kind kind;
    int64_t i;
    double f;
    const char *text; /* NULL = null (the path of an image) */
    size_t len;
    int64_t byte_count;         /* -1 = null: an image may have only a path */
    const unsigned char *small; /* the bytes, when there are fewer than PARQUET_SMALL_BYTES; else NULL */
    const struct parquet_cell *item;
    size_t item_count;
};

struct parquet_row {
    int64_t number;                  /* in the file, from 0 */
    const struct parquet_cell *cell; /* one for each column of the schema */
};

struct parquet_rows;

struct parquet_rows *parquet_rows_new(const struct parquet_file *f);
enum err parquet_rows_next(struct parquet_rows *r, bool *ret_more, struct parquet_row *ret, struct error *e) MUST_CHECK;
void parquet_rows_free(struct parquet_rows *r);

#endif
