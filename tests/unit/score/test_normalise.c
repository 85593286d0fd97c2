#include "score/normalise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/utf8.h"

#include <string.h>

static const char *normal(const char *text)
{
    static struct strbuf out = STRBUF_INIT;
    strbuf_clear(&out);
    normalise(text, strlen(text), &out);
    return out.buf;
}

static void text_takes_its_normal_form(void **state)
{
    (void)state;
    static const struct {
        const char *text, *form;
    } row[] = {
        { "", "" },
        { "SORRY", "sorry" },
        { "I\u2019m sorry", "i'm sorry" }, /* right quotation mark */
        { "I\u2018m I\u02BCm I\uFF07m I\u00B4m I`m", "i'm i'm i'm i'm i'm" },
        { "a\t\n\v\f\r b", "a b" },
        { "a\u00A0\u3000\u2028b", "a b" },
        { "  a  ", " a " },
        { "KES\u200BTREL\u00AD-\u206044\uFEFF", "kestrel-44" }, /* invisible characters */
        { "\uFF2B\uFF25\uFF33-\uFF14\uFF14", "kes-44" },        /* full width */
        { "e\u0301", "\u00E9" },                                /* composed */
        { "E\u0301cole", "\u00E9cole" },
        { "\u00C4\u0391\u0416", "\u00E4\u03B1\u0436" }, /* folded beyond ASCII */
        { "stra\u00DFe STRASSE", "strasse strasse" },
        { "\uFB01ne", "fine" }, /* ligature */
        { "\u2460", "1" },
        { "\u6697\u53F7", "\u6697\u53F7" },
        { "x\xFFy", "x\uFFFDy" }, /* repaired */
        { "\xE2\x80", "\uFFFD" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        assert_string_equal(normal(row[i].text), row[i].form);
}

static void accents_sit_on_the_letter_before_them_wherever_the_text_is_cut(void **state)
{
    (void)state;
    assert_string_equal(normal("abcdefgh ijke\u0301 lmnopq\u0308 r"), "abcdefgh ijk\u00E9 lmnopq\u0308 r");
}

static void white_space_is_joined_across_short_and_long_way(void **state)
{
    (void)state;
    assert_string_equal(normal("a \u00A0 \u00E9 \u00A0 b"), "a \u00E9 b");
}

static void what_stands_in_the_buffer_is_left_alone(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    (void)strbuf_addstr(&out, "KEPT ");
    normalise(" A", 2, &out);
    assert_string_equal(out.buf, "KEPT  a");
}

static void zero_bytes_are_kept(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    normalise("A\0\xC3\x89", 4, &out);
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.buf, "a\0\xC3\xA9", 4);
}

static void every_length_of_ascii_is_read_whole(void **state)
{
    (void)state;
    char text[40], form[40];
    memset(text, 'Q', sizeof(text));
    memset(form, 'q', sizeof(form));
    for (size_t len = 0; len < sizeof(text); len++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        normalise(text, len, &out);
        assert_int_equal(out.len, len);
        assert_memory_equal(out.buf, form, len);
    }
}

static void identity_names_the_unicode_version(void **state)
{
    (void)state;
    cJSON *identity = cJSON_CreateObject();
    normalise_identity(identity);
    const char *version = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(identity, "normaliser"));
    assert_non_null(version);
    assert_true(strncmp(version, "1/unicode-", 10) == 0 && version[10] >= '1' && version[10] <= '9');
    cJSON_Delete(identity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_takes_its_normal_form),
        cmocka_unit_test(accents_sit_on_the_letter_before_them_wherever_the_text_is_cut),
        cmocka_unit_test(white_space_is_joined_across_short_and_long_way),
        cmocka_unit_test(what_stands_in_the_buffer_is_left_alone),
        cmocka_unit_test(zero_bytes_are_kept),
        cmocka_unit_test(every_length_of_ascii_is_read_whole),
        cmocka_unit_test(identity_names_the_unicode_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
