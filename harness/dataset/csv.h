/*
 * csv - a streaming reader of RFC 4180 records, as they occur in the wild.
 *
 * Records end in LF, CRLF or CR, mixed, the last one with or without. Cells keep their bytes: newlines inside quotes,
 * outer blanks and bad UTF-8 stay as they are. A quote inside an unquoted cell is an ordinary character. Blank lines
 * are passed over. The first record is a record like any other; what it means is the caller's business.
 *
 * Owner     the caller owns the reader and the file_reader that it borrows. Cells live until the next call.
 * Errors    an unclosed quote at the end of the file (ERR_SYNTAX), a record beyond MAX_RECORD_BYTES or with more than
 *           MAX_CSV_COLUMNS cells (ERR_LIMIT); each names file:line. Anything else odd is said in `problem`.
 */
#ifndef DATASET_CSV_H
#define DATASET_CSV_H

#include "dataset/file_reader.h"

struct csv_cell {
    const char *text; /* NUL-terminated; may hold NULs itself */
    size_t len;
};

struct csv {
    struct file_reader *in;
    struct csv_cell *cell;
    size_t cell_count, cell_cap;
    int64_t line;          /* physical line that comes next, from 1 */
    int64_t record_line;   /* where the record that csv_next read begins */
    int64_t record_offset; /* and at which byte of the file */
    const char *problem;   /* NULL, or what is wrong with that record */
    struct strbuf record;  /* private: the cells' bytes, a NUL after each */
};

void csv_init(struct csv *c, struct file_reader *in);
/* Reads one record into cell[]. *ret_more is false at the end of the file. */
enum err csv_next(struct csv *c, bool *ret_more, struct error *e) MUST_CHECK;
void csv_release(struct csv *c);

#endif
