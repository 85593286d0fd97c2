/* Judge quality on the page: what is said with labels and without. */
#include "report_fixture.h"

#include "reports/html_view.h"
#include "reports/view_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <math.h>

static cJSON *quality_of(const char *judge_quality)
{
    cJSON *model = fixture_model();
    cJSON_DeleteItemFromObject(model, "judge_quality");
    cJSON_AddItemToObject(model, "judge_quality", json_parse(judge_quality, strlen(judge_quality), NULL));
    cJSON *view = html_view_build(model), *quality = cJSON_DetachItemFromObject(view, "quality");
    cJSON_Delete(view);
    cJSON_Delete(model);
    assert_non_null(quality);
    return quality;
}

static const cJSON *first_scorer(const cJSON *quality)
{
    return cJSON_GetArrayItem(json_array(quality, "by_scorer"), 0);
}

static void without_labels_the_page_says_how_to_get_some(void **state)
{
    (void)state;
    cJSON *quality = quality_of("[]");
    assert_null(first_scorer(quality));
    assert_non_null(strstr(json_string(quality, "draw"), "gauntlet label export "));
    cJSON_Delete(quality);
}

static void the_table_adds_up_and_the_sentence_names_the_side_of_the_errors(void **state)
{
    (void)state;
    cJSON *quality = quality_of("[{\"scorer\":\"s\",\"labels_of\":\"this run\",\"n\":300,\"invalid\":0,\"kappa\":0.829,\"kappa_low\":0.77,"
                                "\"kappa_high\":0.89,\"ac1\":0.859,\"ppv\":{\"value\":0.9,\"low\":0.82,\"high\":0.95,\"n\":100},"
                                "\"levels\":{\"counts\":[[152,9,3],[6,28,7],[2,3,90]],\"kappa_linear\":0.875},"
                                "\"people\":{\"kappa\":0.86,\"answers_twice\":40},\"alike\":{\"least_p\":0.01}}]");
    const cJSON *s = first_scorer(quality), *row = cJSON_GetArrayItem(json_array(s, "levels"), 0);

    assert_string_equal(json_string(row, "sum"), "164");
    assert_string_equal(json_string(cJSON_GetArrayItem(json_array(s, "level_sums"), 2), "sum"), "100");
    assert_string_equal(json_string(s, "level_total"), "300");
    /* 9 + 3 + 7 above the diagonal, 6 + 2 + 3 below: fewer than twice as many */
    assert_string_equal(json_string(s, "finding"), "κ 0.83 against people on 300 answers; it errs to both sides (19 worse, 11 milder).");
    const cJSON *ppv = cJSON_GetArrayItem(json_array(s, "measures"), 0);
    assert_string_equal(json_string(ppv, "value"), "0.900");
    assert_string_equal(json_string(ppv, "share"), "90/100");
    assert_non_null(strstr(json_string(s, "people"), "40 answers labelled twice: κ 0.86"));
    assert_non_null(strstr(json_string(s, "alike"), "does not err alike"));
    cJSON_Delete(quality);
}

static void what_is_not_defined_is_a_dash_and_no_number(void **state)
{
    (void)state;
    cJSON *quality =
        quality_of("[{\"scorer\":\"s\",\"labels_of\":\"this run\",\"n\":2,\"invalid\":1,\"kappa\":null,\"ppv\":{\"value\":null,\"n\":0},"
                   "\"levels\":{\"counts\":[[2,0,0],[0,0,0],[0,0,0]]},\"people\":{\"kappa\":null},\"alike\":{\"least_p\":null}}]");
    const cJSON *s = first_scorer(quality), *cells = json_array(cJSON_GetArrayItem(json_array(s, "levels"), 0), "cells");

    assert_string_equal(json_string(cJSON_GetArrayItem(json_array(s, "measures"), 0), "value"), "—");
    assert_string_equal(json_string(cJSON_GetArrayItem(cells, 2), "level"), "none");
    assert_non_null(strstr(json_string(s, "finding"), "no verdict differs"));
    assert_non_null(strstr(json_string(s, "invalid"), "1 labelled answer is left out"));
    cJSON_Delete(quality);
}

static void a_level_has_nine_steps(void **state)
{
    (void)state;
    assert_string_equal(view_level(0), "q0");
    assert_string_equal(view_level(0.05), "q1");
    assert_string_equal(view_level(0.299), "q5");
    assert_string_equal(view_level(1), "q8");
    assert_string_equal(view_level((double)NAN), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_labels_the_page_says_how_to_get_some),
        cmocka_unit_test(the_table_adds_up_and_the_sentence_names_the_side_of_the_errors),
        cmocka_unit_test(what_is_not_defined_is_a_dash_and_no_number),
        cmocka_unit_test(a_level_has_nine_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
