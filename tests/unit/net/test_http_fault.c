/* How transfers end when they do not end well. */
#include "http_fixture.h"
#include "net/http_fault.h"

#include <curl/curl.h>
#include <poll.h>
#include <sched.h>

/* ---- The peer misbehaves ------------------------------------------------------------------------------------------- */

static bool close_without_a_byte(struct script_exchange *x)
{
    script_read_body(x);
    return false;
}

static bool reset_without_a_byte(struct script_exchange *x)
{
    script_read_body(x);
    script_reset(x);
    return false;
}

static bool cut_the_body(struct script_exchange *x)
{
    script_read_body(x);
    script_say(x, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
    return false;
}

static bool cut_a_chunk(struct script_exchange *x)
{
    script_read_body(x);
    script_say(x, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"half\":\r\n");
    return false;
}

static bool talk_nonsense(struct script_exchange *x)
{
    script_read_body(x);
    script_say(x, "220 mail.example ESMTP ready\r\n");
    return false;
}

static bool send_broken_gzip(struct script_exchange *x)
{
    script_read_body(x);
    script_answer(x, "200 OK", "Content-Encoding: gzip\r\n", "this is not gzip at all");
    return true;
}

static void each_misbehaviour_has_its_fault(void **state)
{
    static const struct {
        script_fn *fn;
        enum http_fault fault;
        int status;
        const char *body;
    } row[] = {
        { close_without_a_byte, HTTP_FAULT_EMPTY, 0, "" },       { reset_without_a_byte, HTTP_FAULT_RECV, 0, "" },
        { cut_the_body, HTTP_FAULT_PARTIAL, 200, "{\"half\":" }, { cut_a_chunk, HTTP_FAULT_PARTIAL, 200, "{\"half\":" },
        { talk_nonsense, HTTP_FAULT_PROTOCOL, 0, "" },           { send_broken_gzip, HTTP_FAULT_PROTOCOL, 200, "" },
    };
    struct http_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        http_serve(f, row[i].fn);
        struct http_reply r = http_post(f, "{}");
        assert_int_equal(r.fault, row[i].fault);
        assert_int_equal(r.status, row[i].status);
        assert_string_equal(r.body.buf, row[i].body);
        assert_true(r.detail[0] != '\0');
        assert_true(r.done_us >= r.start_us);
        assert_true((r.first_byte_us != 0) == (r.status != 0));
        assert_int_equal(atomic_load(&f->server.requests), 1); /* no silent second try */
        http_reply_release(&r);
        script_stop(&f->server);
        f->serving = false;
    }
}

static bool stall(struct script_exchange *x)
{
    script_read_body(x);
    http_reached(x);
    script_wait_at_gate(x);
    return false;
}

static bool stall_in_the_body(struct script_exchange *x)
{
    script_read_body(x);
    script_say(x, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    http_reached(x);
    script_wait_at_gate(x);
    return false;
}

static void a_stalled_reply_ends_at_the_timeout(void **state)
{
    static script_fn *const script[] = { stall, stall_in_the_body };
    struct http_fixture *f = *state;
    f->route.timeout_us = 150 * 1000;

    for (size_t i = 0; i < ARRAY_LEN(script); i++) {
        http_serve(f, script[i]);
        struct http_reply r = http_post(f, "{}");
        assert_int_equal(r.fault, HTTP_FAULT_TIMEOUT);
        assert_true(r.done_us - r.start_us >= f->route.timeout_us);
        http_reply_release(&r);
        script_stop(&f->server);
        f->serving = false;
    }
}

/* A slow one that never ends: a byte every few milliseconds, until the client leaves. */
static bool trickle_without_end(struct script_exchange *x)
{
    struct pollfd peer = { .fd = x->fd, .events = POLLIN };
    script_read_body(x);
    script_say(x, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    for (int i = 0; i < 10000 && poll(&peer, 1, 5) == 0; i++)
        script_say(x, "x");
    return false;
}

static void a_reply_that_trickles_ends_at_the_timeout(void **state)
{
    struct http_fixture *f = *state;
    f->route.timeout_us = 200 * 1000;
    http_serve(f, trickle_without_end);

    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_TIMEOUT);
    assert_int_equal(r.status, 200);
    http_reply_release(&r);
}

/* ---- No peer ------------------------------------------------------------------------------------------------------- */

static struct http_reply get(struct http_fixture *f, const char *url)
{
    const struct http_request request = { .method = "GET", .url = url };
    return http_ask(f, &request);
}

static void a_refused_connection_is_a_connect_fault(void **state)
{
    struct http_fixture *f = *state;
    char url[64];
    int port, fd = script_bind(false, &port); /* bound, so nobody else gets the port, and not listening */
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);

    struct http_reply r = get(f, url);

    assert_int_equal(r.fault, HTTP_FAULT_CONNECT);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.first_byte_us, 0);
    assert_int_equal(r.sent_bytes, 0);
    http_reply_release(&r);
    (void)close(fd);
}

