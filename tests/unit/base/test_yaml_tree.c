#include "base/yaml_tree.h"

#include "scratch_group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct yaml_limits limits = { .bytes = 4u << 20, .nodes = 200000, .depth = 32 };

static const struct yaml_node *load(const char *text)
{
    const struct yaml_doc *doc = NULL;
    struct error e = { 0 };
    if (yaml_load_text("t.yaml", text, strlen(text), &limits, &scratch.arena, &doc, &e) != OK)
        fail_msg("%s", e.msg);
    return doc->root;
}

static void assert_refused(const char *text, size_t len, enum err code, const char *message)
{
    const struct yaml_doc *doc = NULL;
    struct error e = { 0 };
    assert_int_equal(yaml_load_text("t.yaml", text, len, &limits, &scratch.arena, &doc, &e), code);
    assert_string_equal(e.msg, message);
    assert_int_equal(e.code, code);
    assert_null(doc);
}

static void nodes_know_kind_text_and_place(void **state)
{
    (void)state;
    const struct yaml_node *root = load("# a comment\nname: demo\nlist:\n- 1\n- \"two\"\n- ~\nmap: {a: null, b: }\n");

    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 3);
    const struct yaml_node *name = yaml_find(root, "name");
    assert_int_equal(name->kind, YAML_SCALAR);
    assert_string_equal(name->text, "demo");
    assert_int_equal(name->key_line, 2);
    assert_int_equal(name->key_column, 1);
    assert_int_equal(name->line, 2);
    assert_int_equal(name->column, 7);
    assert_int_equal(name->end_column, 11);

    const struct yaml_node *list = yaml_find(root, "list");
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->count, 3);
    assert_false(list->child->quoted);
    assert_true(list->child->next->quoted);
    assert_string_equal(list->child->next->text, "two");
    assert_int_equal(list->child->next->next->kind, YAML_NULL);
    assert_null(list->child->key);
    assert_ptr_equal(list->child->parent, list);
    assert_string_equal(yaml_name(list->child), "list");
    assert_null(yaml_name(root));

    assert_int_equal(yaml_find(yaml_find(root, "map"), "a")->kind, YAML_NULL);
    assert_int_equal(yaml_find(yaml_find(root, "map"), "b")->kind, YAML_NULL);
    assert_null(yaml_find(root, "absent"));
    assert_null(yaml_find(list, "name"));
    assert_null(yaml_find(NULL, "name"));
}

static void columns_are_characters_and_lines_may_end_in_crlf(void **state)
{
    (void)state;
    const struct yaml_node *root = load("a: 1\r\n\"über\": [ä, b]\r\n");
    const struct yaml_node *list = yaml_find(root, "über");
    assert_int_equal(list->key_line, 2);
    assert_int_equal(list->column, 9);
    assert_int_equal(list->child->next->column, 13);
}

static void a_byte_order_mark_is_dropped_but_stays_in_the_bytes(void **state)
{
    (void)state;
    static const char text[] = "\xEF\xBB\xBFname: x\n";
    const struct yaml_doc *doc = NULL;
    assert_int_equal(yaml_load_text("t.yaml", text, sizeof(text) - 1, &limits, &scratch.arena, &doc, NULL), OK);
    assert_int_equal(yaml_find(doc->root, "name")->key_column, 1);
    assert_int_equal(doc->bytes_len, sizeof(text) - 1);
    assert_memory_equal(doc->bytes, text, doc->bytes_len);
    assert_int_equal(doc->len, doc->bytes_len - 3);
}

static void block_scalars_and_quoted_null_are_text(void **state)
{
    (void)state;
    const struct yaml_node *root = load("a: |\n  one\n  two\nb: 'null'\nc: \"\"\n");
    assert_string_equal(yaml_find(root, "a")->text, "one\ntwo\n");
    assert_true(yaml_find(root, "a")->quoted);
    assert_int_equal(yaml_find(root, "b")->kind, YAML_SCALAR);
    assert_int_equal(yaml_find(root, "c")->kind, YAML_SCALAR);
    assert_int_equal(yaml_find(root, "c")->len, 0);
}

