/* Profiles of the simulated endpoint: whatever loads can be drawn from and composed without harm. */
#include "sim/faults.h"
#include "sim/sim_dialect.h"

#include <assert.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void compose(const struct profile *p, const struct sim_dialect *dialect, int64_t seen, bool stream)
{
    struct sim_request request = {
        .dialect = dialect, .model = "m", .prompt = "p", .prompt_len = 1, .text_bytes = 1, .max_tokens = -1, .stream = stream
    };
    struct sim_reply reply = SIM_REPLY_INIT;
    struct sha256_hex body = sha256_of(&seen, sizeof(seen));
    struct choice_input input = {
        .seed = 1, .body = body, .subject = { "m", "C1", "split", EXPECTED_ATTACK }, .seen = seen, .number = seen
    };
    struct choice choice = choice_make(p, &input);
    assert(choice.latency_us >= 0);
    struct fault_context context = {
        .profile = p, .request = &request, .choice = &choice, .body = &body, .codeword = "KESTREL-44", .seed = 1, .seen = seen
    };
    (void)faults_compose(&context, &reply);
    assert(reply.stop_at <= reply.body.len && reply.padding_at <= reply.body.len);
    assert(reply.status == 0 || (reply.status >= 200 && reply.status <= 599));
    sim_reply_release(&reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const struct sim_dialect *const dialects[] = { &sim_openai, &sim_anthropic, &sim_gemini };
    struct arena a = ARENA_INIT;
    struct profile p;
    struct error e = { 0 };
    if (profile_parse("p.yaml", (const char *)bytes, len, &a, &p, &e) == OK) {
        double sum = 0.0;
        for (int o = 0; o < OUTCOME_COUNT; o++)
            sum += p.base.share[o];
        assert(fabs(sum - 1.0) < 1e-6);
        for (int64_t seen = 1; seen <= 4; seen++)
            for (size_t i = 0; i < ARRAY_LEN(dialects); i++)
                compose(&p, dialects[i], seen, seen % 2 == 0);
    } else {
        assert(e.code != OK && e.msg[0] != '\0');
    }
    arena_release(&a);
    return 0;
}
