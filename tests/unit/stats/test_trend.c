#include "stats/trend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void few_nights_raise_no_alarm(void **state)
{
    (void)state;
    const double night[] = { 0.1, 0.2 };
    struct trend_base b = trend_base_of(night, 2, 500, 0.0);
    assert_false(b.enough);
    assert_true(fabs(b.moving_range - 0.1) < 1e-15);
    assert_true(isnan(trend_base_of(night, 1, 500, 0.0).sigma));
    assert_true(isnan(trend_base_of(night, 0, 500, 0.0).mean));
}

static void sigma_has_a_floor(void **state)
{
    (void)state;
    const double same[] = { 0.1, 0.1, 0.1 };
    assert_true(fabs(trend_base_of(same, 3, 500, 0.0).sigma - 0.001) < 1e-15);
    assert_true(fabs(trend_base_of(same, 3, 500, 0.0004).sigma - 0.02) < 1e-15);
}

static void a_fall_alarms_below_and_tells_its_onset(void **state)
{
    (void)state;
    const double night[] = { 0.10, 0.11, 0.06, 0.05, 0.06, 0.05 };
    struct trend_point p[6];
    trend_series(0.10, 0.01, TREND_DEFAULTS, night, 6, p);
    assert_true(p[5].cusum_alarm && p[5].below > 5.0 && p[5].above <= 0.0);
    assert_int_equal(p[5].below_since, 2);
    assert_true(p[5].ewma_alarm && p[5].ewma < p[5].lower);
    assert_true(p[3].jump && !p[1].jump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_nights_raise_no_alarm),
        cmocka_unit_test(sigma_has_a_floor),
        cmocka_unit_test(a_fall_alarms_below_and_tells_its_onset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
