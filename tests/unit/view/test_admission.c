#include "view/admission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static struct admission_keys keys;

static int make_keys(void **state)
{
    (void)state;
    admission_keys_make("127.0.0.1:8123", &keys);
    return 0;
}

/* What a page of ours sends. */
static struct admission_request own(void)
{
    return (struct admission_request){ .host = "127.0.0.1:8123", .host_count = 1, .fetch_site = "same-origin", .cookie = keys.cookie };
}

static void the_tokens_differ_and_are_long(void **state)
{
    (void)state;
    struct admission_keys other;
    admission_keys_make("127.0.0.1:8123", &other);

    assert_int_equal(strlen(keys.url_token), VIEW_TOKEN_CHARS);
    assert_string_not_equal(keys.url_token, keys.cookie);
    assert_string_not_equal(keys.cookie, keys.request_token);
    assert_string_not_equal(keys.url_token, other.url_token);
    assert_string_equal(keys.cookie_name, "gauntlet_view_8123");
}

static void the_printed_url_is_exchanged_for_a_cookie(void **state)
{
    (void)state;
    struct admission_request r = { .host = "127.0.0.1:8123", .host_count = 1, .url_token = keys.url_token, .entrance = true };
    assert_int_equal(admission_decide(&keys, &r), ADMIT_EXCHANGE);

    r.fetch_site = "cross-site"; /* a link in another program's page */
    assert_int_equal(admission_decide(&keys, &r), ADMIT_EXCHANGE);

    r.entrance = false; /* the token of the URL opens nothing else */
    r.fetch_site = NULL;
    assert_int_equal(admission_decide(&keys, &r), DENY_TOKEN);
}

static void nobody_comes_in_without_the_token(void **state)
{
    (void)state;
    char wrong[VIEW_TOKEN_CHARS + 2];
    const char *const bad[] = { NULL, "", "0", wrong, keys.url_token, keys.request_token };
    memset(wrong, 'a', sizeof(wrong) - 1);
    wrong[sizeof(wrong) - 1] = '\0';
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct admission_request r = own();
        r.cookie = bad[i];
        assert_int_equal(admission_decide(&keys, &r), DENY_TOKEN);
    }
    struct admission_request r = { .host = "127.0.0.1:8123", .host_count = 1, .url_token = keys.cookie, .entrance = true };
    assert_int_equal(admission_decide(&keys, &r), DENY_TOKEN);

    struct admission_request page = own();
    assert_int_equal(admission_decide(&keys, &page), ADMIT);
}

static void another_host_is_denied_even_with_the_token(void **state)
{
    (void)state;
    static const char *const bad[] = {
        NULL, "", "127.0.0.1", "127.0.0.1:80", "rebound.example:8123", "127.0.0.1:8123.rebound.example", "localhost:8123", "127.0.0.1:8123 "
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct admission_request r = own();
        r.host = bad[i];
        assert_int_equal(admission_decide(&keys, &r), DENY_HOST);
        r.entrance = true;
        r.url_token = keys.url_token;
        assert_int_equal(admission_decide(&keys, &r), DENY_HOST);
    }
    struct admission_request twice = own();
    twice.host_count = 2;
    assert_int_equal(admission_decide(&keys, &twice), DENY_HOST);
}

static void another_origin_is_denied(void **state)
{
    (void)state;
    static const char *const bad[] = { "null",
                                       "",
                                       "http://127.0.0.1:8000",
                                       "https://127.0.0.1:8123",
                                       "http://localhost:8123",
                                       "http://127.0.0.1:8123.example",
                                       "http://127.0.0.1:8123/" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct admission_request r = own();
        r.origin = bad[i];
        assert_int_equal(admission_decide(&keys, &r), DENY_ORIGIN);
    }
    static const char *const site[] = { "cross-site", "same-site", "odd" };
    for (size_t i = 0; i < sizeof(site) / sizeof(site[0]); i++) {
        struct admission_request r = own();
        r.fetch_site = site[i];
        assert_int_equal(admission_decide(&keys, &r), DENY_ORIGIN);
    }
}

static void a_change_needs_an_origin_and_the_request_token(void **state)
{
    (void)state;
    struct admission_request r = own();
    r.changes = true;
    r.request_token = keys.request_token;
    assert_int_equal(admission_decide(&keys, &r), DENY_ORIGIN);

    r.origin = "http://127.0.0.1:8123";
    assert_int_equal(admission_decide(&keys, &r), ADMIT);

    r.request_token = NULL;
    assert_int_equal(admission_decide(&keys, &r), DENY_REQUEST_TOKEN);
    r.request_token = keys.cookie;
    assert_int_equal(admission_decide(&keys, &r), DENY_REQUEST_TOKEN);
    r.cookie = NULL;
    assert_int_equal(admission_decide(&keys, &r), DENY_TOKEN);
}

static void every_denial_says_what_to_do(void **state)
{
    (void)state;
    for (enum admission a = DENY_HOST; a <= DENY_REQUEST_TOKEN; a++)
        assert_true(strlen(admission_reason(a)) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tokens_differ_and_are_long),    cmocka_unit_test(the_printed_url_is_exchanged_for_a_cookie),
        cmocka_unit_test(nobody_comes_in_without_the_token), cmocka_unit_test(another_host_is_denied_even_with_the_token),
        cmocka_unit_test(another_origin_is_denied),          cmocka_unit_test(a_change_needs_an_origin_and_the_request_token),
        cmocka_unit_test(every_denial_says_what_to_do),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
