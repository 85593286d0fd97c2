/*
 * parquet_images - the bytes of one image of a Parquet file, in any order.
 *
 * A place is a row, a column and, in lists, the number of the element. As text it is "17/image" or "17/images/2": rows and
 * elements count from 0. The page that was decoded last is kept for each column, so neighbours are cheap.
 *
 * Owner     parquet_images_new/_free; the file must outlive it.
 * Threads   one thread at a time; others take one of their own for the same file.
 * Errors    ERR_NOT_FOUND when there is no such row, column, element, or no bytes there; ERR_LIMIT when `out` cannot hold
 *           them; else what parquet_cursor says.
 */
#ifndef DATASET_PARQUET_IMAGES_H
#define DATASET_PARQUET_IMAGES_H

#include "base/strbuf.h"
#include "dataset/parquet_file.h"

struct parquet_place {
    int64_t row;
    const struct parquet_column *column;
    int64_t item; /* -1 = the column is no list */
};

struct parquet_images;

/* Whether `text` has the form of a place: digits, a slash, a name. */
bool parquet_is_place(const char *text);
/* ERR_NOT_FOUND when the file has no such row or column. */
enum err parquet_place_parse(const struct parquet_file *f, const char *text, struct parquet_place *ret, struct error *e) MUST_CHECK;
void parquet_place_write(const struct parquet_place *p, struct strbuf *out);

struct parquet_images *parquet_images_new(const struct parquet_file *f);
/* Appends the bytes as they are stored. */
enum err parquet_images_read(struct parquet_images *p, const struct parquet_place *place, struct strbuf *out, struct error *e) MUST_CHECK;
void parquet_images_free(struct parquet_images *p);

#endif
