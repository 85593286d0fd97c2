#include "dataset/csv.h"

#include "core/limits.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* All records as "[a|b][c]", with "!" before one that has a problem; or "error: …". */
static void read_to(const void *bytes, size_t len, struct strbuf *out)
{
    struct file_reader in;
    struct csv c;
    struct error e = { 0 };
    bool more = true;
    file_reader_open_memory(&in, bytes, len, "t.csv");
    csv_init(&c, &in);
    while (more) {
        if (csv_next(&c, &more, &e) != OK) {
            strbuf_clear(out);
            (void)strbuf_addf(out, "error %d: %s", (int)e.code, e.msg);
            break;
        }
        if (!more)
            break;
        (void)strbuf_addstr(out, c.problem ? "![" : "[");
        for (size_t i = 0; i < c.cell_count; i++) {
            (void)strbuf_addstr(out, i ? "|" : "");
            (void)strbuf_add(out, c.cell[i].text, c.cell[i].len);
        }
        (void)strbuf_addf(out, "]%lld", (long long)c.record_line);
    }
    csv_release(&c);
    file_reader_release(&in);
}

static void assert_reads(const char *text, const char *records)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    read_to(text, strlen(text), &out);
    assert_string_equal(out.buf, records);
}

static void records_end_in_lf_crlf_cr_or_with_the_file(void **state)
{
    (void)state;
    assert_reads("a,b\n1,2\n", "[a|b]1[1|2]2");
    assert_reads("a,b\r\n1,2\r\n3,4", "[a|b]1[1|2]2[3|4]3");
    assert_reads("a,b\r1,2\n3,4\r\n", "[a|b]1[1|2]2[3|4]3");
    assert_reads("", "");
}

static void cells_keep_newlines_blanks_and_quotes(void **state)
{
    (void)state;
    assert_reads("\"x\r\ny\nz\", t \r\nnext", "[x\r\ny\nz| t ]1[next]4");
    assert_reads("\"say \"\"hi\"\"\",\"\"\n", "[say \"hi\"|]1");
    assert_reads("a\"b\"c,'d,e'\n", "[a\"b\"c|'d|e']1");
}

static void blank_lines_are_passed_over_but_counted(void **state)
{
    (void)state;
    assert_reads("\n\r\na\n\n\"\"\n", "[a]3[]5");
}

static void byte_order_mark_is_dropped(void **state)
{
    (void)state;
    assert_reads("\xEF\xBB\xBF\"a\"\n", "[a]1");
}

static void text_after_a_closing_quote_is_a_problem_of_its_record_only(void **state)
{
    (void)state;
    assert_reads("\"a\"b,c\nd,e\n", "![ab|c]1[d|e]2");
}

static void unclosed_quote_names_the_line_where_it_opens(void **state)
{
    (void)state;
    assert_reads("a,b\n1,\"open\n2,3\n", "error 2: t.csv:2: a quote is opened here and never closed");
}

static void too_many_columns_are_refused(void **state)
{
    (void)state;
    char text[5001];
    memset(text, ',', 5000);
    text[5000] = '\0';
    assert_reads(text, "error 4: t.csv:1: more than 4096 columns");
}

/* A "file" of 64 MiB in one cell: refused as soon as the ceiling is passed. */
static void endless_record_is_refused(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    size_t len = 64 * MIB;
    CLEANUP(cleanup_free) char *text = xmalloc(len);
    memset(text, 'x', len);
    memcpy(text, "a\n\"", 3);

    read_to(text, len, &out);

    assert_string_equal(out.buf, "error 4: t.csv:2: a record is larger than 16 MiB (is a quote missing?)");
}

/* Cells and line ends that fall on the seams of the reader's blocks. */
static void file_is_read_the_same_across_block_seams(void **state)
{
    (void)state;
    struct scratch s;
    struct file_reader in;
    struct csv c;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    assert_int_equal(scratch_open(&s), 0);
    for (int i = 0; i < 60000; i++)
        (void)strbuf_addf(&text, "%d,\"q\"\"%d\r\n\",z%s", i, i, i % 3 ? "\r\n" : "\n");
    assert_int_equal(file_reader_open(&in, scratch_file(&s, "t.csv", text.buf, text.len), "t.csv", NULL), OK);
    csv_init(&c, &in);

    bool more = true;
    for (int i = 0; i < 60000; i++) {
        char number[16], quoted[32];
        (void)snprintf(number, sizeof(number), "%d", i);
        (void)snprintf(quoted, sizeof(quoted), "q\"%d\r\n", i);
        assert_int_equal(csv_next(&c, &more, NULL), OK);
        assert_true(more);
        assert_int_equal(c.cell_count, 3);
        assert_string_equal(c.cell[0].text, number);
        assert_string_equal(c.cell[1].text, quoted);
        assert_string_equal(c.cell[2].text, "z");
        assert_int_equal(c.record_line, 2 * i + 1);
    }
    assert_int_equal(csv_next(&c, &more, NULL), OK);
    assert_false(more);
    struct sha256_hex whole;
    assert_int_equal(file_reader_sha256(&in, &whole, NULL), OK);
    assert_string_equal(whole.text, sha256_of(text.buf, text.len).text);

    csv_release(&c);
    file_reader_release(&in);
    scratch_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_end_in_lf_crlf_cr_or_with_the_file),
        cmocka_unit_test(cells_keep_newlines_blanks_and_quotes),
        cmocka_unit_test(blank_lines_are_passed_over_but_counted),
        cmocka_unit_test(byte_order_mark_is_dropped),
        cmocka_unit_test(text_after_a_closing_quote_is_a_problem_of_its_record_only),
        cmocka_unit_test(unclosed_quote_names_the_line_where_it_opens),
        cmocka_unit_test(too_many_columns_are_refused),
        cmocka_unit_test(endless_record_is_refused),
        cmocka_unit_test(file_is_read_the_same_across_block_seams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
