/*
 * fuzz_reply - a reply as text: "STATUS [FAULT]" on the first line, header lines, a blank line, the body.
 */
#include "tests/support/reply_invariants.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    struct strbuf input = STRBUF_INIT;
    (void)strbuf_add(&input, bytes, len);

    char *rest = input.buf;
    long status = strtol(rest, &rest, 10), fault = strtol(rest, &rest, 10);
    reply.status = status >= 0 && status < 1000 ? (int)status : 0;
    reply.fault = fault > 0 && fault <= HTTP_FAULT_OTHER ? (enum http_fault)fault : HTTP_FAULT_NONE;
    reply.sent_bytes = fault < 0 ? 2000000 : 10;
    (void)snprintf(reply.detail, sizeof(reply.detail), "%.100s", rest);
    size_t at = (size_t)(rest - input.buf);
    const char *blank = memmem(rest, input.len - at, "\n\n", 2);
    size_t headers_len = blank ? (size_t)(blank - rest) + 1 : 0;
    (void)strbuf_add(&reply.headers, rest, headers_len);
    at += headers_len + (blank ? 1 : 0);
    (void)strbuf_add(&reply.body, input.buf + at, input.len - at);

    reply_must_hold(&reply);

    http_reply_release(&reply);
    strbuf_release(&input);
    return 0;
}
