/* What leaves: bytes, headers, connections. */
#include "base/base64.h"
#include "base/clock.h"
#include "http_fixture.h"
#include "net/http_easy.h"

enum { KIB = 1024 };

static bool answer_ok(struct script_exchange *x)
{
    script_read_body(x);
    script_answer(x, "200 OK", "", "{}");
    return true;
}

/* ---- Bodies -------------------------------------------------------------------------------------------------------- */

static unsigned char *some_bytes(size_t len)
{
    unsigned char *bytes = xmalloc(len + 1);
    uint32_t x = 12345;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525u + 1013904223u;
        bytes[i] = (unsigned char)(x >> 24);
    }
    return bytes;
}

static char *expected_body(const struct http_part *part, size_t count, size_t *ret_len)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        bool encoded = part[i].kind == HTTP_PART_BASE64;
        size_t len = encoded ? base64_encoded_len(part[i].len) : part[i].len;
        char *to = strbuf_reserve(&out, len + 1);
        if (encoded)
            base64_encode(part[i].bytes, part[i].len, to);
        else
            memcpy(to, part[i].bytes, len);
        strbuf_commit(&out, len);
    }
    return strbuf_detach(&out, ret_len);
}

static void assert_arrived(struct http_fixture *f, int index, const struct http_part *part, size_t count)
{
    size_t len;
    CLEANUP(cleanup_free) char *want = expected_body(part, count, &len);
    struct script_seen seen = script_seen_at(&f->server, index);
    char field[64];

    assert_int_equal(seen.body_len, len);
    assert_memory_equal(seen.body, want, len);
    (void)snprintf(field, sizeof field, "\r\nContent-Length: %zu\r\n", len);
    assert_non_null(strstr(seen.head, field));
}

static void bodies_of_every_size_arrive_byte_for_byte(void **state)
{
    /* one piece up to 60 KiB, then streamed through buffers of 64 to 512 KiB; each length with all remainders mod 3 */
    static const size_t size[] = { 0,     1,     2,      3,      45000,  46076,  46077,  46078, 46079,
                                   46080, 65536, 150000, 150001, 150002, 700000, 700001, 700002 };
    struct http_fixture *f = *state;
    http_serve(f, answer_ok);

    for (size_t i = 0; i < ARRAY_LEN(size); i++) {
        CLEANUP(cleanup_free) unsigned char *bytes = some_bytes(size[i]);
        const struct http_part part[] = { { HTTP_PART_TEXT, "{\"i\":\"", 6, NULL },
                                          { HTTP_PART_BASE64, bytes, size[i], "sha256:x" },
                                          { HTTP_PART_TEXT, "\"}", 2, NULL } };
        const struct http_request request = { "POST", f->server.url, NULL, 0, part, 3 };

        struct http_reply r = http_ask(f, &request);

        assert_int_equal(r.fault, HTTP_FAULT_NONE);
        assert_int_equal(r.sent_bytes, 8 + base64_encoded_len(size[i]));
        assert_arrived(f, (int)i, part, 3);
        http_reply_release(&r);
    }
}

static void several_images_arrive_in_one_body(void **state)
{
    struct http_fixture *f = *state;
    CLEANUP(cleanup_free) unsigned char *bytes = some_bytes(300000);
    const struct http_part part[] = { { HTTP_PART_TEXT, "[", 1, NULL },        { HTTP_PART_BASE64, bytes, 100001, "a" },
                                      { HTTP_PART_TEXT, ",", 1, NULL },        { HTTP_PART_BASE64, bytes + 7, 77777, "b" },
                                      { HTTP_PART_BASE64, bytes, 0, "c" },     { HTTP_PART_TEXT, "", 0, NULL },
                                      { HTTP_PART_BASE64, bytes + 9, 1, "d" }, { HTTP_PART_TEXT, bytes, 200000, NULL },
                                      { HTTP_PART_BASE64, bytes, 299999, "e" } };
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, ARRAY_LEN(part) };
    http_serve(f, answer_ok);

    struct http_reply r = http_ask(f, &request);

    assert_int_equal(r.fault, HTTP_FAULT_NONE);
    assert_arrived(f, 0, part, ARRAY_LEN(part));
    http_reply_release(&r);
}

