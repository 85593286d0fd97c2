#include "stats/interval.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", got, expected);
}

/* The worked data set of statistics.md 13, column y_base. */
static const double d1_y[] = { 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0 };
static const uint32_t d1_intent[] = { 1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5, 6, 6 };
static const uint32_t d1_category[] = { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1 };

static void wilson_and_clopper_pearson_have_their_anchors(void **state)
{
    (void)state;
    static const struct {
        double k, n, wilson[2], exact[2];
    } row[] = {
        { 7, 20, { 0.18119182410108206, 0.5671457233147638 }, { 0.15390920478454115, 0.5921885345328282 } },
        { 0, 30, { 0, 0.11351339317396877 }, { 0, 0.11570330822202782 } },
        { 30, 30, { 0.8864866068260312, 1 }, { 0.8842966917779722, 1 } },
        { 3, 100, { 0.010254524024038923, 0.08451936429052762 }, { 0.006229971538306394, 0.08517605297428003 } },
        { 1234, 47524, { 0.024573871553887267, 0.027434412074191217 }, { 0.02455450512809569, 0.02743544950369402 } },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        double low, high;
        stats_wilson(row[i].k / row[i].n, row[i].n, &low, &high);
        near(low, row[i].wilson[0], 1e-12);
        near(high, row[i].wilson[1], 1e-12);
        stats_clopper_pearson(row[i].k / row[i].n, row[i].n, &low, &high);
        near(low, row[i].exact[0], 1e-9);
        near(high, row[i].exact[1], 1e-9);
    }
}

static void ends_are_exactly_zero_and_one(void **state)
{
    (void)state;
    double low, high;
    for (double n = 1; n < 100; n++) {
        stats_wilson(0.0, n, &low, &high);
        assert_true(low == 0.0 && high < 1.0);
        stats_wilson(1.0, n, &low, &high);
        assert_true(low > 0.0 && high == 1.0);
        stats_clopper_pearson(0.0, n, &low, &high);
        assert_true(low == 0.0 && high < 1.0);
        stats_clopper_pearson(1.0, n, &low, &high);
        assert_true(low > 0.0 && high == 1.0);
    }
}

static void intervals_mirror_when_the_events_are_turned_round(void **state)
{
    (void)state;
    for (double k = 0; k <= 25; k++) {
        double low, high, low_mirror, high_mirror;
        stats_wilson(k / 25, 25, &low, &high);
        stats_wilson(1 - k / 25, 25, &low_mirror, &high_mirror);
        near(low, 1 - high_mirror, 1e-12);
        near(high, 1 - low_mirror, 1e-12);
        stats_clopper_pearson(k / 25, 25, &low, &high);
        stats_clopper_pearson(1 - k / 25, 25, &low_mirror, &high_mirror);
        near(low, 1 - high_mirror, 1e-9);
        near(high, 1 - low_mirror, 1e-9);
        assert_true(low <= k / 25 && k / 25 <= high);
    }
}

static void clustered_rate_of_the_worked_example(void **state)
{
    (void)state;
    struct rate r = rate_clustered(d1_y, d1_intent, ARRAY_LEN(d1_y));

    assert_int_equal(r.n, 14);
    assert_int_equal(r.clusters, 6);
    near(r.value, 4.0 / 14.0, 1e-15);
    near(r.se, 0.15569168263478084, 1e-12);
    near(r.deff, 1.6628571428571428, 1e-12);
    near(r.n_eff, 8.419243986254296, 1e-10);
    near(r.n_star, 5.946562147665197, 1e-9);
    near(r.low, 0.027545418934686986, 1e-9);
    near(r.high, 0.7437363156810175, 1e-9);
    assert_string_equal(r.method, "clopper-pearson-effective");
    assert_true(r.few_clusters);
    assert_false(r.equal_clusters);
}

static void cluster_numbers_and_row_order_do_not_matter(void **state)
{
    (void)state;
    /* The same rows backwards, their intents scattered over all of uint32. */
    static const uint32_t scattered[] = { 0, 4000000000u, 17, UINT32_MAX, 1u << 22, 3000000u, 2048 };
    double y[ARRAY_LEN(d1_y)];
    uint32_t intent[ARRAY_LEN(d1_y)];
    for (size_t i = 0; i < ARRAY_LEN(d1_y); i++) {
        y[i] = d1_y[ARRAY_LEN(d1_y) - 1 - i];
        intent[i] = scattered[d1_intent[ARRAY_LEN(d1_y) - 1 - i]];
    }

    struct rate a = rate_clustered(d1_y, d1_intent, ARRAY_LEN(d1_y));
    struct rate b = rate_clustered(y, intent, ARRAY_LEN(y));

    assert_int_equal(b.clusters, 6);
    near(b.value, a.value, 0.0);
    near(b.se, a.se, 1e-16);
    near(b.low, a.low, 1e-12);
    near(b.high, a.high, 1e-12);
}

