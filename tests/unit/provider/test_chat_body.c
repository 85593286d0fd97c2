#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"
#include "provider/chat_body.h"

#include <string.h>

static const struct provider_target plain = { .base_url = "http://127.0.0.1/v1", .model = "org/m", .max_tokens = 16 };
static const struct chat_request hello = { .prompt = "hello" };
static const struct chat_image images[] = { { "image/png", "\x89PNG", 4, "sha256:aa" }, { "image/jpeg", "\xFF\xD8\xFF", 3, "sha256:bb" } };

/* The body with labels in place of the images; NULL after an error. */
static char *body_of(const struct provider_target *t, const struct chat_request *c, struct error *e)
{
    struct arena a = ARENA_INIT;
    struct http_request r = { 0 };
    struct strbuf out = STRBUF_INIT;
    char *text = NULL;

    if (chat_body(t, c, &a, &r, e) == OK) {
        http_request_elided(&r, &out);
        text = strbuf_detach(&out, NULL);
        cJSON *tree = json_parse(text, strlen(text), e);
        if (!tree)
            fail_msg("not JSON: %s: %s", e ? e->msg : "", text);
        cJSON_Delete(tree);
    }
    arena_release(&a);
    return text;
}

static void check_body(const struct provider_target *t, const struct chat_request *c, const char *wanted)
{
    struct error e = { .code = OK };
    char *text = body_of(t, c, &e);
    if (!text)
        fail_msg("%s", e.msg);
    assert_string_equal(text, wanted);
    free(text);
}

