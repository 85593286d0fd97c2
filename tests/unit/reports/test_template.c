#include "reports/template.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <string.h>

/* Compiles and renders; the page is in `out`, or the error's message is. */
static enum err fill(const char *text, const char *json, struct strbuf *out)
{
    struct error e = { 0 };
    struct template *t = NULL;
    cJSON *view = json_parse(json, strlen(json), &e);
    assert_non_null(view);
    enum err rc = template_compile("page", text, strlen(text), &t, &e);
    if (rc == OK)
        rc = template_render(t, view, out, &e);
    if (rc != OK) {
        strbuf_clear(out);
        (void)strbuf_addstr(out, e.msg);
    }
    template_free(t);
    cJSON_Delete(view);
    return rc;
}

static void assert_page(const char *text, const char *json, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert_int_equal(fill(text, json, &out), OK);
    assert_string_equal(out.buf, expected);
}

static void assert_refused(const char *text, const char *json, enum err code, const char *message)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert_int_equal(fill(text, json, &out), code);
    assert_string_equal(out.buf, message);
}

static void text_without_tags_stays_as_it_is(void **state)
{
    (void)state;
    assert_page("", "{}", "");
    assert_page("a { b } } {c}\n<!-- comment -->", "{}", "a { b } } {c}\n<!-- comment -->");
}

static void a_value_is_escaped_and_three_braces_are_raw(void **state)
{
    (void)state;
    assert_page("<b title=\"{{x}}\">{{ x }}</b>", "{\"x\":\"\\\"><i>'&\"}",
                "<b title=\"&quot;&gt;&lt;i&gt;&#39;&amp;\">&quot;&gt;&lt;i&gt;&#39;&amp;</b>");
    assert_page("{{{x}}}|{{{ x }}}", "{\"x\":\"<i>&</i>\"}", "<i>&</i>|<i>&</i>");
}

static void braces_in_a_value_are_not_a_tag(void **state)
{
    (void)state;
    assert_page("{{x}}", "{\"x\":\"{{y}} {{{z}}} {{#a}}\",\"y\":\"no\"}", "{{y}} {{{z}}} {{#a}}");
}

static void numbers_are_written_and_null_is_empty(void **state)
{
    (void)state;
    assert_page("{{n}} {{f}} [{{nothing}}]", "{\"n\":12000,\"f\":0.25,\"nothing\":null}", "12000 0.25 []");
}

static void a_list_repeats_its_section(void **state)
{
    (void)state;
    assert_page("{{#rows}}({{k}}{{outer}}){{/rows}}", "{\"outer\":\"!\",\"rows\":[{\"k\":\"a\"},{\"k\":\"b\"}]}", "(a!)(b!)");
    assert_page("{{#rows}}x{{/rows}}{{^rows}}none{{/rows}}", "{\"rows\":[]}", "none");
    assert_page("{{#rows}}{{.}},{{/rows}}", "{\"rows\":[\"a<\",2]}", "a&lt;,2,");
    assert_page("{{#m}}{{#.}}{{.}}{{/.}};{{/m}}", "{\"m\":[[1,2],[3]]}", "12;3;");
}

