#include "engine/probe_questions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned big_endian(const unsigned char *p)
{
    return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 | (unsigned)p[2] << 8 | p[3];
}

static unsigned side_of(enum probe_question q)
{
    struct provider_target target = { 0 };
    const struct chat_request chat = probe_question_chat(q, &target);
    const unsigned char *png = chat.image->bytes;
    assert_int_equal(chat.image_count, 1);
    assert_true(chat.image->len > 24);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(big_endian(png + 16), big_endian(png + 20));
    return big_endian(png + 16);
}

static void only_the_second_question_has_the_large_image(void **state)
{
    (void)state;
    assert_int_equal(side_of(PROBE_SMALL_IMAGE), 32);
    assert_int_equal(side_of(PROBE_LARGE_IMAGE), 512);
    assert_int_equal(side_of(PROBE_STRUCTURED_OUTPUT), 32);
    assert_int_equal(side_of(PROBE_UNKNOWN_PROVIDER), 32);
}

static void a_schema_is_asked_for_in_place_of_the_users_own_format(void **state)
{
    (void)state;
    struct provider_target target = { .response_format_json = "{}", .provider = "p" };
    assert_null(probe_question_chat(PROBE_LARGE_IMAGE, &target).schema);
    assert_non_null(target.response_format_json);
    assert_non_null(probe_question_chat(PROBE_STRUCTURED_OUTPUT, &target).schema);
    assert_null(target.response_format_json);
    assert_string_equal(target.provider, "p");
}

static void an_unknown_provider_is_asked_of_a_router_only(void **state)
{
    (void)state;
    const struct endpoint_config direct = { .base_url = "http://127.0.0.1:1/v1", .model = "m", .route = ROUTE_DIRECT };
    const struct endpoint_config routed = { .base_url = "http://127.0.0.1:1/v1", .model = "m", .route = ROUTE_ROUTER };
    const struct endpoint_config named = { .base_url = "http://127.0.0.1:1/v1", .model = "m:p", .route = ROUTE_ROUTER };
    struct provider_target target = { .provider = "p" };
    assert_false(probe_question_applies(PROBE_UNKNOWN_PROVIDER, &direct));
    assert_true(probe_question_applies(PROBE_UNKNOWN_PROVIDER, &routed));
    assert_false(probe_question_applies(PROBE_UNKNOWN_PROVIDER, &named));
    assert_true(probe_question_applies(PROBE_STRUCTURED_OUTPUT, &direct));
    (void)probe_question_chat(PROBE_UNKNOWN_PROVIDER, &target);
    assert_string_equal(target.provider, "unknown-provider");
}

static bool keeps(const char *text)
{
    const struct answer answer = { .content = text, .content_len = strlen(text) };
    return probe_keeps_schema(&answer);
}

static void only_the_object_that_was_asked_for_keeps_to_the_schema(void **state)
{
    (void)state;
    static const char *const other[] = { "",
                                         "Red",
                                         "```json\n{\"colour\":\"red\"}\n```",
                                         "{}",
                                         "[]",
                                         "{\"colour\":7}",
                                         "{\"color\":\"red\"}",
                                         "{\"colour\":\"red\",\"more\":1}",
                                         "{\"colour\":\"red\"} so" };
    assert_true(keeps("{\"colour\":\"red\"}"));
    assert_true(keeps(" {\"colour\": \"Red\"}\n"));
    for (size_t i = 0; i < ARRAY_LEN(other); i++)
        assert_false(keeps(other[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_second_question_has_the_large_image),
        cmocka_unit_test(a_schema_is_asked_for_in_place_of_the_users_own_format),
        cmocka_unit_test(an_unknown_provider_is_asked_of_a_router_only),
        cmocka_unit_test(only_the_object_that_was_asked_for_keeps_to_the_schema),
    };
    return cmocka_run_group_tests_name("probe_questions", tests, NULL, NULL);
}
