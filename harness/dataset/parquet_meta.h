/*
 * parquet_meta - the footer of a Parquet file as values: schema elements, row groups with their column chunks, key-values.
 *
 * Read as written; what the numbers mean and whether they fit together is for parquet_schema and parquet_file. Only the
 * fields that this reader uses are kept.
 *
 * Owner     everything lives in the caller's arena, or points into the bytes.
 * Errors    ERR_INVALID for what is no Parquet file or cut off, ERR_SYNTAX for a broken footer, ERR_LIMIT, ERR_UNSUPPORTED
 *           for encryption. Messages do not name the file; the caller prefixes it.
 */
#ifndef DATASET_PARQUET_META_H
#define DATASET_PARQUET_META_H

#include "base/arena.h"
#include "base/err.h"
#include "dataset/parquet_thrift.h"

/* The format's own numbers. */
enum parquet_type {
    PARQUET_BOOLEAN,
    PARQUET_INT32,
    PARQUET_INT64,
    PARQUET_INT96,
    PARQUET_FLOAT,
    PARQUET_DOUBLE,
    PARQUET_BYTE_ARRAY,
    PARQUET_FIXED,
    PARQUET_NO_TYPE /* a group */
};
enum parquet_repetition { PARQUET_REQUIRED, PARQUET_OPTIONAL, PARQUET_REPEATED };

/* What the two generations of annotations (converted and logical types) say, as far as it matters here. */
enum parquet_annotation {
    PARQUET_PLAIN,
    PARQUET_STRING, /* also ENUM and JSON */
    PARQUET_LIST,
    PARQUET_MAP,
    PARQUET_DECIMAL,
    PARQUET_UNSIGNED,
    PARQUET_FLOAT16,
    PARQUET_OTHER /* dates, times, UUID …: read as the number or bytes that it is */
};

struct parquet_element {
    struct thrift_text name;
    enum parquet_type type;
    enum parquet_repetition repetition;
    enum parquet_annotation annotation;
    int32_t type_length, child_count, scale;
};

struct parquet_chunk {
    enum parquet_type type;
    int32_t codec;
    int64_t value_count, compressed_bytes, data_offset, dictionary_offset; /* offset 0 = not given */
    bool has_meta, is_encrypted, is_elsewhere;
};

struct parquet_group {
    int64_t row_count;
    struct parquet_chunk *chunk;
    size_t chunk_count;
};

struct parquet_key_value {
    struct thrift_text key, value;
};

struct parquet_meta {
    int64_t row_count;
    struct parquet_element *element; /* depth first; element[0] is the root */
    size_t element_count;
    struct parquet_group *group;
    size_t group_count;
    struct parquet_key_value *key_value;
    size_t key_value_count;
    size_t data_end; /* where the footer begins: no page reaches beyond */
};

/* Reads the footer of a whole file. */
enum err parquet_meta_read(const unsigned char *bytes, size_t len, struct arena *a, struct parquet_meta *ret, struct error *e) MUST_CHECK;

#endif
