/* Bodies that go to a sink instead of memory. */
#include "http_fixture.h"

enum { LARGE = 5 * 1024 * 1024 }; /* five times what the fixture's client would hold */

struct basin {
    size_t len;
    int status;
    uint64_t sum;
    char etag[20];
    enum http_sink_verdict verdict;
};

static enum http_sink_verdict pour(void *context, const struct http_reply *head, const void *bytes, size_t len)
{
    struct basin *b = context;
    const unsigned char *byte = bytes;
    CLEANUP(strbuf_release) struct strbuf etag = STRBUF_INIT;
    if (b->len == 0 && http_reply_header(head, "etag", &etag))
        (void)snprintf(b->etag, sizeof(b->etag), "%s", etag.buf);
    b->status = head->status;
    b->len += len;
    for (size_t i = 0; i < len; i++)
        b->sum += byte[i];
    return b->verdict;
}

static struct http_reply ask_into(struct http_fixture *f, struct basin *b)
{
    const struct http_request request = { .method = "GET", .url = f->server.url };
    const struct http_sink sink = { .write = pour, .context = b };
    struct error e;
    if (http_client_start_to(f->client, &request, &f->route, &sink, NULL, &e) != OK)
        fail_msg("%s", e.msg);
    return http_await(f, NULL);
}

static bool answer_largely(struct script_exchange *x)
{
    char *body = xcalloc(1, LARGE);
    memset(body, 1, LARGE);
    script_answer_bytes(x, "206 Partial Content", "ETag: \"a\"\r\n", body, LARGE);
    free(body);
    return true;
}

static void a_body_of_any_size_passes_with_its_status_and_headers(void **state)
{
    struct http_fixture *f = *state;
    struct basin b = { .verdict = HTTP_SINK_TAKEN };
    http_serve(f, answer_largely);

    struct http_reply r = ask_into(f, &b);

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.status, 206);
    assert_int_equal(r.body.len, 0);
    assert_int_equal(b.len, LARGE);
    assert_int_equal(b.sum, LARGE);
    assert_int_equal(b.status, 206);
    assert_string_equal(b.etag, "\"a\"");
    http_reply_release(&r);
}

static bool answer_encoded(struct script_exchange *x)
{
    script_answer(x, "200 OK", "Content-Encoding: gzip\r\n", "not gzip at all");
    return true;
}

static void nothing_is_asked_to_be_compressed_and_nothing_decoded(void **state)
{
    struct http_fixture *f = *state;
    struct basin b = { .verdict = HTTP_SINK_TAKEN };
    http_serve(f, answer_encoded);

    struct http_reply r = ask_into(f, &b);

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(b.len, strlen("not gzip at all"));
    assert_null(strcasestr(script_seen_at(&f->server, 0).head, "accept-encoding"));
    http_reply_release(&r);
}

static bool answer_shortly(struct script_exchange *x)
{
    script_answer(x, "404 Not Found", "", "{\"error\":\"gone\"}");
    return true;
}

static void a_sink_may_leave_the_body_to_be_collected(void **state)
{
    struct http_fixture *f = *state;
    struct basin b = { .verdict = HTTP_SINK_COLLECT };
    http_serve(f, answer_shortly);

    struct http_reply r = ask_into(f, &b);

    assert_int_equal(r.status, 404);
    assert_int_equal(b.status, 404);
    assert_string_equal(r.body.buf, "{\"error\":\"gone\"}");
    http_reply_release(&r);
}

static void what_is_collected_keeps_its_ceiling(void **state)
{
    struct http_fixture *f = *state;
    struct basin b = { .verdict = HTTP_SINK_COLLECT };
    http_serve(f, answer_largely);

    struct http_reply r = ask_into(f, &b);

    assert_int_equal(r.fault, HTTP_FAULT_TOO_LARGE);
    http_reply_release(&r);
}

static void a_sink_can_end_the_transfer(void **state)
{
    struct http_fixture *f = *state;
    struct basin b = { .verdict = HTTP_SINK_STOP };
    http_serve(f, answer_largely);

    struct http_reply r = ask_into(f, &b);

    assert_int_equal(r.fault, HTTP_FAULT_CANCELLED);
    assert_true(b.len > 0 && b.len < LARGE);
    http_reply_release(&r);
}

static void the_same_handle_collects_again_afterwards(void **state)
{
    struct http_fixture *f = *state;
    struct basin b = { .verdict = HTTP_SINK_TAKEN };
    const struct http_request request = { .method = "GET", .url = NULL };
    http_serve(f, answer_largely);

    struct http_reply r = ask_into(f, &b);
    http_reply_release(&r);
    struct http_request again = request;
    again.url = f->server.url;
    r = http_ask(f, &again);

    assert_int_equal(r.fault, HTTP_FAULT_TOO_LARGE); /* the ceiling is back */
    assert_non_null(strcasestr(script_seen_at(&f->server, 1).head, "accept-encoding"));
    http_reply_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_body_of_any_size_passes_with_its_status_and_headers, http_setup, http_teardown),
        cmocka_unit_test_setup_teardown(nothing_is_asked_to_be_compressed_and_nothing_decoded, http_setup, http_teardown),
        cmocka_unit_test_setup_teardown(a_sink_may_leave_the_body_to_be_collected, http_setup, http_teardown),
        cmocka_unit_test_setup_teardown(what_is_collected_keeps_its_ceiling, http_setup, http_teardown),
        cmocka_unit_test_setup_teardown(a_sink_can_end_the_transfer, http_setup, http_teardown),
        cmocka_unit_test_setup_teardown(the_same_handle_collects_again_afterwards, http_setup, http_teardown),
    };
    return cmocka_run_group_tests(tests, http_group_setup, http_group_teardown);
}
