/*
 * fuzz_retry_hint - header lines, a blank line, the server's message.
 */
#include "provider/retry_hint.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    struct strbuf input = STRBUF_INIT;
    (void)strbuf_add(&input, bytes, len);

    const char *blank = strstr(input.buf, "\n\n");
    size_t headers_len = blank ? (size_t)(blank - input.buf) + 1 : input.len;
    (void)strbuf_add(&reply.headers, input.buf, headers_len);
    int64_t us = retry_hint_us(&reply, -1, blank ? blank + 2 : "", INT64_C(1795503953000000));
    if (us < -1)
        abort();

    http_reply_release(&reply);
    strbuf_release(&input);
    return 0;
}
