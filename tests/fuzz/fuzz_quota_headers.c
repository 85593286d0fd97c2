/*
 * fuzz_quota_headers - a block of header lines, as net hands it on.
 */
#include "provider/quota_headers.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const struct quota_told *q)
{
    if (isnan(q->remaining) || q->remaining > 1e15 || isnan(q->limit) || q->limit > 1e15)
        abort();
    if (q->remaining >= 0 && q->reset_us < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    (void)strbuf_add(&reply.headers, bytes, len);
    struct quota_headers q;
    bool told = quota_headers_read(&reply, INT64_C(1795503953000000), &q);
    check(&q.requests);
    check(&q.tokens);
    if (told != (q.requests.remaining >= 0 || q.tokens.remaining >= 0))
        abort();
    http_reply_release(&reply);
    return 0;
}
