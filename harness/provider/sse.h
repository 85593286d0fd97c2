/*
 * sse - server-sent events out of a stored body, one at a time.
 *
 * Lines end in LF, CR LF or CR; a blank line ends an event; several `data:` lines join with LF; comments and other
 * fields are passed over. Events without data do not show.
 *
 * Owner     the caller; sse_release frees the buffer for events of several lines. The text is borrowed, and
 *           text[len] must be readable.
 */
#ifndef PROVIDER_SSE_H
#define PROVIDER_SSE_H

#include "base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct sse {
    const char *text;
    size_t len, at;
    struct strbuf joined;
};

struct sse_event {
    const char *data; /* valid until the next call; data[data_len] is readable, and no part of it */
    size_t data_len;
    bool cut; /* the text ended before the blank line */
};

void sse_init(struct sse *s, const char *text, size_t len);
/* False at the end. */
bool sse_next(struct sse *s, struct sse_event *ret_event);
void sse_release(struct sse *s);
/* True when the text looks like a stream: its first line is a comment or one of the four fields. */
bool sse_looks_like(const char *text, size_t len);

#endif
