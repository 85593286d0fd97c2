/* JUnit: counts that agree with the cases, what is an error and what is skipped, and texts that XML cannot hold. */
#include "report_fixture.h"

#include "reports/junit_xml.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int occurrences(const char *text, const char *part)
{
    int n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        n++;
    return n;
}

static void the_writer_counts_what_it_writes(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(junit_freep) struct junit *j = junit_new("all");
    junit_suite(j, "one", "2026-01-02T03:04:05Z");
    junit_property(j, "k", "v");
    junit_add(j, &(struct junit_case){ .name = "p", .group = "g" });
    junit_add(j, &(struct junit_case){ .name = "f", .group = "g", .outcome = JUNIT_FAILURE, .type = "t", .message = "m" });
    junit_suite(j, "two", NULL);
    junit_add(j, &(struct junit_case){ .name = "e", .group = "g", .outcome = JUNIT_ERROR, .message = "m", .output = "o" });
    junit_add(j, &(struct junit_case){ .name = "s", .group = "g", .outcome = JUNIT_SKIPPED, .type = "t" });
    junit_write(j, &out);
    assert_string_equal(out.buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                 "<testsuites name=\"all\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\">\n"
                                 "  <testsuite name=\"one\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""
                                 " timestamp=\"2026-01-02T03:04:05Z\">\n"
                                 "    <properties>\n      <property name=\"k\" value=\"v\"/>\n    </properties>\n"
                                 "    <testcase name=\"p\" classname=\"g\"/>\n"
                                 "    <testcase name=\"f\" classname=\"g\">\n      <failure message=\"m\" type=\"t\"/>\n    </testcase>\n"
                                 "  </testsuite>\n"
                                 "  <testsuite name=\"two\" tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\">\n"
                                 "    <testcase name=\"e\" classname=\"g\">\n      <error message=\"m\"/>\n"
                                 "      <system-out>o</system-out>\n    </testcase>\n"
                                 "    <testcase name=\"s\" classname=\"g\">\n      <skipped/>\n    </testcase>\n"
                                 "  </testsuite>\n</testsuites>\n");
}

static void hostile_texts_stay_inside_their_attribute(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(junit_freep) struct junit *j = junit_new("<a&\"b\">");
    junit_suite(j, "a\bb]]>\xEF\xBF\xBE", NULL); /* X1 */
    junit_add(j, &(struct junit_case){ .name = "\033[2Jx\ny", .group = "\xED\xA0\x80", .output = "]]></system-out>\b" });
    junit_write(j, &out);
    assert_non_null(strstr(out.buf, "name=\"&lt;a&amp;&quot;b&quot;&gt;\""));
    assert_non_null(strstr(out.buf, "name=\"ab]]&gt;\""));
    assert_non_null(strstr(out.buf, "name=\"x y\""));
    assert_non_null(strstr(out.buf, "<system-out>]]&gt;&lt;/system-out&gt;</system-out>"));
    for (size_t i = 0; i < out.len; i++)
        assert_true(out.buf[i] == '\n' || (unsigned char)out.buf[i] >= 0x20);
}

static void a_trial_without_a_verdict_is_an_error_or_skipped(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct error e = { 0 };
    cJSON *model = fixture_model(), *endpoint = fixture_endpoint(model, 0);
    cJSON_AddItemToObject(
        endpoint, "unsettled",
        cJSON_Parse("[{\"sample\":\"s1\",\"category\":\"A. Kitchen Rules\",\"epoch\":1,\"status\":\"failed\",\"reason\":\"timeout\"},"
                    "{\"sample\":\"s2\",\"category\":\"A. Kitchen Rules\",\"epoch\":2,\"status\":\"unscored\",\"reason\":\"judge_error\"},"
                    "{\"sample\":\"s3\",\"category\":\"B. Office Supplies\",\"epoch\":1,\"status\":\"skipped\",\"reason\":null},"
                    "{\"sample\":\"s4\",\"category\":\"B. Office Supplies\",\"epoch\":1,\"status\":\"pending\",\"reason\":null}]"));
    cJSON_AddItemToObject(endpoint, "unsettled_more", cJSON_Parse("{\"failed\":7,\"unscored\":0,\"skipped\":0,\"pending\":0}"));
    assert_int_equal(render_junit(model, &out, &e), OK);
    /* two endpoints: one suite over all and one for each of three categories */
    assert_int_equal(occurrences(out.buf, "<testsuite name="), 8);
    assert_int_equal(occurrences(out.buf, "<error"), 3);
    assert_int_equal(occurrences(out.buf, "<skipped"), 2);
    assert_non_null(strstr(out.buf, "tests=\"13\" failures=\"0\" errors=\"3\" skipped=\"2\">"));
    assert_non_null(strstr(out.buf, "<error message=\"failed: timeout\" type=\"failed\"/>"));
    assert_non_null(strstr(out.buf, "name=\"s2 epoch 2\""));
    assert_non_null(strstr(out.buf, "name=\"7 more trials failed\""));
    assert_non_null(strstr(out.buf, "<property name=\"asr\" value=\"0.21052631578947367\"/>"));
    cJSON_Delete(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_writer_counts_what_it_writes),
        cmocka_unit_test(hostile_texts_stay_inside_their_attribute),
        cmocka_unit_test(a_trial_without_a_verdict_is_an_error_or_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
