#include "stats/paired.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void nothing_compared_says_nothing(void **state)
{
    (void)state;
    struct paired p = paired_difference(&(struct paired_rows){ .n = 0, .epochs = 1 });
    assert_true(isnan(p.value) && isnan(p.se) && isnan(p.low));
    assert_true(p.test.mid >= 1.0);
}

static void equal_difference_in_every_intent_has_no_interval(void **state)
{
    (void)state;
    const double base[] = { 0, 0, 0 }, cand[] = { 1, 1, 1 };
    const uint32_t cluster[] = { 1, 2, 3 };
    struct paired p = paired_difference(&(struct paired_rows){ base, cand, cluster, 3, 1, 0 });
    assert_true(p.value >= 1.0 && isnan(p.low) && isnan(p.high));
    assert_int_equal(p.regressed, 3);
    assert_true(fabs(p.test.exact - 0.25) < 1e-15);
}

static void one_intent_has_a_value_and_no_interval(void **state)
{
    (void)state;
    const double base[] = { 0, 1 }, cand[] = { 1, 1 };
    const uint32_t cluster[] = { 4, 4 };
    struct paired p = paired_difference(&(struct paired_rows){ base, cand, cluster, 2, 1, 0 });
    assert_true(fabs(p.value - 0.5) < 1e-15 && isnan(p.se) && isnan(p.low));
}

static void means_over_equal_epochs_use_the_exact_test(void **state)
{
    (void)state;
    const double base[] = { 1.0 / 3, 0, 2.0 / 3, 0 }, cand[] = { 2.0 / 3, 1, 1, 1.0 / 3 };
    const uint32_t cluster[] = { 1, 2, 3, 4 };
    struct paired_rows rows = { base, cand, cluster, 4, 3, 5 };
    struct paired p = paired_difference(&rows);
    assert_string_equal(p.test.method, "sign-flip");
    assert_true(isnan(p.mcnemar_mid));
    assert_true(fabs(p.test.exact - 0.125) < 1e-15); /* all four went up: 2 of 16 patterns */
    rows.epochs = 0;
    assert_string_equal(paired_difference(&rows).test.method, "sign-flip-monte-carlo");
}

static void swapping_base_and_candidate_mirrors_everything(void **state)
{
    (void)state;
    const double base[] = { 1, 0, 1, 0, 0, 1 }, cand[] = { 1, 1, 0, 1, 1, 1 };
    const uint32_t cluster[] = { 1, 1, 2, 3, 3, 4 };
    struct paired there = paired_difference(&(struct paired_rows){ base, cand, cluster, 6, 1, 0 });
    struct paired back = paired_difference(&(struct paired_rows){ cand, base, cluster, 6, 1, 0 });
    assert_true(fabs(there.value + back.value) < 1e-15 && fabs(there.se - back.se) < 1e-15);
    assert_true(fabs(there.low + back.high) < 1e-12 && fabs(there.low90 + back.high90) < 1e-12);
    assert_true(there.fixed == back.regressed && there.regressed == back.fixed);
    assert_true(fabs(there.test.mid - back.test.mid) < 1e-15);
}

static void no_difference_of_shares_is_beyond_one(void **state)
{
    (void)state;
    const double base[] = { 0, 0, 0, 1 }, cand[] = { 1, 1, 0, 1 };
    const uint32_t cluster[] = { 0, 0, 1, 1 }; /* two intents: t is 12.7 */
    struct paired p = paired_difference(&(struct paired_rows){ .base = base, .cand = cand, .cluster = cluster, .n = 4, .epochs = 1 });
    assert_true(p.value == 0.5 && p.se > 0.3);
    assert_true(p.low == -1.0 && p.high == 1.0 && p.low90 == -1.0 && p.high90 == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_difference_of_shares_is_beyond_one),
        cmocka_unit_test(nothing_compared_says_nothing),
        cmocka_unit_test(equal_difference_in_every_intent_has_no_interval),
        cmocka_unit_test(one_intent_has_a_value_and_no_interval),
        cmocka_unit_test(means_over_equal_epochs_use_the_exact_test),
        cmocka_unit_test(swapping_base_and_candidate_mirrors_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
