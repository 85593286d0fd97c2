#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "provider/provider.h"

#include <string.h>

/* Guard models classify the last message: an answer in the model's own place. */
static void a_last_message_of_the_model_is_sent_in_each_protocols_form(void **state)
{
    (void)state;
    static const struct {
        const char *protocol, *base_url, *wanted;
    } row[] = {
        { "openai-chat", "http://h/v1",
          "\"messages\":[{\"role\":\"user\",\"content\":\"asked\"},{\"role\":\"assistant\",\"content\":\"say \\\"it\\\"\"}]}" },
        { "anthropic-messages", "http://h",
          "\"messages\":[{\"role\":\"user\",\"content\":\"asked\"},{\"role\":\"assistant\",\"content\":\"say \\\"it\\\"\"}]}" },
        { "gemini-generate", "http://h",
          "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"asked\"}]},{\"role\":\"model\",\"parts\":[{\"text\":\"say "
          "\\\"it\\\"\"}]}]}" },
    };
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        CLEANUP(arena_release) struct arena a = ARENA_INIT;
        CLEANUP(strbuf_release) struct strbuf body = STRBUF_INIT;
        const struct provider_target target = { .base_url = row[i].base_url, .model = "guard", .max_tokens = 16 };
        const struct chat_request chat = { .prompt = "asked", .assistant = "say \"it\"" };
        struct http_request request;
        struct error e;
        assert_int_equal(provider_find(row[i].protocol)->build(&target, &chat, &a, &request, &e), OK);
        http_request_elided(&request, &body);
        if (!strstr(body.buf, row[i].wanted))
            fail_msg("%s: %s", row[i].protocol, body.buf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_last_message_of_the_model_is_sent_in_each_protocols_form) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