static void bad_text_is_refused_with_a_picture(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum err code;
        const char *message;
    } bad[] = {
        { "", ERR_INVALID, "t.yaml:1:1: the file is empty" },
        { "# nothing\n\n", ERR_INVALID, "t.yaml:1:1: the file is empty" },
        { "---\n", ERR_INVALID, "t.yaml:1:1: the file is empty" },
        { "a: 1\nb: 2\na: 3\n", ERR_INVALID,
          "t.yaml:3:1: key `a` is here twice; the first is on line 1\n    2 | b: 2\n    3 | a: 3\n      | ^" },
        { "a: &x [1]\nb: *x\n", ERR_INVALID,
          "t.yaml:1:4: anchors and aliases (&name, *name) are not accepted here\n    1 | a: &x [1]\n"
          "      |    ^ write the value out where it is needed" },
        { "a: *x\n", ERR_INVALID,
          "t.yaml:1:4: anchors and aliases (&name, *name) are not accepted here\n    1 | a: *x\n"
          "      |    ^ write the value out where it is needed" },
        { "a: !!str 5\n", ERR_INVALID,
          "t.yaml:1:4: tags (!name) are not accepted here\n    1 | a: !!str 5\n      |    ^ quotes make a text" },
        { "a: 1\n---\nb: 2\n", ERR_INVALID,
          "t.yaml:2:1: a second document begins here; one file holds one\n    1 | a: 1\n    2 | ---\n      | ^" },
        { "? [a]\n: b\n", ERR_INVALID, "t.yaml:1:3: a key must be text, not a map or a list\n    1 | ? [a]\n      |   ^" },
        { "\"\": b\n", ERR_INVALID, "t.yaml:1:1: a key may not be empty\n    1 | \"\": b\n      | ^" },
        { "a: \"x\\0y\"\n", ERR_INVALID, "t.yaml:1:4: text may not hold a NUL character\n    1 | a: \"x\\0y\"\n      |    ^" },
        { "a: x\001y\n", ERR_SYNTAX, "t.yaml:1:5: control characters are not allowed\n    1 | a: x?y\n      |     ^" },
        { "a: b\n\tc: d\n", ERR_SYNTAX,
          "t.yaml:2:1: found a tab character that violates indentation while scanning a plain scalar that starts on line 1\n"
          "    1 | a: b\n    2 |  c: d\n      | ^ a tab; YAML is indented with spaces" },
        { "\ta: b\n", ERR_SYNTAX,
          "t.yaml:1:1: found character that cannot start any token while scanning for the next token\n    1 |  a: b\n"
          "      | ^ a tab; YAML is indented with spaces" },
        { "a: [1, 2\n", ERR_SYNTAX,
          "t.yaml:2:1: did not find expected ',' or ']' while parsing a flow sequence that starts on line 1\n    1 | a: [1, 2\n    2 |\n"
          "      | ^" },
        { "a: **/x\n", ERR_SYNTAX,
          "t.yaml:1:5: did not find expected alphabetic or numeric character while scanning an alias\n    1 | a: **/x\n"
          "      |     ^ put text that starts with this character in quotes" },
        { "a: b: c\n", ERR_SYNTAX,
          "t.yaml:1:5: mapping values are not allowed in this context\n    1 | a: b: c\n"
          "      |     ^ check the indentation, or put text that holds `: ` in quotes" },
        { "  a: 1\nb: 2\n", ERR_SYNTAX,
          "t.yaml:2:1: did not find expected <document start>\n    1 |   a: 1\n    2 | b: 2\n"
          "      | ^ check the indentation of this line and the one before" },
        { "a: x\n\n# caf\xE9\n", ERR_SYNTAX,
          "t.yaml:3:6: byte 0xE9 is not UTF-8; save the file as UTF-8\n    3 | # caf\xEF\xBF\xBD\n      |      ^" },
        { "\xFF\xFE"
          "a",
          ERR_SYNTAX, "t.yaml:1:1: the file is UTF-16; save it as UTF-8" },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_refused(bad[i].text, strlen(bad[i].text), bad[i].code, bad[i].message);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    assert_refused("a: b\0c\n", 7, ERR_SYNTAX, "t.yaml:1:5: control characters are not allowed\n    1 | a: b?c\n      |     ^");
}

