/* The trend on the page: marks of the charts, and what is said when there is little to draw. */
#include "report_fixture.h"

#include "html_scan.h"
#include "reports/html_view.h"
#include "reports/view_trend_chart.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdlib.h>

static const struct trend_box box = { 10, 100 };

static cJSON *trend_fixture(void)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    fixture_read("trend.json", &text);
    cJSON *trend = json_parse(text.buf, text.len, NULL);
    assert_non_null(trend);
    return trend;
}

static cJSON *history_of(cJSON *trend)
{
    return cJSON_GetArrayItem(cJSON_GetObjectItem(trend, "histories"), 0);
}

static cJSON *draw(const char *history)
{
    cJSON *json = json_parse(history, strlen(history), NULL);
    assert_non_null(json);
    cJSON *marks = trend_chart(json, cJSON_GetArrayItem(json_array(json, "charts"), 0), box);
    cJSON_Delete(json);
    return marks;
}

static double number_of(const cJSON *list, int index, const char *member)
{
    const char *text = json_string(cJSON_GetArrayItem(list, index), member);
    assert_non_null(text);
    return strtod(text, NULL);
}

static void nights_stand_at_equal_distances_and_at_their_value(void **state)
{
    (void)state;
    cJSON *marks = draw("{\"nights\":[],\"eras\":[],\"charts\":[{\"metric\":\"asr\",\"points\":["
                        "{\"run\":\"a\",\"era\":1,\"value\":0.1,\"phase\":\"learning\"},{\"run\":\"b\",\"era\":1,\"value\":0.3,\"phase\":"
                        "\"learning\"}]}]}");
    const cJSON *nights = json_array(marks, "nights");

    assert_int_equal(cJSON_GetArraySize(nights), 2);
    assert_true(number_of(nights, 0, "x") == 25 && number_of(nights, 1, "x") == 75);
    assert_true(number_of(nights, 0, "y") > number_of(nights, 1, "y")); /* a lower value stands lower */
    assert_true(number_of(nights, 1, "y") >= box.top && number_of(nights, 0, "y") <= box.top + box.height);
    assert_int_equal(cJSON_GetArraySize(json_array(marks, "learning")), 1);
    assert_int_equal(cJSON_GetArraySize(json_array(marks, "ewma")), 0);
    cJSON_Delete(marks);
}

static void eras_are_never_joined(void **state)
{
    (void)state;
    cJSON *marks =
        draw("{\"nights\":[],\"eras\":[{\"changes\":[]},{\"changes\":[{\"field\":\"model\",\"was\":\"x\",\"is\":\"y\"}]}],\"charts\":[{"
             "\"metric\":"
             "\"asr\",\"points\":[{\"era\":1,\"value\":0.2,\"phase\":\"watched\",\"ewma\":0.2,\"lower\":0.1,\"upper\":0.3},"
             "{\"era\":2,\"value\":0.2,\"phase\":\"watched\",\"ewma\":0.2,\"lower\":0.1,\"upper\":0.3,\"alarms\":[\"ewma\"]}]}]}");

    assert_int_equal(cJSON_GetArraySize(json_array(marks, "ewma")), 2);
    assert_int_equal(cJSON_GetArraySize(json_array(marks, "limits")), 2);
    assert_int_equal(cJSON_GetArraySize(json_array(marks, "alarms")), 1);
    const cJSON *era = cJSON_GetArrayItem(json_array(marks, "eras"), 0);
    assert_string_equal(json_string(era, "number"), "2");
    assert_string_equal(json_string(era, "is"), "y");
    cJSON_Delete(marks);
}

static void a_series_without_a_value_is_an_empty_chart_and_a_flat_one_is_no_mountain(void **state)
{
    (void)state;
    cJSON *marks = draw(
        "{\"nights\":[],\"eras\":[],\"charts\":[{\"metric\":\"asr\",\"points\":[{\"era\":1,\"value\":null,\"phase\":\"learning\"}]}]}");
    assert_int_equal(cJSON_GetArraySize(json_array(marks, "nights")), 0);
    cJSON_Delete(marks);

    marks = draw("{\"nights\":[],\"eras\":[],\"charts\":[{\"metric\":\"asr\",\"points\":[{\"era\":1,\"value\":0.2,\"phase\":\"learning\"},"
                 "{\"era\":1,\"value\":0.2001,\"phase\":\"learning\"}]}]}");
    const cJSON *nights = json_array(marks, "nights");
    assert_true(number_of(nights, 0, "y") - number_of(nights, 1, "y") < 2);
    cJSON_Delete(marks);
}

static void the_page_draws_every_night_of_a_real_history_and_no_number_is_lost(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT, shape = STRBUF_INIT;
    struct html_scan scan = { 0 };
    struct error e = { 0 };
    cJSON *model = fixture_model(), *trend = trend_fixture();
    int points = cJSON_GetArraySize(json_array(cJSON_GetArrayItem(json_array(history_of(trend), "charts"), 0), "points"));
    cJSON_AddItemToObject(model, "trend", trend);

    cJSON *view = html_view_build(model);
    const cJSON *history = cJSON_GetArrayItem(json_array(json_object(view, "trend"), "histories"), 0);
    assert_int_equal(cJSON_GetArraySize(json_array(json_object(history, "chart"), "nights")), points);
    assert_int_equal(cJSON_GetArraySize(json_array(history, "newest")), 10);
    cJSON_Delete(view);

    if (render_html(model, NULL, &page, &e) != OK)
        fail_msg("%s", e.msg);
    assert_non_null(strstr(page.buf, "id=\"trend\""));
    assert_null(strstr(page.buf, "nan%"));
    assert_null(strstr(page.buf, "=\"nan"));
    if (!html_scan(&scan, page.buf, page.len, &shape))
        fail_msg("%s", scan.problem);
    cJSON_Delete(model);
}

static void a_page_that_was_asked_for_no_trend_has_no_place_for_one(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf page = STRBUF_INIT;
    cJSON *model = fixture_model();
    assert_int_equal(render_html(model, NULL, &page, NULL), OK);
    assert_null(strstr(page.buf, "id=\"trend\""));
    assert_null(strstr(page.buf, "href=\"#trend\""));
    cJSON_Delete(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nights_stand_at_equal_distances_and_at_their_value),
        cmocka_unit_test(eras_are_never_joined),
        cmocka_unit_test(a_series_without_a_value_is_an_empty_chart_and_a_flat_one_is_no_mountain),
        cmocka_unit_test(the_page_draws_every_night_of_a_real_history_and_no_number_is_lost),
        cmocka_unit_test(a_page_that_was_asked_for_no_trend_has_no_place_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
