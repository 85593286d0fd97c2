/* Any bytes become valid UTF-8 without capitals, tabs, invisible characters or double spaces, whatever stands around them. */
#include "base/utf8.h"
#include "score/normalise.h"
#include "score/tokens.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct strbuf out = STRBUF_INIT, beside = STRBUF_INIT;
    normalise((const char *)bytes, len, &out);
    require(utf8_valid(out.buf, out.len, NULL));
    bool spaced = false;
    for (size_t pos = 0; pos < out.len;) {
        uint32_t c = utf8_next(out.buf, out.len, &pos);
        require(!(c >= 'A' && c <= 'Z') && c != '`' && c != 0xAD && c != 0xFEFF && c != 0x2060 && !(c >= 0x200B && c <= 0x200D));
        require(!token_is_space(c) || (c == ' ' && !spaced));
        spaced = c == ' ';
    }

    /* ASCII goes a short way of its own: a letter beyond ASCII in front sends the same text the long way. */
    struct strbuf longer = STRBUF_INIT;
    (void)strbuf_addstr(&longer, "\xC3\xA9|");
    (void)strbuf_add(&longer, bytes, len);
    normalise(longer.buf, longer.len, &beside);
    require(beside.len == out.len + 3 && memcmp(beside.buf + 3, out.buf, out.len) == 0);

    strbuf_release(&out);
    strbuf_release(&beside);
    strbuf_release(&longer);
    return 0;
}
