/*
 * member_stream - a data file inside an archive, read front to back without unpacking anything to disk.
 *
 * Owner     the caller; names are borrowed. One thread.
 * Errors    name archive and member: not there, not readable (a link, encrypted, …), damaged.
 */
#ifndef DATASET_MEMBER_STREAM_H
#define DATASET_MEMBER_STREAM_H

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

struct member_stream;

/* `path` is the archive's, `member` a name of archive_name.h, `name` what the data set calls the two: "a.zip!b.csv". */
enum err member_stream_open(const char *path, const char *member, const char *name, struct member_stream **ret, struct error *e) MUST_CHECK;
/* How many bytes were put into `to`, 0 at the end, -1 with *e. `stream` is a member_stream. */
ssize_t member_stream_pull(void *stream, void *to, size_t room, struct error *e);
void member_stream_close(void *stream);

#endif
