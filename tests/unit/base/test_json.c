#include "base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Text and length of a literal that may hold NULs. */
#define BYTES(literal) (literal), sizeof(literal) - 1

static void one_document_is_read_and_written_back(void **state)
{
    (void)state;
    static const char *const text[] = {
        "{\"b\":[1,-2.5,true,false,null],\"a\":{\"x\":\"\"}}",
        "[]",
        "{}",
        "0",
        "-0.5",
        "1e+300",
        "\"\\u2028\"",
        "[[[]]]",
        "\"\xF0\x9F\x98\x80 \xC3\xA9\"",
        "{\"k\":{},\"k2\":[]}",
    };
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        struct error e = { 0 };
        CLEANUP(json_freep) cJSON *tree = json_parse(text[i], strlen(text[i]), &e);
        assert_non_null(tree);
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        json_add_tree(&out, tree);
        CLEANUP(json_freep) cJSON *again = json_parse(out.buf, out.len, NULL);
        assert_true(cJSON_Compare(tree, again, true));
        if (!strstr(text[i], "e+300"))
            assert_string_equal(out.buf, text[i]);
    }
    CLEANUP(json_freep) cJSON *padded = json_parse("\xEF\xBB\xBF \t\r\n [ 1 , { \"a\" : 2 } ] \n", 27, NULL);
    assert_non_null(padded);
}

static void anything_else_is_refused_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } row[] = {
        { "", "1:1: the text ends" },
        { "   ", "1:4: the text ends" },
        { "{\"a\":1} x", "1:9: more text" },
        { "{} {}", "1:4: more text" },
        { "[1,\n 2,\n  x]", "3:3: expected a JSON value" },
        { "[1 2]", "1:4: expected ',' or ']'" },
        { "{\"a\" 1}", "1:6: expected ':'" },
        { "{\"a\":1,}", "1:8: expected a key" },
        { "[1,]", "1:4: expected a JSON value" },
        { "{a:1}", "1:2: expected a key" },
        { "[\"\xC3\xA9\xC3\xA9\" x]", "1:7: expected ',' or ']'" },
        { "\"open", "1:1: string without an end" },
        { "\"a\nb\"", "1:3: raw control" },
        { "\"\\x\"", "1:2: unknown escape" },
        { "\"\\u12g4\"", "1:2: \\u needs" },
        { "\"\\ud83d\"", "1:2: half of a surrogate pair" },
        { "\"\\ude00\\ud83d\"", "1:2: half of a surrogate pair" },
        { "\"\\ud83d\\u0041\"", "1:2: half of a surrogate pair" },
        { "\"a\\u0000b\"", "1:3: \\u0000" },
        { "01", "1:2: a number may not" },
        { "-", "1:2: expected a digit" },
        { "1.", "1:3: expected a digit" },
        { "1e", "1:3: expected a digit" },
        { "+1", "1:1: expected a JSON value" },
        { "NaN", "1:1: expected a JSON value" },
        { "nul", "1:1: expected a JSON value" },
        { "[\"\xFF\"]", "1:3: not UTF-8" },
        { "\"\\", "1:2: unknown escape" },
        { "{", "1:2: expected a key" },
        { "[", "1:2: the text ends" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct error e = { 0 };
        assert_null(json_parse(row[i].text, strlen(row[i].text), &e));
        assert_int_equal(e.code, ERR_SYNTAX);
        e.msg[strlen(row[i].message)] = '\0';
        assert_string_equal(e.msg, row[i].message);
        assert_null(json_parse(row[i].text, strlen(row[i].text), NULL));
    }
    assert_null(json_parse("1\0", 2, NULL));
}

/* cJSON read at most 63 characters of a number in some versions: the rest was then an error, or lost. */
static void a_long_number_is_whole_or_refused_but_never_cut(void **state)
{
    (void)state;
    char text[103] = "[";
    memset(text + 1, '7', 100);
    text[101] = ']';
    for (size_t bare = 0; bare < 2; bare++) {
        struct error e = { 0 };
        CLEANUP(json_freep) cJSON *tree = json_parse(text + bare, bare ? 100 : 102, &e);
        const cJSON *number = bare || !tree ? tree : tree->child;
        assert_true(number ? number->valuedouble > 7.7e99 : strstr(e.msg, "too many digits") != NULL);
    }
    CLEANUP(json_freep) cJSON *fits = json_parse(text + 1, 60, NULL);
    assert_true(fits->valuedouble > 7.7e59);
}

