/* Credentials in a server's words: no read past the end, nothing invented, and a second pass finds nothing. */
#include "base/secret_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(strbuf_release) struct strbuf once = STRBUF_INIT;
    char *exact = malloc(len ? len : 1); /* the sanitizer sees a read past `len` */
    if (!exact)
        abort();
    memcpy(exact, bytes, len);
    secret_text_add(exact, len, &once);
    free(exact);

    CLEANUP(strbuf_release) struct strbuf twice = STRBUF_INIT;
    secret_text_add(once.buf, once.len, &twice);
    if (once.len != twice.len || memcmp(once.buf, twice.buf, once.len) != 0)
        abort();
    return 0;
}
