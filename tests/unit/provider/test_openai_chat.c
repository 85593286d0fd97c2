#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/openai_chat.h"

#include <string.h>

static const struct chat_request hello = { .prompt = "hello" };

/* "Name: value\n" for every header. */
static void headers_of(const struct http_request *r, struct strbuf *out)
{
    for (size_t i = 0; i < r->header_count; i++)
        (void)strbuf_addf(out, "%s: %s\n", r->header[i].name, r->header[i].value);
}

static void request_has_method_address_and_headers(void **state)
{
    (void)state;
    struct secret *key = secret_new("hf_canary", 9);
    const struct http_header bill = { "X-HF-Bill-To", "my-org" };
    const struct provider_target t = {
        .base_url = "https://router.huggingface.co/v1", .model = "m", .api_key = key, .header = &bill, .header_count = 1, .max_tokens = 1
    };
    struct arena a = ARENA_INIT;
    struct http_request r;
    struct strbuf headers = STRBUF_INIT;
    assert_int_equal(openai_chat.build(&t, &hello, &a, &r, NULL), OK);
    headers_of(&r, &headers);

    assert_string_equal(r.method, "POST");
    assert_string_equal(r.url, "https://router.huggingface.co/v1/chat/completions");
    assert_string_equal(headers.buf, "Content-Type: application/json\nAccept: application/json\nAuthorization: Bearer hf_canary\n"
                                     "X-HF-Bill-To: my-org\n");
    strbuf_release(&headers);
    arena_release(&a);
    secret_free(key);
}

static void key_is_absent_unless_configured_and_stream_is_announced(void **state)
{
    (void)state;
    const struct provider_target t = { .base_url = "http://127.0.0.1", .model = "m", .stream = true, .max_tokens = 1 };
    struct arena a = ARENA_INIT;
    struct http_request r;
    struct strbuf headers = STRBUF_INIT;
    assert_int_equal(openai_chat.build(&t, &hello, &a, &r, NULL), OK);
    headers_of(&r, &headers);

    assert_string_equal(headers.buf, "Content-Type: application/json\nAccept: text/event-stream, application/json\n");
    strbuf_release(&headers);
    arena_release(&a);
}

static void configured_header_takes_the_place_of_ours(void **state)
{
    (void)state;
    const struct http_header own[] = { { "accept", "*/*" }, { "X-use-cache", "false" } };
    const struct provider_target t = { .base_url = "http://127.0.0.1", .model = "m", .header = own, .header_count = 2, .max_tokens = 1 };
    struct arena a = ARENA_INIT;
    struct http_request r;
    struct strbuf headers = STRBUF_INIT;
    assert_int_equal(openai_chat.build(&t, &hello, &a, &r, NULL), OK);
    headers_of(&r, &headers);

    assert_string_equal(headers.buf, "Content-Type: application/json\naccept: */*\nX-use-cache: false\n");
    strbuf_release(&headers);
    arena_release(&a);
}

static void header_that_is_no_single_line_is_refused(void **state)
{
    (void)state;
    static const struct http_header bad[] = { { "X", "a\r\nY: b" }, { "X\n", "a" }, { "", "a" }, { "X Y", "a" }, { "X:", "a" } };
    struct arena a = ARENA_INIT;
    struct http_request r;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const struct provider_target t = { .base_url = "http://127.0.0.1", .model = "m", .header = &bad[i], .header_count = 1 };
        struct error e = { .code = OK };
        assert_int_equal(openai_chat.build(&t, &hello, &a, &r, &e), ERR_INVALID);
    }

    struct secret *key = secret_new("hf_canary\n", 10);
    const struct provider_target t = { .base_url = "http://127.0.0.1", .model = "m", .api_key = key };
    struct error e = { .code = OK };
    assert_int_equal(openai_chat.build(&t, &hello, &a, &r, &e), ERR_INVALID);
    assert_null(strstr(e.msg, "hf_canary"));
    secret_free(key);
    arena_release(&a);
}

static void bad_target_leaves_the_request_alone(void **state)
{
    (void)state;
    const struct provider_target t = { .base_url = "no-scheme", .model = "m" };
    struct arena a = ARENA_INIT;
    struct http_request r = { .method = "untouched" };

    assert_int_equal(openai_chat.build(&t, &hello, &a, &r, NULL), ERR_INVALID);

    assert_string_equal(r.method, "untouched");
    arena_release(&a);
}

static void protocol_is_found_by_its_name(void **state)
{
    (void)state;

    assert_ptr_equal(provider_find("openai-chat"), &openai_chat);
    assert_null(provider_find("openai"));
    assert_null(provider_find(""));
    for (const char *const *name = provider_names(); *name; name++)
        assert_string_equal(provider_find(*name)->name, *name);
    assert_string_equal(provider_names()[0], "openai-chat");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_has_method_address_and_headers),
        cmocka_unit_test(key_is_absent_unless_configured_and_stream_is_announced),
        cmocka_unit_test(configured_header_takes_the_place_of_ours),
        cmocka_unit_test(header_that_is_no_single_line_is_refused),
        cmocka_unit_test(bad_target_leaves_the_request_alone),
        cmocka_unit_test(protocol_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
