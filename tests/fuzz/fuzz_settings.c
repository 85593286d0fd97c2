/* Any bytes as config.yaml: an error with a message, or settings that can be printed and released. */
#include "config/settings.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct settings s;
    struct error e = { 0 };
    if (settings_parse("fuzz.yaml", (const char *)bytes, len, &a, &s, &e) != OK) {
        assert(e.code != OK && strncmp(e.msg, "fuzz.yaml:", 10) == 0);
        return 0;
    }
    settings_to_json(&s, &out);
    for (size_t i = 0; i < s.endpoint_count; i++)
        (void)!settings_require_key(&s, &s.endpoint[i], &e);
    settings_release(&s);
    return 0;
}
