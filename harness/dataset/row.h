/*
 * row - one record of a data file before it is mapped, and the reader that yields rows of any format.
 *
 * Owner     the caller owns `struct rows`, which must stay where it is while open; it borrows the names. A row and what it points to live until the next call.
 * Errors    what makes the rest of the file unreadable is an error naming file:line. A record that is no row (D3) is a
 *           row with a `problem`.
 */
#ifndef DATASET_ROW_H
#define DATASET_ROW_H

#include "dataset/csv.h"
#include "dataset/json_rows.h"
#include "dataset/jsonl.h"

#include <cjson/cJSON.h>

enum row_format { ROW_FORMAT_CSV, ROW_FORMAT_JSONL, ROW_FORMAT_JSON, ROW_FORMAT_WEBDATASET, ROW_FORMAT_PARQUET };

struct parquet_json;
struct webdataset;

/* An image that the data file itself holds or points to (Parquet). */
struct row_image {
    const cJSON *node;          /* what stands for it in `object` */
    const char *name;           /* for image_source; when bytes < 0 the name of a file, as any other column would give it */
    int64_t bytes;              /* how many; -1 = a file of its own */
    const unsigned char *small; /* the bytes, when there are too few to be an image; else NULL */
    bool is_column;             /* of a column that the file calls an image: what `images: auto` takes */
};

struct row {
    const char *problem;                  /* NULL, or why this is no row: then only line, index and key are there */
    bool clean;                           /* all of it is UTF-8 without NULs, so nobody needs to look again */
    int64_t line;                         /* where it begins, from 1; in a WebDataset the number of the sample */
    int64_t index;                        /* 0-based position in its file */
    int64_t offset;                       /* of the record's first byte in its file; -1 = not told */
    const char *key;                      /* of a JSON object of records, or a WebDataset sample; else "" */
    const cJSON *object;                  /* JSON formats and Parquet; NULL for CSV */
    const struct csv_cell *column, *cell; /* CSV: the names and this row's values */
    size_t column_count;
    const struct row_image *image; /* Parquet: in the order of columns and lists */
    size_t image_count;
    bool has_image_columns; /* Parquet: the file has such, whatever this row has */
    const char *unread;     /* Parquet: columns of shapes that are not read, "a, b"; else NULL or "" */
};

/* A column's value in one row. */
enum row_value_kind { ROW_ABSENT /* or null */, ROW_TEXT, ROW_JSON /* number, boolean, list or object */ };
struct row_value {
    enum row_value_kind kind;
    const char *text; /* ROW_TEXT; may hold NULs in CSV */
    size_t len;
    const cJSON *json; /* ROW_JSON */
};

/* The value of `path`: a column of that very name, else a dotted path into objects. *ret_known (may be NULL) tells whether
   the column exists, which is not the same as having a value. */
struct row_value row_find(const struct row *r, const char *path, bool *ret_known);
/* The image that `node` of row->object stands for; NULL = none. `hint` (may be NULL) is where to look first, and moves on. */
const struct row_image *row_image_at(const struct row *r, const cJSON *node, size_t *hint);
/* The image whose name is this very text: the pointer, so that no other text can pass for it. */
const struct row_image *row_image_named(const struct row *r, const char *name);
/* Appends "a, b, c": the columns there are, made safe for one terminal line. */
void row_list_columns(const struct row *r, struct strbuf *out);

struct rows {
    enum row_format format;
    struct file_reader in;
    struct csv csv;
    struct jsonl jsonl;
    struct json_rows json;
    struct webdataset *shard;
    struct parquet_json *parquet; /* `in` then only hashes */
    struct csv_cell *column;      /* CSV header; texts in header_text */
    size_t column_count;
    struct strbuf header_text;
    int64_t next_index;
    cJSON *tree; /* of the current row */
    struct strbuf scratch;
    char problem[160];
};

/* Opens a data file; `name` is how messages call it. For CSV the header is read: it must be there, with distinct names. */
enum err rows_open(struct rows *r, enum row_format format, const char *path, const char *name, struct error *e) MUST_CHECK;
/* The same over a text file that is member `member` of the archive at `path`. */
enum err rows_open_member(struct rows *r, enum row_format format, const char *path, const char *member, const char *name,
                          struct error *e) MUST_CHECK;
/* The same over bytes that the caller keeps. */
enum err rows_open_memory(struct rows *r, enum row_format format, const void *bytes, size_t len, const char *name,
                          struct error *e) MUST_CHECK;
enum err rows_next(struct rows *r, bool *ret_more, struct row *ret_row, struct error *e) MUST_CHECK;
/* CSV: a row without values that has the file's columns. */
struct row rows_header(const struct rows *r);
/* Of the file; reads what is left of it. Not for a WebDataset or a member, whose archive is what has a hash. */
enum err rows_sha256(struct rows *r, struct sha256_hex *ret, struct error *e) MUST_CHECK;
void rows_release(struct rows *r);

#endif