static void parameters_are_sent_only_when_set(void **state)
{
    (void)state;
#define HELLO ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
    static const char *const stop[] = { "a\"b", "END" };
    static const struct {
        struct provider_target t;
        const char *body;
    } table[] = {
        { { .model = "org/m", .max_tokens = 16 }, "{\"model\":\"org/m\",\"max_tokens\":16" HELLO },
        { { .model = "org/m", .max_tokens = 16, .max_tokens_key = "max_completion_tokens" },
          "{\"model\":\"org/m\",\"max_completion_tokens\":16" HELLO },
        { { .model = "org/m", .max_tokens = 16, .has_temperature = true },
          "{\"model\":\"org/m\",\"temperature\":0,\"max_tokens\":16" HELLO },
        { { .model = "org/m", .max_tokens = 16, .has_temperature = true, .temperature = 0.7, .has_top_p = true, .top_p = 0.95 },
          "{\"model\":\"org/m\",\"temperature\":0.7,\"top_p\":0.95,\"max_tokens\":16" HELLO },
        { { .model = "org/m", .max_tokens = 16, .has_seed = true, .seed = INT64_C(9007199254740993) },
          "{\"model\":\"org/m\",\"seed\":9007199254740993,\"max_tokens\":16" HELLO },
        { { .model = "org/m", .max_tokens = 16, .stop = stop, .stop_count = 2 },
          "{\"model\":\"org/m\",\"max_tokens\":16,\"stop\":[\"a\\\"b\",\"END\"]" HELLO },
        { { .model = "org/m", .max_tokens = 16, .reasoning_effort = "low" },
          "{\"model\":\"org/m\",\"max_tokens\":16,\"reasoning_effort\":\"low\"" HELLO },
        { { .model = "org/m", .max_tokens = 16, .logprobs = true }, "{\"model\":\"org/m\",\"max_tokens\":16,\"logprobs\":true" HELLO },
        { { .model = "org/m", .max_tokens = 16, .logprobs = true, .top_logprobs = 5 },
          "{\"model\":\"org/m\",\"max_tokens\":16,\"logprobs\":true,\"top_logprobs\":5" HELLO },
        { { .model = "org/m", .max_tokens = 16, .stream = true },
          "{\"model\":\"org/m\",\"max_tokens\":16,\"stream\":true,\"stream_options\":{\"include_usage\":true}" HELLO },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        check_body(&table[i].t, &hello, table[i].body);
}

static void provider_is_a_suffix_of_the_model(void **state)
{
    (void)state;
    static const char *const table[][3] = {
        { "org/m", "novita", "{\"model\":\"org/m:novita\"" },
        { "org/m:novita", "novita", "{\"model\":\"org/m:novita\"" },
        { "org/m", "cheapest", "{\"model\":\"org/m:cheapest\"" },
        { "org/m", "auto", "{\"model\":\"org/m\"," },
        { "org/m", "", "{\"model\":\"org/m\"," },
        { "qwen3-vl:8b", NULL, "{\"model\":\"qwen3-vl:8b\"," },
        { "user/repo:Q4_K_M", NULL, "{\"model\":\"user/repo:Q4_K_M\"," },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct provider_target t = plain;
        t.model = table[i][0];
        t.provider = table[i][1];
        char *text = body_of(&t, &hello, NULL);
        assert_non_null(text);
        assert_memory_equal(text, table[i][2], strlen(table[i][2]));
        free(text);
    }
}

static void text_alone_is_a_string_and_images_come_in_parts(void **state)
{
    (void)state;
#define HEAD "{\"model\":\"org/m\",\"max_tokens\":16,\"messages\":["
#define PNG "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,sha256:aa\"}}"
#define JPEG "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/jpeg;base64,sha256:bb\"}}"
#define TEXT "{\"type\":\"text\",\"text\":\"look\"}"
    static const struct {
        struct chat_request c;
        const char *body;
    } table[] = {
        { { .prompt = "look" }, HEAD "{\"role\":\"user\",\"content\":\"look\"}]}" },
        { { .prompt = "" }, HEAD "{\"role\":\"user\",\"content\":\"\"}]}" },
        { { .system = "be\nkind", .prompt = "look" },
          HEAD "{\"role\":\"system\",\"content\":\"be\\nkind\"},{\"role\":\"user\",\"content\":\"look\"}]}" },
        { { .prompt = "look", .image = images, .image_count = 1 }, HEAD "{\"role\":\"user\",\"content\":[" PNG "," TEXT "]}]}" },
        { { .prompt = "look", .image = images, .image_count = 2 }, HEAD "{\"role\":\"user\",\"content\":[" PNG "," JPEG "," TEXT "]}]}" },
        { { .prompt = "look", .image = images, .image_count = 2, .text_first = true },
          HEAD "{\"role\":\"user\",\"content\":[" TEXT "," PNG "," JPEG "]}]}" },
        { { .prompt = "", .image = images, .image_count = 1 }, HEAD "{\"role\":\"user\",\"content\":[" PNG "]}]}" },
        { { .prompt = "", .image = images, .image_count = 1, .text_first = true }, HEAD "{\"role\":\"user\",\"content\":[" PNG "]}]}" },
        { { .system = "s", .prompt = "look", .image = images, .image_count = 1 },
          HEAD "{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[" PNG "," TEXT "]}]}" },
        { { .prompt = "\xC3\xA9 \xE6\xBC\xA2 \xF0\x9F\x98\x80 \"q\" \\ \x01" },
          HEAD "{\"role\":\"user\",\"content\":\"\xC3\xA9 \xE6\xBC\xA2 \xF0\x9F\x98\x80 \\\"q\\\" \\\\ \\u0001\"}]}" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        check_body(&plain, &table[i].c, table[i].body);
}

static void image_detail_and_another_system_role_are_sent_when_asked_for(void **state)
{
    (void)state;
    const struct chat_request c = { .system = "s", .prompt = "look", .image = images, .image_count = 1 };
    struct provider_target t = plain;
    t.image_detail = "low";
    t.system_role = "developer";
    check_body(&t, &c,
               HEAD "{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"user\",\"content\":["
                    "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,sha256:aa\",\"detail\":\"low\"}}," TEXT "]}]}");

    t.image_detail = NULL;
    t.system_role = "user";
    check_body(&t, &(struct chat_request){ .system = "s", .prompt = "look" },
               HEAD "{\"role\":\"user\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"look\"}]}");
}

static void prompt_that_ends_in_a_brace_confuses_no_separator(void **state)
{
    (void)state;
    const struct chat_request c = { .system = "}", .prompt = "}" };

    check_body(&plain, &c, HEAD "{\"role\":\"system\",\"content\":\"}\"},{\"role\":\"user\",\"content\":\"}\"}]}");
}

static void image_bytes_are_borrowed_and_encoded_later(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct http_request r = { 0 };
    const struct chat_request c = { .prompt = "look", .image = images, .image_count = 2 };
    assert_int_equal(chat_body(&plain, &c, &a, &r, NULL), OK);

    assert_int_equal(r.part_count, 5);
    assert_int_equal(r.part[1].kind, HTTP_PART_BASE64);
    assert_ptr_equal(r.part[1].bytes, images[0].bytes);
    assert_int_equal(r.part[1].len, 4);
    assert_string_equal(r.part[1].label, "sha256:aa");
    assert_int_equal(r.part[3].kind, HTTP_PART_BASE64);
    assert_ptr_equal(r.part[3].bytes, images[1].bytes);
    assert_memory_equal(r.part[2].bytes, "\"}},{\"type\":\"image_url\"", 22);
    arena_release(&a);
}

static void extra_members_are_merged_at_top_level(void **state)
{
    (void)state;
    static const struct {
        const char *extra;
        bool stream;
        const char *body;
    } table[] = {
        { "{}", false, "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":16" HELLO },
        { "{\"top_k\":5,\"chat_template_kwargs\":{\"enable_thinking\":false}}", false,
          "{\"model\":\"org/"
          "m\",\"temperature\":1,\"max_tokens\":16,\"top_k\":5,\"chat_template_kwargs\":{\"enable_thinking\":false}" HELLO },
        { "{\"temperature\":0.5}", false, "{\"model\":\"org/m\",\"max_tokens\":16,\"temperature\":0.5" HELLO },
        { "{\"max_tokens\":99}", false, "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":99" HELLO },
        { "{\"temperature\":null,\"a\":{\"b\":null,\"c\":[null,{\"d\":null}]}}", false,
          "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":16,\"a\":{\"c\":[null,{}]}" HELLO },
        { "{\"top_k\":1,\"top_k\":2}", false, "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":16,\"top_k\":1" HELLO },
        { "{\"stream_options\":{\"continuous_usage_stats\":true}}", true,
          "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":16,\"stream\":true,"
          "\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true}" HELLO },
        { "{\"stream_options\":{\"include_usage\":false}}", true,
          "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":16,\"stream\":true,\"stream_options\":{\"include_usage\":false}" HELLO },
        { "{\"stream_options\":{\"include_usage\":true}}", false,
          "{\"model\":\"org/m\",\"temperature\":1,\"max_tokens\":16,\"stream_options\":{\"include_usage\":true}" HELLO },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct provider_target t = plain;
        t.has_temperature = true;
        t.temperature = 1;
        t.extra_json = table[i].extra;
        t.stream = table[i].stream;
        check_body(&t, &hello, table[i].body);
    }
}

static void extra_members_may_not_change_what_is_asked(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "{\"model\":\"other\"}", "`model`" }, { "{\"messages\":[]}", "`messages`" },
        { "{\"stream\":true}", "`stream`" },    { "{\"n\":2}", "`n`" },
        { "[1]", "must be a JSON object" },     { "{\"a\":", "extra parameters: 1:" },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct provider_target t = plain;
        struct error e = { .code = OK };
        t.extra_json = table[i][0];
        assert_null(body_of(&t, &hello, &e));
        assert_non_null(strstr(e.msg, table[i][1]));
    }
}

static void invalid_text_is_never_sent(void **state)
{
    (void)state;
    struct error e = { .code = OK };
    const struct chat_request prompt = { .prompt = "ab\xFF" }, system = { .system = "\xC3", .prompt = "" };

    assert_null(body_of(&plain, &prompt, &e));
    assert_int_equal(e.code, ERR_INVALID);
    assert_non_null(strstr(e.msg, "byte 3"));
    assert_null(body_of(&plain, &system, &e));
    assert_non_null(strstr(e.msg, "system prompt"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_sent_only_when_set),
        cmocka_unit_test(provider_is_a_suffix_of_the_model),
        cmocka_unit_test(text_alone_is_a_string_and_images_come_in_parts),
        cmocka_unit_test(image_detail_and_another_system_role_are_sent_when_asked_for),
        cmocka_unit_test(prompt_that_ends_in_a_brace_confuses_no_separator),
        cmocka_unit_test(image_bytes_are_borrowed_and_encoded_later),
        cmocka_unit_test(extra_members_are_merged_at_top_level),
        cmocka_unit_test(extra_members_may_not_change_what_is_asked),
        cmocka_unit_test(invalid_text_is_never_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