static void macro_rate_of_the_worked_example(void **state)
{
    (void)state;
    struct rate r = rate_macro(d1_y, d1_intent, d1_category, ARRAY_LEN(d1_y), 2);

    near(r.value, 0.3125, 1e-15);
    near(r.se, 0.1288470508005519, 1e-12);
    near(r.n_star, 9.140429980636876, 1e-9);
    near(r.low, 0.06598392062424645, 1e-9);
    near(r.high, 0.6800489312514582, 1e-9);
}

static void macro_rate_says_nothing_when_a_category_is_empty(void **state)
{
    (void)state;
    struct rate r = rate_macro(d1_y, d1_intent, d1_category, ARRAY_LEN(d1_y), 3);

    assert_true(isnan(r.value) && isnan(r.low) && isnan(r.high));
    assert_string_equal(r.method, "none");
    assert_int_equal(r.n, 14);
}

static void no_event_takes_the_intents_as_the_sample(void **state)
{
    (void)state;
    double y[100] = { 0 };
    uint32_t intent[100];
    for (uint32_t i = 0; i < 100; i++)
        intent[i] = i % 30;

    struct rate none = rate_clustered(y, intent, 100);
    for (size_t i = 0; i < 100; i++)
        y[i] = 1;
    struct rate all = rate_clustered(y, intent, 100);

    assert_string_equal(none.method, "clopper-pearson-clusters");
    assert_true(none.value == 0.0 && none.low == 0.0 && none.se == 0.0 && isnan(none.deff) && isnan(none.n_eff));
    near(none.n_star, 30, 0);
    near(none.high, stats_zero_upper(30, 0.05), 1e-9);
    assert_true(all.value == 1.0 && all.high == 1.0);
    near(all.low, 1.0 - stats_zero_upper(30, 0.05), 1e-9);
    assert_false(all.few_clusters);
}

static void one_intent_has_a_rate_and_no_interval(void **state)
{
    (void)state;
    static const double y[] = { 1, 0, 0 };
    static const uint32_t intent[] = { 7, 7, 7 };
    struct rate r = rate_clustered(y, intent, 3);

    near(r.value, 1.0 / 3.0, 1e-15);
    assert_true(isnan(r.low) && isnan(r.high) && isnan(r.se) && isnan(r.deff));
    assert_string_equal(r.method, "none");
    assert_int_equal(r.clusters, 1);
    assert_true(r.few_clusters);
}

static void nothing_has_no_rate(void **state)
{
    (void)state;
    struct rate r = rate_clustered(NULL, NULL, 0);
    assert_true(isnan(r.value) && isnan(r.low) && isnan(r.high));
    assert_string_equal(r.method, "none");
    assert_int_equal(r.n, 0);
    assert_int_equal(r.clusters, 0);

    assert_true(isnan(rate_independent(0, 0).value));
    assert_true(isnan(rate_macro(NULL, NULL, NULL, 0, 0).value));
}

static void equal_shares_in_every_intent_are_taken_as_independent_rows_and_flagged(void **state)
{
    (void)state;
    double y[60];
    uint32_t intent[60];
    for (uint32_t i = 0; i < 60; i++) {
        y[i] = i % 3 == 0; /* one of three in each of twenty intents */
        intent[i] = i / 3;
    }

    struct rate r = rate_clustered(y, intent, 60);

    double low, high;
    stats_wilson(1.0 / 3.0, 60, &low, &high);
    assert_true(r.equal_clusters);
    assert_true(r.se == 0.0 && isnan(r.deff) && isnan(r.n_eff));
    near(r.n_star, 60, 0);
    assert_string_equal(r.method, "wilson-effective"); /* 60 / 3 = 20 events */
    near(r.low, low, 1e-12);
    near(r.high, high, 1e-12);
}

