#include "stats/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void an_empty_histogram_has_no_quantile(void **state)
{
    (void)state;
    struct histogram h = { 0 };
    assert_int_equal(histogram_quantile(&h, 0.5), -1);
    assert_int_equal(histogram_quantile(&h, 1.0), -1);
}

static void small_values_are_exact(void **state)
{
    (void)state;
    struct histogram h = { 0 };
    for (int64_t v = 1; v <= 100; v++)
        histogram_add(&h, v);
    assert_int_equal(histogram_quantile(&h, 0.0), 1);
    assert_int_equal(histogram_quantile(&h, 0.01), 1);
    assert_int_equal(histogram_quantile(&h, 0.5), 50);
    assert_int_equal(histogram_quantile(&h, 0.99), 99);
    assert_int_equal(histogram_quantile(&h, 1.0), 100);
}

static void every_value_comes_back_within_eight_in_a_thousand(void **state)
{
    (void)state;
    for (int64_t v = 1; v < INT64_MAX / 3; v += v / 7 + 1) {
        struct histogram h = { 0 };
        histogram_add(&h, v);
        histogram_add(&h, INT64_MAX); /* so that the maximum does not answer */
        int64_t got = histogram_quantile(&h, 0.5);
        if (llabs(got - v) > v / 127)
            fail_msg("%lld came back as %lld", (long long)v, (long long)got);
    }
}

static void the_maximum_is_exact_and_bounds_the_others(void **state)
{
    (void)state;
    struct histogram h = { 0 };
    histogram_add(&h, 1000001);
    histogram_add(&h, 1000001);
    assert_int_equal(histogram_quantile(&h, 1.0), 1000001);
    assert_true(histogram_quantile(&h, 0.5) <= 1000001);

    histogram_add(&h, INT64_MAX);
    assert_true(histogram_quantile(&h, 1.0) == INT64_MAX);
}

static void negative_values_count_as_zero(void **state)
{
    (void)state;
    struct histogram h = { 0 };
    histogram_add(&h, -5);
    assert_int_equal(h.count, 1);
    assert_int_equal(histogram_quantile(&h, 0.5), 0);
}

static void merged_histograms_answer_for_both(void **state)
{
    (void)state;
    struct histogram a = { 0 }, b = { 0 };
    for (int64_t v = 1; v <= 50; v++)
        histogram_add(&a, v);
    for (int64_t v = 51; v <= 100; v++)
        histogram_add(&b, v);

    histogram_merge(&a, &b);

    assert_int_equal(a.count, 100);
    assert_int_equal(histogram_quantile(&a, 0.5), 50);
    assert_int_equal(histogram_quantile(&a, 0.9), 90);
    assert_int_equal(histogram_quantile(&a, 1.0), 100);
}

static void values_below_a_limit_are_counted_to_a_bucket(void **state)
{
    (void)state;
    struct histogram h = { 0 };
    assert_int_equal(histogram_count_below(&h, 10), 0);
    for (int i = 1; i <= 50; i++)
        histogram_add(&h, i);
    histogram_add(&h, 1000000);
    assert_int_equal(histogram_count_below(&h, 0), 0);
    assert_int_equal(histogram_count_below(&h, 11), 10);
    assert_int_equal(histogram_count_below(&h, 900000), 50);
    assert_int_equal(histogram_count_below(&h, 1100000), 51);
}

static void a_full_bucket_does_not_wrap_round(void **state)
{
    (void)state;
    struct histogram a = { .bucket = { [5] = UINT32_MAX }, .count = UINT32_MAX, .max = 5 }, b = a;
    histogram_merge(&a, &b);
    assert_true(a.bucket[5] == UINT32_MAX);
    assert_int_equal(histogram_quantile(&a, 0.25), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_histogram_has_no_quantile),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(every_value_comes_back_within_eight_in_a_thousand),
        cmocka_unit_test(the_maximum_is_exact_and_bounds_the_others),
        cmocka_unit_test(negative_values_count_as_zero),
        cmocka_unit_test(merged_histograms_answer_for_both),
        cmocka_unit_test(values_below_a_limit_are_counted_to_a_bucket),
        cmocka_unit_test(a_full_bucket_does_not_wrap_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
