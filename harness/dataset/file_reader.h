/*
 * file_reader - reads a file once, front to back, in large blocks, and hashes what passes.
 *
 * The parsers of this room look straight into the block: bytes block[pos] … block[len - 1] are unread. When pos == len
 * they call file_reader_fill, which fetches the next block or says that there is none.
 *
 * Owner     the caller owns the reader; it borrows `name`, and in the memory form the bytes.
 * Errors    open can fail; a failing read ends the input and is reported by file_reader_check, which parsers call when
 *           they meet the end.
 */
#ifndef DATASET_FILE_READER_H
#define DATASET_FILE_READER_H

#include "base/sha256.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Where bytes come from that are no file: how many were put into `to`, 0 at the end, -1 with *e. */
struct file_stream {
    ssize_t (*pull)(void *context, void *to, size_t room, struct error *e);
    void (*close)(void *context);
    void *context;
};

struct file_reader {
    const char *name; /* for messages: the path as the data set names it */
    const char *block;
    size_t pos, len;
    int64_t block_start; /* offset of block[0] in the file */
    int fd;              /* -1 = memory or a stream */
    struct file_stream stream;
    struct error *failed_stream; /* what a failed pull said, else NULL */
    int failed_os;               /* errno of a failed read, else 0 */
    char *own;                   /* the block's memory; NULL in the memory form */
    struct sha256 *hash;
};

#define FILE_READER_INIT                                                                                                                   \
    {                                                                                                                                      \
        .fd = -1                                                                                                                           \
    }

/* Only regular files. A UTF-8 byte order mark at the start is passed over (and hashed). */
enum err file_reader_open(struct file_reader *r, const char *path, const char *name, struct error *e) MUST_CHECK;
/* The same over a stream, which then belongs to the reader. */
void file_reader_open_stream(struct file_reader *r, struct file_stream stream, const char *name);
/* The same over bytes that the caller keeps. */
void file_reader_open_memory(struct file_reader *r, const void *bytes, size_t len, const char *name);
/* False at the end of the input, or when a read failed. */
bool file_reader_fill(struct file_reader *r);
/* At the end: OK, or the read that failed. */
enum err file_reader_check(const struct file_reader *r, struct error *e) MUST_CHECK;
/* Puts `len` bytes at `offset` into `out`, replacing what it held; does not move the reader. ERR_UNSUPPORTED for a stream. */
enum err file_reader_at(const struct file_reader *r, int64_t offset, size_t len, struct strbuf *out, struct error *e) MUST_CHECK;
/* SHA-256 of the whole file; reads what is left first. */
enum err file_reader_sha256(struct file_reader *r, struct sha256_hex *ret, struct error *e) MUST_CHECK;
void file_reader_release(struct file_reader *r);

/* The next byte without taking it, or -1 at the end. */
static inline int file_reader_peek(struct file_reader *r)
{
    if (r->pos == r->len && !file_reader_fill(r))
        return -1;
    return (unsigned char)r->block[r->pos];
}

/* Offset of the next byte in the file. */
static inline int64_t file_reader_offset(const struct file_reader *r)
{
    return r->block_start + (int64_t)r->pos;
}

#endif