static void a_second_start_of_a_request_sends_the_same_bytes(void **state)
{
    static const size_t size[] = { 1000, 150001 };
    struct http_fixture *f = *state;
    http_serve(f, answer_ok);

    for (size_t i = 0; i < ARRAY_LEN(size); i++) {
        CLEANUP(cleanup_free) unsigned char *bytes = some_bytes(size[i]);
        const struct http_part part[] = { { HTTP_PART_TEXT, "x", 1, NULL }, { HTTP_PART_BASE64, bytes, size[i], "a" } };
        const struct http_request request = { "POST", f->server.url, NULL, 0, part, 2 };
        for (int n = 0; n < 2; n++) {
            struct http_reply r = http_ask(f, &request);
            assert_int_equal(r.fault, HTTP_FAULT_NONE);
            assert_arrived(f, (int)i * 2 + n, part, 2);
            http_reply_release(&r);
        }
    }
}

/* Answers the first request of the first connection and hangs up on the second, after reading it. */
static bool hang_up_on_the_second(struct script_exchange *x)
{
    script_read_body(x);
    if (x->connection == 1 && x->request == 2)
        return false;
    script_answer(x, "200 OK", "", "{}");
    return true;
}

static void a_request_on_a_dead_connection_is_sent_again_and_says_so(void **state)
{
    static const size_t size[] = { 100, 150001 }; /* in one piece, and streamed: rewound */

    for (size_t i = 0; i < ARRAY_LEN(size); i++) {
        struct http_fixture *f = *state;
        CLEANUP(cleanup_free) unsigned char *bytes = some_bytes(size[i]);
        const struct http_part part[] = { { HTTP_PART_BASE64, bytes, size[i], "a" } };
        const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };
        http_serve(f, hang_up_on_the_second);

        struct http_reply first = http_ask(f, &request), second = http_ask(f, &request);

        assert_false(first.resent);
        assert_int_equal(second.fault, HTTP_FAULT_NONE);
        assert_int_equal(second.status, 200);
        assert_true(second.resent);
        assert_int_equal(atomic_load(&f->server.connections), 2);
        assert_arrived(f, 1, part, 1);
        assert_arrived(f, 2, part, 1);
        http_reply_release(&first);
        http_reply_release(&second);
        script_stop(&f->server);
        f->serving = false;
    }
}

/* Every connection is good for one request, though nothing says so. */
static bool hang_up_on_every_second(struct script_exchange *x)
{
    script_read_body(x);
    if (x->request == 2)
        return false;
    script_answer(x, "200 OK", "", "{}");
    return true;
}

static void a_server_that_always_hangs_up_is_still_answered_by_the_twentieth_request(void **state)
{
    struct http_fixture *f = *state;
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    http_serve(f, hang_up_on_every_second);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    for (int n = 0; n < 20; n++) {
        struct http_reply r = http_ask(f, &request);

        assert_int_equal(r.fault, HTTP_FAULT_NONE);
        assert_int_equal(r.status, 200);
        http_reply_release(&r);
    }
    assert_int_equal(atomic_load(&f->server.connections), 20);
}

static void upload_buffers_follow_the_body_within_bounds(void **state)
{
    (void)state;
    assert_int_equal(http_easy_upload_bytes(0, 0), 16 * KIB);
    assert_int_equal(http_easy_upload_bytes(HTTP_WHOLE_BODY_BYTES, 0), 16 * KIB);
    assert_int_equal(http_easy_upload_bytes(HTTP_WHOLE_BODY_BYTES + 1, 0), 64 * KIB);
    assert_int_equal(http_easy_upload_bytes(200008, 0), 128 * KIB);
    assert_int_equal(http_easy_upload_bytes(30000000, 0), 128 * KIB);
    assert_int_equal(http_easy_upload_bytes(200008, (size_t)128 * KIB * KIB), 16 * KIB);
}

/* ---- Headers ------------------------------------------------------------------------------------------------------- */

