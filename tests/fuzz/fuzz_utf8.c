/* UTF-8: a repaired text is valid, valid text is left alone, and both ways of reading see the same. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    CLEANUP(strbuf_release) struct strbuf repaired = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf one_by_one = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf normal = STRBUF_INIT;
    size_t bad = len;
    bool valid = utf8_valid(text, len, &bad);

    utf8_repair(text, len, &repaired);
    for (size_t pos = 0; pos < len;)
        utf8_put(utf8_next(text, len, &pos), &one_by_one);
    if (repaired.len != one_by_one.len || memcmp(repaired.buf, one_by_one.buf, repaired.len) != 0)
        abort();
    if (!utf8_valid(repaired.buf, repaired.len, NULL) || !utf8_valid(text, bad, NULL))
        abort();
    if (valid != (repaired.len == len && memcmp(repaired.buf, text, len) == 0))
        abort();
    utf8_nfkc(repaired.buf, repaired.len, true, &normal);
    if (!utf8_valid(normal.buf, normal.len, NULL))
        abort();
    (void)utf8_width(repaired.buf, repaired.len);
    return 0;
}
