/*
 * sim_reply - a reply as a value: status, headers, bytes, and how the sending of it goes wrong.
 *
 * Made before anything is sent, so that the log can tell what will happen. `server` turns it into a MHD response.
 */
#ifndef SIM_SIM_REPLY_H
#define SIM_SIM_REPLY_H

#include "base/strbuf.h"
#include "sim/fault_kinds.h"

#include <stdint.h>

enum reply_ending {
    ENDING_WHOLE,
    ENDING_CUT,          /* stop at stop_at as if the server had died */
    ENDING_STALL,        /* silence of stall_us at stop_at, then the rest */
    ENDING_RESET,        /* TCP reset at stop_at */
    ENDING_NO_REPLY,     /* closed without a byte */
    ENDING_RESET_AT_ONCE /* TCP reset without a byte */
};

struct reply_header {
    const char *name; /* constant */
    char value[192];
};

enum { REPLY_HEADERS_MAX = 12 };

struct sim_reply {
    int status;
    const char *content_type; /* constant */
    struct strbuf body;
    size_t padding_at; /* huge_body: padding_bytes times 'a' stand at this offset of the body, without being in memory */
    uint64_t padding_bytes;
    struct reply_header header[REPLY_HEADERS_MAX];
    size_t header_count;
    enum fault_framing framing;
    enum reply_ending ending;
    size_t stop_at;
    int64_t stall_us;
    bool events;        /* one event of the stream at a time */
    size_t piece_bytes; /* > 0: at most so many bytes at a time */
    int64_t delay_us;   /* before anything is sent */
};

#define SIM_REPLY_INIT                                                                                                                     \
    {                                                                                                                                      \
        .status = 200, .content_type = "application/json", .body = STRBUF_INIT                                                             \
    }

void sim_reply_header(struct sim_reply *r, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);
void sim_reply_release(struct sim_reply *r);
/* Length with padding. */
uint64_t sim_reply_bytes(const struct sim_reply *r);
/* Copies at most `max` bytes from offset `at`; returns how many (0 at the end). */
size_t sim_reply_read(const struct sim_reply *r, uint64_t at, char *out, size_t max);

#endif