static void nesting_has_a_ceiling(void **state)
{
    (void)state;
    for (size_t depth = 199; depth <= 201; depth++) {
        char text[402];
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        struct error e = { 0 };
        CLEANUP(json_freep) cJSON *tree = json_parse(text, 2 * depth, &e);
        assert_int_equal(tree != NULL, depth <= 200);
        if (!tree)
            assert_non_null(strstr(e.msg, "1:201: nested too deeply"));
    }
}

static void replies_of_servers_are_mended(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        bool repaired;
        const char *value;
    } row[] = {
        { BYTES("{\"v\":\"plain \\\"\\\\\"}"), false, "plain \"\\" },
        { BYTES("{\"v\":\"\\ud83d\\ude00\"}"), false, "\xF0\x9F\x98\x80" },
        { BYTES("{\"v\":\"\\ud83d!\"}"), true, "\xEF\xBF\xBD!" },
        { BYTES("{\"v\":\"\\uDE00\\\\ud83d\"}"), true, "\xEF\xBF\xBD\\ud83d" },
        { BYTES("{\"v\":\"\\ud83d\\ud83d\\ude00\"}"), true, "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
        { BYTES("{\"v\":\"a\xFFz\"}"), true, "a\xEF\xBF\xBDz" },
        { BYTES("{\"v\":\"a\\u0000z\"}"), true, "a\xE2\x90\x80z" },
        { BYTES("{\"v\":\"a\0z\"}"), true, "a\xE2\x90\x80z" },
        { BYTES("{\"v\":\"a\n\tz\"}"), true, "a\n\tz" },
        { BYTES("{\"v\":\"\xC3\\ud800\x01\"}"), true, "\xEF\xBF\xBD\xEF\xBF\xBD\x01" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct error e = { 0 };
        bool repaired = !row[i].repaired;
        CLEANUP(json_freep) cJSON *tree = json_parse_lenient(row[i].text, row[i].len, &repaired, &e);
        assert_non_null(tree);
        assert_string_equal(json_string(tree, "v"), row[i].value);
        assert_int_equal(repaired, row[i].repaired);
    }
    struct error e = { 0 };
    assert_null(json_parse_lenient("<html>\xFF", 7, NULL, &e));
    assert_string_equal(e.msg, "1:1: expected a JSON value");
    assert_null(json_parse_lenient("{\"a\":\"\\ud83d\"", 13, NULL, &e));
}

static void getters_give_only_what_has_the_type(void **state)
{
    (void)state;
    static const char text[] = "{\"s\":\"x\",\"n\":1.5,\"i\":9007199254740992,\"t\":true,\"z\":null,\"o\":{},\"a\":[],\"S\":\"X\","
                               "\"big\":1e300,\"d\":1,\"d\":2}";
    CLEANUP(json_freep) cJSON *tree = json_parse(text, strlen(text), NULL);
    double number = 7;
    int64_t integer = 7;

    assert_string_equal(json_string(tree, "s"), "x");
    assert_string_equal(json_string(tree, "S"), "X");
    assert_null(json_string(tree, "n"));
    assert_null(json_get(tree, "z"));
    assert_null(json_get(tree, "absent"));
    assert_null(json_get(NULL, "s"));
    assert_null(json_get(json_array(tree, "a"), "s"));
    assert_non_null(json_object(tree, "o"));
    assert_null(json_object(tree, "a"));
    assert_null(json_array(tree, "o"));
    assert_true(json_number(tree, "n", &number) && number == 1.5);
    assert_false(json_number(tree, "s", &number));
    assert_true(json_int(tree, "i", &integer) && integer == 9007199254740992);
    assert_false(json_int(tree, "n", &integer) || json_int(tree, "big", &integer) || json_int(tree, "z", &integer));
    assert_true(json_int(tree, "d", &integer) && integer == 1);
    assert_true(json_bool(tree, "t", false));
    assert_true(json_bool(tree, "s", true));
    assert_false(json_bool(tree, "absent", false));
}

static void strings_are_written_escaped(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    json_add_string(&out, BYTES("\"\\/\b\f\n\r\t\x01\0\x7F\xC2\x9B\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\xC3\xA9"));
    assert_string_equal(out.buf, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u0000\\u007f\\u009b\xC2\xA0\\u2028\\u2029\xE2\x80\xAA\xC3\xA9\"");
    strbuf_clear(&out);
    json_add_string(&out, "\xE2\x80", 2); /* cut: nothing behind it is read */
    assert_string_equal(out.buf, "\"\xE2\x80\"");
}

/* Plain text is skipped eight bytes at a time: what is special must be seen wherever in the eight it stands. */
static void a_special_byte_is_seen_at_every_place(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *escaped;
    } row[] = {
        { "\"", "\\\"" },          { "\\", "\\\\" },           { "\x1F", "\\u001f" }, { "\x7F", "\\u007f" },
        { "\xC2\x85", "\\u0085" }, { "\xC3\xA9", "\xC3\xA9" }, { "\x7E", "\x7E" },    { " ", " " },
    };
    static const char filler[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        for (int at = 0; at <= 26; at++) {
            CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
            CLEANUP(strbuf_release) struct strbuf wanted = STRBUF_INIT;
            CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
            (void)strbuf_addf(&text, "%.*s%s%s", at, filler, row[i].raw, filler + at);
            (void)strbuf_addf(&wanted, "\"%.*s%s%s\"", at, filler, row[i].escaped, filler + at);

            json_add_string(&out, text.buf, text.len);

            assert_string_equal(out.buf, wanted.buf);
        }
    }
}

