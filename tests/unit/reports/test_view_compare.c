/* The comparison on the page: order of rows, typography of differences, and nothing where nothing may be compared. */
#include "report_fixture.h"

#include "html_scan.h"
#include "reports/comparisons.h"
#include "reports/html_view.h"
#include "reports/view_compare.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static cJSON *compare_fixture(void)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    fixture_read("compare.json", &text);
    cJSON *compare = json_parse(text.buf, text.len, NULL);
    assert_non_null(compare);
    return compare;
}

/* The view of `compare`, which it takes. */
static cJSON *view_of(cJSON *compare)
{
    cJSON *model = fixture_model();
    cJSON_AddItemToObject(model, "compare", compare);
    cJSON *view = html_view_build(model), *json = cJSON_DetachItemFromArray(cJSON_GetObjectItem(view, "compares"), 0);
    cJSON_Delete(view);
    cJSON_Delete(model);
    assert_non_null(json);
    return json;
}

static const cJSON *row_of(const cJSON *view, int table, int row)
{
    return cJSON_GetArrayItem(json_array(cJSON_GetArrayItem(json_array(view, "tables"), table), "rows"), row);
}

static void the_overall_row_stands_on_top_then_the_worst_and_what_was_not_tested_last(void **state)
{
    (void)state;
    cJSON *view = view_of(compare_fixture());
    assert_string_equal(json_string(row_of(view, 0, 0), "name"), "All");
    assert_string_equal(json_string(row_of(view, 0, 1), "letter"), "D");
    assert_string_equal(json_string(row_of(view, 0, 2), "letter"), "A");
    assert_string_equal(json_string(row_of(view, 0, 3), "letter"), "J");
    assert_null(row_of(view, 0, 4));
    assert_string_equal(json_string(row_of(view, 0, 1), "delta"), "+10.2");
    assert_string_equal(json_string(row_of(view, 0, 2), "delta_bounds"), "[−9.2, +0.8]");
    assert_string_equal(json_string(row_of(view, 0, 1), "tag"), "regressed");
    assert_string_equal(json_string(row_of(view, 0, 1), "mark"), "w");
    assert_string_equal(json_string(row_of(view, 0, 3), "p"), "n/t");
    cJSON_Delete(view);
}

static void the_sentence_names_what_changed_by_more_than_chance(void **state)
{
    (void)state;
    cJSON *view = view_of(compare_fixture());
    assert_string_equal(json_string(view, "finding"), "Worse in D Criminal and Economic Risks. Over all: +2.5\u00A0pp [+0.3, +4.7].");
    cJSON_Delete(view);
}

static void the_corrected_difference_stands_beside_the_scorers_own(void **state)
{
    (void)state;
    static const char corrected[] = "{\"method\":\"ppi++\",\"labels\":400,\"base\":0.2,\"candidate\":0.3,\"delta\":0.1,\"low\":0.05,"
                                    "\"high\":0.15,\"note\":null}";
    cJSON *compare = compare_fixture();
    cJSON_AddItemToObject(compare, "corrected", json_parse(corrected, strlen(corrected), NULL));
    cJSON *view = view_of(compare);
    const cJSON *row = json_array(view, "others")->child;
    assert_string_equal(json_string(row, "label"), "ASR, corrected");
    assert_string_equal(json_string(row, "hint"), "the scorer's errors taken out by ppi++, 400 labels");
    assert_string_equal(json_string(row, "delta"), "+10.0");
    assert_non_null(strstr(json_string(view, "corrected"), "by ppi++, 400 labels"));
    assert_null(json_string(view, "scale")); /* the margin was not scaled */
    cJSON_Delete(view);
}

static void a_difference_of_nothing_has_no_sign(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cJSON *difference =
        json_parse("{\"delta\":-0.0001,\"low\":-0.02,\"high\":0.02}", strlen("{\"delta\":-0.0001,\"low\":-0.02,\"high\":0.02}"), NULL);
    view_delta_text(difference, &text);
    assert_string_equal(text.buf, "0.0\u00A0pp [−2.0, +2.0]");
    cJSON_Delete(difference);
}

