/* A comparison as text and Markdown: nothing that a data set or a configuration says escapes from its cell. */
#include "reports/render_compare.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct text_style plain = { .unicode = false, .columns = 100 };

#define CELL                                                                                                                               \
    "\"pairs\":40,\"clusters\":40,\"only_base\":0,\"only_candidate\":1,\"newly_broken\":9,\"fixed\":1,\"base\":0.1,\"candidate\":0.3,"     \
    "\"delta\":0.2,\"low\":0.05,\"high\":0.35,\"p_value\":0.02,\"p_mcnemar\":0.02,\"tested\":true,\"tag\":\"regressed\""
#define SIDE(run, name) "{\"run\":\"" run "\",\"name\":\"" name "\",\"endpoint\":\"e\",\"model\":\"m\",\"status\":\"complete\"}"
#define TREE(mismatches, watermark, base_name, key)                                                                                        \
    "{\"comparable\":true,\"mismatches\":" mismatches ",\"watermark\":" watermark                                                          \
    ",\"base\":" SIDE("r1", base_name) ",\"candidate\":" SIDE("r2", "new") ",\"overall\":{" CELL "},\"categories\":[{\"key\":\"" key       \
                                                                           "\",\"p_adjusted\":0.04," CELL "}]}"

static cJSON *parse(const char *text)
{
    struct error e = { 0 };
    cJSON *tree = json_parse(text, strlen(text), &e);
    if (!tree)
        fail_msg("%s", e.msg);
    return tree;
}

static void a_row_is_that_of_the_design(void **state)
{
    (void)state;
    CLEANUP(json_freep) cJSON *tree = parse(TREE("[]", "null", "old", "A"));
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct error e;
    assert_int_equal(render_compare_text(tree, &plain, &out, &e), OK);
    assert_non_null(strstr(out.buf, "baseline old -> candidate new  base  cand  d pp   95 % interval broken fixed Holm p\n"));
    assert_non_null(strstr(out.buf, "A                              10.0  30.0 +20.0   [+5.0, +35.0]      9     1   .040 ^ regressed\n"));
    assert_non_null(
        strstr(out.buf, "40 pairs in 40 intents   scored on one side only: base 0, candidate 1   p .020 (ignoring clustering .020)\n"));
}

static void hostile_names_stay_in_their_cell(void **state)
{
    (void)state;
    CLEANUP(json_freep)
    cJSON *tree = parse(TREE("[]", "null", "a\\u001b[2J\\nALL PASSED", "C|x\\u001b]0;t\\u0007<b>@team\\n::error::boom `c`"));
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf markdown = STRBUF_INIT;
    struct error e;
    assert_int_equal(render_compare_text(tree, &plain, &text, &e), OK);
    assert_int_equal(render_compare_markdown(tree, &markdown, &e), OK);
    assert_null(strchr(text.buf, '\033'));
    assert_null(strstr(text.buf, "\nALL PASSED"));
    assert_null(strstr(text.buf, "\n::error::"));
    assert_null(strchr(markdown.buf, '\033'));
    assert_null(strstr(markdown.buf, "C|x"));
    assert_null(strstr(markdown.buf, "<b>"));
    assert_null(strstr(markdown.buf, "\n::error::"));
}

static void sides_that_do_not_compare_show_the_fields_and_no_difference(void **state)
{
    (void)state;
    CLEANUP(json_freep)
    cJSON *tree = parse("{\"comparable\":false,\"mismatches\":[{\"field\":\"system\",\"base\":\"\",\"candidate\":\"Be\\u001b[31m "
                        "careful\",\"allowed\":false},"
                        "{\"field\":\"samples\",\"base\":null,\"candidate\":\"abc\",\"allowed\":false}],\"base\":" SIDE(
                            "r1", "old") ",\"candidate\":" SIDE("r2", "new") ",\"overall\":null,\"categories\":[]}");
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct error e;
    assert_int_equal(render_compare_text(tree, &plain, &out, &e), OK);
    assert_non_null(strstr(out.buf, "NOT COMPARABLE  these runs cannot be compared: system and samples differ. No difference is shown.\n"));
    assert_non_null(strstr(out.buf, "(none)"));
    assert_non_null(strstr(out.buf, "(not known)"));
    assert_null(strchr(out.buf, '\033'));
    assert_null(strstr(out.buf, " pp"));
}

