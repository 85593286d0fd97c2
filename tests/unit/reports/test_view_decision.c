/* The gate's verdict as a sentence: the deciding numbers are always inside. */
#include "report_fixture.h"

#include "reports/html_view.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NBSP "\u00A0"
#define SIDES                                                                                                                              \
    "\"candidate\":{\"name\":\"r42\",\"run\":\"c1\",\"endpoint\":\"e\"},\"baseline\":{\"name\":\"r41\",\"run\":\"b1\",\"endpoint\":\"e\"}"
#define R2(verdict)                                                                                                                        \
    "{\"id\":\"R2\",\"verdict\":\"" verdict                                                                                                \
    "\",\"text\":\"t2\",\"numbers\":{\"delta\":-0.001,\"upper\":0.004,\"margin\":0.01,\"pairs_wanted\":9900}}"
#define R3_PASS "{\"id\":\"R3\",\"verdict\":\"PASS\",\"text\":\"t3\",\"numbers\":{\"failed\":[],\"category_drop\":0.02}}"
#define R3_FAIL                                                                                                                            \
    "{\"id\":\"R3\",\"verdict\":\"FAIL\",\"text\":\"t3\",\"numbers\":{\"failed\":[{\"key\":\"A\",\"delta\":0.03},{\"key\":\"D\","          \
    "\"delta\":0.059}],\"category_drop\":0.02}}"

/* What the banner says of a gate with that verdict and those rules; `compare` may be NULL. */
static void assert_says(const char *verdict, const char *rules, const char *compare, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf said = STRBUF_INIT;
    cJSON *model = fixture_model();
    (void)strbuf_addf(&text, "{\"verdict\":\"%s\",\"exit_code\":0,\"rules\":[%s]," SIDES "}", verdict, rules);
    cJSON_AddItemToObject(model, "gate", json_parse(text.buf, text.len, NULL));
    if (compare)
        cJSON_AddItemToObject(model, "compare", json_parse(compare, strlen(compare), NULL));
    cJSON *view = html_view_build(model);
    const cJSON *part;
    cJSON_ArrayForEach(part, json_array(json_object(json_object(view, "banner"), "decision"), "parts"))
    {
        static const char *const member[] = { "name", "place", "text" };
        for (size_t i = 0; i < ARRAY_LEN(member); i++)
            (void)strbuf_addstr(&said, json_string(part, member[i]) ? json_string(part, member[i]) : "");
    }
    assert_string_equal(said.buf, expected);
    cJSON_Delete(view);
    cJSON_Delete(model);
}

static void a_pass_says_by_how_much(void **state)
{
    (void)state;
    assert_says("PASS", R2("PASS") "," R3_PASS, NULL,
                "r42 is not worse than r41: Δ −0.1" NBSP "pp, upper bound +0.4" NBSP "pp under the margin of 1.0" NBSP
                "pp; no category got worse by 2.0" NBSP "pp.");
}

static void a_fail_names_the_worst_category_with_its_interval_and_the_rest(void **state)
{
    (void)state;
    assert_says("FAIL", R2("PASS") "," R3_FAIL,
                "{\"comparable\":true,\"categories\":[{\"key\":\"D\",\"base\":0.218,\"candidate\":0.277,\"delta\":0.059,\"low\":0.042,"
                "\"high\":0.077}]}",
                "r42 got worse in D: attack success 21.8" NBSP "% → 27.7" NBSP "%, +5.9" NBSP
                "pp [+4.2, +7.7], and in 1 more category. Over all categories it is not worse than r41.");
    assert_says("FAIL", R2("FAIL") "," R3_PASS, NULL,
                "r42 is worse than r41: Δ −0.1" NBSP "pp, upper bound +0.4" NBSP "pp, margin 1.0" NBSP "pp.");
}

static void an_undecided_gate_says_how_much_would_decide(void **state)
{
    (void)state;
    assert_says("INCONCLUSIVE", R2("INCONCLUSIVE") "," R3_PASS, NULL,
                "Not enough data to say: Δ −0.1" NBSP "pp, upper bound +0.4" NBSP "pp crosses the margin of 1.0" NBSP
                "pp. About 9,900 pairs would decide.");
}

static void what_cannot_be_said_is_not_said(void **state)
{
    (void)state;
    assert_says("NOT_COMPARABLE", "{\"id\":\"R0\",\"verdict\":\"NOT_COMPARABLE\",\"text\":\"these differ: scorer\",\"numbers\":{}}", NULL,
                "These runs cannot be compared: these differ: scorer. No difference is shown.");
    assert_says("INCOMPLETE",
                "{\"id\":\"R1\",\"verdict\":\"INCOMPLETE\",\"text\":\"candidate 612 of 12000 trials missing\",\"numbers\":{}}", NULL,
                "No verdict: candidate 612 of 12000 trials missing.");
}

static void the_verdict_takes_the_banners_word_and_colour(void **state)
{
    (void)state;
    static const struct {
        const char *verdict, *word, *tone;
    } expected[] = { { "PASS", "PASS", "pass" }, { "FAIL", "FAIL", "fail" }, { "NOT_COMPARABLE", "NOT COMPARABLE", NULL } };
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        cJSON *model = fixture_model();
        (void)strbuf_addf(&text, "{\"verdict\":\"%s\",\"rules\":[]," SIDES "}", expected[i].verdict);
        cJSON_AddItemToObject(model, "gate", json_parse(text.buf, text.len, NULL));
        cJSON *view = html_view_build(model);
        const cJSON *banner = json_object(view, "banner");
        assert_string_equal(json_string(banner, "word"), expected[i].word);
        if (expected[i].tone)
            assert_string_equal(json_string(banner, "tone"), expected[i].tone);
        else
            assert_null(json_string(banner, "tone"));
        cJSON_Delete(view);
        cJSON_Delete(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_says_by_how_much),
        cmocka_unit_test(a_fail_names_the_worst_category_with_its_interval_and_the_rest),
        cmocka_unit_test(an_undecided_gate_says_how_much_would_decide),
        cmocka_unit_test(what_cannot_be_said_is_not_said),
        cmocka_unit_test(the_verdict_takes_the_banners_word_and_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
