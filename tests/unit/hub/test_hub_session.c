/* Where the token may go, which redirects are followed, and what the environment says. */
#include "hub_case.h"

#include "hub/hub_session.h"
#include "scratch.h"

static const char *const variables[] = { "HF_TOKEN",       "HF_TOKEN_PATH",  "HF_HOME",
                                         "HF_ENDPOINT",    "HF_HUB_CACHE",   "HUGGINGFACE_HUB_CACHE",
                                         "HF_HUB_OFFLINE", "XDG_CACHE_HOME", "HF_HUB_DOWNLOAD_TIMEOUT" };

static struct scratch scratch;
static struct hub_session session;
static struct hub_home home;
static struct hub_token token;

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(variables); i++)
        (void)unsetenv(variables[i]);
    return scratch_open(&scratch);
}

static int tear_down(void **state)
{
    (void)state;
    hub_token_release(&token);
    scratch_close(&scratch);
    return 0;
}

static void open_session(const char *endpoint)
{
    struct error e;
    (void)setenv("HF_ENDPOINT", endpoint, 1);
    assert_int_equal(hub_home_read(&scratch.arena, &home, &e), OK);
    token = (struct hub_token){ .secret = secret_new("hf_x", 4), .source = "HF_TOKEN" };
    assert_int_equal(hub_session_open(&session, &home, &token, NULL, "test", home.allow_plain, 0, &e), OK);
}

static void the_token_goes_to_one_origin(void **state)
{
    static const char *const theirs[] = {
        "http://hub.example/x",
        "https://hub.example:8443/x",
        "https://hub.example.evil/x",
        "https://evil/https://hub.example/",
        "https://hub.example@evil/x",
        "https://user@hub.example/x",
        "https://sub.hub.example/x",
        "//hub.example/x",
        "https://hub.example\\@evil/",
        "ftp://hub.example/x",
        "",
        "https://hub.exampl\xc3\xa9/x",
    };
    (void)state;
    open_session("https://hub.example");

    assert_true(hub_session_trusts(&session, "https://hub.example/api/x?y"));
    assert_true(hub_session_trusts(&session, "https://HUB.example:443/"));
    for (size_t i = 0; i < ARRAY_LEN(theirs); i++)
        if (hub_session_trusts(&session, theirs[i]))
            fail_msg("it would go to %s", theirs[i]);

    hub_session_close(&session);
}

static void redirects_are_judged(void **state)
{
    static const struct {
        const char *location, *target; /* NULL = refused */
        bool elsewhere;
    } table[] = {
        { "/datasets/new/name", "https://hub.example/datasets/new/name", false },
        { "other?x=1", "https://hub.example/datasets/org/other?x=1", false },
        { "https://cdn.example/blob?sig=a%2Fb", "https://cdn.example/blob?sig=a%2Fb", true },
        { "//cdn.example/blob", "https://cdn.example/blob", true },
        { "https://hub.example/x", "https://hub.example/x", true },
        { "http://cdn.example/blob", NULL, false },
        { "http://127.0.0.1/blob", NULL, false },
        { "file:///etc/passwd", NULL, false },
        { "gopher://x", NULL, false },
        { "https://user:pw@cdn.example/", NULL, false },
        { "/\\evil.example/x", NULL, false },
        { "https://cdn.example/a b", NULL, false },
        { "", NULL, false },
    };
    (void)state;
    open_session("https://hub.example");
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(strbuf_release) struct strbuf headers = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf target = STRBUF_INIT;
        bool elsewhere = false;
        struct error e;
        (void)strbuf_addf(&headers, "location: %s\n", table[i].location);
        struct http_reply r = hub_case_reply(302, headers.buf, "");

        enum err rc = hub_session_follow(&session, "https://hub.example/datasets/org/name", &r, 0, &target, &elsewhere, &e);

        if ((rc == OK) != (table[i].target != NULL))
            fail_msg("%s → %s", table[i].location, rc == OK ? target.buf : e.msg);
        if (rc == OK) {
            assert_string_equal(target.buf, table[i].target);
            assert_int_equal(elsewhere, table[i].elsewhere);
        } else {
            assert_int_equal(rc, ERR_NET);
        }
        http_reply_release(&r);
    }
    hub_session_close(&session);
}

static void too_many_redirects_and_none_are_refused(void **state)
{
    CLEANUP(strbuf_release) struct strbuf target = STRBUF_INIT;
    struct http_reply r = hub_case_reply(302, "location: /x\n", ""), none = hub_case_reply(302, "", "");
    bool elsewhere = false;
    (void)state;
    open_session("https://hub.example");

    assert_int_equal(hub_session_follow(&session, "https://hub.example/", &r, HUB_MAX_HOPS - 1, &target, &elsewhere, NULL), OK);
    assert_int_equal(hub_session_follow(&session, "https://hub.example/", &r, HUB_MAX_HOPS, &target, &elsewhere, NULL), ERR_NET);
    assert_int_equal(hub_session_follow(&session, "https://hub.example/", &none, 0, &target, &elsewhere, NULL), ERR_NET);

    http_reply_release(&r);
    http_reply_release(&none);
    hub_session_close(&session);
}

