#include "dataset/row.h"

#include "base/json.h"
#include "core/limits.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Rows as "line:key:json;" or "line!problem;", then the error if there is one. */
static void read_to(enum row_format format, const void *bytes, size_t len, struct strbuf *out)
{
    struct rows rows;
    struct row row;
    struct error e = { 0 };
    bool more = true;
    enum err err = rows_open_memory(&rows, format, bytes, len, "t", &e);
    bool opened = err == OK;
    while (err == OK && (err = rows_next(&rows, &more, &row, &e)) == OK && more) {
        if (row.problem)
            (void)strbuf_addf(out, "%lld!%s;", (long long)row.line, row.problem);
        else
            (void)strbuf_addf(out, "%lld:%s:", (long long)row.line, row.key);
        if (!row.problem)
            json_add_tree(out, row.object);
        (void)strbuf_addstr(out, row.problem ? "" : ";");
    }
    if (err != OK)
        (void)strbuf_addf(out, "error %d: %s", (int)e.code, e.msg);
    if (opened)
        rows_release(&rows);
}

static void assert_rows(enum row_format format, const char *text, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    read_to(format, text, strlen(text), &out);
    assert_string_equal(out.buf, expected);
}

static void jsonl_counts_blank_lines_and_goes_on_after_a_bad_one(void **state)
{
    (void)state;
    assert_rows(ROW_FORMAT_JSONL, "\xEF\xBB\xBF{\"a\":1}\r\n \t\n\n{\"b\":[2]}", "1::{\"a\":1};4::{\"b\":[2]};");
    assert_rows(ROW_FORMAT_JSONL, "[1]\n{\"a\":}\n{\"c\":3}\n",
                "1!the JSON value is not an object;2!not a JSON record at 2:6: expected a JSON value;3::{\"c\":3};");
}

static void jsonl_line_beyond_the_ceiling_is_refused(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(cleanup_free) char *text = xmalloc(64 * MIB);
    memset(text, ' ', 64 * MIB);
    memcpy(text, "{}\n{", 4);

    read_to(ROW_FORMAT_JSONL, text, 64 * MIB, &out);

    assert_string_equal(out.buf, "1::{};error 4: t:2: the line is longer than 16 MiB");
}

static void escaped_nul_and_double_keys_are_refused(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert_rows(ROW_FORMAT_JSONL, "{\"a\":1,\"a\":2}\n", "1!not a JSON record at 1:1: the object has a key twice;");
    const char nul[] = "{\"a\":\"x\\u0000\"}\n{\"a\":\"x\\\\u0000\"}\n";
    read_to(ROW_FORMAT_JSONL, nul, strlen(nul), &out);
    assert_non_null(strstr(out.buf, "1!not a JSON record at 1:8: an escaped NUL"));
    assert_non_null(strstr(out.buf, "2::{\"a\":\"x\\\\u0000\"};"));
}

static void surrogate_pairs_become_utf8_and_lone_ones_bad_bytes(void **state)
{
    (void)state;
    struct rows rows;
    struct row row;
    bool more;
    const char text[] = "{\"a\":\"\\ud83d\\ude00\"}\n{\"a\":\"x\\ud83dy\"}\n";
    assert_int_equal(rows_open_memory(&rows, ROW_FORMAT_JSONL, text, strlen(text), "t", NULL), OK);

    assert_int_equal(rows_next(&rows, &more, &row, NULL), OK);
    assert_true(row.clean);
    assert_string_equal(row_find(&row, "a", NULL).text, "\xF0\x9F\x98\x80");
    assert_int_equal(rows_next(&rows, &more, &row, NULL), OK);
    assert_false(row.clean);
    assert_string_equal(row_find(&row, "a", NULL).text, "x\xED\xA0\xBDy");

    rows_release(&rows);
}

static void array_is_read_an_element_at_a_time(void **state)
{
    (void)state;
    assert_rows(ROW_FORMAT_JSON, "[ {\"a\":\"]},{\\\"\"},\n{\"b\":{\"c\":[1,2]}} ]\n", "1::{\"a\":\"]},{\\\"\"};2::{\"b\":{\"c\":[1,2]}};");
    assert_rows(ROW_FORMAT_JSON, "[]", "");
    assert_rows(ROW_FORMAT_JSON, "[1,\"x\",{}]", "1!the JSON value is not an object;1!the JSON value is not an object;1::{};");
}