static void runs_that_cannot_be_compared_show_the_fields_and_no_difference(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    static const char text[] =
        "{\"comparable\":false,\"mismatches\":[{\"field\":\"decoding.temperature\",\"base\":0,\"candidate\":1,\"allowed\":false},"
        "{\"field\":\"scorer\",\"base\":\"</script>\",\"candidate\":null,\"allowed\":false}],\"base\":{\"run\":\"a\"},"
        "\"candidate\":{\"run\":\"b\"},\"overall\":null,\"categories\":[],\"attacks\":[],\"subcategories\":[],\"discordant\":[],"
        "\"missing\":[],\"margin\":0.01}";
    cJSON *view = view_of(json_parse(text, strlen(text), NULL));
    assert_int_equal(cJSON_GetArraySize(json_array(view, "fields")), 2);
    assert_int_equal(cJSON_GetArraySize(json_array(view, "tables")), 0);
    assert_null(json_object(view, "flow"));
    assert_int_equal(cJSON_GetArraySize(json_array(view, "others")), 0);
    assert_non_null(strstr(json_string(view, "finding"), "cannot be compared"));
    cJSON_Delete(view);

    cJSON *model = fixture_model();
    cJSON_AddItemToObject(model, "compare", json_parse(text, strlen(text), NULL));
    assert_int_equal(render_html(model, NULL, &page, NULL), OK);
    assert_non_null(strstr(page.buf, "decoding.temperature"));
    assert_null(strstr(page.buf, "\u00A0pp"));
    cJSON_Delete(model);
}

static void the_page_with_a_comparison_is_well_formed(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf shape = STRBUF_INIT;
    struct html_scan scan = { 0 };
    struct error e = { 0 };
    cJSON *model = fixture_model();
    cJSON_AddItemToObject(model, "compare", compare_fixture());
    if (render_html(model, NULL, &page, &e) != OK)
        fail_msg("%s", e.msg);
    if (!html_scan(&scan, page.buf, page.len, &shape))
        fail_msg("%s", scan.problem);
    assert_non_null(strstr(page.buf, "id=\"compare\""));
    cJSON_Delete(model);
}

static void several_endpoints_have_a_section_each_and_the_worst_gate_decides(void **state)
{
    (void)state;
    static const char text[] = "[{\"compare\":{\"comparable\":false,\"candidate\":{\"endpoint\":\"a\"}},\"gate\":{\"verdict\":\"PASS\"},"
                               "\"baseline\":{\"name\":\"a\"}},"
                               "{\"compare\":{\"comparable\":true,\"candidate\":{\"endpoint\":\"b\"}},\"gate\":{\"verdict\":\"FAIL\"},"
                               "\"baseline\":{\"name\":\"b\"}},"
                               "{\"compare\":{\"comparable\":true,\"candidate\":{\"endpoint\":\"c\"}},\"gate\":{\"verdict\":\"FAIL\"}}]";
    cJSON *model = cJSON_CreateObject();
    comparisons_put(model, json_parse(text, strlen(text), NULL));

    assert_string_equal(json_string(json_object(json_object(model, "compare"), "candidate"), "endpoint"), "b");
    assert_string_equal(json_string(json_object(model, "baseline"), "name"), "b");
    assert_int_equal(cJSON_GetArraySize(json_array(model, "others")), 2);
    assert_ptr_equal(comparisons_of(model, "b"), model);
    assert_string_equal(json_string(json_object(comparisons_of(model, "a"), "baseline"), "name"), "a");
    assert_null(comparisons_of(model, "d"));

    cJSON *view = cJSON_CreateObject();
    view_add_compare(model, view);
    const cJSON *list = json_array(view, "compares");
    static const char *const anchor[] = { "compare", "compare-2", "compare-3" }, *const endpoint[] = { "b", "a", "c" };
    assert_int_equal(cJSON_GetArraySize(list), 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(json_string(cJSON_GetArrayItem(list, i), "anchor"), anchor[i]);
        assert_string_equal(json_string(cJSON_GetArrayItem(list, i), "endpoint"), endpoint[i]);
    }
    cJSON_Delete(view);
    cJSON_Delete(model);
}

static void one_comparison_is_alone(void **state)
{
    (void)state;
    static const char text[] = "[{\"compare\":{\"comparable\":true},\"gate\":{\"verdict\":\"PASS\"}}]";
    cJSON *model = cJSON_CreateObject();
    comparisons_put(model, json_parse(text, strlen(text), NULL));
    assert_non_null(json_object(model, "gate"));
    assert_null(json_array(model, "others"));
    cJSON_Delete(model);
    model = cJSON_CreateObject();
    comparisons_put(model, cJSON_CreateArray());
    assert_null(model->child);
    cJSON_Delete(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_overall_row_stands_on_top_then_the_worst_and_what_was_not_tested_last),
        cmocka_unit_test(the_sentence_names_what_changed_by_more_than_chance),
        cmocka_unit_test(the_corrected_difference_stands_beside_the_scorers_own),
        cmocka_unit_test(a_difference_of_nothing_has_no_sign),
        cmocka_unit_test(runs_that_cannot_be_compared_show_the_fields_and_no_difference),
        cmocka_unit_test(several_endpoints_have_a_section_each_and_the_worst_gate_decides),
        cmocka_unit_test(one_comparison_is_alone),
        cmocka_unit_test(the_page_with_a_comparison_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