static void numbers_are_written_exactly(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } row[] = { { 0, "0" },
                { -0.0, "0" },
                { 50, "50" },
                { -7, "-7" },
                { 9007199254740993.0, "9007199254740992" },
                { 0.5, "0.5" },
                { 0.1, "0.10000000000000001" },
                { 1e300, "1.0000000000000001e+300" },
                { 1e-7, "9.9999999999999995e-08" },
                { NAN, "null" },
                { INFINITY, "null" },
                { -INFINITY, "null" } };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        json_add_number(&out, row[i].value);
        assert_string_equal(out.buf, row[i].text);
    }
}

static void trees_are_written_in_three_ways(void **state)
{
    (void)state;
    static const char text[] = "{\"b\":[1,{}],\"a\":{\"z\":[],\"A\":\"\xC3\xA9\"},\"b\":2}";
    CLEANUP(json_freep) cJSON *tree = json_parse(text, strlen(text), NULL);
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;

    json_add_tree(&out, tree);
    assert_string_equal(out.buf, text);
    strbuf_clear(&out);
    json_add_canonical(&out, tree);
    assert_string_equal(out.buf, "{\"a\":{\"A\":\"\xC3\xA9\",\"z\":[]},\"b\":[1,{}],\"b\":2}");
    strbuf_clear(&out);
    json_add_pretty(&out, tree);
    assert_string_equal(out.buf,
                        "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": {\n    \"z\": [],\n    \"A\": \"\xC3\xA9\"\n  },\n  \"b\": 2\n}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_document_is_read_and_written_back),
        cmocka_unit_test(anything_else_is_refused_with_line_and_column),
        cmocka_unit_test(a_long_number_is_whole_or_refused_but_never_cut),
        cmocka_unit_test(nesting_has_a_ceiling),
        cmocka_unit_test(replies_of_servers_are_mended),
        cmocka_unit_test(getters_give_only_what_has_the_type),
        cmocka_unit_test(strings_are_written_escaped),
        cmocka_unit_test(a_special_byte_is_seen_at_every_place),
        cmocka_unit_test(numbers_are_written_exactly),
        cmocka_unit_test(trees_are_written_in_three_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
