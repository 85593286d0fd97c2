#include "score/codewords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void what_was_added_is_known_and_nothing_else(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct codewords c = { 0 };
    uint32_t word[8] = { 'k', 'e', 's', 't', 'r', 'e', 'l', 0 };
    assert_false(codewords_has(&c, word, 8));
    assert_false(codewords_may_begin(&c, word, 2));
    assert_false(codewords_may_begin(&c, word, CODEWORD_MIN));

    for (uint32_t i = 0; i < 5000; i++) {
        word[7] = i * 2;
        codewords_add(&c, word, 8, &a);
        codewords_add(&c, word, 8, &a); /* twice is once */
    }

    assert_int_equal(c.count, 5000);
    for (uint32_t i = 0; i < 10000; i++) {
        word[7] = i;
        assert_int_equal(codewords_has(&c, word, 8), i % 2 == 0);
    }
    assert_false(codewords_has(&c, word, 7));
    assert_true(codewords_may_begin(&c, word, 2));
    assert_true(codewords_may_begin(&c, word, CODEWORD_MIN));
    arena_release(&a);
}

static void words_too_short_or_too_long_are_left_out(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct codewords c = { 0 };
    uint32_t word[CODEWORD_MAX + 1] = { 0 };
    codewords_add(&c, word, CODEWORD_MIN - 1, &a);
    codewords_add(&c, word, CODEWORD_MAX + 1, &a);
    assert_int_equal(c.count, 0);

    codewords_add(&c, word, CODEWORD_MAX, &a);
    codewords_add(&c, word, CODEWORD_MIN, &a);
    assert_int_equal(c.shortest, CODEWORD_MIN);
    assert_int_equal(c.longest, CODEWORD_MAX);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_known_and_nothing_else),
        cmocka_unit_test(words_too_short_or_too_long_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
