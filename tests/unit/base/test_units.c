#include "base/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void durations_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } row[] = { { "500ms", 500000 },   { "30s", 30000000 },   { "2m", 120000000 }, { "1h", 3600000000 },
                { "1m30s", 90000000 }, { "2.5s", 2500000 },   { "0", 0 },          { "0s", 0 },
                { "250us", 250 },      { "1d", 86400000000 }, { "0.1ms", 100 },    { "1h0.5m", 3630000000 } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        int64_t us = -1;
        assert_true(units_parse_duration(row[i].text, &us));
        assert_int_equal(us, row[i].us);
    }
}

static void anything_else_is_no_duration(void **state)
{
    (void)state;
    static const char *const bad[] = { "",    "30",  "s",     "-1s",  "1 s",  "1s ",  "30sec", "1e3s", "0x10s",
                                       "1.s", ".5s", "30s1m", "1m1m", "infs", "1s30", "NaN",   "1,5s", "99999999999999999999d" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t us = 77;
        assert_false(units_parse_duration(bad[i], &us));
        assert_int_equal(us, 77);
    }
}

static void sizes_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } row[] = { { "512", 512 },     { "64KiB", 65536 }, { "20MiB", 20971520 }, { "1GiB", 1073741824 }, { "20MB", 20000000 },
                { "1.5KiB", 1536 }, { "0", 0 },         { "7B", 7 },           { "1 kB", 1000 },       { "1tib", 1099511627776 } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint64_t bytes = 1;
        assert_true(units_parse_size(row[i].text, &bytes));
        assert_int_equal(bytes, row[i].bytes);
    }
    static const char *const bad[] = { "", "MiB", "-1", "1.5", "1  MiB", "20Mi", "20M B", "0x10", "1e3", "99999999999TiB" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        uint64_t bytes = 77;
        assert_false(units_parse_size(bad[i], &bytes));
        assert_int_equal(bytes, 77);
    }
}

static void durations_are_written_in_one_glance(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *text;
    } row[] = { { 0, "0s" },
                { 250, "250us" },
                { 850000, "850ms" },
                { 999499, "999ms" },
                { 999500, "1.0s" },
                { 4700000, "4.7s" },
                { 59949999, "59.9s" },
                { 59950000, "1m00s" },
                { 711000000, "11m51s" },
                { 3599499999, "59m59s" },
                { 3599500000, "1h00m" },
                { 11100000000, "3h05m" },
                { 180000000000, "50h00m" },
                { -1500000, "-1.5s" },
                { INT64_MIN, "-2562047788h01m" } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        units_format_duration(row[i].us, &text);
        assert_string_equal(text.buf, row[i].text);
    }
}

static void sizes_are_written_in_binary_units(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } row[] = { { 0, "0 B" },          { 512, "512 B" },         { 1023, "1023 B" },     { 1024, "1.0 KiB" },
                { 63181, "61.7 KiB" }, { 20971520, "20.0 MiB" }, { 1048575, "1.0 MiB" }, { UINT64_MAX, "16.0 EiB" } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        units_format_size(row[i].bytes, &text);
        assert_string_equal(text.buf, row[i].text);
    }
}

static void counts_have_thousands_separators(void **state)
{
    (void)state;
    static const struct {
        int64_t count;
        const char *text;
    } row[] = { { 0, "0" },
                { 7, "7" },
                { 999, "999" },
                { 1000, "1,000" },
                { 47524, "47,524" },
                { 1234567, "1,234,567" },
                { -47524, "-47,524" },
                { INT64_MIN, "-9,223,372,036,854,775,808" } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        units_format_count(row[i].count, &text);
        assert_string_equal(text.buf, row[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_as_people_write_them), cmocka_unit_test(anything_else_is_no_duration),
        cmocka_unit_test(sizes_are_read_as_people_write_them),     cmocka_unit_test(durations_are_written_in_one_glance),
        cmocka_unit_test(sizes_are_written_in_binary_units),       cmocka_unit_test(counts_have_thousands_separators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
