#include "stats/missing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void groups_that_miss_alike_are_at_random(void **state)
{
    (void)state;
    const int64_t missing[] = { 10, 11, 0 }, planned[] = { 1000, 1000, 0 };
    struct missing_spread s = missing_spread(missing, planned, 3);
    assert_int_equal(s.df, 1);
    assert_true(fabs(s.range - 0.001) < 1e-12 && s.p > 0.5 && !s.not_at_random);
}

static void a_category_that_fails_more_is_not_at_random(void **state)
{
    (void)state;
    const int64_t missing[] = { 0, 25 }, planned[] = { 1000, 1000 };
    struct missing_spread s = missing_spread(missing, planned, 2);
    assert_true(s.range < 0.03 && s.not_at_random);
    assert_true(fabs(s.x2 - 25.316455696202532) < 1e-9); /* 2000 (0*975 - 25*1000)^2 / (25*1975*1000*1000) */
    assert_true(s.p < 1e-6);
}

static void nothing_missing_is_at_random(void **state)
{
    (void)state;
    const int64_t missing[] = { 0, 0 }, planned[] = { 10, 10 };
    struct missing_spread s = missing_spread(missing, planned, 2);
    assert_true(isnan(s.p) && !s.not_at_random);
    assert_false(missing_spread(missing, planned, 1).not_at_random);
}

static void bounds_enclose_what_is_known(void **state)
{
    (void)state;
    const double y[] = { 1, 0, 0, 1, 0, 0 };
    const uint32_t cluster[] = { 1, 2, 3, 4, 5, 6 };
    const bool scored[] = { true, true, true, false, true, true };
    struct missing_bounds b = missing_bounds(y, cluster, scored, 6);
    assert_true(fabs(b.best.value - 1.0 / 6) < 1e-15 && fabs(b.worst.value - 2.0 / 6) < 1e-15);
    assert_true(b.best.low <= b.best.value && b.worst.high >= b.worst.value);
}

static void a_run_without_an_interval_has_no_minor_gaps(void **state)
{
    (void)state;
    assert_int_equal(completeness_of(1000, 1, NAN), COMPLETENESS_PARTIAL);
    assert_int_equal(completeness_of(0, 0, NAN), COMPLETENESS_COMPLETE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_that_miss_alike_are_at_random),
        cmocka_unit_test(a_category_that_fails_more_is_not_at_random),
        cmocka_unit_test(nothing_missing_is_at_random),
        cmocka_unit_test(bounds_enclose_what_is_known),
        cmocka_unit_test(a_run_without_an_interval_has_no_minor_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
