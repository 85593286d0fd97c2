/*
 * json_rows - a streaming reader of a JSON file that holds records: an array of objects, or an object keyed by id.
 *
 * An array is read one element at a time. For an object the places of its values are noted first, then each is read in
 * turn: in the order of the file, or by number when every key is all digits ("2" before "10").
 *
 * Owner     the caller owns the reader and the file_reader that it borrows. `text` and `key` live until the next call.
 * Errors    what is not JSON between the records, a key twice, and an element beyond MAX_RECORD_BYTES are errors naming
 *           file:line. The text of a record is only cut out here, not parsed.
 */
#ifndef DATASET_JSON_ROWS_H
#define DATASET_JSON_ROWS_H

#include "base/arena.h"
#include "dataset/file_reader.h"

struct json_row_place;

struct json_rows {
    struct file_reader *in;
    const char *text; /* the record that json_rows_next read */
    size_t len;
    const char *key; /* its key in an object of records; "" in an array */
    int64_t line;    /* where it begins */
    int64_t offset;  /* of its first byte in the file */
    /* private */
    struct strbuf record;
    int64_t here; /* line of the next byte */
    enum { JSON_ROWS_START, JSON_ROWS_ARRAY, JSON_ROWS_OBJECT, JSON_ROWS_END } state;
    struct json_row_place *place;
    size_t place_count, place_cap, next_place;
    struct arena keys;
};

void json_rows_init(struct json_rows *j, struct file_reader *in);
/* Reads the next record. *ret_more is false at the end. */
enum err json_rows_next(struct json_rows *j, bool *ret_more, struct error *e) MUST_CHECK;
void json_rows_release(struct json_rows *j);

#endif
