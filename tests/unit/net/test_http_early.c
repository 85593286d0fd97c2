#include "base/err.h"
#include "net/http_early.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_whole_reply_ends_the_transfer_at_once(void **state)
{
    (void)state;
    struct http_early e = { 0 };
    assert_true(http_early_ends(&e, true, 100, 1));
    assert_true(e.ended);
}

static void silence_ends_it_and_a_byte_in_either_direction_is_none(void **state)
{
    (void)state;
    struct http_early e = { 0 };
    const int64_t begin_us = 1000;

    assert_false(http_early_ends(&e, false, 100, begin_us));
    assert_false(http_early_ends(&e, false, 100, begin_us + HTTP_EARLY_SILENCE_US - 1));
    assert_false(http_early_ends(&e, false, 101, begin_us + HTTP_EARLY_SILENCE_US)); /* one more byte: counted anew */
    assert_false(http_early_ends(&e, false, 101, begin_us + 2 * HTTP_EARLY_SILENCE_US - 1));
    assert_false(e.ended);
    assert_true(http_early_ends(&e, false, 101, begin_us + 2 * HTTP_EARLY_SILENCE_US));
    assert_true(e.ended);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_reply_ends_the_transfer_at_once),
        cmocka_unit_test(silence_ends_it_and_a_byte_in_either_direction_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
