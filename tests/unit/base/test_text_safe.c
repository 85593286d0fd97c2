/* The test vectors of the report reference, by their ids, and what they leave open. */
#include "base/text_safe.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define R "\xEF\xBF\xBD" /* U+FFFD */

/* Text and length of a literal that may hold NULs. */
#define BYTES(literal) (literal), sizeof(literal) - 1

struct vector {
    const char *id, *text;
    size_t len;
    const char *expected;
};

typedef void (*sink)(const char *text, size_t len, struct strbuf *out);

static void check(sink f, const struct vector *v, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        f(v[i].text, v[i].len, &out);
        if (strcmp(out.buf, v[i].expected) != 0)
            print_error("%s\n", v[i].id);
        assert_string_equal(out.buf, v[i].expected);
        assert_int_equal(strlen(out.buf), out.len);
    }
}

static void decoding_repairs_and_cuts_nothing(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "U1", BYTES("\xED\xA0\x80"), R R R },
        { "U2", BYTES("\xC0\xAF"), R R },
        { "U3", BYTES("\xE2\x82"), R },
        { "U3", BYTES("\xF0\x9F\x92"), R },
        { "U4", BYTES("\xF4\x90\x80\x80"), R R R R },
        { "U5", BYTES("a\0b"),
          "a\xE2\x90\x80"
          "b" },
    };
    check(text_safe_decode, v, ARRAY_LEN(v));
    check(text_safe_html, v, ARRAY_LEN(v));
    check(text_safe_xml, v, ARRAY_LEN(v));
    check(text_safe_markdown, v, ARRAY_LEN(v));
}

static void html_text_cannot_become_markup(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "H1", BYTES("</script>"), "&lt;/script&gt;" },
        { "H2", BYTES("<!--<script>"), "&lt;!--&lt;script&gt;" },
        { "H3", BYTES("\"><img src=x onerror=alert(1)>"), "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" },
        { "H4", BYTES("javascript:alert(1)"), "javascript:alert(1)" },
        { "H5", BYTES("\xE2\x80\xA8"), "\xE2\x80\xA8" },
        { "H7", BYTES("a'b&c"), "a&#39;b&amp;c" },
        { "H8", BYTES("x\x1b[2Jy"), "x" R "[2Jy" },
        { "line ends", BYTES("a\r\nb\nc\td\re"), "a\nb\nc\td" R "e" },
        { "C1, DEL", BYTES("\xC2\x9B\x7F"), R R },
    };
    check(text_safe_html, v, ARRAY_LEN(v));
}

static void json_in_a_page_cannot_end_its_block(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "H1", BYTES("\"</script>\""), "\"\\u003c/script\\u003e\"" },
        { "H2", BYTES("\"<!--&\""), "\"\\u003c!--\\u0026\"" },
        { "plain", BYTES("{\"a\":1}"), "{\"a\":1}" },
    };
    check(text_safe_json_block, v, ARRAY_LEN(v));
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT; /* H5 */
    json_add_string(&out, BYTES("\xE2\x80\xA8"));
    assert_string_equal(out.buf, "\"\\u2028\"");
}

static void hidden_characters_are_shown_and_counted(void **state)
{
    (void)state;
    static const char text[] = "a\xE2\x80\xAE"
                               "b\xE2\x80\x8B\xF3\xA0\x81\x81<"; /* U6 */
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert_int_equal(text_safe_html_visible(text, strlen(text), &out), 3);
    assert_string_equal(out.buf, "a[U+202E]b[U+200B][U+E0041]&lt;");
    assert_int_equal(text_safe_html_visible("plain", 5, &out), 0);
}

static void one_line(const char *text, size_t len, struct strbuf *out)
{
    text_safe_terminal(text, len, 0, true, out);
}

