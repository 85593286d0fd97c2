#include "base/yaml_read.h"

#include "base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct yaml_limits limits = { .bytes = 1u << 20, .nodes = 1000, .depth = 32 };

static struct arena arena;

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct yaml_node *load(const char *text)
{
    const struct yaml_doc *doc = NULL;
    struct error e = { 0 };
    if (yaml_load_text("t.yaml", text, strlen(text), &limits, &arena, &doc, &e) != OK)
        fail_msg("%s", e.msg);
    return doc->root;
}

/* The value of `{v: …}`. */
static const struct yaml_node *value(const char *text)
{
    return yaml_find(load(arena_printf(&arena, "{v: %s}", text)), "v");
}

static const char *first_line(const struct error *e)
{
    return arena_strndup(&arena, e->msg, strcspn(e->msg, "\n"));
}

static void whole_numbers_are_read_within_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t min, max, want;
    } good[] = {
        { "0", 0, 9, 0 }, { "7", 0, 9, 7 }, { "-3", -5, 5, -3 }, { "+4", 0, 5, 4 }, { "9223372036854775807", 0, INT64_MAX, INT64_MAX }
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        int64_t got = 99;
        assert_int_equal(yaml_as_int(value(good[i].text), good[i].min, good[i].max, &got, NULL), OK);
        assert_int_equal(got, good[i].want);
    }

    static const struct {
        const char *text, *message;
    } bad[] = {
        { "10", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `10`" },
        { "-1", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `-1`" },
        { "1.0", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `1.0`" },
        { "1e0", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `1e0`" },
        { "07", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `07`" },
        { "0x7", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `0x7`" },
        { "seven", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `seven`" },
        { "'7'", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found the text `7`" },
        { "[7]", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found a list" },
        { "{a: 7}", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found a map" },
        { "99999999999999999999", "t.yaml:1:5: `v` wants a whole number from 0 to 9, found `99999999999999999999`" },
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        int64_t got = 99;
        struct error e = { 0 };
        assert_int_equal(yaml_as_int(value(bad[i].text), 0, 9, &got, &e), ERR_INVALID);
        assert_string_equal(first_line(&e), bad[i].message);
        assert_int_equal(got, 99);
    }
}

static void numbers_are_decimal_and_finite(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } good[] = { { "0", 0 }, { "0.3", 0.3 }, { ".5", 0.5 }, { "1.", 1 }, { "1e-2", 0.01 }, { "2.5E+1", 25 } };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        double got = -1;
        assert_int_equal(yaml_as_double(value(good[i].text), 0, 100, &got, NULL), OK);
        assert_true(fabs(got - good[i].want) < 1e-12);
    }

    static const char *const bad[] = { ".",     "e5",    "1e",   ".inf", ".nan", "nan", "0x1p3",
                                       "1e999", "1_000", "-0.1", "101",  "'1'",  "1 2", "01.5" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        double got = -1;
        struct error e = { 0 };
        assert_int_equal(yaml_as_double(value(bad[i]), 0, 100, &got, &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, "`v` wants a number from 0 to 100, found "));
    }
}

static void booleans_are_true_and_false_only(void **state)
{
    (void)state;
    bool got = false;
    assert_int_equal(yaml_as_bool(value("true"), &got, NULL), OK);
    assert_true(got);
    assert_int_equal(yaml_as_bool(value("False"), &got, NULL), OK);
    assert_false(got);

    static const char *const bad[] = { "yes", "on", "1", "'true'", "[]" };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct error e = { 0 };
        assert_int_equal(yaml_as_bool(value(bad[i]), &got, &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, "`v` wants true or false, found "));
    }
}

static void durations_and_sizes_want_their_units(void **state)
{
    (void)state;
    int64_t us = 0;
    uint64_t bytes = 0;
    struct error e = { 0 };
    assert_int_equal(yaml_as_duration(value("2m"), 0, INT64_MAX, &us, &e), OK);
    assert_int_equal(us, 120000000);
    assert_int_equal(yaml_as_size(value("20MiB"), 0, UINT64_MAX, &bytes, &e), OK);
    assert_int_equal(bytes, 20u << 20);

    assert_int_equal(yaml_as_duration(value("120"), 0, INT64_MAX, &us, &e), ERR_INVALID);
    assert_string_equal(e.msg, "t.yaml:1:5: `v` wants a duration such as 500ms, 30s or 2m, found `120`\n    1 | {v: 120}\n"
                               "      |     ^^^ did you mean `120s`?");
    assert_int_equal(yaml_as_duration(value("soon"), 0, INT64_MAX, &us, &e), ERR_INVALID);
    assert_null(strstr(e.msg, "did you mean"));
    assert_int_equal(yaml_as_duration(value("2h"), 1000, 3600000000, &us, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "`v` wants a duration from 1ms to "));
    assert_int_equal(yaml_as_size(value("big"), 0, 100, &bytes, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:5: `v` wants a size such as 512KiB or 20MiB, found `big`");
    assert_int_equal(yaml_as_size(value("1KiB"), 0, 100, &bytes, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "`v` wants a size from 0 B to 100 B, found `1KiB`"));
    assert_int_equal(us, 120000000);
    assert_int_equal(bytes, 20u << 20);
}

static void text_is_any_scalar_but_null(void **state)
{
    (void)state;
    const char *text = NULL;
    struct error e = { 0 };
    assert_int_equal(yaml_as_string(value("0123"), false, &text, &e), OK);
    assert_string_equal(text, "0123");
    assert_int_equal(yaml_as_string(value("''"), true, &text, &e), OK);
    assert_string_equal(text, "");
    assert_int_equal(yaml_as_string(value("''"), false, &text, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:5: `v` may not be empty");
    assert_int_equal(yaml_as_string(value("~"), false, &text, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:5: `v` wants text, found nothing");
    assert_int_equal(yaml_as_string(value("[a]"), false, &text, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:5: `v` wants text, found a list");
}

static void a_list_of_texts_may_be_one_scalar(void **state)
{
    (void)state;
    const char *const *text = NULL;
    size_t count = 0;
    struct error e = { 0 };
    assert_int_equal(yaml_as_strings(value("one"), &arena, &text, &count, &e), OK);
    assert_int_equal(count, 1);
    assert_string_equal(text[0], "one");
    assert_int_equal(yaml_as_strings(value("[a, 2, 'c']"), &arena, &text, &count, &e), OK);
    assert_int_equal(count, 3);
    assert_string_equal(text[1], "2");
    assert_int_equal(yaml_as_strings(value("[]"), &arena, &text, &count, &e), OK);
    assert_int_equal(count, 0);

    assert_int_equal(yaml_as_strings(value("[a, [b]]"), &arena, &text, &count, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:9: an item of `v` wants text, found a list");
    assert_int_equal(yaml_as_strings(value("{a: b}"), &arena, &text, &count, &e), ERR_INVALID);
}

static void an_unknown_word_gets_the_nearest_and_all(void **state)
{
    (void)state;
    static const char *const order[] = { "file", "stratified", "random" };
    size_t got = 9;
    struct error e = { 0 };
    assert_int_equal(yaml_as_choice(value("random"), order, ARRAY_LEN(order), &got, &e), OK);
    assert_int_equal(got, 2);
    assert_int_equal(yaml_as_choice(value("stratifed"), order, ARRAY_LEN(order), &got, &e), ERR_INVALID);
    assert_string_equal(e.msg, "t.yaml:1:5: unknown value `stratifed` for `v`\n    1 | {v: stratifed}\n"
                               "      |     ^^^^^^^^^ did you mean `stratified`?\n  known here: file, random, stratified");
    assert_int_equal(yaml_as_choice(value("[x]"), order, ARRAY_LEN(order), &got, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "known here: file, random, stratified"));
    assert_int_equal(got, 2);
}

static void an_unknown_key_is_shown_as_the_design_shows_it(void **state)
{
    (void)state;
    static const char *const known[] = { "subcategories", "attacks", "categories", "intents", "limit", "order", "samples", "seed" };
    struct error e = { 0 };
    const struct yaml_node *root = load("version: 1\nselect:\n  categroies: [A, C, D]\n");

    assert_int_equal(yaml_check_keys(yaml_find(root, "select"), known, ARRAY_LEN(known), &e), ERR_INVALID);
    assert_string_equal(e.msg, "t.yaml:3:3: unknown key `categroies` in `select`\n"
                               "    2 | select:\n"
                               "    3 |   categroies: [A, C, D]\n"
                               "      |   ^^^^^^^^^^ did you mean `categories`?\n"
                               "  known here: attacks, categories, intents, limit, order, samples, seed, subcategories");

    assert_int_equal(yaml_check_keys(root, known, ARRAY_LEN(known), &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:1: unknown key `version` at the top level");
    assert_int_equal(yaml_check_keys(yaml_find(root, "version"), known, ARRAY_LEN(known), &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:10: `version` wants a map, found `1`");
    assert_int_equal(yaml_check_keys(load("{limit: 1, seed: 2}"), known, ARRAY_LEN(known), &e), OK);
    assert_int_equal(yaml_check_keys(load("{limits: 1}"), known, ARRAY_LEN(known), NULL), ERR_INVALID);
}

static void required_keys_are_named(void **state)
{
    (void)state;
    const struct yaml_node *got = NULL, *root = load("endpoints:\n- name: x\n  model:\n");
    const struct yaml_node *item = yaml_find(root, "endpoints")->child;
    struct error e = { 0 };
    assert_int_equal(yaml_require(item, "name", &got, &e), OK);
    assert_string_equal(got->text, "x");
    assert_int_equal(yaml_require(item, "base_url", &got, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:2:3: an item of `endpoints` needs the key `base_url`");
    assert_int_equal(yaml_require(item, "model", &got, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:3:3: `model` needs a value");
    assert_int_equal(yaml_require(root, "version", &got, &e), ERR_INVALID);
    assert_string_equal(first_line(&e), "t.yaml:1:1: the file needs the key `version`");
}

static void absent_and_null_members_leave_the_default(void **state)
{
    (void)state;
    const struct yaml_node *map = load("{a: ~, b: 2}");
    const char *text = "default";
    int number = 5;
    assert_int_equal(yaml_get_string(map, "a", false, &text, NULL), OK);
    assert_int_equal(yaml_get_string(map, "absent", false, &text, NULL), OK);
    assert_string_equal(text, "default");
    assert_int_equal(yaml_get_int32(map, "a", 0, 9, &number, NULL), OK);
    assert_int_equal(number, 5);
    assert_int_equal(yaml_get_int32(map, "b", 0, 9, &number, NULL), OK);
    assert_int_equal(number, 2);
    assert_int_equal(yaml_get_int32(map, "b", 3, 9, &number, NULL), ERR_INVALID);
    assert_int_equal(number, 2);
}

static void json_keeps_types_of_plain_scalars_and_text_of_quoted_ones(void **state)
{
    (void)state;
    cJSON *tree = NULL;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    const struct yaml_node *root = load("{a: true, b: 'true', c: 1, d: '1', e: 0.5, f: ~, g: [x, -2], h: {}, i: 007, j: \"q\\\"\"}");

    assert_int_equal(yaml_to_json(root, &tree, NULL), OK);
    json_add_tree(&out, tree);
    cJSON_Delete(tree);

    assert_string_equal(out.buf, "{\"a\":true,\"b\":\"true\",\"c\":1,\"d\":\"1\",\"e\":0.5,\"f\":null,\"g\":[\"x\",-2],\"h\":{},"
                                 "\"i\":\"007\",\"j\":\"q\\\"\"}");
}

static void json_refuses_numbers_that_it_would_change(void **state)
{
    (void)state;
    cJSON *tree = NULL;
    struct error e = { 0 };
    assert_int_equal(yaml_to_json(load("{a: [1, 9007199254740993]}"), &tree, &e), ERR_INVALID);
    assert_non_null(strstr(e.msg, "t.yaml:1:9: an item of `a`: the number 9007199254740993 is too large to be kept exactly"));
    assert_int_equal(yaml_to_json(load("{a: 1e999}"), &tree, &e), ERR_INVALID);
    assert_null(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_within_their_range),
        cmocka_unit_test(numbers_are_decimal_and_finite),
        cmocka_unit_test(booleans_are_true_and_false_only),
        cmocka_unit_test(durations_and_sizes_want_their_units),
        cmocka_unit_test(text_is_any_scalar_but_null),
        cmocka_unit_test(a_list_of_texts_may_be_one_scalar),
        cmocka_unit_test(an_unknown_word_gets_the_nearest_and_all),
        cmocka_unit_test(an_unknown_key_is_shown_as_the_design_shows_it),
        cmocka_unit_test(required_keys_are_named),
        cmocka_unit_test(absent_and_null_members_leave_the_default),
        cmocka_unit_test(json_keeps_types_of_plain_scalars_and_text_of_quoted_ones),
        cmocka_unit_test(json_refuses_numbers_that_it_would_change),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
