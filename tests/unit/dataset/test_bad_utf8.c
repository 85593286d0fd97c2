#include "dataset/bad_utf8.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_fixed(enum bad_utf8 how, const char *text, size_t len, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    bad_utf8_fix(how, text, len, &out);
    assert_string_equal(out.buf, expected);
    assert_int_equal(bad_utf8_find(out.buf, out.len).count, 0);
}

static void first_bad_byte_and_their_number_are_found(void **state)
{
    (void)state;
    struct bad_utf8_found found = bad_utf8_find("a\xC3\xB1 b\x96 \xE2\x82", 9);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.first_offset, 5);
    assert_int_equal(found.first_byte, 0x96);
    assert_int_equal(bad_utf8_find("plain", 5).count, 0);
    assert_int_equal(bad_utf8_find("a\0b", 3).first_offset, 1);
}

static void only_undecodable_bytes_are_read_by_the_other_charset(void **state)
{
    (void)state;
    assert_fixed(BAD_UTF8_MAC_ROMAN,
                 "se\x96or ma\xC3\xB1"
                 "ana",
                 13,
                 "se\xC3\xB1or ma\xC3\xB1"
                 "ana");
    assert_fixed(BAD_UTF8_WINDOWS_1252, "\x93hi\x94 \xE9 \x81", 8, "\xE2\x80\x9Chi\xE2\x80\x9D \xC3\xA9 \xEF\xBF\xBD");
    assert_fixed(BAD_UTF8_MAC_ROMAN, "a\0b", 3,
                 "a\xEF\xBF\xBD"
                 "b");
}

static void replacement_takes_one_sign_for_each_maximal_part(void **state)
{
    (void)state;
    assert_fixed(BAD_UTF8_REPLACE, "a\xE2\x82z\xFF", 5, "a\xEF\xBF\xBDz\xEF\xBF\xBD");
}

static void characters_on_the_seam_of_a_window_are_not_bad(void **state)
{
    (void)state;
    char text[5000];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t at = shift; at + 4 <= sizeof(text); at += 4)
            memcpy(text + at, "\xF0\x9F\x98\x80", 4);
        assert_int_equal(bad_utf8_find(text, shift + 4 * ((sizeof(text) - shift) / 4)).count, 0);
    }
}

static void megabytes_of_bad_bytes_take_linear_time(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    size_t len = 2 << 20;
    CLEANUP(cleanup_free) char *text = xmalloc(len);
    memset(text, 0x8E, len);
    assert_int_equal(bad_utf8_find(text, len).count, len);
    bad_utf8_fix(BAD_UTF8_MAC_ROMAN, text, len, &out);
    assert_int_equal(out.len, 2 * len);
    memset(text, 0, len);
    assert_int_equal(bad_utf8_find(text, len).count, len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_bad_byte_and_their_number_are_found),
        cmocka_unit_test(only_undecodable_bytes_are_read_by_the_other_charset),
        cmocka_unit_test(replacement_takes_one_sign_for_each_maximal_part),
        cmocka_unit_test(characters_on_the_seam_of_a_window_are_not_bad),
        cmocka_unit_test(megabytes_of_bad_bytes_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
