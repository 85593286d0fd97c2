/* What looks like a credential in a server's words. */
#include "base/secret_text.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const struct {
    const char *text, *kept;
} row[] = {
    { "Authorization: Bearer abc", "Authorization: Bearer ****" }, /* R1 */
    { "https://u:p@h/v1?key=z", "https://****@h/v1?****" },        /* R1 */
    { "{\"headers\":{\"x-api-key\":\"k1\",\"a\":1}}", "{\"headers\":{\"x-api-key\":\"****\",\"a\":1}}" },
    { "{\"message\":\"sent {\\\"api_key\\\": \\\"k1\\\"} to us\"}", "{\"message\":\"sent {\\\"api_key\\\": \\\"****\\\"} to us\"}" },
    { "proxy-authorization=Basic dTpw, retry", "proxy-authorization=Basic ****, retry" },
    { "HF_TOKEN=abc password: hunter2; cookie: a=b", "HF_TOKEN=**** password: ****; cookie: ****" },
    { "Incorrect API key provided: sk-proj-12345678. See", "Incorrect API key provided: sk-**** See" },
    { "token hf_abcdefghijkl is not allowed", "token hf_**** is not allowed" },
    { "got 'Bearer 0123abcd'", "got 'Bearer ****'" },
    { "see http:\\/\\/u:p@h\\/x?y=1\"", "see http:\\/\\/****@h\\/x?****\"" },
    { "GET http://h/a?b=c and http://h/d", "GET http://h/a?**** and http://h/d" },
    { "mail a@b.example at http://h/@me", "mail a@b.example at http://h/@me" },
    /* prose and numbers stay */
    { "max_tokens: 5 is too large", "max_tokens: 5 is too large" },
    { "Unexpected token: < at 7", "Unexpected token: < at 7" },
    { "bearer authentication failed", "bearer authentication failed" },
    { "the api key is missing", "the api key is missing" },
    { "Please try again in 6s (sk-1)", "Please try again in 6s (sk-1)" },
    { "is it so?", "is it so?" },
    { "secret: ****", "secret: ****" },
    { "", "" },
};

static void what_looks_like_a_credential_is_taken_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        (void)strbuf_addstr(&text, row[i].text);
        secret_text_redact(&text);
        assert_string_equal(text.buf, row[i].kept);
        secret_text_redact(&text); /* nothing is left to take out */
        assert_string_equal(text.buf, row[i].kept);
    }
}

static void json_stays_json(void **state)
{
    (void)state;
    static const char body[] =
        "{\"error\":{\"message\":\"for https:\\/\\/u:p@h\\/v1?k=\\\"z\\\" Authorization: Bearer \\\"x\\\"\",\"code\":null}}";
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    struct error e;
    (void)strbuf_addstr(&text, body);
    secret_text_redact(&text);
    CLEANUP(json_freep) cJSON *tree = json_parse(text.buf, text.len, &e);
    assert_non_null(tree);
    assert_null(strstr(text.buf, "u:p"));
}

static void a_text_at_its_ceiling_is_cut(void **state)
{
    (void)state;
    struct strbuf text;
    strbuf_init(&text, 20);
    (void)strbuf_addstr(&text, "cookie: a, cookie: b");
    assert_int_equal(text.len, 20);
    secret_text_redact(&text);
    assert_true(text.len <= 20);
    assert_false(text.overflow);
    assert_null(strstr(text.buf, ": b"));
    strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_looks_like_a_credential_is_taken_out),
        cmocka_unit_test(json_stays_json),
        cmocka_unit_test(a_text_at_its_ceiling_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
