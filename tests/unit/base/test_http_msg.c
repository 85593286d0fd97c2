#include "base/http_msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_fault_has_its_own_name(void **state)
{
    (void)state;
    for (int i = HTTP_FAULT_NONE; i <= HTTP_FAULT_OTHER; i++) {
        assert_non_null(http_fault_name((enum http_fault)i));
        for (int j = HTTP_FAULT_NONE; j < i; j++)
            assert_string_not_equal(http_fault_name((enum http_fault)i), http_fault_name((enum http_fault)j));
    }
    assert_string_equal(http_fault_name((enum http_fault)999), "other");
    for (int i = 0; i <= HTTP_FAULT_OTHER; i++)
        assert_int_equal(http_fault_parse(http_fault_name((enum http_fault)i)), i);
    assert_int_equal(http_fault_parse("nonsense"), HTTP_FAULT_OTHER);
}

static void headers_are_found_by_whole_names(void **state)
{
    (void)state;
    struct http_reply r = HTTP_REPLY_INIT;
    (void)strbuf_addstr(&r.headers, "retry-after-ms: 20\nretry-after:  7\nx-empty:\nretry-after: 9\nlast: z");
    static const struct {
        const char *name, *value;
    } row[] = {
        { "retry-after", "7" }, { "retry-after-ms", "20" }, { "x-empty", "" }, { "last", "z" }, { "retry", NULL }, { "after", NULL }
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
        assert_int_equal(http_reply_header(&r, row[i].name, &value), row[i].value != NULL);
        assert_string_equal(value.buf, row[i].value ? row[i].value : "");
    }
    http_reply_release(&r);
    CLEANUP(strbuf_release) struct strbuf value = STRBUF_INIT;
    assert_false(http_reply_header(&r, "last", &value));
}

static void the_body_counts_encoded_bytes_and_elides_images(void **state)
{
    (void)state;
    static const struct http_part part[] = {
        { .kind = HTTP_PART_TEXT, .bytes = "{\"url\":\"", .len = 8 },
        { .kind = HTTP_PART_BASE64, .bytes = "0123456", .len = 7, .label = "sha256:ab" },
        { .kind = HTTP_PART_TEXT, .bytes = "\"}", .len = 2 },
    };
    const struct http_request request = { .method = "POST", .part = part, .part_count = ARRAY_LEN(part) };
    assert_int_equal(http_request_body_len(&request), 8 + 12 + 2);
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    http_request_elided(&request, &text);
    assert_string_equal(text.buf, "{\"url\":\"sha256:ab\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_has_its_own_name),
        cmocka_unit_test(headers_are_found_by_whole_names),
        cmocka_unit_test(the_body_counts_encoded_bytes_and_elides_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