static void objects_and_true_values_show_a_section_once(void **state)
{
    static const struct {
        const char *value, *expected;
    } row[] = {
        { "true", "yes" }, { "{\"a\":1}", "yes" }, { "\"text\"", "yes" }, { "3", "yes" }, { "-1", "yes" }, { "[0]", "yes" },
        { "false", "no" }, { "null", "no" },       { "\"\"", "no" },      { "0", "no" },  { "[]", "no" },  { "{}", "yes" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        char json[64];
        (void)snprintf(json, sizeof(json), "{\"x\":%s}", row[i].value);
        assert_page("{{#x}}yes{{/x}}{{^x}}no{{/x}}", json, row[i].expected);
    }
}

static void names_are_found_inside_first_then_outside(void **state)
{
    (void)state;
    assert_page("{{#a}}{{x}}{{#b}}{{x}}{{y}}{{/b}}{{/a}}{{x}}", "{\"x\":1,\"y\":9,\"a\":{\"x\":2,\"b\":{\"x\":3}}}", "2391");
    assert_page("{{a.b.c}}", "{\"a\":{\"b\":{\"c\":\"deep\"}}}", "deep");
    assert_page("{{#a}}{{#b.c}}{{.}}{{/b.c}}{{/a}}", "{\"a\":{},\"b\":{\"c\":[1,2]}}", "12");
}

static void comments_and_html_comment_marks_belong_to_the_tag(void **state)
{
    (void)state;
    assert_page("a{{! not shown }}b", "{}", "ab");
    assert_page("<t><!--{{#r}}--><i>{{.}}</i><!--{{/r}}--></t>", "{\"r\":[1,2]}", "<t><i>1</i><i>2</i></t>");
    assert_page("<!--{{#x}}hidden in a browser{{/x}}-->", "{\"x\":true}", "hidden in a browser");
    assert_page("<!-- kept {{x}} -->", "{\"x\":\"y\"}", "<!-- kept y -->");
}

static void a_section_tag_alone_on_its_line_takes_the_line(void **state)
{
    (void)state;
    assert_page("<ul>\n  <!--{{#r}}-->\n<li>{{.}}\n  {{/r}}  \n</ul>\n", "{\"r\":[1,2]}", "<ul>\n<li>1\n<li>2\n</ul>\n");
    assert_page("{{#x}}\nyes\n{{/x}}\n{{^x}}\nno\n{{/x}}", "{\"x\":true}", "yes\n");
    assert_page("a {{#x}}b{{/x}}\nc", "{\"x\":true}", "a b\nc");
    assert_page("{{x}}\n", "{\"x\":\"v\"}", "v\n");
}

static void what_does_not_compile_is_named_with_its_line(void **state)
{
    static const struct {
        const char *text, *message;
    } row[] = {
        { "a\nb {{x", "page:2: a tag is not closed by }}" },
        { "{{{x}}", "page:1: a tag is not closed by }}}" },
        { "{{#a}}\n{{#b}}\n{{/a}}", "page:3: {{/a}} closes `b` of line 2" },
        { "\n{{/a}}", "page:2: {{/a}} closes nothing" },
        { "x\n\n{{^a}}", "page:3: {{^a}} is not closed" },
        { "{{}}", "page:1: `` is not a name" },
        { "{{a b}}", "page:1: `a b` is not a name" },
        { "{{> part}}", "page:1: {{> part}}: there are no partials here" },
        { "{{&x}}", "page:1: `&x` is not a name" },
        { "{{a..b}}", "page:1: `a..b` is not a name" },
        { "{{.a}}", "page:1: `.a` is not a name" },
        { "{{a.}}", "page:1: `a.` is not a name" },
        { "{{=<% %>=}}", "page:1: `=<% %>=` is not a name" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        assert_refused(row[i].text, "{}", ERR_SYNTAX, row[i].message);
}

static void a_name_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    assert_refused("a\n{{x}}", "{\"y\":1}", ERR_INVALID, "page:2: nothing is called `x` here");
    assert_refused("{{#x}}{{/x}}", "{}", ERR_INVALID, "page:1: nothing is called `x` here");
    assert_refused("{{^x}}{{/x}}", "{}", ERR_INVALID, "page:1: nothing is called `x` here");
    assert_refused("{{a.b}}", "{\"a\":{\"c\":1},\"b\":2}", ERR_INVALID, "page:1: nothing is called `a.b` here");
    assert_refused("{{X}}", "{\"x\":1}", ERR_INVALID, "page:1: nothing is called `X` here");
    assert_refused("{{x}}", "{\"x\":[1]}", ERR_INVALID, "page:1: `x` is neither text nor a number");
    assert_refused("{{{x}}}", "{\"x\":true}", ERR_INVALID, "page:1: `x` is neither text nor a number");
    assert_page("{{#no}}{{x}}{{/no}}", "{\"no\":false}", "");
}

static void nesting_has_a_ceiling(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    for (int i = 0; i <= MAX_TEMPLATE_DEPTH; i++)
        (void)strbuf_addstr(&text, "{{#a}}");
    for (int i = 0; i <= MAX_TEMPLATE_DEPTH; i++)
        (void)strbuf_addstr(&text, "{{/a}}");
    assert_refused(text.buf, "{\"a\":true}", ERR_LIMIT, "page:1: sections are nested deeper than 32");
}

static void a_page_that_outgrows_its_buffer_is_an_error(void **state)
{
    (void)state;
    struct error e = { 0 };
    struct template *t = NULL;
    cJSON *view = cJSON_Parse("{\"x\":\"0123456789\"}");
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    strbuf_init(&out, 12);

    assert_int_equal(template_compile("page", "{{x}}{{x}}", 10, &t, &e), OK);
    assert_int_equal(template_render(t, view, &out, &e), ERR_LIMIT);

    assert_string_equal(e.msg, "page: the page is larger than 12 bytes");
    template_free(t);
    cJSON_Delete(view);
}

/* ---- partials --------------------------------------------------------------------------------------------------- */

struct file {
    const char *name, *text;
};

static enum err load_from(void *from, const char *name, struct strbuf *out, struct error *e)
{
    for (const struct file *f = from; f->name; f++) {
        if (strcmp(f->name, name) == 0)
            return strbuf_addstr(out, f->text);
    }
    return error_set(e, ERR_NOT_FOUND, "there is no %s", name);
}

/* Renders the first file over `json`; the page, or the message. */
static enum err fill_files(const struct file *files, const char *json, struct strbuf *out)
{
    struct error e = { 0 };
    CLEANUP(template_freep) struct template *t = NULL;
    cJSON *view = json_parse(json, strlen(json), &e);
    enum err rc = template_compile_files(files->name, load_from, (void *)files, &t, &e);
    if (rc == OK)
        rc = template_render(t, view, out, &e);
    if (rc != OK) {
        strbuf_clear(out);
        (void)strbuf_addstr(out, e.msg);
    }
    cJSON_Delete(view);
    return rc;
}

static void assert_files(const struct file *files, const char *json, enum err code, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    assert_int_equal(fill_files(files, json, &out), code);
    assert_string_equal(out.buf, expected);
}

static void a_partial_stands_where_it_is_named_and_sees_what_is_there(void **state)
{
    static const struct file files[] = {
        { "page", "<ul>\n{{#rows}}\n  {{> row.html}}\n{{/rows}}\n</ul> {{>end}}." },
        { "row.html", "<li>{{name}}{{> end}}</li>\n" },
        { "end", "({{total}})" },
        { NULL, NULL },
    };
    (void)state;
    assert_files(files, "{\"total\":2,\"rows\":[{\"name\":\"<a>\"},{\"name\":\"b\",\"total\":\"own\"}]}", OK,
                 "<ul>\n<li>&lt;a&gt;(2)</li>\n<li>b(own)</li>\n</ul> (2).");
}

static void a_mistake_in_a_partial_is_named_by_its_file_and_line(void **state)
{
    static const struct file open[] = { { "page", "{{> a}}" }, { "a", "x\n{{#b}}" }, { NULL, NULL } };
    static const struct file across[] = { { "page", "{{#b}}{{> a}}" }, { "a", "\n{{/b}}" }, { NULL, NULL } };
    static const struct file misspelt[] = { { "page", "\n{{> a}}" }, { "a", "\n\n{{nobody}}" }, { NULL, NULL } };
    static const struct file absent[] = { { "page", "\n{{> a}}" }, { NULL, NULL } };
    (void)state;
    assert_files(open, "{}", ERR_SYNTAX, "a:2: {{#b}} is not closed");
    assert_files(across, "{}", ERR_SYNTAX, "a:2: {{/b}} closes nothing");
    assert_files(misspelt, "{}", ERR_INVALID, "a:3: nothing is called `nobody` here");
    assert_files(absent, "{}", ERR_NOT_FOUND, "page:2: there is no a");
}

static void a_partial_that_holds_itself_is_refused(void **state)
{
    static const struct file deep[] = { { "page", "{{> page}}" }, { NULL, NULL } };
    static const struct file wide[] = { { "page", "x\n{{> page}}{{> page}}" }, { NULL, NULL } };
    (void)state;
    assert_files(deep, "{}", ERR_LIMIT, "page:1: {{> page}}: too many partials; does one hold itself?");
    assert_files(wide, "{}", ERR_LIMIT, "page:2: {{> page}}: too many partials; does one hold itself?");
    assert_refused("\n{{> a}}", "{}", ERR_SYNTAX, "page:2: {{> a}}: there are no partials here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_without_tags_stays_as_it_is),
        cmocka_unit_test(a_value_is_escaped_and_three_braces_are_raw),
        cmocka_unit_test(braces_in_a_value_are_not_a_tag),
        cmocka_unit_test(numbers_are_written_and_null_is_empty),
        cmocka_unit_test(a_list_repeats_its_section),
        cmocka_unit_test(objects_and_true_values_show_a_section_once),
        cmocka_unit_test(names_are_found_inside_first_then_outside),
        cmocka_unit_test(comments_and_html_comment_marks_belong_to_the_tag),
        cmocka_unit_test(a_section_tag_alone_on_its_line_takes_the_line),
        cmocka_unit_test(what_does_not_compile_is_named_with_its_line),
        cmocka_unit_test(a_name_that_is_not_there_is_an_error),
        cmocka_unit_test(nesting_has_a_ceiling),
        cmocka_unit_test(a_page_that_outgrows_its_buffer_is_an_error),
        cmocka_unit_test(a_partial_stands_where_it_is_named_and_sees_what_is_there),
        cmocka_unit_test(a_mistake_in_a_partial_is_named_by_its_file_and_line),
        cmocka_unit_test(a_partial_that_holds_itself_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
