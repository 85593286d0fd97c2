/*
 * http_body - reads a request's body as one stream of bytes, encoding BASE64 parts on the way.
 *
 * The encoded bytes are written straight into the reader's buffer, in whole groups of three bytes; only a group that
 * straddles the end of that buffer waits in four bytes of its own.
 *
 * Owner     the parts are borrowed; the reader owns nothing.
 */
#ifndef NET_HTTP_BODY_H
#define NET_HTTP_BODY_H

#include "base/http_msg.h"

struct http_body {
    const struct http_part *part;
    size_t part_count;
    size_t index, offset; /* next byte: part[index].bytes[offset] */
    char carry[4];        /* an encoded group of which carry_len characters are still to be read */
    size_t carry_len;
};

/* At the first byte; also rewinds. */
void http_body_init(struct http_body *b, const struct http_part *part, size_t part_count);
/* Fills `out` as far as the body reaches; 0 = at its end. */
size_t http_body_read(struct http_body *b, char *out, size_t room);

#endif