static void nine_intents_are_few_and_ten_are_not(void **state)
{
    (void)state;
    static const double y[] = { 1, 0, 1, 0, 0, 1, 0, 0, 0, 1 };
    static const uint32_t intent[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    assert_true(rate_clustered(y, intent, 9).few_clusters);
    assert_false(rate_clustered(y, intent, 10).few_clusters);
}

static void method_changes_at_twenty_events(void **state)
{
    (void)state;
    assert_string_equal(rate_independent(19, 100).method, "clopper-pearson-effective");
    assert_string_equal(rate_independent(20, 100).method, "wilson-effective");
    assert_string_equal(rate_independent(81, 100).method, "clopper-pearson-effective");
    assert_string_equal(rate_independent(80, 100).method, "wilson-effective");
}

static void independent_rate_is_the_plain_interval(void **state)
{
    (void)state;
    struct rate r = rate_independent(3, 6);
    near(r.low, 0.1181172487570252, 1e-9);
    near(r.high, 0.8818827512429748, 1e-9);
    near(r.deff, 1.0, 0);

    struct rate none = rate_independent(0, 30);
    near(none.high, 0.11570330822202782, 1e-9);
    assert_string_equal(none.method, "clopper-pearson-clusters");
    assert_string_equal(rate_independent(1, 1).method, "none");
}

static void effective_size_never_exceeds_the_rows(void **state)
{
    (void)state;
    /* Every intent has one hit and one miss in different sizes: negative correlation, deff < 1. */
    static const double y[] = { 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0 };
    static const uint32_t intent[] = { 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5 };
    struct rate r = rate_clustered(y, intent, 12);
    assert_true(r.deff < 1.0 && r.n_eff > 12.0);
    assert_true(r.n_star <= 12.0);
}

static void graded_values_are_rates_too(void **state)
{
    (void)state;
    static const double y[] = { 0.5, 0.25, 1.0, 0.625 };
    static const uint32_t intent[] = { 1, 2, 3, 4 };
    struct rate r = rate_clustered(y, intent, 4);
    near(r.value, 0.59375, 1e-15);
    assert_true(0.0 <= r.low && r.low < r.value && r.value < r.high && r.high <= 1.0);
}

static void variance_needs_two_clusters(void **state)
{
    (void)state;
    static const double sum[] = { 0.1, -0.1 };
    assert_true(isnan(stats_cluster_variance(sum, 1)));
    near(stats_cluster_variance(sum, 2), 0.04, 1e-17); /* 2/1 · (.01 + .01) */
}

/* Not a race: the promise is 100 ms for all cells together on a quiet machine; ten times that still catches a
   quadratic algorithm. Sanitizers slow it down, too. */
static void seventy_cells_of_a_full_run_take_no_time_worth_mentioning(void **state)
{
    (void)state;
    enum { ROWS = 47524, CELLS = 70 };
    CLEANUP(cleanup_free) double *y = xcalloc(ROWS, sizeof(*y));
    CLEANUP(cleanup_free) uint32_t *intent = xcalloc(ROWS, sizeof(*intent));
    for (uint32_t i = 0; i < ROWS; i++) {
        y[i] = (i * 2654435761u >> 16) % 5 == 0;
        intent[i] = (i / 6) * 2654435761u; /* scattered numbers take the slower path */
    }

    int64_t start = clock_mono_us(&clock_real);
    struct rate all = rate_clustered(y, intent, ROWS);
    for (size_t cell = 0; cell < CELLS; cell++) {
        struct rate r = rate_clustered(y + cell * 678, intent + cell * 678, 678);
        assert_true(r.low < r.value && r.value < r.high);
    }
    assert_true(clock_mono_us(&clock_real) - start < 1000000);

    assert_int_equal(all.clusters, (ROWS + 5) / 6);
    near(all.value, 0.2, 0.01);
    assert_string_equal(all.method, "wilson-effective");
}

static void one_sided_limits_are_those_of_the_ninety_percent_interval(void **state)
{
    (void)state;
    double low, high;
    struct rate r = rate_independent(30, 100); /* Wilson with z = 1.6448536269514722 */
    rate_one_sided(&r, &low, &high);
    near(low, 0.2307049543691453, 1e-12);
    near(high, 0.3798321339441244, 1e-12);
    r = rate_independent(0, 30); /* exact: 1 - .05^(1/30) */
    rate_one_sided(&r, &low, &high);
    near(low, 0.0, 0.0);
    near(high, 0.09503385285530419, 1e-9);
    r = rate_independent(1, 1);
    rate_one_sided(&r, &low, &high);
    assert_true(isnan(low) && isnan(high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_and_clopper_pearson_have_their_anchors),
        cmocka_unit_test(ends_are_exactly_zero_and_one),
        cmocka_unit_test(intervals_mirror_when_the_events_are_turned_round),
        cmocka_unit_test(clustered_rate_of_the_worked_example),
        cmocka_unit_test(cluster_numbers_and_row_order_do_not_matter),
        cmocka_unit_test(macro_rate_of_the_worked_example),
        cmocka_unit_test(macro_rate_says_nothing_when_a_category_is_empty),
        cmocka_unit_test(no_event_takes_the_intents_as_the_sample),
        cmocka_unit_test(one_intent_has_a_rate_and_no_interval),
        cmocka_unit_test(nothing_has_no_rate),
        cmocka_unit_test(equal_shares_in_every_intent_are_taken_as_independent_rows_and_flagged),
        cmocka_unit_test(nine_intents_are_few_and_ten_are_not),
        cmocka_unit_test(method_changes_at_twenty_events),
        cmocka_unit_test(independent_rate_is_the_plain_interval),
        cmocka_unit_test(effective_size_never_exceeds_the_rows),
        cmocka_unit_test(graded_values_are_rates_too),
        cmocka_unit_test(variance_needs_two_clusters),
        cmocka_unit_test(one_sided_limits_are_those_of_the_ninety_percent_interval),
        cmocka_unit_test(seventy_cells_of_a_full_run_take_no_time_worth_mentioning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
