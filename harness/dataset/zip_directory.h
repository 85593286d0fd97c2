/*
 * zip_directory - walks the central directory of a zip file that lies in memory, and finds where members' bytes begin.
 *
 * A zip is read by its directory and in no other way, so there is one opinion about what is in it; a member whose own
 * header disagrees with the directory is refused. Zip64 and bytes before the archive (a self-extracting one) are
 * understood; archives of several parts and encrypted directories are not.
 *
 * Owner     the caller keeps the bytes; names point into them.
 * Errors    what is no zip, is cut off or contradicts itself: ERR_SYNTAX; what is not read here: ERR_UNSUPPORTED; more than
 *           MAX_ARCHIVE_MEMBERS, or more bytes than could be in it (a bomb): ERR_LIMIT. Each names the archive.
 */
#ifndef DATASET_ZIP_DIRECTORY_H
#define DATASET_ZIP_DIRECTORY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

struct zip_entry {
    const char *name; /* as it is there: not NUL-terminated, may be hostile */
    size_t name_len;
    uint64_t packed, size; /* bytes in the archive, and of the member */
    uint64_t header;       /* offset of its own header */
    uint32_t crc, mode;    /* mode: of a Unix file, 0 = not told */
    uint16_t method;
    bool encrypted, is_directory;
};

struct zip_directory {
    const unsigned char *bytes;
    size_t len;
    const char *name; /* of the archive, for messages */
    uint64_t count;   /* of its members, as it says */
    /* private */
    uint64_t before; /* bytes in front of the archive */
    size_t at, end;  /* the next entry, and the end of the directory */
    uint64_t next;
    uint64_t packed, size; /* of all entries so far */
};

enum err zip_directory_open(struct zip_directory *d, const void *bytes, size_t len, const char *name, struct error *e) MUST_CHECK;
/* The next entry. *ret_more is false at the end. */
enum err zip_directory_next(struct zip_directory *d, bool *ret_more, struct zip_entry *ret, struct error *e) MUST_CHECK;
/* Where the member's bytes begin; entry->packed of them are there. */
enum err zip_directory_place(const struct zip_directory *d, const struct zip_entry *entry, uint64_t *ret_offset,
                             struct error *e) MUST_CHECK;

#endif
