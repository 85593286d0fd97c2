/*
 * http_early - a reply that comes before the request was sent, over HTTP/2.
 *
 * A server may answer without reading the body: with a whole reply, END_STREAM, and RST_STREAM(NO_ERROR) for the rest of the
 * request. A client must not discard that reply (RFC 9113 section 8.1). libcurl before 8.2 does not see the end when the
 * status is below 300: it asks for the socket to be writable, writes nothing, and asks again, with a whole processor, until
 * the transfer's timeout (curl issues 986 and 10433, pull request 11165: "do not trigger the send drain on RST streams").
 * Later ones wait likewise when the server does not reset the stream (issue 15316).
 *
 * So we end such a transfer: at once when the reply's Content-Length has arrived, since nothing more can come; else, when
 * neither side has moved a byte for HTTP_EARLY_SILENCE_US. Only that stream is reset, its connection stays.
 *
 * A value; pure, the caller tells the time (monotonic).
 */
#ifndef NET_HTTP_EARLY_H
#define NET_HTTP_EARLY_H

#include <stdbool.h>
#include <stdint.h>

enum { HTTP_EARLY_SILENCE_US = 5 * 1000000 };

struct http_early {
    uint64_t moved_bytes; /* both ways, when last seen to grow */
    int64_t moved_us;     /* when that was; 0 = not asked yet */
    bool ended;           /* the transfer was ended here, not by libcurl */
};

/* The reply's head is there and the request is not sent. `whole`: as many bytes of body as announced have come. True (and
   e->ended) when the transfer is to end now. */
bool http_early_ends(struct http_early *e, bool whole, uint64_t moved_bytes, int64_t now_us);

#endif
