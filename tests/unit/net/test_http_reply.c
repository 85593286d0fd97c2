/* What arrives, whatever way the server sends it. */
#include "http_fixture.h"

#include <zlib.h>

enum { MIB = 1024 * 1024 };

static bool answer_plainly(struct script_exchange *x)
{
    script_read_body(x);
    script_answer(x, "200 OK", "Content-Type: application/json\r\nX-Request-ID:  abc \r\n", "{\"ok\":1}");
    return true;
}

static void a_plain_answer_arrives_with_lower_case_headers(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_plainly);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.http_version, 11);
    assert_string_equal(r.body.buf, "{\"ok\":1}");
    assert_string_equal(r.headers.buf, "content-length: 8\ncontent-type: application/json\nx-request-id: abc\n");
    assert_string_equal(r.detail, "");
    assert_int_equal(r.sent_bytes, 2);
    assert_false(r.resent);
    http_reply_release(&r);
}

static void times_are_in_order(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_plainly);

    struct http_reply r = http_post(f, "{}");

    assert_true(r.start_us > 0);
    assert_true(r.start_us <= r.first_byte_us);
    assert_true(r.first_byte_us <= r.done_us);
    http_reply_release(&r);
}

static bool answer_in_single_bytes(struct script_exchange *x)
{
    script_read_body(x);
    script_dribble(x, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello");
    return true;
}

static void split_writes_make_the_same_reply(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_in_single_bytes);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_string_equal(r.body.buf, "hello");
    assert_string_equal(r.headers.buf, "content-length: 5\nx-a: 1\n");
    http_reply_release(&r);
}

static bool answer_chunked(struct script_exchange *x)
{
    script_read_body(x);
    script_say(x, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "5\r\nhello\r\n1\r\n \r\n5;ext=1\r\nworld\r\n0\r\nX-Trailer: late\r\n\r\n");
    return true;
}

static void chunks_are_joined_and_trailers_are_not_headers(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_chunked);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_string_equal(r.body.buf, "hello world");
    assert_string_equal(r.headers.buf, "transfer-encoding: chunked\n");
    http_reply_release(&r);
}

static bool answer_until_close(struct script_exchange *x)
{
    script_read_body(x);
    script_say(x, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>busy</html>");
    return false;
}

static void a_page_that_ends_with_the_connection_is_whole(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_until_close);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.http_version, 10);
    assert_string_equal(r.body.buf, "<html>busy</html>");
    http_reply_release(&r);
}

static bool answer_continue_first(struct script_exchange *x)
{
    script_say(x, "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
    script_read_body(x);
    script_answer(x, "200 OK", "X-Final: 1\r\n", "ok");
    return true;
}

static void only_the_final_header_block_is_recorded(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_continue_first);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.status, 200);
    assert_string_equal(r.headers.buf, "content-length: 2\nx-final: 1\n");
    http_reply_release(&r);
}

static bool answer_gzip(struct script_exchange *x)
{
    char text[64 * 1024];
    memset(text, 'z', sizeof text);
    unsigned char packed[4096];
    z_stream z = { .next_in = (unsigned char *)text, .avail_in = sizeof text, .next_out = packed, .avail_out = sizeof packed };

    script_read_body(x);
    script_must(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK, "deflateInit2");
    int repeats = x->head.len && strstr(x->head.buf, "/bomb ") ? 64 : 1;
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    for (int i = 0; i < repeats; i++) {
        z.next_in = (unsigned char *)text;
        z.avail_in = sizeof text;
        do {
            z.next_out = packed;
            z.avail_out = sizeof packed;
            (void)deflate(&z, i + 1 == repeats ? Z_FINISH : Z_NO_FLUSH);
            (void)strbuf_add(&out, packed, sizeof packed - z.avail_out);
        } while (z.avail_out == 0);
    }
    (void)deflateEnd(&z);
    script_answer_bytes(x, "200 OK", "Content-Encoding: gzip\r\n", out.buf, out.len);
    return true;
}

static struct http_reply get(struct http_fixture *f, const char *path)
{
    char url[128];
    (void)snprintf(url, sizeof url, "%s%s", f->server.url, path);
    const struct http_request request = { .method = "GET", .url = url };
    return http_ask(f, &request);
}

static void a_compressed_body_is_decoded(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_gzip);

    struct http_reply r = get(f, "/small");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.body.len, 64 * 1024);
    for (size_t i = 0; i < r.body.len; i++)
        assert_int_equal(r.body.buf[i], 'z');
    http_reply_release(&r);
}

static void the_ceiling_counts_decoded_bytes(void **state)
{
    struct http_fixture *f = *state; /* its ceiling is 1 MiB; the page holds 4 MiB in a few KiB */
    http_serve(f, answer_gzip);

    struct http_reply r = get(f, "/bomb");

    assert_int_equal(r.fault, HTTP_FAULT_TOO_LARGE);
    assert_true(r.body.len <= MIB);
    assert_non_null(strstr(r.detail, "1048576"));
    http_reply_release(&r);
}

