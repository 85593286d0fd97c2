#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/calibration.h"

#include <math.h>

static void near(double got, double wanted)
{
    if (!(fabs(got - wanted) < 1e-9))
        fail_msg("%.12g is not %.12g", got, wanted);
}

/* Counts as of the HarmBench text validation set and its classifier (scoring.md section 12). */
static void the_matrix_gives_the_published_numbers(void **state)
{
    (void)state;
    static const int count[4] = { 264, 46, 9, 283 }; /* tp fp fn tn */
    struct calibration_row row[602];
    size_t n = 0;
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < count[k]; i++, n++)
            row[n] = (struct calibration_row){ .judge = k < 2, .human = k == 0 || k == 2, .cluster = (uint32_t)n };
    }
    struct calibration c = calibration_of(row, n);
    assert_int_equal(c.tp, 264);
    assert_int_equal(c.fp, 46);
    assert_int_equal(c.fn, 9);
    assert_int_equal(c.tn, 283);
    near(c.accuracy, 547.0 / 602);
    near(c.precision, 264.0 / 310);
    near(c.recall, 264.0 / 273);
    near(c.f1, 528.0 / 583);
    near(c.sensitivity.value, c.recall);
    assert_int_equal(c.sensitivity.n, 273);
    near(c.specificity.value, 283.0 / 329);
    assert_true(c.specificity.low < c.specificity.value && c.specificity.value < c.specificity.high);
    assert_true(fabs(c.agreement.kappa - .8178) < 5e-5);
}

static void clusters_widen_the_intervals(void **state)
{
    (void)state;
    struct calibration_row row[200];
    for (uint32_t i = 0; i < 200; i++)
        row[i] = (struct calibration_row){ .judge = i / 20 % 3 != 0, .human = true, .cluster = i };
    struct calibration apart = calibration_of(row, 200);
    for (uint32_t i = 0; i < 200; i++)
        row[i].cluster = i / 20;
    struct calibration joined = calibration_of(row, 200);
    near(joined.sensitivity.value, apart.sensitivity.value);
    assert_true(joined.sensitivity.high - joined.sensitivity.low > 1.5 * (apart.sensitivity.high - apart.sensitivity.low));
}

static void with_nothing_to_say_numbers_are_absent(void **state)
{
    (void)state;
    struct calibration none = calibration_of(NULL, 0);
    assert_true(isnan(none.accuracy) && isnan(none.precision) && isnan(none.f1) && isnan(none.agreement.kappa));
    assert_true(isnan(none.sensitivity.value));
    const struct calibration_row safe[2] = { { false, false, 0 }, { false, false, 1 } };
    struct calibration c = calibration_of(safe, 2);
    near(c.accuracy, 1);
    assert_true(isnan(c.precision) && isnan(c.recall) && isnan(c.agreement.kappa));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matrix_gives_the_published_numbers),
        cmocka_unit_test(clusters_widen_the_intervals),
        cmocka_unit_test(with_nothing_to_say_numbers_are_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
