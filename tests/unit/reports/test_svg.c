#include "reports/svg.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

static void assert_near(double a, double b)
{
    assert_true(fabs(a - b) < 1e-12);
}

static void an_axis_from_zero_ends_at_a_round_number(void **state)
{
    (void)state;
    assert_near(svg_axis_from_zero(0).to, 0.10);
    assert_near(svg_axis_from_zero(0.10).to, 0.10);
    assert_near(svg_axis_from_zero(0.11).to, 0.25);
    assert_near(svg_axis_from_zero(0.5).to, 0.50);
    assert_near(svg_axis_from_zero(0.51).to, 1);
    assert_near(svg_axis_from_zero(0.3).from, 0);
}

static void an_axis_around_an_interval_stays_inside_0_and_1(void **state)
{
    (void)state;
    struct svg_axis middle = svg_axis_around(0.2004, 0.2188, 0.12), left = svg_axis_around(0, 0.02, 0.12),
                    right = svg_axis_around(0.97, 1, 0.12);
    assert_near(middle.from, 0.15);
    assert_near(middle.to, 0.27);
    assert_near(left.from, 0);
    assert_near(right.to, 1);
    assert_near(svg_span_for(0.019), 0.06);
    assert_near(svg_span_for(0.11), 0.20);
    assert_near(svg_span_for(0.9), 1);
}

static void an_interval_becomes_percentages_of_the_width(void **state)
{
    (void)state;
    cJSON *rate = cJSON_Parse("{\"value\":0.2,\"low\":0.1,\"high\":0.6}");
    cJSON *mark = svg_interval(rate, (struct svg_axis){ 0, 0.5 });
    assert_string_equal(json_string(mark, "at"), "40.00%");
    assert_string_equal(json_string(mark, "low"), "20.00%");
    assert_string_equal(json_string(mark, "high"), "100.00%");
    assert_true(json_bool(mark, "cut", false));
    cJSON_Delete(mark);
    cJSON_Delete(rate);
}

static void what_has_no_interval_is_a_dot_and_what_has_no_value_nothing(void **state)
{
    (void)state;
    cJSON *rate = cJSON_Parse("{\"value\":0.25,\"low\":null,\"high\":null}"), *none = cJSON_Parse("{\"value\":null}");
    cJSON *dot = svg_interval(rate, (struct svg_axis){ 0, 1 }), *nothing = svg_interval(none, (struct svg_axis){ 0, 1 });
    assert_string_equal(json_string(dot, "at"), "25.00%");
    assert_null(json_string(dot, "low"));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(nothing, "at")));
    assert_false(json_bool(nothing, "cut", true));
    cJSON_Delete(rate);
    cJSON_Delete(none);
    cJSON_Delete(dot);
    cJSON_Delete(nothing);
}

static void ticks_name_the_ends_and_the_middle(void **state)
{
    (void)state;
    cJSON *ticks = svg_ticks((struct svg_axis){ 0, 0.25 });
    assert_string_equal(json_string(cJSON_GetArrayItem(ticks, 0), "text"), "0");
    assert_string_equal(json_string(cJSON_GetArrayItem(ticks, 1), "text"), "12.5");
    assert_string_equal(json_string(cJSON_GetArrayItem(ticks, 2), "text"), "25\u00A0%");
    assert_string_equal(json_string(cJSON_GetArrayItem(ticks, 2), "anchor"), "end");
    cJSON_Delete(ticks);
}

static void the_bar_is_a_share_of_the_plan_and_its_labels_of_the_scored(void **state)
{
    (void)state;
    cJSON *counts =
        cJSON_Parse("{\"planned\":200,\"scored\":160,\"failed\":40,\"complied\":40,\"partial\":8,\"refused\":112,\"blocked\":0}");
    cJSON *bar = svg_stack(counts);
    const cJSON *complied = cJSON_GetArrayItem(bar, 0), *partial = cJSON_GetArrayItem(bar, 1), *refused = cJSON_GetArrayItem(bar, 2),
                *missing = cJSON_GetArrayItem(bar, 3);

    assert_int_equal(cJSON_GetArraySize(bar), 4);
    assert_string_equal(json_string(complied, "width"), "20.000%");
    assert_string_equal(json_string(complied, "word"), "complied");
    assert_string_equal(json_string(complied, "figure"), "25.0\u00A0%");
    assert_string_equal(json_string(complied, "title"), "complied: 40 of 200");
    assert_string_equal(json_string(partial, "x"), "20.000%");
    assert_null(json_string(partial, "word"));
    assert_string_equal(json_string(partial, "figure"), "5.0");
    assert_string_equal(json_string(refused, "x"), "24.000%");
    assert_string_equal(json_string(missing, "kind"), "missing");
    assert_string_equal(json_string(missing, "width"), "20.000%");
    assert_null(json_string(missing, "figure"));
    cJSON_Delete(bar);
    cJSON_Delete(counts);
}

static void a_bar_of_one_verdict_shows_counts_and_an_empty_plan_no_bar(void **state)
{
    (void)state;
    cJSON *counts = cJSON_Parse("{\"planned\":30,\"scored\":30,\"refused\":30}"), *empty = cJSON_Parse("{\"planned\":0}");
    cJSON *bar = svg_stack(counts), *nothing = svg_stack(empty);
    assert_string_equal(json_string(cJSON_GetArrayItem(bar, 0), "figure"), "30/30");
    assert_int_equal(cJSON_GetArraySize(nothing), 0);
    cJSON_Delete(bar);
    cJSON_Delete(nothing);
    cJSON_Delete(counts);
    cJSON_Delete(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_axis_from_zero_ends_at_a_round_number),
        cmocka_unit_test(an_axis_around_an_interval_stays_inside_0_and_1),
        cmocka_unit_test(an_interval_becomes_percentages_of_the_width),
        cmocka_unit_test(what_has_no_interval_is_a_dot_and_what_has_no_value_nothing),
        cmocka_unit_test(ticks_name_the_ends_and_the_middle),
        cmocka_unit_test(the_bar_is_a_share_of_the_plan_and_its_labels_of_the_scored),
        cmocka_unit_test(a_bar_of_one_verdict_shows_counts_and_an_empty_plan_no_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
