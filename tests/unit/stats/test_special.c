#include "stats/special.h"

#include "base/cleanup.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const double shape[] = { 0.001, 0.5, 1.0, 2.5, 14.0, 391.0, 23762.0 };

static void near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", got, expected);
}

static void beta_and_its_mirror_sum_to_one(void **state)
{
    (void)state;
    for (size_t a = 0; a < ARRAY_LEN(shape); a++) {
        for (size_t b = 0; b < ARRAY_LEN(shape); b++) {
            for (double x = 0.03125; x < 1.0; x += 0.0625)
                near(stats_beta_cdf(x, shape[a], shape[b]) + stats_beta_cdf(1.0 - x, shape[b], shape[a]), 1.0, 1e-12);
        }
    }
}

static void beta_never_falls(void **state)
{
    (void)state;
    for (size_t a = 0; a < ARRAY_LEN(shape); a++) {
        for (size_t b = 0; b < ARRAY_LEN(shape); b++) {
            double before = 0.0;
            for (double x = 0.0; x <= 1.0; x += 1.0 / 256.0) {
                double here = stats_beta_cdf(x, shape[a], shape[b]);
                assert_true(here >= before - 1e-12 && here <= 1.0);
                before = here;
            }
        }
    }
}

static void beta_quantile_inverts_beta(void **state)
{
    (void)state;
    static const double p[] = { 1e-6, 0.025, 0.3, 0.5, 0.9, 0.975, 0.999 };
    for (size_t a = 1; a < ARRAY_LEN(shape); a++) {
        for (size_t b = 1; b < ARRAY_LEN(shape); b++) {
            for (size_t i = 0; i < ARRAY_LEN(p); i++)
                near(stats_beta_cdf(stats_beta_quantile(p[i], shape[a], shape[b]), shape[a], shape[b]), p[i],
                     4e-9); /* as near as an x next to 1 can be written down */
        }
    }
}

static void beta_quantile_of_extreme_shapes_stays_inside(void **state)
{
    (void)state;
    double x = stats_beta_quantile(0.025, 0.001, 50.0); /* in truth about 1e-1600, below every double */
    assert_true(x >= 0.0 && x < 1e-100);
    x = stats_beta_quantile(0.975, 50.0, 0.001);
    assert_true(x > 1.0 - 1e-12 && x <= 1.0);
}

static void t_quantile_inverts_t(void **state)
{
    (void)state;
    static const double df[] = { 1, 2, 5, 9.5, 141, 7825, 47523 };
    for (size_t i = 0; i < ARRAY_LEN(df); i++) {
        for (double p = 0.01; p < 1.0; p += 0.07)
            near(stats_t_cdf(stats_t_quantile(p, df[i]), df[i]), p, 1e-11);
    }
}

static void t_has_its_textbook_values(void **state)
{
    (void)state;
    near(stats_t_quantile(0.975, 1), 12.706204736174705, 1e-8);
    near(stats_t_quantile(0.975, 5), 2.5705818356363155, 1e-9);
    near(stats_t_quantile(0.975, 7825), 1.9602671962940148, 1e-9);
    near(stats_t_quantile(0.025, 5), -2.5705818356363155, 1e-9);
    near(stats_t_quantile(0.5, 3), 0.0, 1e-12);
}

static void t_of_infinitely_many_degrees_is_normal(void **state)
{
    (void)state;
    near(stats_t_quantile(0.975, INFINITY), 1.959963984540054, 1e-12);
    near(stats_t_cdf(1.0, INFINITY), stats_normal_cdf(1.0), 0.0);
    near(stats_t_quantile(0.975, 1e9), 1.959963984540054, 1e-6);
}

static void normal_has_its_textbook_values(void **state)
{
    (void)state;
    near(stats_normal_quantile(0.975), 1.959963984540054, 1e-12);
    near(stats_normal_quantile(0.5), 0.0, 1e-12);
    near(stats_normal_quantile(1e-9), -5.9978070150076865, 1e-9);
    near(stats_normal_cdf(-8.0) / 6.220960574271784e-16, 1.0, 1e-12);
    assert_true(isinf(stats_normal_quantile(0.0)) && stats_normal_quantile(0.0) < 0.0);
    assert_true(isinf(stats_normal_quantile(1.0)) && stats_normal_quantile(1.0) > 0.0);
}

static void arguments_outside_the_domain_yield_nan(void **state)
{
    (void)state;
    assert_true(isnan(stats_normal_quantile(-0.1)));
    assert_true(isnan(stats_normal_quantile(NAN)));
    assert_true(isnan(stats_t_quantile(0.5, 0.0)));
    assert_true(isnan(stats_t_cdf(1.0, -1.0)));
    assert_true(isnan(stats_beta_cdf(0.5, 0.0, 1.0)));
    assert_true(isnan(stats_beta_quantile(1.5, 1.0, 1.0)));
    assert_true(isnan(stats_beta_quantile(0.5, 1.0, NAN)));
}

static double f1(double (*f)(double), const double *a)
{
    return f(a[0]);
}

static double f2(double (*f)(double, double), const double *a)
{
    return f(a[0], a[1]);
}

static double f3(double (*f)(double, double, double), const double *a)
{
    return f(a[0], a[1], a[2]);
}

static void tabulated_values_hold_to_a_part_in_a_million_million(void **state)
{
    (void)state;
    size_t rows = 0;
    double worst = 0.0;
#define ROW(function, arity, a, b, c, value)                                                                                               \
    {                                                                                                                                      \
        const double argument[] = { a, b, c };                                                                                             \
        double got = f##arity(function, argument), apart = fabs(got - (value)) / fmax(fabs(value), 1e-300);                                \
        if (!(apart <= 1e-12))                                                                                                             \
            fail_msg(#function "(%.17g, %.17g, %.17g) is %.17g, not %.17g (%.1e)", argument[0], argument[1], argument[2], got,             \
                     (double)(value), apart);                                                                                              \
        worst = fmax(worst, apart);                                                                                                        \
        rows++;                                                                                                                            \
    }
#include "special_values.h"
#undef ROW
    assert_true(rows > 200 && worst < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tabulated_values_hold_to_a_part_in_a_million_million),
        cmocka_unit_test(beta_and_its_mirror_sum_to_one),
        cmocka_unit_test(beta_never_falls),
        cmocka_unit_test(beta_quantile_inverts_beta),
        cmocka_unit_test(beta_quantile_of_extreme_shapes_stays_inside),
        cmocka_unit_test(t_quantile_inverts_t),
        cmocka_unit_test(t_has_its_textbook_values),
        cmocka_unit_test(t_of_infinitely_many_degrees_is_normal),
        cmocka_unit_test(normal_has_its_textbook_values),
        cmocka_unit_test(arguments_outside_the_domain_yield_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
