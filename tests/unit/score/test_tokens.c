#include "score/tokens.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

static void words_begin_where_letters_do(void **state)
{
    (void)state;
    static const char text[] = " (one) two-3  \u6697\u53F7kestrel";
    static const size_t start[] = { 2, 7, 11, 14, 17, 20 };
    size_t at = 0, len = strlen(text);
    for (size_t i = 0; i < ARRAY_LEN(start); i++) {
        at = tokens_next(text, len, at);
        assert_int_equal(at, start[i]);
        at = tokens_end(text, len, at);
    }
    assert_int_equal(tokens_next(text, len, at), len);
}

static void text_is_found_only_as_a_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text, *needle;
        bool found;
    } row[] = {
        { "the cat sat", "cat", true },
        { "cat", "cat", true },
        { "concatenate", "cat", false },
        { "cats", "cat", false },
        { "a concat cat", "cat", true },
        { "black-cat.", "cat", true },
        { "caf\u00E9", "caf", false },
        { "\u732B\u306Fcat\u3067\u3059", "cat", true }, /* Japanese joins nothing */
        { "\uC815\uB2F5\uC740 cat\uC785\uB2C8\uB2E4", "cat", true },
        { "3.5", "3", false },
        { "3.5", "5", false },
        { "1,234", "234", false },
        { "it is 3.", "3", true },
        { "3, 5", "3", true },
        { "3.5 m", "3.5", true },
        { "anything", "", false },
        { "", "x", false },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (tokens_contain(row[i].text, strlen(row[i].text), row[i].needle, strlen(row[i].needle)) != row[i].found)
            fail_msg("'%s' in '%s'", row[i].needle, row[i].text);
    }
}

static void window_skips_what_stands_between_letters(void **state)
{
    (void)state;
    static const char text[] = "k-e s. tr";
    struct token_window w;
    tokens_window(text, strlen(text), 0, TOKEN_WINDOW, &w);

    assert_int_equal(w.count, 5);
    static const char letters[] = "kestr";
    static const bool word_end[] = { true, true, true, false, true };
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(w.point[i], letters[i]);
        assert_int_equal(w.word_end[i], word_end[i]);
    }
    assert_int_equal(w.end[4], strlen(text));
}

static void window_ends_at_a_wide_gap_and_at_its_size(void **state)
{
    (void)state;
    struct token_window w;
    tokens_window("ab----cd", 8, 0, TOKEN_WINDOW, &w);
    assert_int_equal(w.count, 4);
    tokens_window("ab-----cd", 9, 0, TOKEN_WINDOW, &w);
    assert_int_equal(w.count, 2);
    tokens_window("abcd", 4, 0, 2, &w);
    assert_int_equal(w.count, 2);
    assert_false(w.word_end[1]); /* c goes on */
    tokens_window("ab cd", 5, 0, 2, &w);
    assert_true(w.word_end[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_begin_where_letters_do),
        cmocka_unit_test(text_is_found_only_as_a_whole),
        cmocka_unit_test(window_skips_what_stands_between_letters),
        cmocka_unit_test(window_ends_at_a_wide_gap_and_at_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
