/*
 * file_writer - a file that is written piece by piece and is there only when it is whole.
 *
 * The bytes go beside the target; file_writer_commit syncs and renames, so readers see the old file or the new one, never half.
 * A link stays a link. Pipes, terminals and devices cannot be renamed over: they get the bytes as they come.
 *
 * Owner     file_writer_open … file_writer_commit; file_writer_abandon afterwards in any case (for CLEANUP): it removes what was
 *           not committed and does nothing after a commit.
 * Errors    ERR_IO, with the path.
 */
#ifndef BASE_FILE_WRITER_H
#define BASE_FILE_WRITER_H

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct file_writer {
    int fd;          /* -1 = not open */
    char *target;    /* what the caller named, links followed */
    char *temporary; /* NULL = written in place */
    mode_t mode;
};

#define FILE_WRITER_INIT                                                                                                                   \
    {                                                                                                                                      \
        .fd = -1                                                                                                                           \
    }

enum err file_writer_open(const char *path, struct file_writer *w, struct error *e) MUST_CHECK;
enum err file_writer_add(struct file_writer *w, const void *bytes, size_t len, struct error *e) MUST_CHECK;
enum err file_writer_commit(struct file_writer *w, struct error *e) MUST_CHECK;
void file_writer_abandon(struct file_writer *w);
/* Whether a file can be begun at `path`, for a caller that has hours of work to do before it writes: makes the folders above it and
   leaves nothing else behind. A pipe or device that is there is not touched: opening one can wait for its reader. */
enum err file_writer_check(const char *path, struct error *e) MUST_CHECK;

#endif
