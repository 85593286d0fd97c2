#include "reply_case.h"

#include "provider/error_body.h"
#include "provider/reply_json.h"

struct shape {
    const char *name, *headers, *body;
    const char *message, *type, *code, *param;
    int64_t number;
    double estimated_time_s;
};

static void read_shape(const struct shape *s, struct arena *a, struct error_body *ret)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    bool repaired = false;
    (void)strbuf_addstr(&reply.headers, s->headers ? s->headers : "");
    (void)strbuf_addstr(&reply.body, s->body);
    cJSON *root = reply_json_parse(reply.body.buf, reply.body.len, &repaired);
    error_body_read(&reply, root, NULL, NULL, a, ret);
    cJSON_Delete(root);
    http_reply_release(&reply);
}

static void every_shape_gives_message_type_code_and_param(void **state)
{
    (void)state;
    static const struct shape table[] = {
        { "OpenAI", NULL, "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}}", "m", "t", "c", "p", -1, -1 },
        { "int code", NULL, "{\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":null,\"code\":503}}", "m", "t", "503", "", 503, -1 },
        { "code as text", NULL, "{\"error\":{\"message\":\"m\",\"code\":\"1301\"}}", "m", "", "1301", "", 1301, -1 },
        { "string", NULL, "{\"error\":\"m\"}", "m", "", "", "", -1, -1 },
        { "TGI", NULL, "{\"error\":\"m\",\"error_type\":\"validation\"}", "m", "validation", "", "", -1, -1 },
        { "loading", NULL, "{\"error\":\"m\",\"estimated_time\":42.5}", "m", "", "", "", -1, 42.5 },
        { "list", NULL, "{\"error\":[\"a\",\"b\"]}", "a; b", "", "", "", -1, -1 },
        { "errors", NULL, "{\"errors\":[{\"message\":\"a\"},{\"message\":\"b\"}]}", "a; b", "", "", "", -1, -1 },
        { "description", NULL, "{\"error\":\"invalid_token\",\"error_description\":\"d\"}", "invalid_token; d", "", "", "", -1, -1 },
        { "header", "x-error-message: Access denied\n", "", "Access denied", "", "", "", -1, -1 },
        { "flat", NULL, "{\"object\":\"error\",\"message\":\"m\",\"type\":\"t\",\"param\":\"p\",\"code\":400}", "m", "t", "400", "p", 400,
          -1 },
        { "message", NULL, "{\"message\":\"m\"}", "m", "", "", "", -1, -1 },
        { "detail", NULL, "{\"detail\":\"m\"}", "m", "", "", "", -1, -1 },
        { "FastAPI", NULL,
          "{\"detail\":[{\"loc\":[\"body\",\"messages\",0],\"msg\":\"Field required\",\"type\":\"missing\"},{\"msg\":\"x\"}]}",
          "body.messages.0: Field required; x", "", "", "", -1, -1 },
        { "problem+json", NULL, "{\"type\":\"about:blank\",\"title\":\"Bad\",\"status\":400,\"detail\":\"m\"}", "m", "about:blank", "", "",
          -1, -1 },
        { "problem+json, title only", NULL, "{\"title\":\"Bad\",\"status\":400}", "Bad", "", "", "", -1, -1 },
        { "OpenRouter", NULL, "{\"error\":{\"code\":502,\"message\":\"Provider returned error\",\"metadata\":{\"raw\":\"upstream\"}}}",
          "Provider returned error; upstream", "", "502", "", 502, -1 },
        { "Google", NULL, "[{\"error\":{\"code\":400,\"message\":\"m\"}}]", "m", "", "400", "", 400, -1 },
        { "said twice", NULL, "{\"error\":\"Unauthorized\",\"message\":\"Unauthorized\"}", "Unauthorized", "", "", "", -1, -1 },
        { "without words", NULL, "{\"error\":{\"reason\":7}}", "{\"reason\":7}", "", "", "", -1, -1 },
        { "nothing", NULL, "{}", "", "", "", "", -1, -1 },
        { "JSON string", NULL, "\"m\"", "m", "", "", "", -1, -1 },
        { "text", NULL, "  upstream connect error\n", "upstream connect error", "", "", "", -1, -1 },
        { "HTML", NULL, "<html><title> 502 Bad\n</title></html>", "an HTML page: 502 Bad", "", "", "", -1, -1 },
        { "HTML without a title", NULL, "<p>no", "an HTML page", "", "", "", -1, -1 },
        { "negative time", NULL, "{\"error\":\"m\",\"estimated_time\":-1}", "m", "", "", "", -1, -1 },
        { "huge code", NULL, "{\"error\":{\"message\":\"m\",\"code\":1e300}}", "m", "", "", "", -1, -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct arena a = ARENA_INIT;
        struct error_body b;
        read_shape(&table[i], &a, &b);
        case_same(table[i].name, "message", b.message, table[i].message);
        case_same(table[i].name, "type", b.type, table[i].type);
        case_same(table[i].name, "code", b.code, table[i].code);
        case_same(table[i].name, "param", b.param, table[i].param);
        case_number(table[i].name, "number", b.number, table[i].number);
        case_number(table[i].name, "estimated_time", (int64_t)(b.estimated_time_s * 10), (int64_t)(table[i].estimated_time_s * 10));
        arena_release(&a);
    }
}

static void long_message_is_clipped_at_a_character(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct error_body b;
    struct strbuf body = STRBUF_INIT;
    (void)strbuf_addch(&body, 'x');
    for (int i = 0; i < 3000; i++)
        (void)strbuf_addstr(&body, "\xC3\xA9");
    const struct shape s = { .name = "long", .body = body.buf };

    read_shape(&s, &a, &b);

    assert_int_equal(strlen(b.message), 1999); /* one more byte would be half of an é */
    assert_memory_equal(b.message + 1997, "\xC3\xA9", 3);
    strbuf_release(&body);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_gives_message_type_code_and_param),
        cmocka_unit_test(long_message_is_clipped_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