static void a_terminal_field_obeys_nothing(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "T1", BYTES("\x1b]52;c;aGk=\aok"), "ok" },
        { "T2", BYTES("\x1b]8;;http://x\x1b\\x"), "x" },
        { "T3", BYTES("\x1b[2K\rALL PASSED"), " ALL PASSED" },
        { "T4",
          BYTES("\x9b"
                "2J"),
          R "2J" },
        { "T4",
          BYTES("\xC2\x9B"
                "2Jx"),
          "x" },
        { "T5", BYTES("a\x1b]0;t"), "a" },
        { "T6", BYTES("\x1bP q#0\x1b\\z"), "z" },
        { "T6",
          BYTES("\x1b"
                "cx"),
          "x" },
        { "T6", BYTES("\x1b(0lqk"), "lqk" },
        { "T6", BYTES("\x1b["), "" },
        { "T7", BYTES("\x1b]0;t\xC2\x9Cok"), "ok" },
        { "T8", BYTES("a\tb\nc\a"), "a b c" },
        { "T8", BYTES("x\x7fy"), "xy" },
        { "T8",
          BYTES("a\xE2\x80\xAE"
                "b"),
          "ab" },
        { "CRLF",
          BYTES("a\r\nb\rc\xE2\x80\xA9"
                "d"),
          "a b c d" },
        { "C1 strings",
          BYTES("a\xC2\x9D"
                "0;t\ab\xC2\x90q\x1b\\c\xC2\x9Ex\xC2\x9C"
                "d\xC2\x9Fx\ae\xC2\x98x\af"),
          "abcdef" },
        { "colour", BYTES("\x1b[1;31mred\x1b[0m"), "red" },
        { "CSI with a foreign byte", BYTES("\x1b[1\xC3\xA9x"), "\xC3\xA9x" },
        { "ESC at the end", BYTES("a\x1b"), "a" },
        { "ESC ESC", BYTES("\x1b\x1b[2Jx"), "x" },
        { "NUL", BYTES("a\0b"),
          "a\xE2\x90\x80"
          "b" },
        { "ESC NUL", BYTES("\x1b\0b"),
          "\xE2\x90\x80"
          "b" },
        { "C2", BYTES("x ##vso[y] ##[z]"), "x ## vso[y] ## [z]" },
        { "C1", BYTES("::error::boom"), ": :error::boom" },
        { "C1", BYTES("ok\n::error::boom"), "ok ::error::boom" },
        { "C1 behind blanks", BYTES("\t \xC2\xA0\xE3\x80\x80::error::b"), "  \xC2\xA0\xE3\x80\x80: :error::b" },
        { "C1 hidden", BYTES("\x1b[1m\xE2\x80\x8B:\x1b[0m\a:error::b"), ": :error::b" },
        { "C1 no command", BYTES("a::b :c"), "a::b :c" },
    };
    check(one_line, v, ARRAY_LEN(v));
}

static void a_field_leaves_its_neighbour_alone(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT; /* T5 */
    text_safe_terminal(BYTES("a\x1b]0;t"), 0, true, &out);
    (void)strbuf_addch(&out, '|');
    text_safe_terminal("b", 1, 0, true, &out);
    assert_string_equal(out.buf, "a|b");
}

static void fields_are_cut_by_their_width(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t columns;
        bool unicode;
        const char *expected;
    } row[] = {
        { "abcdef", 6, true, "abcdef" },
        { "abcdefg", 6, true, "abcde\xE2\x80\xA6" },
        { "abcdefg", 6, false, "abc..." },
        { "abcdefg", 2, false, ".." },
        { "abcdefg", 1, true, "\xE2\x80\xA6" },
        { "\xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80", 6, true, "\xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80" },
        { "\xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80", 5, true, "\xE4\xB8\x80\xE4\xB8\x80\xE2\x80\xA6" },
        { "\xE4\xB8\x80\xE4\xB8\x80\xE4\xB8\x80", 4, true, "\xE4\xB8\x80\xE2\x80\xA6" },
        { "ae\xCC\x81"
          "bc",
          3, true, "ae\xCC\x81\xE2\x80\xA6" },
        { "\x1b[31mabc\x1b[0m", 3, true, "abc" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        (void)strbuf_addstr(&out, "> ");
        text_safe_terminal(row[i].text, strlen(row[i].text), row[i].columns, row[i].unicode, &out);
        assert_string_equal(out.buf + 2, row[i].expected);
    }
}

