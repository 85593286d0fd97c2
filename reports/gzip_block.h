/*
 * gzip_block - bytes as gzip (RFC 1952) in base64, in a <script> element or a string of a script, written as they come.
 *
 * That alphabet cannot contain `</script`, so whatever the bytes say, they end nothing. The page's script reads it with
 * DecompressionStream. The same bytes give the same block: the header has no time.
 *
 * Owner     one block at a time per value; gzip_block_begin … gzip_block_end. The output is borrowed in between.
 *           After a failure, and after the end, gzip_block_release frees what is left.
 */
#ifndef REPORTS_GZIP_BLOCK_H
#define REPORTS_GZIP_BLOCK_H

#include "reports/page_out.h"

#include <stdbool.h>
#include <zlib.h>

enum { GZIP_BLOCK_ROOM = 48 * 1024 }; /* a multiple of 3, so that pieces of base64 join without padding */

struct gzip_block {
    z_stream z;
    bool open;
    struct page_out *out;
    const char *after;
    size_t held; /* compressed bytes that wait in `room` */
    unsigned char room[GZIP_BLOCK_ROOM];
    char text[GZIP_BLOCK_ROOM / 3 * 4];
};

/* What a block stands between. */
struct gzip_frame {
    char before[128];
    const char *after; /* borrowed */
};
/* The tags of an element. `id`: a constant or made of digits, nothing from outside. */
struct gzip_frame gzip_frame_element(const char *id);

enum err gzip_block_begin(struct gzip_block *b, struct page_out *out, const struct gzip_frame *frame, struct error *e) MUST_CHECK;
enum err gzip_block_add(struct gzip_block *b, const void *bytes, size_t len, struct error *e) MUST_CHECK;
enum err gzip_block_end(struct gzip_block *b, struct error *e) MUST_CHECK;
void gzip_block_release(struct gzip_block *b);
/* All three for bytes that are there already. */
enum err gzip_block_write(struct page_out *out, const struct gzip_frame *frame, const void *bytes, size_t len, struct error *e) MUST_CHECK;

#endif
