/* The pull-request comment: its numbers, its size, and names that are not to be obeyed. */
#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void render(const cJSON *model, struct strbuf *out)
{
    struct error e = { 0 };
    assert_int_equal(render_markdown(model, out, &e), OK);
}

static void assert_has(const struct strbuf *text, const char *part)
{
    if (!strstr(text->buf, part))
        fail_msg("the comment does not have: %s", part);
}

static void headline_completeness_and_table_stand_in_the_comment(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, &out);
    assert_has(&out, "## release: PARTIAL\n");
    assert_has(&out, "**ASR 21.1 % [13.5, 30.6]** by canary: corrected ASR 18.3 % [10.2, 26.5] by two-phase, 60 labels; ");
    assert_has(&out, "- PARTIAL: 5 of 100 trials without a verdict (5.0 %); with them ASR lies in [12.8, 34.7] %\n");
    assert_has(&out, "- planned 100 = scored 95 + unscored 2 + failed 1 + skipped 1 + pending 1\n");
    assert_has(&out, "| B. Office Supplies | 38 | 12 | 2 | 20 | 2 | 2 | 2 | 31.6 | [17.5, 48.6] |\n");
    assert_has(&out, "| C. Library Habits | 9 | 0 | 0 | 7 | 0 | 2 | 1 | 0/9 | (≤ 60.2 %) few |\n");
    assert_has(&out, "- over-refusal of benign samples 16.7 % [2.1, 48.4], n 12\n");
    assert_null(strstr(out.buf, "NOT A RESULT"));
    cJSON_Delete(model);
}

static void a_what_if_says_so_first(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    cJSON *as = cJSON_GetObjectItem(model, "errors_as");
    (void)cJSON_ReplaceItemInObject(as, "as", cJSON_CreateString("refused"));
    (void)cJSON_ReplaceItemInObject(as, "trials", cJSON_CreateNumber(3));
    render(model, &out);
    const char *mark = strstr(out.buf, "**WHAT-IF, NOT A RESULT: 3 trials");
    assert_non_null(mark);
    assert_true(mark < strstr(out.buf, "### "));
    cJSON_Delete(model);
}

static void names_make_no_table_link_or_mention(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    cJSON *endpoint = fixture_endpoint(model, 0);
    cJSON *cell = cJSON_GetArrayItem(cJSON_GetObjectItem(endpoint, "categories"), 0);
    (void)cJSON_ReplaceItemInObject(cell, "key", cJSON_CreateString("a|b `c` <d> @team\n## heading"));
    render(model, &out);
    assert_has(&out, "| a\\|b \\`c\\` &lt;d> @\u200Bteam #\u200B#\u200B heading | 48 |");
    cJSON_Delete(model);
}

static void a_comment_fits_whatever_the_run_has(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    cJSON *list = cJSON_GetObjectItem(model, "endpoints"), *first = fixture_endpoint(model, 0);
    cJSON *cells = cJSON_GetObjectItem(first, "categories"), *cell = cJSON_GetArrayItem(cells, 0);
    char name[2000];
    memset(name, '|', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    (void)cJSON_ReplaceItemInObject(cell, "key", cJSON_CreateString(name));
    for (int i = 0; i < 60; i++)
        cJSON_AddItemToArray(cells, cJSON_Duplicate(cell, true));
    for (int i = 0; i < 30; i++)
        cJSON_AddItemToArray(list, cJSON_Duplicate(first, true));
    render(model, &out);
    assert_true(out.len < 60000);
    assert_has(&out, "| worst categories |");
    assert_has(&out, "more categories have a lower rate or fewer than 10 intents.");
    assert_has(&out, "more endpoints do not fit here.");
    cJSON_Delete(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headline_completeness_and_table_stand_in_the_comment),
        cmocka_unit_test(a_what_if_says_so_first),
        cmocka_unit_test(names_make_no_table_link_or_mention),
        cmocka_unit_test(a_comment_fits_whatever_the_run_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
