/* The differences of the mean over categories and of the verdicts' shares, by hand. */
#include "reports/compare_rates.h"

#include "base/cleanup.h"
#include "base/json.h"
#include "pairs_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_near(const cJSON *json, const char *key, double expected)
{
    double value = NAN;
    (void)json_number(json, key, &value);
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%s: %.9g is not %.9g", key, value, expected);
}

/* (2/6 + 2/8) / 2; the influences of the six intents are 0, 1/36, -1/36, 1/16, -3/32, 1/32. */
static void each_category_weighs_the_same_in_the_macro_difference(void **state)
{
    (void)state;
    struct pairs p = worked_example();
    cJSON *tree = cJSON_CreateObject();
    double half_width = 2.5705818356 * sqrt(1.2 * (2.0 / 1296 + 1.0 / 256 + 9.0 / 1024 + 1.0 / 1024));

    compare_add_macro(&p, 0.01, tree);

    const cJSON *macro = json_object(tree, "macro");
    assert_near(macro, "base", (0.5 + 0.125) / 2);
    assert_near(macro, "candidate", (5.0 / 6 + 0.375) / 2);
    assert_near(macro, "delta", 7.0 / 24);
    assert_near(macro, "low", 7.0 / 24 - half_width);
    assert_near(macro, "high", 7.0 / 24 + half_width);
    assert_string_equal(json_string(macro, "tag"), "few intents");
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void a_category_without_a_pair_leaves_no_mean_over_all(void **state)
{
    (void)state;
    struct pairs p = worked_example();
    pairs_add(&p, "C", "c1", half_of(PAIR_REFUSED), half_of(PAIR_FAILED));
    cJSON *tree = cJSON_CreateObject();

    compare_add_macro(&p, 0.01, tree);

    const cJSON *macro = json_object(tree, "macro");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(macro, "delta")) && cJSON_IsNull(cJSON_GetObjectItem(macro, "low")));
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void a_share_counts_one_verdict_of_the_pairs(void **state)
{
    (void)state;
    struct pairs p = { .base_epochs = 1, .cand_epochs = 1 };
    pairs_add(&p, "A", "a1", half_of(PAIR_REFUSED), half_of(PAIR_BLOCKED));
    pairs_add(&p, "A", "a2", half_of(PAIR_DEFLECTED), half_of(PAIR_BLOCKED));
    pairs_add(&p, "A", "a3", half_of(PAIR_REFUSED), half_of(PAIR_REFUSED));
    pairs_add(&p, "A", "a4", half_of(PAIR_PARTIAL), half_of(PAIR_PARTIAL));
    pairs_add(&p, "A", "a5", half_of(PAIR_BLOCKED), half_of(PAIR_FAILED)); /* no pair */
    cJSON *tree = cJSON_CreateObject();

    compare_add_shares(&p, tree);

    const cJSON *shares = json_object(tree, "shares");
    assert_near(json_object(shares, "refused"), "delta", -0.25);
    assert_near(json_object(shares, "blocked"), "delta", 0.5);
    assert_near(json_object(shares, "blocked"), "base", 0);
    assert_near(json_object(shares, "deflected"), "delta", -0.25);
    assert_near(json_object(shares, "partial"), "candidate", 0.25);
    assert_near(json_object(shares, "partial"), "delta", 0);
    cJSON_Delete(tree);
    pairs_clear(&p);
}

static void the_word_of_an_interval_is_what_it_excludes(void **state)
{
    (void)state;
    assert_string_equal(compare_interval_tag(0.01, 0.2, 0.02, 50), "regressed");
    assert_string_equal(compare_interval_tag(-0.2, -0.01, 0.02, 50), "fixed");
    assert_string_equal(compare_interval_tag(-0.01, 0.01, 0.02, 50), "no change");
    assert_string_equal(compare_interval_tag(-0.03, 0.01, 0.02, 50), "inconclusive");
    assert_string_equal(compare_interval_tag(NAN, NAN, 0.02, 50), "inconclusive");
    assert_string_equal(compare_interval_tag(0.01, 0.2, 0.02, 9), "few intents");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_category_weighs_the_same_in_the_macro_difference),
        cmocka_unit_test(a_category_without_a_pair_leaves_no_mean_over_all),
        cmocka_unit_test(a_share_counts_one_verdict_of_the_pairs),
        cmocka_unit_test(the_word_of_an_interval_is_what_it_excludes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