static bool refuse_as_a_proxy(struct script_exchange *x)
{
    script_answer(x, "403 Forbidden", "", "not through me");
    return false;
}

static bool ask_for_a_password_as_a_proxy(struct script_exchange *x)
{
    script_answer(x, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"\r\n", "who?");
    return false;
}

/* What a proxy says is not a reply of the endpoint, and a proxy learns no more than the endpoint's name. */
static void a_proxy_that_refuses_is_a_fault_and_learns_no_secret(void **state)
{
    static script_fn *const script[] = { refuse_as_a_proxy, ask_for_a_password_as_a_proxy };
    struct http_fixture *f = *state;
    const struct http_header header[] = { { "Authorization", "Bearer test-key-123" }, { "X-HF-Bill-To", "test-org" } };
    const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };

    for (size_t i = 0; i < ARRAY_LEN(script); i++) {
        http_serve(f, script[i]);
        assert_int_equal(setenv("https_proxy", f->server.url, 1), 0);
        const struct http_request request = { "POST", "https://elsewhere.invalid/v1", header, 2, part, 1 };
        struct http_reply r = http_ask(f, &request);
        unsetenv("https_proxy");

        assert_int_equal(r.fault, HTTP_FAULT_CONNECT);
        assert_int_equal(r.status, 0);
        assert_int_equal(r.body.len, 0);
        assert_non_null(strstr(r.detail, i == 0 ? "403" : "407"));
        struct script_seen seen = script_seen_at(&f->server, 0);
        assert_non_null(strstr(seen.head, "CONNECT elsewhere.invalid:443 "));
        assert_null(strcasestr(seen.head, "test-key"));
        assert_null(strcasestr(seen.head, "test-org"));
        http_reply_release(&r);
        script_stop(&f->server);
        f->serving = false;
    }
}

static void an_unknown_name_is_a_dns_fault(void **state)
{
    /* A label of more than 63 characters cannot exist, so the resolver need not ask the network. */
    struct http_fixture *f = *state;

    struct http_reply r = get(f, "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid/");

    assert_int_equal(r.fault, HTTP_FAULT_DNS);
    assert_non_null(strstr(r.detail, "invalid"));
    http_reply_release(&r);
}

static void details_do_not_tell_the_secret(void **state)
{
    struct http_fixture *f = *state;
    f->route.secret = "test-key-123";

    struct http_reply r = get(f, "http://test-key-123aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid/");

    assert_int_equal(r.fault, HTTP_FAULT_DNS);
    assert_null(strstr(r.detail, "test-key-123"));
    assert_non_null(strstr(r.detail, "****"));
    http_reply_release(&r);
}

/* ---- Refused before it was read ------------------------------------------------------------------------------------ */

static bool refuse_early(struct script_exchange *x)
{
    script_answer(x, "413 Payload Too Large", "Connection: close\r\n", "{\"error\":\"too large\"}");
    (void)shutdown(x->fd, SHUT_WR);
    script_drain(x); /* as a careful server does, so that no reset overtakes the answer */
    return false;
}

static bool refuse_early_and_read_nothing(struct script_exchange *x)
{
    script_answer(x, "413 Payload Too Large", "", "{\"error\":\"too large\"}");
    script_wait_at_gate(x);
    return false;
}

static void an_early_413_is_a_whole_reply(void **state)
{
    static script_fn *const script[] = { refuse_early, refuse_early_and_read_nothing };
    enum { BYTES = 24 * 1024 * 1024 };
    struct http_fixture *f = *state;
    CLEANUP(cleanup_free) void *bytes = xcalloc(1, BYTES);
    const struct http_part part[] = { { HTTP_PART_BASE64, bytes, BYTES, "sha256:x" } };

    for (size_t i = 0; i < ARRAY_LEN(script); i++) {
        http_serve(f, script[i]);
        const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };
        struct http_reply r = http_ask(f, &request);
        assert_int_equal(r.fault, HTTP_FAULT_NONE);
        assert_int_equal(r.status, 413);
        assert_string_equal(r.body.buf, "{\"error\":\"too large\"}");
        assert_true(r.sent_bytes < BYTES);
        assert_int_equal(atomic_load(&f->server.requests), 1);
        http_reply_release(&r);
        script_stop(&f->server);
        f->serving = false;
    }
}