static void object_of_digit_keys_is_ordered_by_number(void **state)
{
    (void)state;
    assert_rows(ROW_FORMAT_JSON, "{\"10\":{\"n\":10},\n\"9\":{\"n\":9},\"100\":{\"n\":100},\n\"0\":{\"n\":0}}",
                "3:0:{\"n\":0};2:9:{\"n\":9};1:10:{\"n\":10};2:100:{\"n\":100};");
}

static void object_of_other_keys_keeps_the_order_of_the_file(void **state)
{
    (void)state;
    assert_rows(ROW_FORMAT_JSON, "{\"b\":{},\"a (1)\":{},\"2\":{}}", "1:b:{};1:a (1):{};1:2:{};");
}

static void broken_json_files_name_the_line(void **state)
{
    static const struct {
        const char *text, *expected;
    } broken[] = {
        { "", "error 2: t:1: the file is empty; expected a JSON array or object" },
        { "cache['x'] = {}", "error 2: t:1: expected a JSON array or object of records" },
        { "[{}\n,]", "1::{};error 2: t:2: a value is missing" },
        { "[{},\n{\"a\":\"b", "1::{};error 2: t:2: the file ends inside a string" },
        { "[{\"a\":1}\n{}]", "error 2: t:2: expected a comma or the closing bracket" },
        { "[{}]\n]", "error 2: t:2: text after the end of the JSON value" },
        { "[{}", "error 2: t:1: the file ends before its closing bracket" },
        { "{\"a\":{},\n\"a\":{}}", "error 2: t:2: the key is there already, at line 1: 'a'" },
        { "{\"a\" {}}", "error 2: t:1: expected a colon after the key" },
        { "[{\"a\":\"b\nc\"}]", "error 2: t:1: a string ends with its line (its closing quote is missing)" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        assert_rows(ROW_FORMAT_JSON, broken[i].text, broken[i].expected);
}

static void csv_needs_a_header_of_distinct_names(void **state)
{
    (void)state;
    assert_rows(ROW_FORMAT_CSV, "", "error 3: t:1: the file is empty; expected a line of column names");
    assert_rows(ROW_FORMAT_CSV, "a,b,a\n", "error 3: t:1: columns 1 and 3 have the same name");
    assert_rows(ROW_FORMAT_CSV, "a,\xFF\n", "error 3: t:1: the name of column 2 is not UTF-8 text");
}

static void csv_row_of_another_width_is_a_problem(void **state)
{
    (void)state;
    assert_rows(ROW_FORMAT_CSV, "sentence\nfor $50,000\n\"a\nb\",c,d\n",
                "2!2 fields where the header has 1 (a comma inside a text needs quotes);"
                "3!3 fields where the header has 1 (a comma inside a text needs quotes);");
}

static void dotted_paths_look_into_objects_after_whole_names(void **state)
{
    (void)state;
    struct rows rows;
    struct row row;
    bool more, known;
    const char text[] = "{\"a\":{\"b\":{\"c\":\"deep\"},\"b.x\":\"dotted\"},\"a.b\":\"whole\",\"n\":null}";
    assert_int_equal(rows_open_memory(&rows, ROW_FORMAT_JSONL, text, strlen(text), "t", NULL), OK);
    assert_int_equal(rows_next(&rows, &more, &row, NULL), OK);

    assert_string_equal(row_find(&row, "a.b", NULL).text, "whole");
    assert_string_equal(row_find(&row, "a.b.c", NULL).text, "deep");
    assert_string_equal(row_find(&row, "a.b.x", NULL).text, "dotted");
    assert_int_equal(row_find(&row, "n", &known).kind, ROW_ABSENT);
    assert_true(known);
    assert_int_equal(row_find(&row, "a.z", &known).kind, ROW_ABSENT);
    assert_false(known);

    rows_release(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jsonl_counts_blank_lines_and_goes_on_after_a_bad_one),
        cmocka_unit_test(jsonl_line_beyond_the_ceiling_is_refused),
        cmocka_unit_test(escaped_nul_and_double_keys_are_refused),
        cmocka_unit_test(surrogate_pairs_become_utf8_and_lone_ones_bad_bytes),
        cmocka_unit_test(array_is_read_an_element_at_a_time),
        cmocka_unit_test(object_of_digit_keys_is_ordered_by_number),
        cmocka_unit_test(object_of_other_keys_keeps_the_order_of_the_file),
        cmocka_unit_test(broken_json_files_name_the_line),
        cmocka_unit_test(csv_needs_a_header_of_distinct_names),
        cmocka_unit_test(csv_row_of_another_width_is_a_problem),
        cmocka_unit_test(dotted_paths_look_into_objects_after_whole_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
