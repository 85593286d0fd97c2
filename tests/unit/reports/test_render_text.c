#include "report_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void render(const cJSON *model, struct text_style style, struct strbuf *out)
{
    struct error e = { 0 };
    assert_int_equal(render_text(model, &style, out, &e), OK);
}

static void the_table_is_as_the_golden_file_has_it(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf expected = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, (struct text_style){ .unicode = true, .columns = 100 }, &out);
    fixture_read("two_endpoints.txt", &expected);
    assert_string_equal(out.buf, expected.buf);
    cJSON_Delete(model);
}

static void a_terminal_without_unicode_gets_ascii_only(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, (struct text_style){ .unicode = false, .columns = 80 }, &out);
    for (size_t i = 0; i < out.len; i++)
        assert_true((unsigned char)out.buf[i] < 0x80);
    assert_non_null(strstr(out.buf, "0/9"));
    assert_non_null(strstr(out.buf, "(<= 60.2 %)"));
    cJSON_Delete(model);
}

static void colour_is_bold_for_the_last_row_only(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    render(model, (struct text_style){ .color = true, .unicode = true, .columns = 100 }, &out);
    const char *first = strstr(out.buf, "\033[1m");
    assert_non_null(first);
    assert_memory_equal(first + 4, "all ", 4);
    assert_null(strstr(out.buf, "\033[1mA."));
    cJSON_Delete(model);
}

static void hostile_names_do_not_reach_the_terminal(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    cJSON *model = fixture_model();
    cJSON *endpoint = fixture_endpoint(model, 0);
    cJSON *cell = cJSON_GetArrayItem(cJSON_GetObjectItem(endpoint, "categories"), 0);
    cJSON *error = cJSON_GetArrayItem(cJSON_GetObjectItem(endpoint, "errors"), 0);
    (void)cJSON_SetValuestring(cJSON_GetObjectItem(cell, "key"), "\033]0;t\aA\033[2J");
    (void)cJSON_ReplaceItemInObject(endpoint, "name",
                                    cJSON_CreateString("\033[31mcandi\ndate\x9b"
                                                       "2J\177"));
    (void)cJSON_ReplaceItemInObject(error, "message", cJSON_CreateString("\r\033[2KALL PASSED\b"));
    render(model, (struct text_style){ .unicode = true, .columns = 100 }, &out);
    for (size_t i = 0; i < out.len; i++)
        assert_true(out.buf[i] == '\n' || ((unsigned char)out.buf[i] >= 0x20 && out.buf[i] != 0x7f));
    cJSON_Delete(model);
}

static void who_answered_is_said_unless_it_is_who_was_asked(void **state)
{
    (void)state;
    static const struct {
        const char *asked, *providers, *line; /* line NULL = none */
        bool mixed;
    } table[] = {
        { "novita", "[{\"name\":\"Novita\",\"answers\":9,\"apart\":0}]", NULL, false },
        { "novita", "[{\"name\":null,\"answers\":9,\"apart\":0}]", NULL, false },
        { "novita", "[]", NULL, false },
        { NULL, "[{\"name\":\"novita\",\"answers\":1200,\"apart\":0}]", "answered by: novita 1,200\n", false },
        { "novita", "[{\"name\":\"novita\",\"answers\":7,\"apart\":0},{\"name\":\"groq\",\"answers\":2,\"apart\":2}]",
          "answered by: novita 7, groq 2 kept apart\n", false },
        { "fastest", "[{\"name\":\"a\\u001b[2J\",\"answers\":7,\"apart\":0},{\"name\":null,\"answers\":2,\"apart\":0}]",
          ", 2 not named   mixed routes: the rates are of several systems\n", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        cJSON *model = fixture_model();
        cJSON *endpoint = fixture_endpoint(model, 0);
        cJSON_DeleteItemFromObject(endpoint, "provider");
        if (table[i].asked)
            (void)cJSON_AddStringToObject(endpoint, "provider", table[i].asked);
        (void)cJSON_AddItemToObject(endpoint, "providers", cJSON_Parse(table[i].providers));
        (void)cJSON_AddBoolToObject(endpoint, "mixed_routes", table[i].mixed);
        render(model, (struct text_style){ .unicode = true, .columns = 100 }, &out);
        if (table[i].line)
            assert_non_null(strstr(out.buf, table[i].line));
        else
            assert_null(strstr(out.buf, "answered by"));
        assert_null(strchr(out.buf, '\033'));
        cJSON_Delete(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_as_the_golden_file_has_it),
        cmocka_unit_test(a_terminal_without_unicode_gets_ascii_only),
        cmocka_unit_test(colour_is_bold_for_the_last_row_only),
        cmocka_unit_test(hostile_names_do_not_reach_the_terminal),
        cmocka_unit_test(who_answered_is_said_unless_it_is_who_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