static bool refuse_rudely(struct script_exchange *x)
{
    script_say(x, "HTTP/1.1 413 Payload Too Large\r\n\r\ntoo large");
    script_reset(x);
    return false;
}

static void an_early_413_that_a_reset_overtakes_is_never_a_success(void **state)
{
    enum { BYTES = 24 * 1024 * 1024 };
    struct http_fixture *f = *state;
    CLEANUP(cleanup_free) void *bytes = xcalloc(1, BYTES);
    const struct http_part part[] = { { HTTP_PART_BASE64, bytes, BYTES, "sha256:x" } };
    http_serve(f, refuse_rudely);
    const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };

    struct http_reply r = http_ask(f, &request);

    /* Which of the two the kernel lets through first is its choice. */
    if (r.fault == HTTP_FAULT_NONE)
        assert_int_equal(r.status, 413);
    else
        assert_true(r.fault == HTTP_FAULT_SEND || r.fault == HTTP_FAULT_RECV);
    http_reply_release(&r);
}

static bool answer_early_and_read_nothing(struct script_exchange *x)
{
    script_answer(x, "200 OK", "", "{\"whole\":true}");
    script_wait_at_gate(x);
    return false;
}

static bool answer_early_and_reset(struct script_exchange *x)
{
    struct http_fixture *f = x->arg;
    script_answer(x, "200 OK", "", "{\"whole\":true}");
    while (atomic_load(&f->reached) == 0) /* the client has the answer before the reset can overtake it */
        sched_yield();
    script_reset(x);
    return false;
}

static bool begin_an_answer_and_read_nothing(struct script_exchange *x)
{
    script_say(x, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
    script_wait_at_gate(x);
    return false;
}

/* A sink would tell when bytes are there, but takes them: it only counts, and has them collected. */
static enum http_sink_verdict count_and_collect(void *fixture, const struct http_reply *head, const void *bytes, size_t len)
{
    struct http_fixture *f = fixture;
    (void)head, (void)bytes, (void)len;
    atomic_fetch_add(&f->reached, 1);
    return HTTP_SINK_COLLECT;
}

static void an_early_answer_is_whole_when_it_is_as_long_as_it_said(void **state)
{
    static const struct {
        script_fn *fn;
        int64_t timeout_us;
        enum http_fault fault;
        const char *body;
    } row[] = {
        { answer_early_and_read_nothing, 200 * 1000, HTTP_FAULT_NONE, "{\"whole\":true}" },
        { answer_early_and_reset, 20 * 1000000, HTTP_FAULT_NONE, "{\"whole\":true}" },
        { begin_an_answer_and_read_nothing, 200 * 1000, HTTP_FAULT_TIMEOUT, "{\"half\":" },
    };
    enum { BYTES = 24 * 1024 * 1024 };
    struct http_fixture *f = *state;
    CLEANUP(cleanup_free) void *bytes = xcalloc(1, BYTES);
    const struct http_part part[] = { { HTTP_PART_BASE64, bytes, BYTES, "sha256:x" } };
    const struct http_sink sink = { count_and_collect, f };

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        atomic_store(&f->reached, 0);
        f->route.timeout_us = row[i].timeout_us;
        http_serve(f, row[i].fn);
        const struct http_request request = { "POST", f->server.url, NULL, 0, part, 1 };
        struct error e = { 0 };
        assert_int_equal(http_client_start_to(f->client, &request, &f->route, &sink, NULL, &e), OK);
        struct http_reply r = http_await(f, NULL);
        assert_int_equal(r.fault, row[i].fault);
        assert_int_equal(r.status, 200);
        assert_string_equal(r.body.buf, row[i].body);
        assert_true(r.sent_bytes < BYTES);
        assert_int_equal(atomic_load(&f->server.requests), 1);
        http_reply_release(&r);
        script_stop(&f->server);
        f->serving = false;
    }
}

/* ---- We end it ----------------------------------------------------------------------------------------------------- */

static void begin_several(struct http_fixture *f, int count)
{
    static const struct http_part part[] = { { HTTP_PART_TEXT, "{}", 2, NULL } };
    static char url[64]; /* outlives the transfers, as http.h asks */
    (void)snprintf(url, sizeof url, "%s", f->server.url);
    static struct http_request request;
    request = (struct http_request){ "POST", url, NULL, 0, part, 1 };
    for (int i = 0; i < count; i++)
        http_begin(f, &request, f);
}

static void abort_ends_everything_as_cancelled(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, stall);
    begin_several(f, 5);
    http_await_reached(f, 5);
    begin_several(f, 2); /* these have not even left */

    http_client_abort(f->client);

    assert_int_equal(http_client_active(f->client), 0);
    void *user;
    struct http_reply r;
    int count = 0;
    while (http_client_take(f->client, &user, &r)) {
        assert_int_equal(r.fault, HTTP_FAULT_CANCELLED);
        assert_string_equal(r.detail, "cancelled");
        assert_ptr_equal(user, f);
        http_reply_release(&r);
        count++;
    }
    assert_int_equal(count, 7);
}

