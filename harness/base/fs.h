/*
 * fs - files: read whole with a ceiling, map, write safely, and keep paths inside their root.
 *
 * Errors    every message names the path.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What tells one state of a file from another, as it does for git. Times are nanoseconds since the epoch. */
struct fs_stamp {
    uint64_t device, inode;
    int64_t size, modified_ns, changed_ns;
    bool settled; /* changed more than two seconds before it was taken: a later change shows in the times (git's racy-git.txt) */
};

/* A read-only private mapping of a regular file. Empty files map to bytes == NULL, len == 0. */
struct fs_map {
    const unsigned char *bytes;
    size_t len;
    struct fs_stamp stamp; /* of the whole file when it was mapped; fs_map_file's, else empty */
};

/* Appends the whole file. ERR_LIMIT beyond `max_bytes` (nothing is then read), ERR_IO otherwise. Regular files and
   pipes only. */
enum err fs_read_file(const char *path, size_t max_bytes, struct strbuf *out, struct error *e) MUST_CHECK;
/* ERR_INVALID for anything but a regular file, ERR_LIMIT beyond `max_bytes`. */
enum err fs_map_file(const char *path, size_t max_bytes, struct fs_map *ret_map, struct error *e) MUST_CHECK;
void fs_unmap(struct fs_map *map);
/* Gives the mapping's memory back; the bytes are read from the file again when they are looked at again. */
void fs_map_rest(const struct fs_map *map);
/* Writes beside the target, syncs and renames: readers see the old file or the new one, never half. */
enum err fs_write_file(const char *path, const void *bytes, size_t len, struct error *e) MUST_CHECK;
/* Makes the directories above `path`'s last component. */
enum err fs_make_parents(const char *path, struct error *e) MUST_CHECK;
bool fs_exists(const char *path);
/* The directory part: "." when there is none. Appends to out. */
void fs_dirname(const char *path, struct strbuf *out);
/* Appends dir + "/" + name, or `name` alone when it is absolute or dir is empty or ".". */
void fs_join(const char *dir, const char *name, struct strbuf *out);
/* Appends the canonical form of root/rel. ERR_INVALID when rel is absolute, empty, has a `..` component or control
   characters, or when links lead outside root; ERR_NOT_FOUND (with errno in `os`) when the file is not there.
   `root` must already be canonical (realpath). */
enum err fs_resolve_inside(const char *root, const char *rel, struct strbuf *out, struct error *e) MUST_CHECK;

#endif
