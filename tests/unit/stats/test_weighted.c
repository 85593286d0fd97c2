#include "stats/weighted.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const double y[] = { 1, 0, 1, 1, 0, 0, 1, 0 };
static const double even[] = { 2, 2, 2, 2, 2, 2, 2, 2 };
static const uint32_t cluster[] = { 1, 1, 2, 3, 4, 4, 5, 6 };

static void equal_weights_change_nothing(void **state)
{
    (void)state;
    struct rate plain = rate_clustered(y, cluster, 8), weighted = rate_weighted(y, even, cluster, NULL, 8, NULL);
    assert_true(fabs(plain.value - weighted.value) < 1e-15);
    assert_true(fabs(plain.se - weighted.se) < 1e-15);
    assert_true(fabs(plain.high - weighted.high) < 1e-12);
}

static void order_of_the_rows_does_not_matter_to_the_bit(void **state)
{
    (void)state;
    const double turned_y[] = { 0, 1, 0, 0, 1, 1, 0, 1 }, weight[] = { 1, 3, 1, 2, 5, 1, 1, 2 },
                 turned_weight[] = { 2, 1, 1, 5, 2, 1, 3, 1 };
    const uint32_t turned_cluster[] = { 6, 5, 4, 4, 3, 2, 1, 1 };
    struct rate a = rate_weighted(y, weight, cluster, NULL, 8, NULL),
                b = rate_weighted(turned_y, turned_weight, turned_cluster, NULL, 8, NULL);
    assert_memory_equal(&a.value, &b.value, sizeof(a.value));
    assert_memory_equal(&a.se, &b.se, sizeof(a.se));
}

static void a_stratum_of_one_intent_is_joined_and_told(void **state)
{
    (void)state;
    const uint32_t last_alone[] = { 0, 0, 0, 0, 0, 0, 0, 1 }, first_alone[] = { 0, 0, 1, 1, 1, 1, 1, 1 },
                   none[] = { 0, 0, 0, 0, 1, 1, 1, 1 };
    size_t merged;
    struct rate all = rate_weighted(y, even, cluster, NULL, 8, &merged);
    assert_int_equal(merged, 0);
    struct rate joined = rate_weighted(y, even, cluster, last_alone, 8, &merged);
    assert_int_equal(merged, 1);
    assert_true(fabs(joined.se - all.se) < 1e-15);
    joined = rate_weighted(y, even, cluster, first_alone, 8, &merged);
    assert_int_equal(merged, 1);
    assert_true(fabs(joined.se - all.se) < 1e-15);
    (void)rate_weighted(y, even, cluster, none, 8, &merged);
    assert_int_equal(merged, 0);
}

static void an_intent_in_two_strata_counts_in_each(void **state)
{
    (void)state;
    const uint32_t split[] = { 0, 1, 0, 0, 1, 1, 1, 1 };
    assert_int_equal(rate_weighted(y, even, cluster, split, 8, NULL).clusters, 7);
}

static void nothing_drawn_says_nothing(void **state)
{
    (void)state;
    size_t merged = 7;
    assert_true(isnan(rate_weighted(NULL, NULL, NULL, NULL, 0, &merged).value));
    assert_int_equal(merged, 0);
    struct rate one = rate_weighted(y, even, cluster, NULL, 1, NULL);
    assert_true(one.value > 0.99 && isnan(one.low) && one.clusters == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_weights_change_nothing),
        cmocka_unit_test(order_of_the_rows_does_not_matter_to_the_bit),
        cmocka_unit_test(a_stratum_of_one_intent_is_joined_and_told),
        cmocka_unit_test(an_intent_in_two_strata_counts_in_each),
        cmocka_unit_test(nothing_drawn_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