static void ci_lines(const char *text, size_t len, struct strbuf *out)
{
    text_safe_lines(text, len, "| ", out);
}

static void bare_lines(const char *text, size_t len, struct strbuf *out)
{
    text_safe_lines(text, len, "", out);
}

static void lines_of_a_log_give_no_commands(void **state)
{
    (void)state;
    static const struct vector ci[] = {
        { "C1", BYTES("ok\n::error::boom"), "| ok\n| ::error::boom" },
        { "C2", BYTES("x ##vso[task.complete]"), "| x ## vso[task.complete]" },
        { "C2", BYTES("##[error]y"), "| ## [error]y" },
        { "C2", BYTES("##TeamCity[x] ##VSO[y]"), "| ## TeamCity[x] ## VSO[y]" },
        { "C2 hidden", BYTES("#\xE2\x80\x8B#\x1b[1m[error]##v\as\ao[x]"), "| ## [error]## vso[x]" },
        { "C2 no command", BYTES("# [x] ##voss[x]"), "| # [x] ##voss[x]" },
        { "lone CR", BYTES("a\r::error::b"), "| a\xE2\x90\x8D::error::b" },
        { "U+2028", BYTES("a\xE2\x80\xA8::b"), "| a ::b" },
        { "empty lines", BYTES("\na\n\n"), "| \n| a\n| \n" },
        { "nothing", BYTES(""), "" },
    };
    check(ci_lines, ci, ARRAY_LEN(ci));
    static const struct vector bare[] = {
        { "T9", BYTES("a\r\nb\rc"),
          "a\nb\xE2\x90\x8D"
          "c" },
        { "T1", BYTES("\x1b]52;c;aGk=\aok\n"), "ok\n" },
        { "C1", BYTES("ok\n::error::b\n  ::c"), "ok\n: :error::b\n  : :c" },
    };
    check(bare_lines, bare, ARRAY_LEN(bare));
}

static void csv_cell(const char *text, size_t len, struct strbuf *out)
{
    text_safe_csv(text, len, false, out);
}

static void raw_csv_cell(const char *text, size_t len, struct strbuf *out)
{
    text_safe_csv(text, len, true, out);
}

static void csv_cells_are_no_formulas(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "S1", BYTES("=1+1"), "\"'=1+1\"" },
        { "S1", BYTES("+1"), "\"'+1\"" },
        { "S1", BYTES("@SUM(1)"), "\"'@SUM(1)\"" },
        { "S1", BYTES("-0.5"), "\"'-0.5\"" },
        { "S2", BYTES("\xE2\x80\x8B=HYPERLINK(1)"), "\"'\xE2\x80\x8B=HYPERLINK(1)\"" },
        { "S2", BYTES("\xEF\xBB\xBF=1"), "\"'\xEF\xBB\xBF=1\"" },
        { "S2", BYTES(" =1"), "\"' =1\"" },
        { "S2", BYTES("\xC2\xA0=1"), "\"'\xC2\xA0=1\"" },
        { "S2",
          BYTES("\xEF\xBC\x9D"
                "1+1"),
          "\"'\xEF\xBC\x9D"
          "1+1\"" },
        { "S2", BYTES("\xEF\xBC\x8B"), "\"'\xEF\xBC\x8B\"" },
        { "S2", BYTES("\xEF\xBC\x8D"), "\"'\xEF\xBC\x8D\"" },
        { "S2", BYTES("\xEF\xBC\xA0"), "\"'\xEF\xBC\xA0\"" },
        { "S3", BYTES("\t=1"), "\"'\t=1\"" },
        { "S3", BYTES("\r=1"), "\"'\r=1\"" },
        { "S4", BYTES("say \"hi\""), "\"say \"\"hi\"\"\"" },
        { "S4", BYTES("plain"), "\"plain\"" },
        { "S4", BYTES("a=1"), "\"a=1\"" },
        { "S4", BYTES("a\nb"), "\"a\nb\"" },
        { "S4", BYTES(""), "\"\"" },
        { "U1", BYTES("\xED\xA0\x80"), "\"" R R R "\"" },
    };
    check(csv_cell, v, ARRAY_LEN(v));
    static const struct vector raw[] = {
        { "raw", BYTES("=1\"\n"), "\"=1\"\"\n\"" },
        { "raw", BYTES("-0.5"), "\"-0.5\"" },
    };
    check(raw_csv_cell, raw, ARRAY_LEN(raw));
}

