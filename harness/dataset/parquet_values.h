/*
 * parquet_values - the values of one page, one at a time, in any of the encodings.
 *
 * PLAIN, PLAIN_DICTIONARY and RLE_DICTIONARY, RLE (booleans), DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY and
 * DELTA_BYTE_ARRAY. BYTE_STREAM_SPLIT and what is newer are refused by name.
 *
 * Owner     borrows the page and the dictionary. A value's bytes point into them, for DELTA_BYTE_ARRAY into `joined`, and
 *           live until the next call.
 * Errors    init: ERR_UNSUPPORTED, ERR_SYNTAX. next: false when the bytes end early or contradict the format.
 */
#ifndef DATASET_PARQUET_VALUES_H
#define DATASET_PARQUET_VALUES_H

#include "base/strbuf.h"
#include "dataset/parquet_delta.h"
#include "dataset/parquet_levels.h"
#include "dataset/parquet_meta.h"

/* By the leaf's type: `i` for booleans and whole numbers, `f` for floating ones, bytes and len for the rest. */
struct parquet_value {
    const unsigned char *bytes;
    size_t len;
    union {
        int64_t i;
        double f;
    };
};

struct parquet_dictionary {
    struct parquet_value *value;
    size_t count;
};

struct parquet_values {
    enum parquet_type type;
    int32_t type_length;
    enum {
        PARQUET_READ_PLAIN,
        PARQUET_READ_DICTIONARY,
        PARQUET_READ_RLE,
        PARQUET_READ_DELTA,
        PARQUET_READ_LENGTHS,
        PARQUET_READ_JOINED
    } how;
    const unsigned char *at, *end;
    unsigned bit;                 /* plain booleans */
    struct parquet_levels levels; /* dictionary indices, RLE */
    struct parquet_delta number;  /* numbers, lengths, suffix lengths */
    struct parquet_delta prefix;  /* DELTA_BYTE_ARRAY */
    const struct parquet_dictionary *dictionary;
    struct strbuf *joined;
};

/* `count`: how many values the page has at most. `dictionary` NULL = the chunk has none. `joined` is the caller's. */
enum err parquet_values_init(struct parquet_values *v, int32_t encoding, enum parquet_type type, int32_t type_length,
                             const unsigned char *bytes, size_t len, uint64_t count, const struct parquet_dictionary *dictionary,
                             struct strbuf *joined, struct error *e) MUST_CHECK;
bool parquet_values_next(struct parquet_values *v, struct parquet_value *ret);
/* Reads a dictionary page: `count` plain values in `bytes`, which must outlive it. */
enum err parquet_dictionary_read(struct parquet_dictionary *d, enum parquet_type type, int32_t type_length, const unsigned char *bytes,
                                 size_t len, int32_t count, struct error *e) MUST_CHECK;
void parquet_dictionary_release(struct parquet_dictionary *d);

#endif
