/* sim_request: what a careful server takes, and what it complains about. */
#include "sim/sim_request.h"

#include "base/base64.h"
#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool parse(const char *body, struct arena *a, struct sim_request *r, struct sim_complaint *c)
{
    return sim_request_parse(body, strlen(body), a, r, c);
}

static void a_plain_question_is_read(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct sim_request r;
    struct sim_complaint c;

    assert_true(
        parse("{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"hi\"}]}", &a,
              &r, &c));

    assert_string_equal(r.model, "m");
    assert_string_equal(r.prompt, "hi");
    assert_int_equal(r.image_count, 0);
    assert_int_equal(r.text_bytes, 10);
    assert_int_equal(r.max_tokens, -1);
    assert_false(r.stream);
    arena_release(&a);
}

static void parts_are_joined_and_images_hashed_as_decoded(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct sim_request r;
    struct sim_complaint c;

    assert_true(parse("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":["
                      "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAEC\"}},"
                      "{\"type\":\"text\",\"text\":\"read \"},{\"type\":\"text\",\"text\":\"this\"},"
                      "{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,AwQF\"}]}]}",
                      &a, &r, &c));

    struct sha256_hex first = sha256_of("\0\1\2", 3), second = sha256_of("\3\4\5", 3);
    assert_string_equal(r.prompt, "read this");
    assert_int_equal(r.image_count, 2);
    assert_string_equal(r.image[0].sha256.text, first.text);
    assert_string_equal(r.image[1].sha256.text, second.text);
    assert_int_equal(r.image[0].bytes, 3);
    arena_release(&a);
}

static void the_last_user_message_counts(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct sim_request r;
    struct sim_complaint c;

    assert_true(parse("{\"model\":\"m\",\"messages\":["
                      "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAEC\"}}]},"
                      "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[]},{\"role\":\"user\",\"content\":\"again\"}]}",
                      &a, &r, &c));

    assert_string_equal(r.prompt, "again");
    assert_int_equal(r.image_count, 0);
    arena_release(&a);
}

static void parameters_are_read(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct sim_request r;
    struct sim_complaint c;

    assert_true(parse(
        "{\"model\":\"m\",\"temperature\":0,\"top_p\":null,\"seed\":7,\"max_tokens\":16,\"stop\":[\"a\"],\"stream\":true,"
        "\"stream_options\":{\"include_usage\":true},\"chat_template_kwargs\":{},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
        &a, &r, &c));

    assert_int_equal(r.max_tokens, 16);
    assert_true(r.stream);
    assert_true(r.include_usage);
    arena_release(&a);
}

static void tokens_grow_with_text_and_picture(void **state)
{
    (void)state;
    struct sim_image image[2] = { { .bytes = 10, .width = 280, .height = 56 }, { .bytes = 10 } };
    struct sim_request r = { .text_bytes = 400, .image = image };
    int64_t text = sim_request_prompt_tokens(&r);

    r.image_count = 1;
    assert_int_equal(sim_request_prompt_tokens(&r), text + 20);
    r.image_count = 2;
    assert_int_equal(sim_request_prompt_tokens(&r), text + 20 + 256);
}

#define USER "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]"

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *body, *param, *words;
    } cases[] = {
        { "", NULL, "not valid JSON" },
        { "[]", NULL, "object" },
        { "{\"model\":\"m\"} x", NULL, "not valid JSON" },
        { "{" USER "}", "model", "model" },
        { "{\"model\":3," USER "}", "model", "model" },
        { "{\"model\":\"m\"}", "messages", "messages" },
        { "{\"model\":\"m\",\"messages\":[]}", "messages", "at least one" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}", "messages", "role" },
        { "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]}", "messages", "role" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}", "messages", "content" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[]}]}", "messages", "content" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"audio\"}]}]}", "messages", "type" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}", "messages", "text" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}", "messages", "url" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
          "\"http://127.0.0.1/a.png\"}}]}]}",
          "messages", "data URL" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
          "\"data:image/png;base64,A*\"}}]}]}",
          "messages", "base64" },
        { "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
          "\"data:image/png;base64,\"}}]}]}",
          "messages", "empty" },
        { "{\"model\":\"m\",\"temperature\":3," USER "}", "temperature", "0 to 2" },
        { "{\"model\":\"m\",\"temperature\":\"0\"," USER "}", "temperature", "number" },
        { "{\"model\":\"m\",\"max_tokens\":0," USER "}", "max_tokens", "whole number" },
        { "{\"model\":\"m\",\"max_tokens\":1.5," USER "}", "max_tokens", "whole number" },
        { "{\"model\":\"m\",\"n\":2," USER "}", "n", "from 1 to 1" },
        { "{\"model\":\"m\",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]," USER "}", "stop", "4" },
        { "{\"model\":\"m\",\"stop\":[1]," USER "}", "stop", "strings" },
        { "{\"model\":\"m\",\"stream\":1," USER "}", "stream", "true or false" },
        { "{\"model\":\"m\",\"stream_options\":{}," USER "}", "stream_options", "stream" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a = ARENA_INIT;
        struct sim_request r = { .model = "untouched" };
        struct sim_complaint c;

        if (parse(cases[i].body, &a, &r, &c))
            fail_msg("accepted: %s", cases[i].body);

        if (!strstr(c.message, cases[i].words))
            fail_msg("%s gave: %s", cases[i].body, c.message);
        if (cases[i].param)
            assert_string_equal(c.param, cases[i].param);
        else
            assert_null(c.param);
        assert_string_equal(r.model, "untouched");
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_question_is_read),          cmocka_unit_test(parts_are_joined_and_images_hashed_as_decoded),
        cmocka_unit_test(the_last_user_message_counts),      cmocka_unit_test(parameters_are_read),
        cmocka_unit_test(tokens_grow_with_text_and_picture), cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
