/*
 * parquet_schema - from the footer's schema elements to leaves (what is stored) and columns (what a row has).
 *
 * A leaf is one column chunk per row group. A column is what a reader of the data would call one: a leaf, or an image, whose
 * struct<bytes, path> is two leaves. Structs are taken apart: the column of a member has a dotted name. One level of lists
 * is read; the wrappers that lists have in the schema ("list.element") are not part of a name.
 *
 * Owner     everything lives in the caller's arena.
 * Errors    a schema that contradicts itself, a name that is no text or there twice. Leaves of a shape that is not read
 *           (lists in lists, INT96 …) are no error: they are no columns, and named in `unread`.
 */
#ifndef DATASET_PARQUET_SCHEMA_H
#define DATASET_PARQUET_SCHEMA_H

#include "dataset/parquet_meta.h"

enum { PARQUET_NAME_PARTS = 32 };

/* How the values of a leaf are to be understood. */
enum parquet_reading {
    PARQUET_AS_BOOL,
    PARQUET_AS_INT,
    PARQUET_AS_UINT,
    PARQUET_AS_DECIMAL,
    PARQUET_AS_FLOAT,
    PARQUET_AS_TEXT,
    PARQUET_AS_BYTES, /* not annotated: bytes, or the text of an old writer */
    PARQUET_AS_NOTHING
};

struct parquet_leaf {
    const char *shown; /* dotted name, safe for one terminal line */
    enum parquet_type type;
    enum parquet_reading reading;
    int32_t type_length, scale;
    unsigned max_def, max_rep;
    unsigned list_def; /* with lists: from this definition level on the list has an element */
};

enum parquet_shape {
    PARQUET_VALUE,
    PARQUET_IMAGE, /* struct<bytes, path> */
    PARQUET_BLOB   /* the same shape, but the file says that it is something else (audio …) */
};

struct parquet_column {
    const char *name;        /* dotted */
    const char *const *part; /* its parts, for members of structs */
    size_t part_count;
    enum parquet_shape shape;
    bool is_list;
    size_t leaf;      /* of the value, or of the bytes */
    size_t path_leaf; /* of images and blobs */
};

struct parquet_schema {
    struct parquet_leaf *leaf;
    size_t leaf_count;
    struct parquet_column *column;
    size_t column_count;
    const char *unread; /* "a, b": the leaves that are no columns; "" = none */
};

enum err parquet_schema_build(const struct parquet_meta *m, struct arena *a, struct parquet_schema *ret, struct error *e) MUST_CHECK;
/* The column with this very name; NULL = none. */
const struct parquet_column *parquet_schema_find(const struct parquet_schema *s, const char *name, size_t len);

#endif
