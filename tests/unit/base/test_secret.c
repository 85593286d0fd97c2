#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_secret_keeps_a_copy_and_shows_stars(void **state)
{
    (void)state;
    char given[] = "canary-key-1";
    struct secret *s = secret_new(given, strlen(given));
    memset(given, 'x', sizeof(given) - 1);
    assert_string_equal(secret_bytes(s), "canary-key-1");
    assert_string_equal(secret_display(s), "****");
    secret_free(s);
    secret_free(NULL);
}

static void every_occurrence_is_redacted(void **state)
{
    (void)state;
    struct secret *s = secret_new("canary-key-1", 12);
    static const char *const row[][2] = {
        { "no key here", "no key here" },
        { "canary-key-1", "****" },
        { "a canary-key-1canary-key-1 b canary-key-", "a ******** b canary-key-" },
        { "", "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        (void)strbuf_addstr(&text, row[i][0]);
        secret_redact(s, &text);
        assert_string_equal(text.buf, row[i][1]);
    }
    secret_free(s);
}

static void a_key_longer_than_a_page_fits(void **state)
{
    (void)state;
    char given[10000];
    memset(given, 'k', sizeof(given));
    struct secret *s = secret_new(given, sizeof(given));
    assert_int_equal(strlen(secret_bytes(s)), sizeof(given));
    secret_free(s);
}

static void an_empty_secret_redacts_nothing(void **state)
{
    (void)state;
    struct secret *s = secret_new(NULL, 0);
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)strbuf_addstr(&text, "text");
    secret_redact(s, &text);
    assert_string_equal(text.buf, "text");
    assert_string_equal(secret_bytes(s), "");
    secret_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_keeps_a_copy_and_shows_stars),
        cmocka_unit_test(every_occurrence_is_redacted),
        cmocka_unit_test(a_key_longer_than_a_page_fits),
        cmocka_unit_test(an_empty_secret_redacts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
