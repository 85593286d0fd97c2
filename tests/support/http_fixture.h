/*
 * http_fixture - a scripted server and a client of ours, for the tests of net.
 *
 * http_setup/http_teardown are for cmocka; a test then calls script_start itself through http_serve.
 */
#ifndef TESTS_HTTP_FIXTURE_H
#define TESTS_HTTP_FIXTURE_H

#include "net/http.h"
#include "script_server.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct http_fixture {
    struct script_server server;
    bool serving;
    struct http_client *client;
    struct http_route route;
    atomic_int reached; /* scripts count here when they got as far as the test waits for */
};

static const struct http_client_options http_fixture_options = {
    .max_connections = 256, .max_response_bytes = 1024 * 1024, .max_header_bytes = 16 * 1024, .user_agent = "gauntlet-test"
};

static inline struct http_client *http_fixture_client(const struct http_client_options *options)
{
    struct http_client *c = NULL;
    struct error e = { 0 };
    assert_int_equal(http_client_new(options, &c, &e), OK);
    return c;
}

static inline int http_setup(void **state)
{
    struct http_fixture *f = xcalloc(1, sizeof *f);
    f->client = http_fixture_client(&http_fixture_options);
    f->route = (struct http_route){ .tls_verify = true, .http_version = 11, .timeout_us = 60 * 1000000, .allow_plain = true };
    *state = f;
    return 0;
}

static inline int http_teardown(void **state)
{
    struct http_fixture *f = *state;
    http_client_free(f->client);
    if (f->serving)
        script_stop(&f->server);
    free(f);
    return 0;
}

static inline int http_group_setup(void **state)
{
    (void)state;
    return http_global_init(NULL) == OK ? 0 : -1;
}

static inline int http_group_teardown(void **state)
{
    (void)state;
    http_global_cleanup();
    return 0;
}

/* Scripts get the fixture as their arg. */
static inline void http_serve(struct http_fixture *f, script_fn *fn)
{
    script_start(&f->server, fn, f);
    f->serving = true;
}

/* For scripts: the test's http_await_reached(f, n) returns once this was called n times. */
static inline void http_reached(struct script_exchange *x)
{
    struct http_fixture *f = x->arg;
    atomic_fetch_add(&f->reached, 1);
    http_client_wake(f->client);
}

static inline void http_await_reached(struct http_fixture *f, int times)
{
    struct error e = { 0 };
    while (atomic_load(&f->reached) < times)
        assert_int_equal(http_client_wait(f->client, INT64_MAX, &e), OK);
}

static inline void http_begin(struct http_fixture *f, const struct http_request *request, void *user)
{
    struct error e = { 0 };
    if (http_client_start(f->client, request, &f->route, user, &e) != OK)
        fail_msg("http_client_start: %s", e.msg);
}

/* Waits for one reply; release it. */
static inline struct http_reply http_await(struct http_fixture *f, void **ret_user)
{
    struct http_reply reply = HTTP_REPLY_INIT;
    void *user = NULL;
    struct error e = { 0 };
    while (!http_client_take(f->client, &user, &reply))
        assert_int_equal(http_client_wait(f->client, INT64_MAX, &e), OK);
    if (ret_user)
        *ret_user = user;
    return reply;
}

static inline struct http_reply http_ask(struct http_fixture *f, const struct http_request *request)
{
    http_begin(f, request, NULL);
    return http_await(f, NULL);
}

/* POST of one text part to the server's root. */
static inline struct http_reply http_post(struct http_fixture *f, const char *text)
{
    const struct http_header header[] = { { "Content-Type", "application/json" } };
    const struct http_part part[] = { { HTTP_PART_TEXT, text, strlen(text), NULL } };
    const struct http_request request = { "POST", f->server.url, header, 1, part, 1 };
    return http_ask(f, &request);
}

#endif