static void headers_are_ours_and_no_others(void **state)
{
    struct http_fixture *f = *state;
    const struct http_header header[] = { { "Content-Type", "application/json" },
                                          { "Accept", "application/json" },
                                          { "Authorization", "Bearer test-key-123" },
                                          { "X-Empty", "" } };
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    char url[128], want[512];
    http_serve(f, answer_ok);
    (void)snprintf(url, sizeof url, "%s/v1/chat/completions?a=b", f->server.url);
    const struct http_request request = { "POST", url, header, 4, part, 1 };

    struct http_reply r = http_ask(f, &request);

    struct script_seen seen = script_seen_at(&f->server, 0);
    (void)snprintf(want, sizeof want,
                   "POST /v1/chat/completions?a=b HTTP/1.1\r\nHost: %s\r\nUser-Agent: gauntlet-test\r\nAccept-Encoding: ",
                   f->server.url + strlen("http://"));
    assert_memory_equal(seen.head, want, strlen(want));
    const char *rest = strstr(strstr(seen.head, "Accept-Encoding: "), "\r\n");
    assert_string_equal(rest, "\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
                              "Authorization: Bearer test-key-123\r\nX-Empty:\r\nContent-Length: 2\r\n\r\n");
    http_reply_release(&r);
}

static void a_large_body_does_not_wait_for_100_continue(void **state)
{
    struct http_fixture *f = *state;
    CLEANUP(cleanup_free) unsigned char *bytes = some_bytes(2000000);
    const struct http_part part[] = { { HTTP_PART_BASE64, bytes, 2000000, "a" } };
    http_serve(f, answer_ok);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    struct http_reply r = http_ask(f, &request);

    struct script_seen seen = script_seen_at(&f->server, 0);
    assert_int_equal(r.status, 200);
    assert_null(strcasestr(seen.head, "expect"));
    assert_null(strcasestr(seen.head, "content-type")); /* none was asked for */
    http_reply_release(&r);
}

static void methods_can_alternate_on_one_connection(void **state)
{
    struct http_fixture *f = *state;
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    http_serve(f, answer_ok);
    const struct {
        const char *method;
        size_t part_count;
        const char *line;
    } row[] = { { "POST", 1, "POST / " }, { "GET", 0, "GET / " },   { "DELETE", 0, "DELETE / " }, { "PUT", 1, "PUT / " },
                { "POST", 0, "POST / " }, { "HEAD", 0, "HEAD / " }, { "GET", 0, "GET / " },       { "POST", 1, "POST / " } };

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const struct http_request request = { row[i].method, f->server.url, NULL, 0, part, row[i].part_count };
        struct http_reply r = http_ask(f, &request);
        struct script_seen seen = script_seen_at(&f->server, (int)i);
        assert_int_equal(r.status, 200);
        assert_memory_equal(seen.head, row[i].line, strlen(row[i].line));
        assert_int_equal(seen.body_len, row[i].part_count ? 2 : 0);
        assert_int_equal(r.body.len, strcmp(row[i].method, "HEAD") == 0 ? 0 : 2);
        http_reply_release(&r);
    }
}

static void what_must_not_be_sent_is_refused_at_the_start(void **state)
{
    struct http_fixture *f = *state;
    const struct http_header split = { "X-A", "1\r\nX-Injected: 2" }, colon = { "X-A: 1\nX-B", "2" }, nameless = { "", "x" };
    const struct {
        struct http_request request;
        bool allow_plain;
        const char *says;
    } row[] = {
        { { "POST", "ftp://127.0.0.1/", NULL, 0, NULL, 0 }, true, "https://" },
        { { "POST", "file:///etc/passwd", NULL, 0, NULL, 0 }, true, "https://" },
        { { "POST", "http://127.0.0.1/", NULL, 0, NULL, 0 }, false, "plain http" },
        { { "POST", "http://", NULL, 0, NULL, 0 }, true, "URL" },
        { { "POST", "no scheme", NULL, 0, NULL, 0 }, true, "URL" },
        { { "POST", "http://127.0.0.1:99999/", NULL, 0, NULL, 0 }, true, "URL" },
        { { "POST", "http://127.0.0.1/", &split, 1, NULL, 0 }, true, "line end" },
        { { "POST", "http://127.0.0.1/", &colon, 1, NULL, 0 }, true, "line end" },
        { { "POST", "http://127.0.0.1/", &nameless, 1, NULL, 0 }, true, "empty" },
        { { "A-METHOD-OF-EXCESSIVE-LENGTH", "http://127.0.0.1/", NULL, 0, NULL, 0 }, true, "method" },
    };

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct error e = { 0 };
        struct http_reply reply;
        void *user;
        f->route.allow_plain = row[i].allow_plain;
        assert_int_equal(http_client_start(f->client, &row[i].request, &f->route, NULL, &e), ERR_INVALID);
        assert_non_null(strstr(e.msg, row[i].says));
        assert_int_equal(http_client_active(f->client), 0);
        assert_false(http_client_take(f->client, &user, &reply));
    }
}

