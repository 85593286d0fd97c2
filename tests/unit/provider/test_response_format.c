#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/chat_body.h"
#include "provider/response_format.h"

#include <string.h>

static const struct chat_schema verdict = { .name = "verdict", .description = "a verdict", .json = "{\"type\":\"object\"}" };
static const struct chat_schema bare = { .name = "verdict", .json = "{\"type\":\"object\"}" };

/* The body of "hello" without its images; NULL after an error. */
static char *body_of(const struct provider_target *t, const struct chat_schema *schema, struct error *e)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct http_request r = { 0 };
    struct strbuf out = STRBUF_INIT;
    const struct chat_request c = { .prompt = "hello", .schema = schema };
    if (chat_body(t, &c, &a, &r, e) != OK)
        return NULL;
    http_request_elided(&r, &out);
    return strbuf_detach(&out, NULL);
}

static void every_server_is_asked_in_its_own_form(void **state)
{
    (void)state;
#define OPENAI                                                                                                                             \
    "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"verdict\",\"description\":\"a verdict\","                   \
    "\"schema\":{\"type\":\"object\"},\"strict\":true}}"
#define TOGETHER "\"response_format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\"}}"
#define FIREWORKS "\"response_format\":{\"type\":\"json_object\",\"schema\":{\"type\":\"object\"}}"
#define TGI "\"response_format\":{\"type\":\"json_object\",\"value\":{\"type\":\"object\"}}"
    static const struct {
        const char *url;
        enum structured_output form;
        const char *format; /* "" = none */
    } table[] = {
        { "http://127.0.0.1:8000/v1", STRUCTURED_AUTO, OPENAI },
        { "https://router.huggingface.co/v1", STRUCTURED_AUTO, OPENAI },
        { "https://router.huggingface.co/novita/v3/openai/chat/completions", STRUCTURED_AUTO, OPENAI },
        { "https://router.huggingface.co/together/v1", STRUCTURED_AUTO, TOGETHER },
        { "https://Router.HuggingFace.co/fireworks-ai/inference/v1", STRUCTURED_AUTO, FIREWORKS },
        { "https://router.huggingface.co/hf-inference/models/org/m", STRUCTURED_AUTO, TGI },
        { "https://api.together.xyz/v1", STRUCTURED_AUTO, TOGETHER },
        { "https://api.fireworks.ai/inference/v1", STRUCTURED_AUTO, FIREWORKS },
        { "https://api.together.xyz.example.org/v1", STRUCTURED_AUTO, OPENAI },
        { "https://router.huggingface.co/together/v1", STRUCTURED_OPENAI, OPENAI },
        { "http://127.0.0.1:8000/v1", STRUCTURED_TOGETHER, TOGETHER },
        { "http://127.0.0.1:8000/v1", STRUCTURED_FIREWORKS, FIREWORKS },
        { "http://127.0.0.1:8000/v1", STRUCTURED_TGI, TGI },
        { "http://127.0.0.1:8000/v1", STRUCTURED_LLAMACPP, FIREWORKS },
        { "http://127.0.0.1:8000/v1", STRUCTURED_NONE, "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const struct provider_target t = { .base_url = table[i].url, .model = "m", .max_tokens = 1, .structured_output = table[i].form };
        struct error e = { 0 };
        char *body = body_of(&t, &verdict, &e);
        if (!body)
            fail_msg("row %zu: %s", i, e.msg);
        struct strbuf wanted = STRBUF_INIT;
        (void)strbuf_addf(&wanted, "{\"model\":\"m\",\"max_tokens\":1%s%s,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
                          table[i].format[0] ? "," : "", table[i].format);
        assert_string_equal(body, wanted.buf);
        strbuf_release(&wanted);
        free(body);
    }
}

static void without_a_schema_nothing_is_sent_and_a_description_may_be_absent(void **state)
{
    (void)state;
    const struct provider_target t = { .base_url = "http://127.0.0.1/v1", .model = "m", .max_tokens = 1 };

    char *body = body_of(&t, NULL, NULL);
    assert_null(strstr(body, "response_format"));
    free(body);

    body = body_of(&t, &bare, NULL);
    assert_non_null(strstr(body, "{\"name\":\"verdict\",\"schema\":{\"type\":\"object\"},\"strict\":true}"));
    free(body);
}

static void what_the_user_wrote_goes_before_what_a_judge_wants(void **state)
{
    (void)state;
    struct provider_target t = { .base_url = "http://127.0.0.1/v1", .model = "m", .max_tokens = 1 };

    t.response_format_json = "{\"type\":\"json_object\"}";
    char *body = body_of(&t, &verdict, NULL);
    assert_non_null(strstr(body, ",\"response_format\":{\"type\":\"json_object\"},\"messages\""));
    free(body);

    t.structured_output = STRUCTURED_NONE; /* is about what the harness would add */
    body = body_of(&t, NULL, NULL);
    assert_non_null(strstr(body, ",\"response_format\":{\"type\":\"json_object\"},\"messages\""));
    free(body);

    t.extra_json = "{\"response_format\":{\"type\":\"regex\",\"value\":\"[01]\"}}";
    body = body_of(&t, &verdict, NULL);
    assert_non_null(strstr(body, ",\"response_format\":{\"type\":\"regex\",\"value\":\"[01]\"},\"messages\""));
    free(body);
}

static void what_is_no_object_is_never_sent(void **state)
{
    (void)state;
    static const char *const bad[] = { "[1]", "\"object\"", "{\"type\":", "" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct provider_target t = { .base_url = "http://127.0.0.1/v1", .model = "m", .max_tokens = 1 };
        const struct chat_schema schema = { .name = "verdict", .json = bad[i] };
        struct error e = { 0 };
        assert_null(body_of(&t, &schema, &e));
        assert_non_null(strstr(e.msg, "the schema of the answer"));
        t.response_format_json = bad[i];
        assert_null(body_of(&t, NULL, &e));
        assert_non_null(strstr(e.msg, "response_format"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_server_is_asked_in_its_own_form),
        cmocka_unit_test(without_a_schema_nothing_is_sent_and_a_description_may_be_absent),
        cmocka_unit_test(what_the_user_wrote_goes_before_what_a_judge_wants),
        cmocka_unit_test(what_is_no_object_is_never_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