/* 100 MiB of known or unknown length; stops when the client hangs up. */
static bool answer_endlessly(struct script_exchange *x)
{
    static const char block[64 * 1024];
    bool chunked = strstr(x->head.buf, "/chunked ") != NULL;
    script_say(x, "HTTP/1.1 200 OK\r\n");
    script_say(x, chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 104857600\r\n\r\n");
    for (int i = 0; i < 1600; i++) {
        if (chunked)
            script_say(x, "10000\r\n");
        if (send(x->fd, block, sizeof block, MSG_NOSIGNAL) <= 0)
            break;
        if (chunked)
            script_say(x, "\r\n");
        struct http_fixture *f = x->arg;
        atomic_fetch_add(&f->reached, 1);
    }
    return false;
}

static void a_huge_reply_ends_at_the_ceiling(void **state)
{
    static const char *const path[] = { "/chunked", "/known" };
    struct http_fixture *f = *state;
    http_serve(f, answer_endlessly);

    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        struct http_reply r = get(f, path[i]);
        assert_int_equal(r.fault, HTTP_FAULT_TOO_LARGE);
        assert_int_equal(r.status, 200);
        assert_true(r.body.len <= MIB);
        http_reply_release(&r);
        (void)script_seen_at(&f->server, (int)i);
    }
    assert_true(atomic_load(&f->reached) < 1600); /* nobody took the 200 MiB: the connection was closed */
}

static bool answer_with_many_headers(struct script_exchange *x)
{
    bool one_line = strstr(x->head.buf, "/line ") != NULL;
    script_say(x, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 4000; i++)
        script_say(x, one_line ? (i ? "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" : "X-Flood: ") : "X-Flood: yyyyyyyyyyyyyyyyyyyyyyyy\r\n");
    script_say(x, "\r\nContent-Length: 0\r\n\r\n");
    return false;
}

static void a_header_flood_ends_at_the_ceiling(void **state)
{
    static const char *const path[] = { "/lines", "/line" };
    struct http_fixture *f = *state;
    http_serve(f, answer_with_many_headers);

    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        struct http_reply r = get(f, path[i]);
        assert_int_equal(r.fault, HTTP_FAULT_TOO_LARGE);
        assert_true(r.headers.len <= http_fixture_options.max_header_bytes);
        assert_non_null(strstr(r.detail, "headers"));
        http_reply_release(&r);
    }
}

static bool answer_with_secrets(struct script_exchange *x)
{
    script_read_body(x);
    script_answer(x, "401 Unauthorized",
                  "Set-Cookie: session=very-private; Path=/\r\n"
                  "SET-COOKIE: other=also-private\r\n"
                  " folded=still-private\r\n"
                  "X-Echo: Bearer test-key-123, again test-key-123test-key-123\r\n"
                  "X-After: kept\r\n",
                  "{}");
    return true;
}

static void secrets_and_cookies_are_not_recorded(void **state)
{
    struct http_fixture *f = *state;
    f->route.secret = "test-key-123";
    http_serve(f, answer_with_secrets);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.status, 401);
    assert_string_equal(r.headers.buf, "content-length: 2\nset-cookie: ****\nset-cookie: ****\n"
                                       "x-echo: Bearer ****, again ********\nx-after: kept\n");
    http_reply_release(&r);
}

static bool redirect(struct script_exchange *x)
{
    char headers[128];
    script_read_body(x);
    struct http_fixture *f = x->arg;
    (void)snprintf(headers, sizeof headers, "Location: %s/elsewhere\r\n", f->server.url);
    static const char *const status[] = { "301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent" };
    script_answer(x, status[x->request - 1], headers, "");
    return true;
}

static void redirects_are_reported_and_never_followed(void **state)
{
    static const int status[] = { 301, 302, 303, 307, 308 };
    struct http_fixture *f = *state;
    http_serve(f, redirect);

    for (size_t i = 0; i < ARRAY_LEN(status); i++) {
        struct http_reply r = http_post(f, "{}");
        assert_int_equal(r.fault, HTTP_FAULT_NONE);
        assert_int_equal(r.status, status[i]);
        http_reply_release(&r);
    }
    assert_int_equal(atomic_load(&f->server.requests), 5);
}

static bool answer_204(struct script_exchange *x)
{
    script_say(x, "HTTP/1.1 204 No Content\r\n\r\n");
    return true;
}

static void a_reply_without_a_body_is_whole(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_204);

    struct http_reply r = get(f, "/");

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_int_equal(r.status, 204);
    assert_int_equal(r.body.len, 0);
    assert_string_equal(r.headers.buf, "");
    assert_true(r.first_byte_us > 0);
    http_reply_release(&r);
}

static bool answer_binary(struct script_exchange *x)
{
    script_read_body(x);
    script_answer_bytes(x, "200 OK", "", "a\0b\xff\r\n", 6);
    return true;
}

static void bytes_arrive_as_they_are(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_binary);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.body.len, 6);
    assert_memory_equal(r.body.buf, "a\0b\xff\r\n", 6);
    http_reply_release(&r);
}

#define NET_TEST(name) cmocka_unit_test_setup_teardown(name, http_setup, http_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(a_plain_answer_arrives_with_lower_case_headers),
        NET_TEST(times_are_in_order),
        NET_TEST(split_writes_make_the_same_reply),
        NET_TEST(chunks_are_joined_and_trailers_are_not_headers),
        NET_TEST(a_page_that_ends_with_the_connection_is_whole),
        NET_TEST(only_the_final_header_block_is_recorded),
        NET_TEST(a_compressed_body_is_decoded),
        NET_TEST(the_ceiling_counts_decoded_bytes),
        NET_TEST(a_huge_reply_ends_at_the_ceiling),
        NET_TEST(a_header_flood_ends_at_the_ceiling),
        NET_TEST(secrets_and_cookies_are_not_recorded),
        NET_TEST(redirects_are_reported_and_never_followed),
        NET_TEST(a_reply_without_a_body_is_whole),
        NET_TEST(bytes_arrive_as_they_are),
    };
    return cmocka_run_group_tests(tests, http_group_setup, http_group_teardown);
}
