/* The request reader of the simulated endpoint: any bytes are either a request within its bounds or a complaint with words. */
#include "sim/sim_request.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena a = ARENA_INIT;
    struct sim_request r;
    struct sim_complaint c;
    if (sim_request_parse((const char *)bytes, len, &a, &r, &c)) {
        assert(r.model[0] != '\0');
        assert(strlen(r.prompt) == r.prompt_len && r.prompt_len <= r.text_bytes);
        assert(r.max_tokens == -1 || r.max_tokens > 0);
        assert(sim_request_prompt_tokens(&r) > 0);
        for (size_t i = 0; i < r.image_count; i++)
            assert(r.image[i].bytes > 0 && strlen(r.image[i].sha256.text) == SHA256_HEX);
    } else {
        assert(c.message[0] != '\0');
    }
    arena_release(&a);
    return 0;
}
