/* Model cards: what they claim, what they leave out, and cards that are none. */
#include "evidence/card.h"

#include "base/fs.h"
#include "base/json.h"
#include "core/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static cJSON *card_of(const char *text)
{
    cJSON *card = cJSON_CreateObject();
    card_read(text, strlen(text), card);
    return card;
}

static void assert_member(const cJSON *card, const char *key, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    json_add_tree(&text, cJSON_GetObjectItemCaseSensitive(card, key));
    assert_string_equal(text.buf, expected);
}

static void a_whole_card_gives_claims_and_omissions(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error e;
    assert_int_equal(fs_read_file("tests/fuzz/corpus/card/whole.md", 1 << 16, &text, &e), OK);
    cJSON *card = card_of(text.buf);
    assert_member(card, "problem", "null");
    assert_member(card, "licence", "\"apache-2.0\"");
    assert_member(card, "base_model", "[\"org/base\"]");
    assert_member(card, "omits", "[]");
    assert_member(
        card, "results",
        "[{\"from\":\"model-index\",\"dataset\":\"org/bench\",\"revision\":\"0123abc\",\"metric\":\"attack_success_rate\",\"value\":0.12,"
        "\"problem\":null},{\"from\":\"model-index\",\"dataset\":\"org/bench\",\"revision\":\"0123abc\",\"metric\":\"accuracy\","
        "\"value\":\"88.1 %\",\"problem\":null}]");
    cJSON_Delete(card);
}

static void files_of_eval_results_add_theirs(void **state)
{
    static const char good[] = "- dataset: {id: org/bench, task_id: default}\n  value: 20.90\n", bad[] = "- dataset: [\n";
    (void)state;
    cJSON *card = card_of("---\nlicense: mit\n---\n# Usage\n");
    card_read_results(".eval_results/a.yaml", good, strlen(good), card);
    card_read_results(".eval_results/b.yaml", bad, strlen(bad), card);
    const cJSON *list = json_array(card, "results");
    double value;
    assert_int_equal(cJSON_GetArraySize(list), 2);
    assert_true(json_number(cJSON_GetArrayItem(list, 0), "value", &value) && value > 20.89 && value < 20.91);
    assert_non_null(strstr(json_string(cJSON_GetArrayItem(list, 1), "problem"), "b.yaml:"));
    cJSON_Delete(card);
}

static void a_card_without_front_matter_omits_everything(void **state)
{
    static const char *const text[] = { "", "# Model\n", "---\nlicense: mit", "---\nlicense: &a [*a]\n---\n", "---\n\ttab: x\n---\n" };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        cJSON *card = card_of(text[i]);
        assert_non_null(json_string(card, "problem"));
        assert_member(card, "omits", "[\"licence\",\"base model\",\"intended use\",\"limitations\",\"evaluation\"]");
        cJSON_Delete(card);
    }
}

static void a_card_of_a_million_results_keeps_a_hundred(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cJSON *card = card_of("---\nlicense: mit\n---\n");
    for (int i = 0; i < 2000; i++)
        (void)strbuf_addstr(&text, "- value: 1\n");
    card_read_results("x.yaml", text.buf, text.len, card);
    assert_int_equal(cJSON_GetArraySize(json_array(card, "results")), MAX_CLAIMS);
    cJSON_Delete(card);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_card_gives_claims_and_omissions),
        cmocka_unit_test(files_of_eval_results_add_theirs),
        cmocka_unit_test(a_card_without_front_matter_omits_everything),
        cmocka_unit_test(a_card_of_a_million_results_keeps_a_hundred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