static void depth_has_a_ceiling(void **state)
{
    (void)state;
    char text[200];
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    text[64] = '\0';
    assert_int_equal(load(text)->kind, YAML_LIST);

    memset(text, '[', 100);
    text[100] = '\0';
    struct error e = { 0 };
    const struct yaml_doc *doc = NULL;
    assert_int_equal(yaml_load_text("t.yaml", text, 100, &limits, &scratch.arena, &doc, &e), ERR_LIMIT);
    assert_non_null(strstr(e.msg, "t.yaml:1:33: maps and lists are nested too deeply"));
}

static void nodes_have_a_ceiling(void **state)
{
    (void)state;
    static const struct yaml_limits few = { .bytes = 1000, .nodes = 10, .depth = 4 };
    struct error e = { 0 };
    const struct yaml_doc *doc = NULL;
    static const char list[] = "[1,2,3,4,5,6,7,8,9]", more[] = "[1,2,3,4,5,6,7,8,9,10]", keys[] = "{a: 1, b: 2, c: 3, d: 4, e: 5}";
    assert_int_equal(yaml_load_text("t.yaml", list, sizeof(list) - 1, &few, &scratch.arena, &doc, &e), OK);
    assert_int_equal(yaml_load_text("t.yaml", more, sizeof(more) - 1, &few, &scratch.arena, &doc, &e), ERR_LIMIT);
    assert_non_null(strstr(e.msg, "t.yaml:1:20: too many values in one file"));
    assert_int_equal(yaml_load_text("t.yaml", keys, sizeof(keys) - 1, &few, &scratch.arena, &doc, &e), ERR_LIMIT);
}

static void many_keys_are_compared_in_little_time(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < 90000; i++)
        (void)strbuf_addf(&text, "key%d: 1\n", i);
    const struct yaml_node *root = load(text.buf);
    assert_int_equal(root->count, 90000);

    (void)strbuf_addstr(&text, "key77: 2\n");
    struct error e = { 0 };
    const struct yaml_doc *doc = NULL;
    assert_int_equal(yaml_load_text("t.yaml", text.buf, text.len, &limits, &scratch.arena, &doc, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "t.yaml:90001:1: key `key77` is here twice; the first is on line 78"));
}

static void a_huge_file_is_refused_by_its_size_unread(void **state)
{
    (void)state;
    const char *path = scratch_text(&scratch, "huge.yaml", "");
    assert_int_equal(truncate(path, 100 << 20), 0);
    size_t before = scratch.arena.total_bytes;

    struct error e = { 0 };
    const struct yaml_doc *doc = NULL;
    assert_int_equal(yaml_load_file(path, &limits, &scratch.arena, &doc, &e), ERR_LIMIT);

    assert_string_equal(e.msg, arena_printf(&scratch.arena, "%s: larger than the allowed 4194304 bytes", path));
    assert_true(scratch.arena.total_bytes < before + 1000);
}

static void files_that_cannot_be_read_say_why(void **state)
{
    (void)state;
    struct error e = { 0 };
    const struct yaml_doc *doc = NULL;
    assert_int_equal(yaml_load_file(scratch_path(&scratch, "absent.yaml"), &limits, &scratch.arena, &doc, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.msg, "absent.yaml: cannot open: No such file or directory"));

    assert_int_equal(yaml_load_file(scratch.dir, &limits, &scratch.arena, &doc, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "Is a directory"));
    assert_int_equal(yaml_load_file(scratch.dir, &limits, &scratch.arena, &doc, NULL), ERR_IO);

    if (geteuid() == 0)
        return; /* root reads everything */
    const char *path = scratch_text(&scratch, "private.yaml", "a: 1\n");
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(yaml_load_file(path, &limits, &scratch.arena, &doc, &e), ERR_IO);
    assert_non_null(strstr(e.msg, "Permission denied"));
}

