/*
 * fuzz_stream - the body of a streamed reply.
 */
#include "tests/support/reply_invariants.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    reply.status = 200;
    (void)strbuf_addstr(&reply.headers, "content-type: text/event-stream\n");
    (void)strbuf_add(&reply.body, bytes, len);

    reply_must_hold(&reply);

    http_reply_release(&reply);
    return 0;
}
