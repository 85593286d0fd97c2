#include "config/base_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void usual_addresses_are_fine(void **state)
{
    (void)state;
    static const char *const good[] = { "http://127.0.0.1:8000/v1",
                                        "https://router.huggingface.co/v1",
                                        "HTTPS://Host",
                                        "http://[::1]:8080/v1/",
                                        "https://host/path?api-version=1",
                                        "http://localhost:1",
                                        "http://h/a@b" };
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_null(base_url_problem(good[i]));
}

static void strange_addresses_are_refused_without_being_repeated(void **state)
{
    (void)state;
    static const struct {
        const char *url, *problem;
    } bad[] = {
        { "", "must begin with http:// or https://" },
        { "host/v1", "must begin with http:// or https://" },
        { "ftp://host", "must begin with http:// or https://" },
        { "file:///etc/hosts", "must begin with http:// or https://" },
        { "http://", "has no host" },
        { "http:///v1", "has no host" },
        { "http://:80/v1", "has no host" },
        { "http://user:pw@host/v1", "may not hold a user name or password; use `api_key: env:NAME`" },
        { "http://host/v1#top", "may not hold a fragment (`#`)" },
        { "http://host/a b", "may hold only ASCII without spaces and control characters" },
        { "http://host/\n", "may hold only ASCII without spaces and control characters" },
        { "http://h\xC3\xB6st/", "may hold only ASCII without spaces and control characters" },
        { "http://host:0/", "has a port that is not a number from 1 to 65535" },
        { "http://host:65536/", "has a port that is not a number from 1 to 65535" },
        { "http://host:x/", "has a port that is not a number from 1 to 65535" },
        { "http://host:/", "has a port that is not a number from 1 to 65535" },
        { "http://host:99999999999999999999/", "has a port that is not a number from 1 to 65535" },
        { "http://[::1]x/", "has a port that is not a number from 1 to 65535" },
        { "http://[::1/", "has an IPv6 address without its closing `]`" },
        { "http://[]/", "has an IPv6 address without its closing `]`" },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        const char *problem = base_url_problem(bad[i].url);
        assert_non_null(problem);
        assert_string_equal(problem, bad[i].problem);
    }
}

static void what_could_be_secret_is_left_out(void **state)
{
    (void)state;
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    assert_string_equal(base_url_redacted("https://host:1/v1", &a), "https://host:1/v1");
    assert_string_equal(base_url_redacted("https://me:pw@host/v1?key=x", &a), "https://host/v1?****");
    assert_string_equal(base_url_redacted("https://host?key=x", &a), "https://host?****");
    assert_string_equal(base_url_redacted("mailto:me", &a), "****");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_addresses_are_fine),
        cmocka_unit_test(strange_addresses_are_refused_without_being_repeated),
        cmocka_unit_test(what_could_be_secret_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