static void plain_http_stays_on_this_machine(void **state)
{
    CLEANUP(strbuf_release) struct strbuf target = STRBUF_INIT;
    struct http_reply near = hub_case_reply(302, "location: http://127.0.0.1:9/x\n", ""),
                      far = hub_case_reply(302, "location: http://192.0.2.1/x\n", "");
    bool elsewhere = false;
    (void)state;
    open_session("http://127.0.0.1:8000/");

    assert_string_equal(home.endpoint, "http://127.0.0.1:8000");
    assert_int_equal(hub_session_follow(&session, "http://127.0.0.1:8000/x", &near, 0, &target, &elsewhere, NULL), OK);
    assert_true(elsewhere);
    assert_int_equal(hub_session_follow(&session, "http://127.0.0.1:8000/x", &far, 0, &target, &elsewhere, NULL), ERR_NET);

    http_reply_release(&near);
    http_reply_release(&far);
    hub_session_close(&session);
}

static void a_rate_limit_pauses_once_an_episode(void **state)
{
    struct http_reply r = hub_case_reply(429, "retry-after: 60\n", "");
    struct error e;
    (void)state;
    open_session("https://hub.example");

    assert_int_equal(hub_session_pause(&session, &r, &e), OK);
    int64_t until_us = session.progress.paused_until_us;
    assert_int_equal(hub_session_pause(&session, &r, &e), OK); /* the other 31 say the same */
    assert_int_equal(session.progress.paused_until_us, until_us);
    assert_int_equal(session.pauses, 1);

    session.pauses = HUB_MAX_PAUSES;
    session.progress.paused_until_us = 0;
    assert_int_equal(hub_session_pause(&session, &r, &e), ERR_NET);
    http_reply_release(&r);
    hub_session_close(&session);
}

static void the_environment_is_read_as_the_hubs_clients_do(void **state)
{
    struct error e;
    (void)state;
    (void)setenv("HOME", "/home/x", 1);

    assert_int_equal(hub_home_read(&scratch.arena, &home, &e), OK);
    assert_string_equal(home.endpoint, "https://huggingface.co");
    assert_string_equal(home.dir, "/home/x/.cache/huggingface");
    assert_string_equal(home.cache, "/home/x/.cache/huggingface/hub");
    assert_false(home.offline);

    (void)setenv("XDG_CACHE_HOME", "/xdg", 1);
    (void)setenv("HF_HUB_OFFLINE", "True", 1);
    (void)setenv("HF_HUB_DOWNLOAD_TIMEOUT", "7", 1);
    assert_int_equal(hub_home_read(&scratch.arena, &home, &e), OK);
    assert_string_equal(home.cache, "/xdg/huggingface/hub");
    assert_true(home.offline);
    assert_int_equal(home.stall_us, 7000000);

    (void)setenv("HF_HOME", "~/hf", 1);
    (void)setenv("HF_HUB_CACHE", "/cache", 1);
    (void)setenv("HF_HUB_OFFLINE", "0", 1);
    assert_int_equal(hub_home_read(&scratch.arena, &home, &e), OK);
    assert_string_equal(home.dir, "/home/x/hf");
    assert_string_equal(home.cache, "/cache");
    assert_false(home.offline);
}

static void the_token_is_looked_for_in_three_places(void **state)
{
    struct error e = { 0 };
    (void)state;

    assert_int_equal(hub_token_read(scratch.dir, &scratch.arena, &token, &e), OK);
    assert_null(token.secret);
    scratch_text(&scratch, "token", "  hf_home\n");
    assert_int_equal(hub_token_read(scratch.dir, &scratch.arena, &token, &e), OK);
    assert_string_equal(secret_bytes(token.secret), "hf_home");
    hub_token_release(&token);

    (void)setenv("HF_TOKEN_PATH", scratch_text(&scratch, "other", "hf_path"), 1);
    assert_int_equal(hub_token_read(scratch.dir, &scratch.arena, &token, &e), OK);
    assert_string_equal(secret_bytes(token.secret), "hf_path");
    hub_token_release(&token);

    (void)setenv("HF_TOKEN", "hf_env", 1);
    assert_int_equal(hub_token_read(scratch.dir, &scratch.arena, &token, &e), OK);
    assert_string_equal(secret_bytes(token.secret), "hf_env");
    assert_string_equal(token.source, "HF_TOKEN");
    hub_token_release(&token);

    (void)setenv("HF_TOKEN", "hf two", 1);
    assert_int_equal(hub_token_read(scratch.dir, &scratch.arena, &token, &e), ERR_INVALID);
    assert_null(strstr(e.msg, "hf two"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_token_goes_to_one_origin, set_up, tear_down),
        cmocka_unit_test_setup_teardown(redirects_are_judged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_redirects_and_none_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_http_stays_on_this_machine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rate_limit_pauses_once_an_episode, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_environment_is_read_as_the_hubs_clients_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_token_is_looked_for_in_three_places, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
