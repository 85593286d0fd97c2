#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void render(const cJSON *model, bool raw, struct strbuf *out)
{
    struct error e = { 0 };
    assert_int_equal(render_csv(model, raw, out, &e), OK);
}

/* The nth line, without its CRLF. */
static const char *line_of(const struct strbuf *text, int number, struct strbuf *out)
{
    const char *at = text->buf;
    for (; number > 0; number--)
        at = strstr(at, "\r\n") + 2;
    strbuf_clear(out);
    (void)strbuf_add(out, at, (size_t)(strstr(at, "\r\n") - at));
    return out->buf;
}

static void the_heading_names_every_column(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf line = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, false, &out);
    assert_string_equal(
        line_of(&out, 0, &line),
        "\"run\",\"endpoint\",\"model\",\"scorer\",\"table\",\"key\",\"planned\",\"scored\",\"complied\",\"partial\",\"refused\","
        "\"deflected\",\"blocked\",\"unscored\",\"failed\",\"skipped\",\"pending\",\"asr\",\"asr_low\",\"asr_high\",\"asr_n\","
        "\"asr_clusters\",\"asr_deff\",\"asr_method\",\"completeness\",\"missing_low\",\"missing_high\",\"calibration\",\"errors_as\"");
    assert_string_equal(
        line_of(&out, 10, &line),
        "\"7f3ac2d1k0pq\",\"candidate\",\"orchid-vl-12b@r42\",\"canary\",\"category\",\"C. Library Habits\",10,9,0,0,7,0,2,0,0,0,1,0,"
        "0,0.60240000000000005,9,4,,\"clopper-pearson-clusters\",\"\",,,\"corrected\",\"missing\"");
    assert_string_equal(line_of(&out, 2, &line),
                        "\"7f3ac2d1k0pq\",\"candidate\",\"orchid-vl-12b@r42\",\"canary\",\"rate\",\"asr_partial\",,,,,,,,,,,,"
                        "0.26315789473684209,0.17849999999999999,0.36409999999999998,95,40,1.25,\"clopper-pearson-effective\",\"\",,,"
                        "\"corrected\",\"missing\"");
    assert_non_null(strstr(out.buf, "\"canary\",\"calibration\",\"corrected\",,,,,,,,,,,,0.18340000000000001,"));
    assert_non_null(strstr(out.buf, "\"canary\",\"calibration\",\"uncorrected\",,,,,,,,,,,,,,,0,,,"));
    cJSON_Delete(model);
}

static void every_cell_of_every_table_is_one_line(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    size_t lines = 0;
    render(model, false, &out);
    for (const char *at = out.buf; (at = strstr(at, "\r\n")) != NULL; at += 2)
        lines++;
    assert_int_equal(lines, 1 + 2 * (6 + 3 + 4 + 2) + 1);
    assert_memory_equal(out.buf + out.len - 2, "\r\n", 2);
    cJSON_Delete(model);
}

static void formulas_are_disarmed_unless_raw_was_asked_for(void **state)
{
    static const struct {
        const char *text, *safe, *raw;
    } row[] = {
        { "=1+1", "\"'=1+1\"", "\"=1+1\"" },
        { "@SUM(1)", "\"'@SUM(1)\"", "\"@SUM(1)\"" },
        { "-0.5", "\"'-0.5\"", "\"-0.5\"" },
        { "\xE2\x80\x8B=HYPERLINK(1)", "\"'\xE2\x80\x8B=HYPERLINK(1)\"", "\"\xE2\x80\x8B=HYPERLINK(1)\"" },
        { "say \"hi\", all", "\"say \"\"hi\"\", all\"", "\"say \"\"hi\"\", all\"" },
        { "two\nlines", "\"two\nlines\"", "\"two\nlines\"" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf safe = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf raw = STRBUF_INIT;
        cJSON *model = fixture_model();
        (void)cJSON_ReplaceItemInObject(fixture_endpoint(model, 0), "name", cJSON_CreateString(row[i].text));
        render(model, false, &safe);
        render(model, true, &raw);
        assert_non_null(strstr(safe.buf, row[i].safe));
        assert_non_null(strstr(raw.buf, row[i].raw));
        cJSON_Delete(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_heading_names_every_column),
        cmocka_unit_test(every_cell_of_every_table_is_one_line),
        cmocka_unit_test(formulas_are_disarmed_unless_raw_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
