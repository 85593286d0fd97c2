/*
 * parquet_cursor - one leaf's entries, in order through a row group or from any of its rows on.
 *
 * An entry is a value or a null, with its levels. One page is decoded at a time and kept until another is needed, so that
 * going back to a row of the same page costs no decoding. Where pages begin is found out as far as it is asked for.
 *
 * Owner     the caller owns the cursor; it borrows the file. A value lives until the next call, whatever that is.
 * Errors    name file, row group, column and page. After one, only parquet_cursor_open or _seek make sense.
 */
#ifndef DATASET_PARQUET_CURSOR_H
#define DATASET_PARQUET_CURSOR_H

#include "dataset/parquet_file.h"
#include "dataset/parquet_page.h"

struct parquet_entry {
    bool end; /* of the row group: there is no entry */
    bool has_value;
    unsigned rep, def;
    struct parquet_value value;
};

struct parquet_page_place {
    size_t pos;    /* in the chunk */
    int64_t row;   /* rows that begin before it, in the row group */
    int64_t entry; /* entries before it */
};

struct parquet_cursor {
    const struct parquet_file *file;
    const struct parquet_leaf *leaf;
    size_t leaf_number, group;
    bool is_open;
    /* the chunk */
    const unsigned char *chunk;
    size_t chunk_len;
    int32_t codec;
    int64_t entry_count;
    struct parquet_dictionary dictionary;
    struct strbuf dictionary_buffer;
    /* the page */
    bool has_page;
    struct parquet_page_place here, next; /* this page; the one behind it (row counts only what was read) */
    struct parquet_page page, page_start; /* page_start: how it was when it was opened */
    struct strbuf buffer, joined;
    int64_t page_entries, page_left;
    int64_t row; /* rows that have begun */
    bool is_peeked;
    unsigned peeked_rep;
    /* pages found out so far */
    struct parquet_page_place *index;
    size_t index_count, index_cap;
    struct parquet_page_place index_end;
};

void parquet_cursor_init(struct parquet_cursor *c, const struct parquet_file *f, size_t leaf);
/* To the first entry of a row group. */
enum err parquet_cursor_open(struct parquet_cursor *c, size_t group, struct error *e) MUST_CHECK;
/* So that the next entry is the first one of `row` (of the row group). */
enum err parquet_cursor_seek(struct parquet_cursor *c, size_t group, int64_t row, struct error *e) MUST_CHECK;
enum err parquet_cursor_next(struct parquet_cursor *c, struct parquet_entry *ret, struct error *e) MUST_CHECK;
/* Whether another entry of the same row follows. */
enum err parquet_cursor_continues(struct parquet_cursor *c, bool *ret, struct error *e) MUST_CHECK;
void parquet_cursor_release(struct parquet_cursor *c);

#endif
