#include "base/rng.h"
#include "stats/sign_flip.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Every one of the 2^n sign patterns, by counting. */
static struct sign_flip by_hand(const int64_t *sum, size_t n)
{
    struct sign_flip r = { 0 };
    int64_t total = 0;
    for (size_t g = 0; g < n; g++)
        total += sum[g];
    double at_least = 0, equal = 0, above = 0, same = 0, patterns = (double)(1u << n);
    for (unsigned signs = 0; signs < 1u << n; signs++) {
        int64_t flipped = 0;
        for (size_t g = 0; g < n; g++)
            flipped += signs >> g & 1 ? -sum[g] : sum[g];
        at_least += llabs(flipped) >= llabs(total);
        equal += llabs(flipped) == llabs(total);
        above += flipped >= total;
        same += flipped == total;
    }
    r.exact = at_least / patterns;
    r.mid = r.exact - 0.5 * equal / patterns;
    r.worse_mid = (above - 0.5 * same) / patterns;
    return r;
}

static void convolution_equals_the_count_of_all_patterns(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1);
    for (int round = 0; round < 200; round++) {
        int64_t sum[10];
        size_t n = 1 + rng_below(&r, 10);
        for (size_t g = 0; g < n; g++)
            sum[g] = (int64_t)rng_below(&r, 13) - 6;
        struct sign_flip got = sign_flip_exact(sum, n), wanted = by_hand(sum, n);
        if (got.nonzero == 0)
            continue; /* by convention 1, not 1/2 */
        assert_true(fabs(got.exact - wanted.exact) < 1e-13);
        assert_true(fabs(got.mid - wanted.mid) < 1e-13);
        assert_true(fabs(got.worse_mid - wanted.worse_mid) < 1e-13);
    }
}

static void turning_every_sign_keeps_p_and_mirrors_the_one_sided_p(void **state)
{
    (void)state;
    const int64_t sum[] = { 3, -1, 2, 5 }, turned[] = { -3, 1, -2, -5 };
    struct sign_flip a = sign_flip_exact(sum, 4), b = sign_flip_exact(turned, 4);
    assert_true(fabs(a.mid - b.mid) < 1e-15);
    assert_true(fabs(a.worse_mid + b.worse_mid - 1.0) < 1e-15);
}

static void pairs_of_one_row_are_mcnemar(void **state)
{
    (void)state;
    int64_t sum[37];
    for (size_t g = 0; g < 37; g++)
        sum[g] = g < 12 ? -1 : 1;
    struct sign_flip f = sign_flip_exact(sum, 37);
    struct mcnemar m = mcnemar_test(12, 25);
    assert_true(fabs(f.exact - m.exact) < 1e-13 && fabs(f.mid - m.mid) < 1e-13);
}

static void a_large_table_is_no_longer_convolved(void **state)
{
    (void)state;
    static int64_t sum[2001];
    for (size_t g = 0; g < 2001; g++)
        sum[g] = 1;
    assert_true(sign_flip_is_small(sum, 2000));
    assert_false(sign_flip_is_small(sum, 2001));
    sum[0] = 20000;
    assert_true(sign_flip_is_small(sum, 1));
    assert_false(sign_flip_is_small(sum, 2));
    sum[0] = INT64_MAX;
    assert_false(sign_flip_is_small(sum, 2));
}

static void normal_form_is_near_the_exact_one_for_many_intents(void **state)
{
    (void)state;
    int64_t sum[400];
    double real[400];
    for (size_t g = 0; g < 400; g++)
        real[g] = (double)(sum[g] = (int64_t)(g % 5) - (g % 9 ? 2 : 1));
    assert_true(fabs(sign_flip_exact(sum, 400).mid - sign_flip_normal(real, 400, NULL).mid) < 0.002);
}

static void monte_carlo_is_near_the_exact_test_and_repeats(void **state)
{
    (void)state;
    const int64_t sum[] = { 3, -1, 2, 1, 1, -2, 1, 4 };
    double real[8];
    for (size_t g = 0; g < 8; g++)
        real[g] = (double)sum[g];
    struct sign_flip a = sign_flip_monte_carlo(real, 8, 9, 20000, NULL), b = sign_flip_monte_carlo(real, 8, 9, 20000, NULL);
    struct sign_flip exact = sign_flip_exact(sum, 8);
    assert_true(a.exact <= b.exact && a.exact >= b.exact);
    assert_true(fabs(a.exact - exact.exact) < 0.015);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_equals_the_count_of_all_patterns),
        cmocka_unit_test(turning_every_sign_keeps_p_and_mirrors_the_one_sided_p),
        cmocka_unit_test(pairs_of_one_row_are_mcnemar),
        cmocka_unit_test(a_large_table_is_no_longer_convolved),
        cmocka_unit_test(normal_form_is_near_the_exact_one_for_many_intents),
        cmocka_unit_test(monte_carlo_is_near_the_exact_test_and_repeats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
