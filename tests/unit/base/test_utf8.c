#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define R "\xEF\xBF\xBD"

/* Text and length of a literal that may hold NULs. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static void bad_parts_become_one_replacement_each(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len, offset;
        const char *repaired;
        size_t repaired_len;
    } row[] = {
        { BYTES("\xED\xA0\x80"), 0, BYTES(R R R) }, /* U1: lone surrogate */
        { BYTES("\xC0\xAF"), 0, BYTES(R R) },       /* U2: overlong */
        { BYTES("\xE2\x82"), 0, BYTES(R) },         /* U3: cut */
        { BYTES("\xF0\x9F\x92"), 0, BYTES(R) },
        { BYTES("\xF4\x90\x80\x80"), 0, BYTES(R R R R) }, /* U4: above U+10FFFF */
        { BYTES("plain ascii text \x80!"), 17, BYTES("plain ascii text " R "!") },
        { BYTES("\xC3\xA9\xC3"), 2, BYTES("\xC3\xA9" R) },
        { BYTES("\xE2\x82z"), 0, BYTES(R "z") },
        { BYTES("\xF1\x80\x80\xE2\x82\xAC"), 0, BYTES(R "\xE2\x82\xAC") },
        { BYTES("\xE0\x80\xAF"), 0, BYTES(R R R) },
        { BYTES("\xF0\x80\x80\xAF"), 0, BYTES(R R R R) },
        { BYTES("\xFE\xFF"), 0, BYTES(R R) },
        { BYTES("a\0\xFF"
                "b"),
          2, BYTES("a\0" R "b") },
        { BYTES("\xF0\x9F\x92\xF0\x9F\x92\xA9"), 0, BYTES(R "\xF0\x9F\x92\xA9") },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        size_t offset = 99;
        assert_false(utf8_valid(row[i].text, row[i].len, &offset));
        assert_int_equal(offset, row[i].offset);
        assert_false(utf8_valid(row[i].text, row[i].len, NULL));
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        utf8_repair(row[i].text, row[i].len, &out);
        assert_int_equal(out.len, row[i].repaired_len);
        assert_memory_equal(out.buf, row[i].repaired, out.len);
        assert_true(utf8_valid(out.buf, out.len, NULL));
    }
}

static void every_code_point_goes_there_and_back(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 || (c >= 0xD000 && c < 0xE100) ? 1 : 17) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        size_t pos = 0;
        utf8_put(c, &out);
        uint32_t expected = c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c;
        assert_true(utf8_valid(out.buf, out.len, NULL));
        assert_int_equal(utf8_next(out.buf, out.len, &pos), expected);
        assert_int_equal(pos, out.len);
    }
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    utf8_put(0x110000, &out);
    assert_string_equal(out.buf, R);
}

static void a_bad_byte_is_found_at_every_offset(void **state)
{
    (void)state;
    char text[40];
    for (size_t len = 1; len <= sizeof(text); len++) {
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', len);
            text[at] = (char)0x80;
            size_t offset = 99;
            assert_false(utf8_valid(text, len, &offset));
            assert_int_equal(offset, at);
        }
        memset(text, 'a', len);
        assert_true(utf8_valid(text, len, NULL));
    }
}

static void compatibility_forms_become_one(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool fold;
        const char *normal;
    } row[] = {
        { "Sorry, I CAN'T", true, "sorry, i can't" },
        { "Sorry", false, "Sorry" },
        { "\xEF\xBC\xA1\xEF\xBC\xA2", false, "AB" }, /* full-width */
        { "\xEF\xBC\xA1\xEF\xBC\xA2", true, "ab" },
        { "e\xCC\x81", false, "\xC3\xA9" }, /* e + acute accent */
        { "\xEF\xAC\x81", true, "fi" },     /* ligature */
        { "Stra\xC3\x9F"
          "e",
          true, "strasse" },
        { "\xC2\xB2", false, "2" }, /* superscript two */
        { "", true, "" },
        { "bad \xFF", true, "bad " R },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        utf8_nfkc(row[i].text, strlen(row[i].text), row[i].fold, &out);
        assert_string_equal(out.buf, row[i].normal);
    }
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    utf8_nfkc("A\0\xC3\x89", 4, true, &out);
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.buf, "a\0\xC3\xA9", 4);
}

static void columns_are_those_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(utf8_columns('a'), 1);
    assert_int_equal(utf8_columns(0x00E9), 1);
    assert_int_equal(utf8_columns(0x4E00), 2);
    assert_int_equal(utf8_columns(0x1F600), 2);
    assert_int_equal(utf8_columns(0x0301), 0);
    assert_int_equal(utf8_columns(0x07), 0);
    assert_int_equal(utf8_columns(0x9B), 0);
    assert_int_equal(utf8_width("a\xE4\xB8\x80"
                                "e\xCC\x81",
                                7),
                     4);
}

/* Tests run in the C locale. */
static void our_own_glyphs_are_ascii_where_the_locale_is(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert_false(utf8_is_locale());
    utf8_add_own("a… 1–2 ≤ 3×4 → é", strlen("a… 1–2 ≤ 3×4 → é"), &out);
    assert_string_equal(out.buf, "a... 1-2 <= 3x4 -> é");
    utf8_add_own("…", 2, &out); /* cut */
    assert_int_equal(out.len, strlen("a... 1-2 <= 3x4 -> é") + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_parts_become_one_replacement_each), cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(a_bad_byte_is_found_at_every_offset),   cmocka_unit_test(compatibility_forms_become_one),
        cmocka_unit_test(columns_are_those_of_a_terminal),       cmocka_unit_test(our_own_glyphs_are_ascii_where_the_locale_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