/* ---- Connections --------------------------------------------------------------------------------------------------- */

static void connections_are_kept_and_reused(void **state)
{
    enum { WIDTH = 64, ROUNDS = 3 };
    struct http_fixture *f = *state;
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    int tag[WIDTH], back[WIDTH];
    http_serve(f, answer_ok);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    for (int round = 0; round < ROUNDS; round++) {
        memset(back, 0, sizeof back);
        for (int i = 0; i < WIDTH; i++)
            http_begin(f, &request, &tag[i]);
        assert_int_equal(http_client_active(f->client), WIDTH);
        for (int i = 0; i < WIDTH; i++) {
            void *user;
            struct http_reply r = http_await(f, &user);
            assert_int_equal(r.fault, HTTP_FAULT_NONE);
            assert_false(r.resent);
            back[(int *)user - tag]++;
            http_reply_release(&r);
        }
        for (int i = 0; i < WIDTH; i++)
            assert_int_equal(back[i], 1);
        assert_int_equal(http_client_active(f->client), 0);
    }
    assert_int_equal(atomic_load(&f->server.requests), WIDTH * ROUNDS);
    assert_int_equal(atomic_load(&f->server.connections), WIDTH);
}

static bool answer_at_the_gate(struct script_exchange *x)
{
    script_read_body(x);
    http_reached(x);
    script_wait_at_gate(x);
    script_answer(x, "200 OK", "", "{}");
    return true;
}

static void all_max_connections_can_be_busy_at_once(void **state)
{
    enum { WIDTH = 200 }; /* more than one lane holds; the client may have 256 */
    struct http_fixture *f = *state;
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    http_serve(f, answer_at_the_gate);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    for (int i = 0; i < WIDTH; i++)
        http_begin(f, &request, NULL);
    http_await_reached(f, WIDTH);
    script_open_gate(&f->server);

    for (int i = 0; i < WIDTH; i++) {
        struct http_reply r = http_await(f, NULL);
        assert_int_equal(r.status, 200);
        http_reply_release(&r);
    }
    assert_int_equal(atomic_load(&f->server.connections), WIDTH);
}

static void more_transfers_than_connections_take_turns(void **state)
{
    struct http_fixture *f = *state;
    struct http_client_options options = http_fixture_options;
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    options.max_connections = 2;
    http_client_free(f->client);
    f->client = http_fixture_client(&options);
    http_serve(f, answer_ok);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    for (int i = 0; i < 9; i++)
        http_begin(f, &request, NULL);
    for (int i = 0; i < 9; i++) {
        struct http_reply r = http_await(f, NULL);
        assert_int_equal(r.status, 200);
        http_reply_release(&r);
    }

    assert_int_equal(atomic_load(&f->server.connections), 2);
}

static bool answer_and_hang_up(struct script_exchange *x)
{
    script_read_body(x);
    script_answer(x, "200 OK", "Connection: close\r\n", "{}");
    return false;
}

static void a_connection_that_the_server_closes_is_replaced(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, answer_and_hang_up);

    for (int i = 0; i < 5; i++) {
        struct http_reply r = http_post(f, "{}");
        assert_int_equal(r.status, 200);
        assert_false(r.resent);
        http_reply_release(&r);
    }

    assert_int_equal(atomic_load(&f->server.connections), 5);
}