static void pictures_of_long_and_hostile_lines_stay_short_and_harmless(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)strbuf_addstr(&text, "{x: \"");
    for (int i = 0; i < 500; i++)
        (void)strbuf_addstr(&text, "\xE6\xBC\xA2"); /* two columns each */
    (void)strbuf_addstr(&text, "\xE2\x80\xAE\", here: 1}");
    const struct yaml_node *here = yaml_find(load(text.buf), "here");
    struct error e = { 0 };

    assert_int_equal(yaml_error_key(here, &e, "wrong"), ERR_INVALID);

    assert_non_null(strstr(e.msg, "t.yaml:1:510: wrong\n    1 | …"));
    assert_non_null(strstr(e.msg, "?\", here: 1}\n"));
    assert_true(strlen(e.msg) < 700);
    const char *caret = strrchr(e.msg, '\n') + 1;
    assert_int_equal(strlen(caret) - strcspn(caret, "^"), 4); /* as wide as the key */
}

static void pictures_never_show_a_key(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } line[] = {
        { "api_key: s3cretvalue\nx: 1\n", "    1 | api_key: ***********\n    2 | x: 1\n" },
        { "{api_key: 's3cretvalue', x: 1}\n", "    1 | {api_key: '***********', x: 1}\n" },
        { "{Authorization: Bearer s3cretvalue, x: 1}\n", "    1 | {Authorization: ******************, x: 1}\n" },
        { "{a: hf_s3cretvalue, x: 1}\n", "    1 | {a: hf_***********, x: 1}\n" },
        { "{a: 'http://me:s3cretvalue@host/v1', x: 1}\n", "    1 | {a: 'http://**************@host/v1', x: 1}\n" },
        { "{password: \"s3cretvalue\", token: s3cretvalue, x: 1}\n", "    1 | {password: \"***********\", token: ***********, x: 1}\n" },
        { "{api_key: env:HF_TOKEN, x: 1}\n", "    1 | {api_key: env:HF_TOKEN, x: 1}\n" },
        { "{max_tokens: 512, risk-categories: 1, x: 1}\n", "    1 | {max_tokens: 512, risk-categories: 1, x: 1}\n" },
    };
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        struct error e = { 0 };
        (void)yaml_error(yaml_find(load(line[i].text), "x"), &e, "wrong");
        assert_non_null(strstr(e.msg, line[i].shown));
        assert_null(strstr(e.msg, "s3cretvalue"));
    }
    assert_string_equal(yaml_shown("hf_s3cretvalue").text, "hf_***********");
}

static void shown_text_is_cut_and_harmless(void **state)
{
    (void)state;
    assert_string_equal(yaml_shown("plain").text, "plain");
    assert_string_equal(yaml_shown("a\x1b[31m\n\xE2\x80\xAE").text, "a?[31m??");
    char longer[500];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    assert_int_equal(strlen(yaml_shown(longer).text), 60 + strlen("…"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_kind_text_and_place),
        cmocka_unit_test(columns_are_characters_and_lines_may_end_in_crlf),
        cmocka_unit_test(a_byte_order_mark_is_dropped_but_stays_in_the_bytes),
        cmocka_unit_test(block_scalars_and_quoted_null_are_text),
        cmocka_unit_test(bad_text_is_refused_with_a_picture),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(depth_has_a_ceiling),
        cmocka_unit_test(nodes_have_a_ceiling),
        cmocka_unit_test(many_keys_are_compared_in_little_time),
        cmocka_unit_test(a_huge_file_is_refused_by_its_size_unread),
        cmocka_unit_test(files_that_cannot_be_read_say_why),
        cmocka_unit_test(pictures_of_long_and_hostile_lines_stay_short_and_harmless),
        cmocka_unit_test(pictures_never_show_a_key),
        cmocka_unit_test(shown_text_is_cut_and_harmless),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
