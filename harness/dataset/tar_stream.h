/*
 * tar_stream - walks a tar file front to back through libarchive: plain, or compressed by gzip or zstd.
 *
 * All dialects that libarchive knows (ustar, pax, GNU). Nothing is ever unpacked to disk. Of a plain tar every member's place
 * in the file is known too, so that it can be read again without the walk.
 *
 * Owner     a name lives until the next call. One stream belongs to one thread.
 * Errors    name the archive: no tar, cut off, a check sum that fails (ERR_SYNTAX); more than MAX_ARCHIVE_MEMBERS, or far more
 *           bytes than its size explains (ERR_LIMIT); ERR_IO. A member that cannot be used is no error but has a `problem`.
 */
#ifndef DATASET_TAR_STREAM_H
#define DATASET_TAR_STREAM_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tar_stream;

struct tar_member {
    const char *name;    /* see archive_name.h; with a problem it may be any text */
    const char *problem; /* NULL, or why it is not read: "is a symbolic link", … */
    bool is_directory;
    uint64_t size;
    int64_t number; /* from 0, over all kinds of members */
};

/* `name` is what the data set calls it (archive_name.h; a member may follow): it tells the kind, and messages use it.
   Borrowed. */
enum err tar_stream_open(const char *path, const char *name, struct tar_stream **ret, struct error *e) MUST_CHECK;
/* The next member. *ret_more is false at the end. */
enum err tar_stream_next(struct tar_stream *s, bool *ret_more, struct tar_member *ret, struct error *e) MUST_CHECK;
/* Puts the current member's bytes into `out`, replacing what it held; its ceiling holds (ERR_LIMIT). */
enum err tar_stream_read(struct tar_stream *s, struct strbuf *out, struct error *e) MUST_CHECK;
/* Piece by piece: how many bytes were put into `to`, 0 at the end, -1 with *e. */
ssize_t tar_stream_pull(struct tar_stream *s, void *to, size_t room, struct error *e);
/* Where the current member's bytes begin in the file; false when that cannot be told. Instead of reading them, not before. */
bool tar_stream_place(struct tar_stream *s, uint64_t *ret_offset);
void tar_stream_close(struct tar_stream *s);

#endif
