/*
 * parquet_thrift - reads the Thrift compact protocol, in which Parquet keeps its footer and page headers.
 *
 * A struct is read as a loop over its fields: fields that the caller does not know are skipped, so newer writers do no harm.
 * Every length and count is held against the bytes that are left (an element takes at least one), and nesting is capped.
 *
 * Owner     the reader borrows the bytes; texts point into them.
 * Errors    the first trouble is kept in `problem`; from then on every read yields zeros and thrift_next ends its loop, so
 *           that callers check once, at the end.
 */
#ifndef DATASET_PARQUET_THRIFT_H
#define DATASET_PARQUET_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum thrift_type {
    THRIFT_STOP,
    THRIFT_TRUE,
    THRIFT_FALSE,
    THRIFT_BYTE,
    THRIFT_I16,
    THRIFT_I32,
    THRIFT_I64,
    THRIFT_DOUBLE,
    THRIFT_BINARY,
    THRIFT_LIST,
    THRIFT_SET,
    THRIFT_MAP,
    THRIFT_STRUCT,
    THRIFT_UUID
};

struct thrift {
    const unsigned char *at, *end;
    const char *problem; /* NULL, or what is wrong; a constant string */
    unsigned depth;
};

/* A field's head. Start a struct with zeros: ids are written as differences. */
struct thrift_field {
    int id;
    enum thrift_type type;
};

struct thrift_text {
    const char *text; /* not NUL-terminated */
    size_t len;
};

void thrift_init(struct thrift *t, const void *bytes, size_t len);
void thrift_fail(struct thrift *t, const char *problem);
/* Enters a struct: the value of a field, or an element of a list of structs. The field loop leaves it. */
void thrift_enter(struct thrift *t, enum thrift_type type);
/* The next field's head; false at the end of the struct. The caller then reads or skips the value. */
bool thrift_next(struct thrift *t, struct thrift_field *field);
/* The value of a whole-number field. */
int64_t thrift_int(struct thrift *t, enum thrift_type type);
/* The same, where Parquet says i32: anything else is a problem. */
int32_t thrift_int32(struct thrift *t, enum thrift_type type);
bool thrift_bool(enum thrift_type type);
struct thrift_text thrift_binary(struct thrift *t, enum thrift_type type);
/* The head of a list whose elements have type `element`; at most `max` of them. */
size_t thrift_list(struct thrift *t, enum thrift_type type, enum thrift_type element, size_t max);
void thrift_skip(struct thrift *t, enum thrift_type type);

#endif