static void loopback_never_goes_through_a_proxy(void **state)
{
    struct http_fixture *f = *state;
    char url[64];
    int port, nobody = script_bind(false, &port);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", port);
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    http_serve(f, answer_ok);

    assert_int_equal(setenv("http_proxy", url, 1), 0);
    assert_int_equal(setenv("no_proxy", "proxied.invalid", 1), 0);
    http_client_free(f->client);
    f->client = http_fixture_client(&http_fixture_options);
    struct http_reply direct = http_post(f, "{}");
    const struct http_request request = { "POST", "http://elsewhere.invalid/", NULL, 0, part, 1 };
    struct http_reply proxied = http_ask(f, &request);
    unsetenv("http_proxy");
    unsetenv("no_proxy");

    assert_int_equal(direct.status, 200);
    assert_int_equal(proxied.fault, HTTP_FAULT_CONNECT); /* to the proxy: the name was not even looked up */
    http_reply_release(&direct);
    http_reply_release(&proxied);
    (void)close(nobody);
}

static void routes_do_not_mix_their_settings(void **state)
{
    struct http_fixture *f = *state;
    struct http_route strict = f->route;
    strict.allow_plain = false;
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    struct error e = { 0 };
    http_serve(f, answer_ok);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    for (int i = 0; i < 3; i++) {
        struct http_reply r = http_ask(f, &request);
        assert_int_equal(r.status, 200);
        http_reply_release(&r);
        assert_int_equal(http_client_start(f->client, &request, &strict, NULL, &e), ERR_INVALID);
    }
}

/* ---- Waiting ------------------------------------------------------------------------------------------------------- */

static void waiting_ends_at_its_deadline(void **state)
{
    struct http_fixture *f = *state;
    struct error e = { 0 };
    int64_t deadline_us = clock_mono_us(&clock_real) + 2000;

    assert_int_equal(http_client_wait(f->client, 0, &e), OK);
    assert_int_equal(http_client_wait(f->client, deadline_us, &e), OK);

    assert_true(clock_mono_us(&clock_real) >= deadline_us);
}

static void *wake_it(void *client)
{
    http_client_wake(client);
    return NULL;
}

static void waiting_ends_when_another_thread_wakes_it(void **state)
{
    struct http_fixture *f = *state;
    struct error e = { 0 };
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, wake_it, f->client), 0);
    assert_int_equal(http_client_wait(f->client, INT64_MAX, &e), OK);
    pthread_join(thread, NULL);

    http_client_wake(f->client); /* before the wait: it must not be lost */
    http_client_wake(f->client);
    assert_int_equal(http_client_wait(f->client, INT64_MAX, &e), OK);
}

#define NET_TEST(name) cmocka_unit_test_setup_teardown(name, http_setup, http_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(bodies_of_every_size_arrive_byte_for_byte),
        NET_TEST(several_images_arrive_in_one_body),
        NET_TEST(a_second_start_of_a_request_sends_the_same_bytes),
        NET_TEST(a_request_on_a_dead_connection_is_sent_again_and_says_so),
        NET_TEST(a_server_that_always_hangs_up_is_still_answered_by_the_twentieth_request),
        NET_TEST(upload_buffers_follow_the_body_within_bounds),
        NET_TEST(headers_are_ours_and_no_others),
        NET_TEST(a_large_body_does_not_wait_for_100_continue),
        NET_TEST(methods_can_alternate_on_one_connection),
        NET_TEST(what_must_not_be_sent_is_refused_at_the_start),
        NET_TEST(connections_are_kept_and_reused),
        NET_TEST(all_max_connections_can_be_busy_at_once),
        NET_TEST(more_transfers_than_connections_take_turns),
        NET_TEST(a_connection_that_the_server_closes_is_replaced),
        NET_TEST(loopback_never_goes_through_a_proxy),
        NET_TEST(routes_do_not_mix_their_settings),
        NET_TEST(waiting_ends_at_its_deadline),
        NET_TEST(waiting_ends_when_another_thread_wakes_it),
    };
    return cmocka_run_group_tests(tests, http_group_setup, http_group_teardown);
}
