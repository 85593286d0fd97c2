/*
 * archive_index - an open archive: which members it has and where each lies, found by one walk.
 *
 * Members are kept as 16 bytes of their name's SHA-256 and a place, some 100 bytes each and never their names or bytes.
 * What must not be read is kept with its reason: links, devices, encrypted or oversized members, two of one name. What
 * cannot even be named safely (absolute paths, `..`, control characters) is only counted.
 *
 * Owner     the caller; one thread.
 * Errors    as of zip_directory.h and tar_stream.h: an archive that is damaged anywhere is not used at all.
 */
#ifndef DATASET_ARCHIVE_INDEX_H
#define DATASET_ARCHIVE_INDEX_H

#include "base/fs.h"
#include "dataset/archive_name.h"

#include <stdint.h>

struct archive_index;

struct archive_place {
    const char *problem;   /* NULL, or why it is not read: "is a symbolic link", … */
    enum err code;         /* of that problem */
    uint64_t at;           /* zip and tar: offset in the file. Packed tar: number of the member */
    uint64_t packed, size; /* bytes in the file (zip), and of the member */
    uint32_t crc;          /* zip */
    bool deflated;         /* zip */
};

/* `name` is what the data set calls it: it tells the kind, and messages use it. */
enum err archive_index_open(const char *path, const char *name, struct archive_index **ret, struct error *e) MUST_CHECK;
enum archive_kind archive_index_kind(const struct archive_index *x);
const char *archive_index_path(const struct archive_index *x);
const char *archive_index_name(const struct archive_index *x);
/* The member of that name (archive_name.h), or NULL. */
const struct archive_place *archive_index_find(const struct archive_index *x, const char *member);
/* Appends the name of a member with the same stem and another extension or letter case; false when there is none. */
bool archive_index_similar(const struct archive_index *x, const char *member, struct strbuf *out);
/* A sentence about what will not be read from it, or NULL. */
const char *archive_index_warning(const struct archive_index *x);
void archive_index_close(struct archive_index *x);

/* One member, during a walk. */
struct archive_member {
    const char *name; /* with a problem that is `unsafe`: any text */
    bool unsafe;      /* its name cannot be used */
    struct archive_place place;
};
typedef enum err archive_visit(void *context, const struct archive_member *m, struct error *e);
/* Calls `visit` for every member that is no folder, in their order. Each archive is read once and not kept. */
enum err archive_walk(const char *path, const char *name, archive_visit *visit, void *context, struct error *e) MUST_CHECK;

#endif