static void xml_holds_only_what_it_may(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "X1",
          BYTES("a\x08"
                "b]]>\xEF\xBF\xBE"),
          "ab]]&gt;" },
        { "H3", BYTES("\"'<&>"), "&quot;&#39;&lt;&amp;&gt;" },
        { "T1", BYTES("\x1b[2J\xC2\x9B\x7F"), "[2J&#155;&#127;" },
        { "CR", BYTES("a\r\nb\tc"), "a&#13;\nb\tc" },
    };
    check(text_safe_xml, v, ARRAY_LEN(v));
}

static void markdown_makes_no_markup_and_no_mention(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "C3", BYTES("a|b `c` <d> @team"), "a\\|b \\`c\\` &lt;d> @\xE2\x80\x8Bteam" },
        { "backslash", BYTES("a\\|b"), "a\\\\\\|b" },
        { "link", BYTES("[x](y)&amp;"), "\\[x\\](y)&amp;amp;" },
        { "line", BYTES("a\n::error::b"), "a ::error::b" },
        { "C1", BYTES("::error::b"), ": :error::b" },
        { "escape", BYTES("\x1b[31mred ##[x]"), "red #\u200B#\u200B \\[x\\]" },
        { "emphasis", BYTES("*a* _b_ ~c~ $d$"), "\\*a\\* \\_b\\_ \\~c\\~ \\$d\\$" },
        { "references", BYTES("#12 http://x.org www.x.org a.b"), "#\u200B12 http:\u200B//x.org www\u200B.x.org a.b" },
    };
    check(text_safe_markdown, v, ARRAY_LEN(v));
}

static void file_names_are_tame(void **state)
{
    (void)state;
    static const struct vector v[] = {
        { "X2", BYTES("../../etc/passwd"), "_._.._etc_passwd" },
        { "X2", BYTES(".hid"), "_hid" },
        { "plain", BYTES("a-B_9.html"), "a-B_9.html" },
        { "others", BYTES("a b\0\xC3\xA9\xFF"), "a_b___" },
        { "empty", BYTES(""), "_" },
    };
    check(text_safe_filename, v, ARRAY_LEN(v));

    char longer[300];
    memset(longer, 'a', sizeof(longer));
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT; /* X2 */
    text_safe_filename(longer, sizeof(longer), &out);
    assert_int_equal(out.len, 100);
    assert_memory_equal(out.buf, longer, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decoding_repairs_and_cuts_nothing),
        cmocka_unit_test(html_text_cannot_become_markup),
        cmocka_unit_test(json_in_a_page_cannot_end_its_block),
        cmocka_unit_test(hidden_characters_are_shown_and_counted),
        cmocka_unit_test(a_terminal_field_obeys_nothing),
        cmocka_unit_test(a_field_leaves_its_neighbour_alone),
        cmocka_unit_test(fields_are_cut_by_their_width),
        cmocka_unit_test(lines_of_a_log_give_no_commands),
        cmocka_unit_test(csv_cells_are_no_formulas),
        cmocka_unit_test(xml_holds_only_what_it_may),
        cmocka_unit_test(markdown_makes_no_markup_and_no_mention),
        cmocka_unit_test(file_names_are_tame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
