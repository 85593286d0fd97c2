#include "reports/figures.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <string.h>

#define NBSP "\u00A0"

static cJSON *parse(const char *json)
{
    cJSON *tree = cJSON_Parse(json);
    assert_non_null(tree);
    return tree;
}

static void a_rate_is_written_with_its_interval_and_never_as_a_bare_0_or_100(void **state)
{
    static const struct {
        const char *rate;
        int64_t events;
        const char *expected;
    } row[] = {
        { "{\"value\":0.2092,\"low\":0.2004,\"high\":0.2188,\"n\":11967,\"clusters\":2400}", 2504, "20.9" NBSP "% [20.0, 21.9]" },
        { "{\"value\":0.025965,\"low\":0.024574,\"high\":0.027434,\"n\":47524,\"clusters\":7826}", 1234, "2.60" NBSP "% [2.46, 2.74]" },
        { "{\"value\":0,\"low\":0,\"high\":0.1157,\"n\":30,\"clusters\":30}", 0, "0/30 (≤ 11.6" NBSP "%)" },
        { "{\"value\":1,\"low\":0.8843,\"high\":1,\"n\":30,\"clusters\":30}", 30, "30/30 (≥ 88.4" NBSP "%)" },
        { "{\"value\":0.4,\"low\":null,\"high\":null,\"n\":5,\"clusters\":1}", 2, "2/5 (1 intent)" },
        { "{\"value\":0,\"low\":null,\"high\":null,\"n\":5,\"clusters\":1}", 0, "0/5 (1 intent)" },
        { "{\"value\":null,\"low\":null,\"high\":null,\"n\":0,\"clusters\":0}", 0, "—" },
        { "{\"value\":0,\"low\":0,\"high\":0.05,\"n\":90,\"clusters\":30}", -1, "0.0" NBSP "% [0.0, 5.0]" },
        { "null", 0, "—" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        cJSON *rate = parse(row[i].rate);
        figures_rate(rate, row[i].events, &out);
        assert_string_equal(out.buf, row[i].expected);
        cJSON_Delete(rate);
    }
}

static void the_sign_can_be_left_to_the_heading(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *rate = parse("{\"value\":0.5,\"low\":0.4,\"high\":0.6,\"n\":10,\"clusters\":10}");
    figures_value(rate, 5, false, &out);
    assert_string_equal(out.buf, "50.0");
    cJSON_Delete(rate);
}

static void shares_below_one_per_cent_have_two_decimals(void **state)
{
    static const struct {
        int64_t part, whole;
        const char *expected;
    } row[] = {
        { 33, 12000, "0.28" NBSP "%" }, { 612, 12000, "5.1" NBSP "%" }, { 0, 10, "0.0" NBSP "%" }, { 0, 0, "—" }, { 1, 1, "100.0" NBSP "%" }
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        figures_share(row[i].part, row[i].whole, &out);
        assert_string_equal(out.buf, row[i].expected);
    }
}

static void the_identity_is_one_line(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *counts = parse("{\"planned\":12000,\"scored\":11967,\"unscored\":23,\"failed\":7,\"skipped\":3,\"pending\":0}");
    figures_identity(counts, &out);
    assert_string_equal(out.buf, "planned 12,000 = scored 11,967 + unscored 23 + failed 7 + skipped 3 + pending 0");
    assert_int_equal(figures_missing(counts), 33);
    assert_int_equal(figures_count(counts, "absent"), 0);
    cJSON_Delete(counts);
}

static void a_cost_says_what_is_known_and_what_it_can_be_at_most(void **state)
{
    static const struct {
        const char *cost, *expected;
    } row[] = {
        { "{\"estimate\":0.0123,\"upper\":0.015}", "$0.0123 (estimate; at most $0.0150)" },
        { "{\"estimate\":7.35,\"upper\":null}", "$7.35 (estimate; upper bound unknown)" },
        { "{\"estimate\":null,\"upper\":2}", "cost unknown (at most $2.00)" },
        { "{\"estimate\":null,\"upper\":null}", "cost unknown" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        cJSON *cost = parse(row[i].cost);
        figures_cost(cost, &out);
        assert_string_equal(out.buf, row[i].expected);
        cJSON_Delete(cost);
    }
}

static void only_a_stratified_order_makes_a_budget_stop_a_fair_sample(void **state)
{
    static const struct {
        const char *stop, *expected;
    } row[] = {
        { "{\"budget_stop\":{\"done\":1200,\"planned\":5000,\"order\":\"stratified\",\"fair_sample\":true}}",
          "stopped by budget after 1,200 of 5,000 trials in stratified order: what was run is a fair sample of the suite" },
        { "{\"budget_stop\":{\"done\":3,\"planned\":10,\"order\":\"file\",\"fair_sample\":false}}",
          "stopped by budget after 3 of 10 trials in file order: what was run is NOT a fair sample of the suite" },
        { "{\"budget_stop\":null}", "" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        cJSON *endpoint = parse(row[i].stop);
        figures_budget_stop(endpoint, &out);
        assert_string_equal(out.buf, row[i].expected);
        cJSON_Delete(endpoint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_is_written_with_its_interval_and_never_as_a_bare_0_or_100),
        cmocka_unit_test(the_sign_can_be_left_to_the_heading),
        cmocka_unit_test(shares_below_one_per_cent_have_two_decimals),
        cmocka_unit_test(the_identity_is_one_line),
        cmocka_unit_test(a_cost_says_what_is_known_and_what_it_can_be_at_most),
        cmocka_unit_test(only_a_stratified_order_makes_a_budget_stop_a_fair_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
