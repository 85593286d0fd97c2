#include "sim/fixed_window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SECOND_US = 1000000, MINUTE_US = 60 * SECOND_US };

static void the_quota_may_go_in_one_moment_and_then_nothing_until_the_window_ends(void **state)
{
    (void)state;
    struct fixed_window w;
    fixed_window_init(&w, 3, MINUTE_US, 500);

    for (int i = 0; i < 3; i++)
        assert_int_equal(fixed_window_take(&w, 500), 0);
    assert_int_equal(fixed_window_take(&w, 500), MINUTE_US);
    assert_int_equal(fixed_window_take(&w, 500 + 59 * SECOND_US), SECOND_US);
    assert_int_equal(fixed_window_take(&w, 500 + MINUTE_US), 0);
}

static void being_turned_away_counts_for_nothing(void **state)
{
    (void)state;
    struct fixed_window w;
    fixed_window_init(&w, 1, SECOND_US, 0);
    assert_int_equal(fixed_window_take(&w, 0), 0);

    for (int i = 0; i < 100; i++)
        assert_int_equal(fixed_window_take(&w, 1), SECOND_US - 1);

    assert_int_equal(fixed_window_take(&w, SECOND_US), 0);
}

static void what_one_window_leaves_is_not_carried_to_the_next(void **state)
{
    (void)state;
    struct fixed_window w;
    fixed_window_init(&w, 2, SECOND_US, 0);

    int64_t late_us = 3600 * (int64_t)SECOND_US + 10;
    assert_int_equal(fixed_window_take(&w, late_us), 0);
    assert_int_equal(fixed_window_take(&w, late_us), 0);
    assert_int_equal(fixed_window_take(&w, late_us), SECOND_US - 10);
}

static void windows_keep_their_grid_however_rarely_they_are_asked(void **state)
{
    (void)state;
    struct fixed_window w;
    fixed_window_init(&w, 1, SECOND_US, 0);

    assert_int_equal(fixed_window_take(&w, 2 * SECOND_US + 900000), 0);
    assert_int_equal(fixed_window_take(&w, 2 * SECOND_US + 900000), 100000);
    assert_int_equal(fixed_window_take(&w, 3 * SECOND_US), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quota_may_go_in_one_moment_and_then_nothing_until_the_window_ends),
        cmocka_unit_test(being_turned_away_counts_for_nothing),
        cmocka_unit_test(what_one_window_leaves_is_not_carried_to_the_next),
        cmocka_unit_test(windows_keep_their_grid_however_rarely_they_are_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
