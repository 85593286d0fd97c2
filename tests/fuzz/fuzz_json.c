/* JSON: strict implies lenient; what is written reads back as the same tree; the scan and cJSON agree. */
#include "base/json.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    struct error e = { 0 };
    CLEANUP(json_freep) cJSON *strict = json_parse(text, len, &e);
    must(strict || (e.code == ERR_SYNTAX && e.msg[0] != '\0'));

    bool repaired = false;
    CLEANUP(json_freep) cJSON *lenient = json_parse_lenient(text, len, &repaired, NULL);
    must(!strict || (lenient && !repaired));
    if (!lenient)
        return 0;

    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf again = STRBUF_INIT;
    json_add_canonical(&out, lenient);
    must(utf8_valid(out.buf, out.len, NULL));
    CLEANUP(json_freep) cJSON *back = json_parse(out.buf, out.len, NULL);
    must(back != NULL);
    json_add_canonical(&again, back);
    must(again.len == out.len && memcmp(again.buf, out.buf, out.len) == 0);
    strbuf_clear(&again);
    json_add_pretty(&again, lenient);
    CLEANUP(json_freep) cJSON *pretty = json_parse(again.buf, again.len, NULL);
    must(pretty != NULL);
    return 0;
}
