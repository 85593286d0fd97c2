/*
 * split_files - the folder of chunks beside a report that is not one file: `NAME_files/chunk-N.js` beside `NAME.html`.
 *
 * A chunk is a script of the page (reports/browser_bodies.h) and begins with `gauntletChunk(`. Nothing else is ever replaced or removed:
 * a file of another kind that has a chunk's name is refused, links are not followed. Chunks of an earlier report that the new
 * one does not have are removed once the new page is there.
 *
 * Owner     split_files_of … split_files_release; the value borrows nothing.
 */
#ifndef CLI_SPLIT_FILES_H
#define CLI_SPLIT_FILES_H

#include "base/err.h"
#include "base/strbuf.h"

#include <stddef.h>

struct split_files {
    struct strbuf folder; /* as the program reaches it */
    size_t count;         /* chunks written: 0 … count - 1 */
};

/* The folder of a page at `page_path`. Nothing is made yet. */
void split_files_of(const char *page_path, struct split_files *ret_files);
/* Its own name, for the page. Borrowed. */
const char *split_files_name(const struct split_files *f);
/* A browser_chunk_fn whose context is the struct: makes the folder with the first chunk. */
enum err split_files_chunk(size_t number, const void *bytes, size_t len, void *files, struct error *e) MUST_CHECK;
/* Removes chunks from number `count` on; there may be no folder. What cannot be removed is an error. */
enum err split_files_prune(const struct split_files *f, struct error *e) MUST_CHECK;
void split_files_release(struct split_files *f);

#endif
