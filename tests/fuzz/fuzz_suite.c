/* Any bytes as suite.yaml: an error with a message, or a suite that can be asked and released. */
#include "config/suite.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct suite s;
    struct error e = { 0 };
    if (suite_parse("fuzz.yaml", (const char *)bytes, len, &a, &s, &e) != OK) {
        assert(e.code != OK && strncmp(e.msg, "fuzz.yaml:", 10) == 0);
        return 0;
    }
    assert(s.scorer_count > 0 && s.name && s.json);
    for (size_t i = 0; i < s.select.categories.count; i++)
        assert(select_list_accepts(&s.select.categories, s.select.categories.value[i]));
    suite_release(&s);
    return 0;
}
