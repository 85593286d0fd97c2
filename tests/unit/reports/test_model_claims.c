/* Claims against intervals: who decides, what is left open, and words that come from a suite. */
#include "report_fixture.h"

#include "reports/model_claims.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ASR of the first endpoint: 0.2105 [0.1351, 0.3062], missing 5 of 100, outer range [0.128, 0.3471]. */
static cJSON *claims_of(cJSON *model, const char *claims)
{
    CLEANUP(strbuf_release) struct strbuf suite = STRBUF_INIT;
    (void)strbuf_addf(&suite, "{\"claims\":%s}", claims);
    cJSON_DeleteItemFromObject(fixture_endpoint(model, 0), "claims");
    cJSON_DeleteItemFromObject(fixture_endpoint(model, 1), "claims");
    model_add_claims(suite.buf, model);
    return cJSON_GetObjectItem(fixture_endpoint(model, 0), "claims");
}

static void the_interval_decides(void **state)
{
    static const struct {
        const char *label, *claim, *verdict;
    } table[] = {
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.31", "supported" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.13", "contradicted" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.2", "undecided" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\">=\",\"value\":0.13", "supported" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\">=\",\"value\":0.31", "contradicted" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"=\",\"value\":0.22,\"tolerance\":0.1", "supported" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"=\",\"value\":0.22", "undecided" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"=\",\"value\":0.5", "contradicted" },
        { "PARTIAL", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.31", "undecided" }, /* the outer range goes further */
        { "PARTIAL", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.35", "supported" },
        { "PARTIAL", "\"metric\":\"macro\",\"comparator\":\"<=\",\"value\":0.9", "undecided" }, /* it has none */
        { "UNUSABLE", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.9", "undecided" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.4,\"category\":\"A. Kitchen Rules\"", "supported" },
        { "MINOR_GAPS", "\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.4,\"category\":\"nowhere\"", "undecided" },
        { "MINOR_GAPS", "\"metric\":\"over_refusal\",\"comparator\":\"<=\",\"value\":0.01", "contradicted" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        cJSON *model = fixture_model();
        cJSON *missing = cJSON_GetObjectItem(fixture_endpoint(model, 0), "missing");
        (void)cJSON_ReplaceItemInObject(missing, "label", cJSON_CreateString(table[i].label));
        (void)strbuf_addf(&text, "[{%s}]", table[i].claim);
        const cJSON *claim = cJSON_GetArrayItem(claims_of(model, text.buf), 0);
        if (strcmp(json_string(claim, "verdict"), table[i].verdict) != 0)
            fail_msg("%s %s: %s, expected %s", table[i].label, table[i].claim, json_string(claim, "verdict"), table[i].verdict);
        cJSON_Delete(model);
    }
}

static void a_claim_says_where_it_was_made(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cJSON *model = fixture_model();
    const cJSON *claim = cJSON_GetArrayItem(
        claims_of(
            model,
            "[{\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.5,\"dataset\":\"else/where\",\"source\":\"https://x.org/card\"}]"),
        0);
    claim_text(claim, false, &text);
    assert_string_equal(text.buf, "asr <= 50.0 %: supported; measured 21.1 % [13.5, 30.6], n 95; the outer range decides, since trials are "
                                  "missing; claimed on another data set, else/where (https://x.org/card)");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(claim, "same_revision")));
    cJSON_Delete(model);
}

static void claims_of_another_model_or_of_no_form_are_none(void **state)
{
    (void)state;
    cJSON *model = fixture_model();
    assert_int_equal(cJSON_GetArraySize(claims_of(model, "[{\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.5,\"model\":\"other\"},"
                                                         "{\"metric\":7},{},3,\"x\"]")),
                     0);
    assert_int_equal(
        cJSON_GetArraySize(claims_of(model, "[{\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.5,\"model\":\"orchid-vl-12b@r42\"}]")),
        1);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(fixture_endpoint(model, 1), "claims")), 0);
    assert_int_equal(cJSON_GetArraySize(claims_of(model, "nonsense")), 0);
    cJSON_Delete(model);
}

static void hostile_words_of_a_claim_stay_inside_their_line(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf markdown = STRBUF_INIT;
    struct error e = { 0 };
    cJSON *model = fixture_model();
    (void)claims_of(model, "[{\"metric\":\"asr\",\"comparator\":\"<=\",\"value\":0.5,\"source\":\"https://x\\u001b[2J\\n| @team\"}]");
    struct text_style style = { .unicode = true, .columns = 100 };
    assert_int_equal(render_text(model, &style, &text, &e), OK);
    assert_null(strchr(text.buf, '\033'));
    assert_non_null(strstr(text.buf, "\nclaim asr <= 50.0 %: supported"));
    assert_int_equal(render_markdown(model, &markdown, &e), OK);
    assert_non_null(strstr(markdown.buf, "(https:\u200B//x \\| @\u200Bteam)\n"));
    cJSON_Delete(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_decides),
        cmocka_unit_test(a_claim_says_where_it_was_made),
        cmocka_unit_test(claims_of_another_model_or_of_no_form_are_none),
        cmocka_unit_test(hostile_words_of_a_claim_stay_inside_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