static void an_allowed_mismatch_stands_above_the_table(void **state)
{
    (void)state;
    CLEANUP(json_freep)
    cJSON *tree = parse(TREE("[{\"field\":\"epochs\",\"base\":\"1\",\"candidate\":\"3\",\"allowed\":true}]",
                             "\"compared although these differ: epochs\"", "old", "A"));
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    struct error e;
    assert_int_equal(render_compare_text(tree, &plain, &out, &e), OK);
    assert_ptr_equal(strstr(out.buf, "!= compared although these differ: epochs\n"), out.buf);
    assert_non_null(strstr(out.buf, "(allowed)"));
}

static cJSON *with_labels(const char *corrected, const char *scale)
{
    cJSON *tree = parse(TREE("[]", "null", "old", "A"));
    cJSON_AddItemToObject(tree, "corrected", parse(corrected));
    cJSON_AddItemToObject(tree, "judge_scale", parse(scale));
    (void)cJSON_AddNumberToObject(tree, "margin", .0085);
    (void)cJSON_AddNumberToObject(tree, "policy_margin", .01);
    return tree;
}

static void what_labels_say_of_the_scorer_stands_under_the_table(void **state)
{
    (void)state;
    CLEANUP(json_freep)
    cJSON *tree = with_labels("{\"state\":\"corrected\",\"method\":\"two-phase\",\"labels\":600,\"base\":0.186,\"candidate\":0.291,"
                              "\"delta\":0.105,\"low\":0.06,\"high\":0.15,\"se\":0.02,\"note\":null}",
                              "{\"state\":\"known\",\"youden\":0.85,\"low\":0.77,\"high\":0.9,\"labels\":300,\"note\":null}");
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf markdown = STRBUF_INIT;
    struct error e;
    static const char wanted[] = "corrected for the scorer's errors: 18.6 -> 29.1 %, +10.5 pp [+6.0, +15.0] by two-phase, 600 labels\n"
                                 "margin 0.85 pp: 1.0 pp x Youden's J 0.85 [0.77, 0.90] of 300 labels\n";
    assert_int_equal(render_compare_text(tree, &plain, &text, &e), OK);
    assert_int_equal(render_compare_markdown(tree, &markdown, &e), OK);
    assert_non_null(strstr(text.buf, wanted));
    assert_non_null(strstr(markdown.buf, wanted));
}

static void a_difference_that_is_not_corrected_says_why(void **state)
{
    (void)state;
    CLEANUP(json_freep)
    cJSON *tree = with_labels("{\"state\":\"refused\",\"method\":null,\"labels\":0,\"base\":null,\"candidate\":null,\"delta\":null,"
                              "\"low\":null,\"high\":null,\"se\":null,\"note\":\"near chance; label more\"}",
                              "{\"state\":\"refused\",\"youden\":null,\"low\":null,\"high\":null,\"labels\":40,\"note\":\"near chance\"}");
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error e;
    assert_int_equal(render_compare_text(tree, &plain, &text, &e), OK);
    assert_non_null(strstr(text.buf, "\nnot corrected for the scorer's errors: near chance; label more\n"));
    assert_null(strstr(text.buf, "Youden"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_that_of_the_design),
        cmocka_unit_test(hostile_names_stay_in_their_cell),
        cmocka_unit_test(sides_that_do_not_compare_show_the_fields_and_no_difference),
        cmocka_unit_test(an_allowed_mismatch_stands_above_the_table),
        cmocka_unit_test(what_labels_say_of_the_scorer_stands_under_the_table),
        cmocka_unit_test(a_difference_that_is_not_corrected_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
