#include "sim/sim_reply.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sim_reply_header(struct sim_reply *r, const char *name, const char *format, ...)
{
    assert(r->header_count < REPLY_HEADERS_MAX);
    struct reply_header *h = &r->header[r->header_count++];
    va_list args;
    h->name = name;
    va_start(args, format);
    (void)vsnprintf(h->value, sizeof(h->value), format, args);
    va_end(args);
    for (char *p = h->value; *p; p++) /* values may hold a profile's text: one header stays one header */
        if (*p == '\r' || *p == '\n')
            *p = ' ';
}

void sim_reply_release(struct sim_reply *r)
{
    strbuf_release(&r->body);
}

uint64_t sim_reply_bytes(const struct sim_reply *r)
{
    return r->body.len + r->padding_bytes;
}

/* Where the bytes from `at` on come from: text before the padding, the padding, text after it. */
size_t sim_reply_read(const struct sim_reply *r, uint64_t at, char *out, size_t max)
{
    uint64_t padding_end = r->padding_at + r->padding_bytes, total = sim_reply_bytes(r);
    if (at >= total)
        return 0;
    bool in_padding = at >= r->padding_at && at < padding_end;
    uint64_t end = at < r->padding_at ? r->padding_at : in_padding ? padding_end : total;
    if (r->padding_bytes == 0)
        end = total;
    size_t n = end - at < max ? (size_t)(end - at) : max;
    if (in_padding)
        memset(out, 'a', n);
    else
        memcpy(out, r->body.buf + (at < padding_end ? at : at - r->padding_bytes), n);
    return n;
}
