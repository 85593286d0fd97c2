#include "view/view_exchange.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void bytes_that_are_no_utf8_do_not_leave(void **state)
{
    (void)state;
    struct view_reply r;
    view_reply_init(&r);
    cJSON *document = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(document, "text",
                                  "a\xff"
                                  "b\xe2\x80\xae</script>");
    view_reply_json(&r, document);

    assert_string_equal(r.body.buf, "{\"text\":\"a\xef\xbf\xbd"
                                    "b\xe2\x80\xae</script>\"}\n");
    assert_string_equal(r.type, "application/json"); /* with nosniff, and a policy under which nothing runs */
    assert_int_equal(r.policy, POLICY_NOTHING);
    view_reply_release(&r);
}

static void an_error_takes_the_place_of_what_was_there(void **state)
{
    (void)state;
    static const struct {
        enum err code;
        int status;
    } rows[] = { { ERR_NOT_FOUND, 404 }, { ERR_INVALID, 400 }, { ERR_SYNTAX, 400 }, { ERR_DB, 500 }, { ERR_IO, 500 } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view_reply r;
        struct error e = { .code = rows[i].code, .msg = "a \"word\"\xff" };
        view_reply_init(&r);
        (void)strbuf_addstr(&r.body, "half of a page");
        r.policy = POLICY_APP;
        view_reply_fail(&r, &e);

        assert_int_equal(r.status, rows[i].status);
        assert_int_equal(r.policy, POLICY_NOTHING);
        assert_string_equal(r.body.buf, "{\"schema_version\":1,\"error\":\"a \\\"word\\\"\xef\xbf\xbd\"}\n");
        view_reply_release(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_that_are_no_utf8_do_not_leave),
        cmocka_unit_test(an_error_takes_the_place_of_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
