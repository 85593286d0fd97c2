/*
 * archive_reader - the bytes of one member at a time, wherever in the archive it lies.
 *
 *   tar, stored in a zip    mapped where it lies; any order costs the same
 *   deflated in a zip       inflated into memory, its check sum compared; any order costs the same
 *   .tar.gz, .tar.zst       the stream goes forward to the member, and starts over for one that lies behind. Members are
 *                           only fast in the archive's own order (`order: file`)
 *
 * Owner     the caller; one thread. The index outlives the reader.
 * Errors    name the member: not what its archive promised (ERR_SYNTAX), ERR_LIMIT, ERR_IO.
 */
#ifndef DATASET_ARCHIVE_READER_H
#define DATASET_ARCHIVE_READER_H

#include "dataset/archive_index.h"
#include "dataset/image_source.h"
#include "dataset/recent_members.h"

struct archive_reader;

enum err archive_reader_new(const struct archive_index *x, struct recent_members *recent, struct archive_reader **ret,
                            struct error *e) MUST_CHECK;
/* `place` is of the index and has no problem; `member` is for messages. */
enum err archive_reader_read(struct archive_reader *r, const struct archive_place *place, const char *member, struct image_bytes *ret,
                             struct error *e) MUST_CHECK;
void archive_reader_free(struct archive_reader *r);

#endif