static void a_client_works_on_after_an_abort(void **state)
{
    struct http_fixture *f = *state;
    http_serve(f, stall);
    begin_several(f, 3);
    http_await_reached(f, 3);
    http_client_abort(f->client);
    for (int i = 0; i < 3; i++) {
        struct http_reply r = http_await(f, NULL);
        http_reply_release(&r);
    }
    script_stop(&f->server);

    http_serve(f, close_without_a_byte);
    struct http_reply r = http_post(f, "{}");

    assert_int_equal(r.fault, HTTP_FAULT_EMPTY);
    http_reply_release(&r);
}

static void a_client_can_be_freed_with_transfers_under_way(void **state)
{
    struct http_fixture *f = *state; /* the teardown frees it; the leak checker watches */
    http_serve(f, stall_in_the_body);
    begin_several(f, 4);
    http_await_reached(f, 4);
    begin_several(f, 2);

    assert_int_equal(http_client_active(f->client), 6);
}

static bool answer_ok(struct script_exchange *x)
{
    script_read_body(x);
    script_answer(x, "200 OK", "X-A: 1\r\n", "{\"untaken\":true}");
    return true;
}

static void a_client_can_be_freed_with_replies_nobody_took(void **state)
{
    struct http_fixture *f = *state;
    struct error e = { 0 };
    http_serve(f, answer_ok);
    begin_several(f, 4);

    while (http_client_active(f->client))
        assert_int_equal(http_client_wait(f->client, INT64_MAX, &e), OK);
}

/* ---- The table ----------------------------------------------------------------------------------------------------- */

static void every_result_of_libcurl_has_a_meaning(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum http_fault fault;
    } row[] = {
        { 0, HTTP_FAULT_NONE },      { 1, HTTP_FAULT_PROTOCOL },   { 5, HTTP_FAULT_DNS },          { 6, HTTP_FAULT_DNS },
        { 7, HTTP_FAULT_CONNECT },   { 8, HTTP_FAULT_PROTOCOL },   { 16, HTTP_FAULT_PROTOCOL },    { 18, HTTP_FAULT_PARTIAL },
        { 28, HTTP_FAULT_TIMEOUT },  { 35, HTTP_FAULT_TLS },       { 42, HTTP_FAULT_CANCELLED },   { 52, HTTP_FAULT_EMPTY },
        { 55, HTTP_FAULT_SEND },     { 56, HTTP_FAULT_RECV },      { 58, HTTP_FAULT_CERTIFICATE }, { 60, HTTP_FAULT_CERTIFICATE },
        { 61, HTTP_FAULT_PROTOCOL }, { 63, HTTP_FAULT_TOO_LARGE }, { 65, HTTP_FAULT_SEND },        { 77, HTTP_FAULT_CERTIFICATE },
        { 92, HTTP_FAULT_PROTOCOL }, { 97, HTTP_FAULT_CONNECT },   { 2, HTTP_FAULT_OTHER },        { 999, HTTP_FAULT_OTHER },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        assert_int_equal(http_fault_of_curl(row[i].code), row[i].fault);
}

#define NET_TEST(name) cmocka_unit_test_setup_teardown(name, http_setup, http_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        NET_TEST(each_misbehaviour_has_its_fault),
        NET_TEST(a_stalled_reply_ends_at_the_timeout),
        NET_TEST(a_reply_that_trickles_ends_at_the_timeout),
        NET_TEST(a_refused_connection_is_a_connect_fault),
        NET_TEST(a_proxy_that_refuses_is_a_fault_and_learns_no_secret),
        NET_TEST(an_unknown_name_is_a_dns_fault),
        NET_TEST(details_do_not_tell_the_secret),
        NET_TEST(an_early_413_is_a_whole_reply),
        NET_TEST(an_early_413_that_a_reset_overtakes_is_never_a_success),
        NET_TEST(an_early_answer_is_whole_when_it_is_as_long_as_it_said),
        NET_TEST(abort_ends_everything_as_cancelled),
        NET_TEST(a_client_works_on_after_an_abort),
        NET_TEST(a_client_can_be_freed_with_transfers_under_way),
        NET_TEST(a_client_can_be_freed_with_replies_nobody_took),
        cmocka_unit_test(every_result_of_libcurl_has_a_meaning),
    };
    return cmocka_run_group_tests(tests, http_group_setup, http_group_teardown);
}
