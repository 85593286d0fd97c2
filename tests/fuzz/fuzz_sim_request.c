/* The request reader of the simulated endpoint: any bytes are either a request within its bounds or a complaint with words. */
#include "sim/sim_dialect.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void parse(const struct sim_dialect *dialect, const uint8_t *bytes, size_t len)
{
    struct arena a = ARENA_INIT;
    struct sim_request r;
    struct sim_complaint c;
    if (dialect->parse((const char *)bytes, len, &a, &r, &c)) {
        assert(r.model[0] != '\0' || dialect == &sim_gemini); /* whose model is in the path */
        assert(r.dialect == dialect);
        assert(strlen(r.prompt) == r.prompt_len && r.prompt_len <= r.text_bytes);
        assert(r.max_tokens == -1 || r.max_tokens > 0);
        assert(sim_request_prompt_tokens(&r) > 0);
        for (size_t i = 0; i < r.image_count; i++)
            assert(r.image[i].bytes > 0 && strlen(r.image[i].sha256.text) == SHA256_HEX);
    } else {
        assert(c.message[0] != '\0');
    }
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct sim_dialect *const dialects[] = { &sim_openai, &sim_anthropic, &sim_gemini };
    for (size_t i = 0; i < ARRAY_LEN(dialects); i++)
        parse(dialects[i], bytes, len);
    return 0;
}
