/*
 * jsonl - a streaming reader of lines, one JSON value each.
 *
 * Lines end in LF or CRLF; the last one needs no end; blank lines are passed over and still counted.
 *
 * Owner     the caller owns the reader and the file_reader that it borrows. `text` lives until the next call.
 * Errors    a line beyond MAX_RECORD_BYTES is ERR_LIMIT, naming file:line, and is never held whole.
 */
#ifndef DATASET_JSONL_H
#define DATASET_JSONL_H

#include "dataset/file_reader.h"

struct jsonl {
    struct file_reader *in;
    const char *text; /* the line that jsonl_next read; not NUL-terminated */
    size_t len;
    int64_t line;         /* its number, from 1 */
    int64_t offset;       /* of its first byte in the file */
    struct strbuf joined; /* private: a line that crosses a block */
};

void jsonl_init(struct jsonl *l, struct file_reader *in);
/* Reads the next line that is not blank. *ret_more is false at the end of the file. */
enum err jsonl_next(struct jsonl *l, bool *ret_more, struct error *e) MUST_CHECK;
void jsonl_release(struct jsonl *l);

#endif
