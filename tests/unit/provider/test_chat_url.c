#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "provider/chat_url.h"

#include <string.h>

static const char *const versions[] = { "/v1", NULL };
static const struct url_rule rule = { versions, "/chat/completions", NULL };

static void path_is_completed_and_query_kept(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "https://router.huggingface.co/v1", "https://router.huggingface.co/v1/chat/completions" },
        { "http://127.0.0.1:8000", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://127.0.0.1:8000/v1///", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://127.0.0.1:8000/v1/chat/completions", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://127.0.0.1:8000/v1/chat/completions/", "http://127.0.0.1:8000/v1/chat/completions" },
        { "http://[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions" },
        { "https://h.example/v1?x=1", "https://h.example/v1/chat/completions?x=1" },
        { "https://h.example/v1/?x=1", "https://h.example/v1/chat/completions?x=1" },
        { "https://h.example?x=/v1/", "https://h.example/v1/chat/completions?x=/v1/" },
        { "https://h.example/a/chat/completions?api-version=2", "https://h.example/a/chat/completions?api-version=2" },
        { "https://h.example/openai", "https://h.example/openai/v1/chat/completions" },
        { "https://h.example/v12", "https://h.example/v12/v1/chat/completions" },
        { "https://h.example/v1#part", "https://h.example/v1/chat/completions" },
        { "https://h.example/v1?a=b#part?", "https://h.example/v1/chat/completions?a=b" },
        { "https://h.example/v1?", "https://h.example/v1/chat/completions?" },
        { "HTTPS://h.example/v1", "HTTPS://h.example/v1/chat/completions" },
        { "https://router.huggingface.co/hf-inference/models/a/b/v1/chat/completions",
          "https://router.huggingface.co/hf-inference/models/a/b/v1/chat/completions" },
    };
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *url = NULL;
        assert_int_equal(chat_url(table[i][0], &rule, &a, &url, NULL), OK);
        assert_string_equal(url, table[i][1]);
    }
    arena_release(&a);
}

static void what_cannot_be_addressed_is_refused(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "", "no base_url" },
        { "router.huggingface.co/v1", "http://" },
        { "ftp://h.example/v1", "http://" },
        { "file:///etc/passwd", "http://" },
        { "https://", "no host" },
        { "https:///v1", "no host" },
        { "https://?x=1", "no host" },
        { "https://h.example/v 1", "byte 20" },
        { "https://h.example/\r\nX: y", "byte 19" },
    };
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *url = NULL;
        struct error e = { .code = OK };
        assert_int_equal(chat_url(table[i][0], &rule, &a, &url, &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, table[i][1]));
        assert_null(url);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(path_is_completed_and_query_kept),
        cmocka_unit_test(what_cannot_be_addressed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
