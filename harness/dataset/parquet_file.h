/*
 * parquet_file - an open Parquet file: mapped, its footer read and checked, nothing of its data decoded yet.
 *
 * This is a reader for image sets as the Hugging Face Hub writes them: flat columns, structs, one level of lists, and
 * images as struct<bytes, path>. Rows are walked with parquet_rows, single images fetched with parquet_images; each of them
 * has its own place in the file, so several may read one open file.
 *
 * Owner     parquet_open/parquet_close. The memory form borrows the bytes.
 * Threads   constant once open: any number may read it, each with rows and images of its own.
 * Errors    ERR_IO, ERR_INVALID (no Parquet file, cut off), ERR_SYNTAX (contradicts itself), ERR_LIMIT, ERR_UNSUPPORTED
 *           (encryption, codecs). Messages begin with the name.
 */
#ifndef DATASET_PARQUET_FILE_H
#define DATASET_PARQUET_FILE_H

#include "dataset/parquet_schema.h"

struct parquet_file;

/* `name` is how messages call the file; it is copied. */
enum err parquet_open(const char *path, const char *name, struct parquet_file **ret, struct error *e) MUST_CHECK;
enum err parquet_open_memory(const void *bytes, size_t len, const char *name, struct parquet_file **ret, struct error *e) MUST_CHECK;
void parquet_close(struct parquet_file *f);
void parquet_closep(struct parquet_file **f);

const char *parquet_name(const struct parquet_file *f);
const struct parquet_schema *parquet_schema(const struct parquet_file *f);
int64_t parquet_row_count(const struct parquet_file *f);

/* ---- For the readers of this room ---- */

size_t parquet_group_count(const struct parquet_file *f);
/* Row group `group`; *ret_first is its first row. */
const struct parquet_group *parquet_group(const struct parquet_file *f, size_t group, int64_t *ret_first);
/* The row group that holds `row`, which exists. */
size_t parquet_group_of(const struct parquet_file *f, int64_t row);
/* The bytes of the chunk of a leaf: checked at open to lie in the file. */
const unsigned char *parquet_chunk_bytes(const struct parquet_file *f, size_t group, size_t leaf, size_t *ret_len);
/* These bytes will not be read again soon: their memory goes back, so that a large file does not come to be held whole. */
void parquet_forget(const struct parquet_file *f, const unsigned char *bytes, size_t len);
/* Puts name, row group and column before the message. */
enum err parquet_blame(const struct parquet_file *f, size_t group, size_t leaf, struct error *e);

#endif
