/* URLs as a client that follows redirects by hand must see them. */
#include "net/http_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_origin_is_scheme_host_and_port(void **state)
{
    static const struct {
        const char *url, *origin; /* NULL = refused */
    } table[] = {
        { "https://Host.Example/a?b#c", "https://host.example:443" },
        { "http://h:8080", "http://h:8080" },
        { "https://h:443/", "https://h:443" },
        { "http://[::1]:9/x", "http://[::1]:9" },
        { "ftp://h/", NULL },
        { "https://u@h/", NULL },
        { "https://u:p@h/", NULL },
        { "h/x", NULL },
        { "/x", NULL },
        { "", NULL },
        { "https://h/a b", NULL },
        { "https://h\\@x/", NULL },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf origin = STRBUF_INIT;
        bool good = http_url_origin(table[i].url, &origin, NULL) == OK;
        if (good != (table[i].origin != NULL))
            fail_msg("%s → %s", table[i].url, origin.buf);
        assert_string_equal(origin.buf, good ? table[i].origin : "");
    }
}

static void loopback_is_this_machine_alone(void **state)
{
    static const char *const here[] = { "http://127.0.0.1/", "http://127.9.9.9:1", "https://localhost/x", "http://[::1]:80/" };
    static const char *const elsewhere[] = { "http://128.0.0.1/", "http://127.0.0.1.example/", "http://localhost.example/",
                                             "http://[::2]/",     "http://0.0.0.0/",           "",
                                             "localhost" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(here); i++)
        assert_true(http_url_is_loopback(here[i]));
    for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
        if (http_url_is_loopback(elsewhere[i]))
            fail_msg("%s", elsewhere[i]);
}

static void references_are_resolved_and_told_apart(void **state)
{
    static const struct {
        const char *reference, *url;
        bool absolute;
    } table[] = {
        { "/c?d", "https://h/c?d", false },   { "c", "https://h/a/c", false },        { "../c", "https://h/c", false },
        { "?q", "https://h/a/b?q", false },   { "https://x/y", "https://x/y", true }, { "//x/y", "https://x/y", true },
        { "HTTPS://x/", "https://x/", true }, { "http://x/", "http://x/", true },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
        bool absolute = false;
        assert_int_equal(http_url_resolve("https://h/a/b", table[i].reference, &url, &absolute, NULL), OK);
        assert_string_equal(url.buf, table[i].url);
        assert_int_equal(absolute, table[i].absolute);
    }
}

static void references_to_other_schemes_are_refused(void **state)
{
    static const char *const table[] = { "",           "file:///etc/passwd", "javascript:x", "data:,x",
                                         "gopher://x", "https://u:p@x/",     "a\nb",         "/\\x",
                                         "\t/x" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf url = STRBUF_INIT;
        bool absolute = false;
        if (http_url_resolve("https://h/a/b", table[i], &url, &absolute, NULL) != ERR_INVALID)
            fail_msg("'%s' → %s", table[i], url.buf);
        assert_string_equal(url.buf, "");
    }
}

static void bytes_are_encoded(void **state)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    (void)state;
    http_url_encode("aZ09-._~/ %\xc3\xa4\0", 13, "/", &out);
    assert_string_equal(out.buf, "aZ09-._~/%20%25%C3%A4");
    strbuf_clear(&out);
    http_url_encode("a/b\0", 4, "", &out);
    assert_string_equal(out.buf, "a%2Fb%00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_is_scheme_host_and_port),
        cmocka_unit_test(loopback_is_this_machine_alone),
        cmocka_unit_test(references_are_resolved_and_told_apart),
        cmocka_unit_test(references_to_other_schemes_are_refused),
        cmocka_unit_test(bytes_are_encoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
