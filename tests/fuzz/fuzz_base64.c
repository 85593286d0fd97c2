/* base64: decoding what was encoded gives the bytes back; any text decodes or is refused. */
#include "base/base64.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf decoded = STRBUF_INIT;
    struct error e = { 0 };
    if (base64_decode((const char *)bytes, len, &decoded, &e) != OK && (e.code != ERR_SYNTAX || decoded.len > 0))
        abort();

    size_t text_len = base64_encoded_len(len);
    CLEANUP(cleanup_free) char *text = xmalloc(text_len);
    base64_encode(bytes, len, text);
    strbuf_clear(&decoded);
    if (base64_decode(text, text_len, &decoded, NULL) != OK || decoded.len != len || (len > 0 && memcmp(decoded.buf, bytes, len) != 0))
        abort();
    return 0;
}
