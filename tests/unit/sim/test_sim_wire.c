/* deliver: what libcurl sees of each way in which sending goes wrong. */
#include "sim_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char body[] = SIM_BODY("", "hi");
static const char stream_body[] = SIM_BODY("\"stream\":true,", "hi");

/* One fault, always; returns the answer and whether it was the one that the log tells. */
static struct sim_answer meet(const char *fault, const struct sim_ask *ask, cJSON **ret_log)
{
    struct sim_client c;
    char profile[256];
    (void)snprintf(profile, sizeof(profile), "outcomes: {complied: 1}\nfaults: [{%s, rate: 1}]\n", fault);
    sim_client_open(&c, profile);
    struct sim_answer a = sim_ask(&c, ask);
    *ret_log = sim_log_tree(&c);
    sim_client_close(&c);
    return a;
}

static void faults_of_the_wire_are_what_they_say(void **state)
{
    (void)state;
    static const struct {
        const char *fault, *name, *body;
        CURLcode rc;
        long status;
    } cases[] = {
        { "kind: reset", "reset", body, CURLE_RECV_ERROR, 0 },
        { "kind: reset, at: body", "reset", body, CURLE_RECV_ERROR, 200 },
        { "kind: close", "close", body, CURLE_GOT_NOTHING, 0 },
        { "kind: truncate", "truncate", body, CURLE_PARTIAL_FILE, 200 },
        { "kind: truncate, framing: chunked", "truncate", body, CURLE_PARTIAL_FILE, 200 },
        { "kind: truncate, framing: close", "truncate", body, CURLE_OK, 200 },
        { "kind: truncate", "truncate", stream_body, CURLE_PARTIAL_FILE, 200 },
        { "kind: truncate, framing: close", "truncate", stream_body, CURLE_OK, 200 },
        { "kind: html", "html", body, CURLE_OK, 200 },
        { "kind: 529", "529", body, CURLE_OK, 529 },
        { "kind: empty_body", "empty_body", body, CURLE_OK, 200 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        cJSON *log;
        struct sim_answer a = meet(cases[i].fault, &(struct sim_ask){ .body = cases[i].body }, &log);
        const cJSON *entry = cJSON_GetArrayItem(log, 0);

        if (a.rc != cases[i].rc || a.status != cases[i].status)
            fail_msg("%s gave curl %d, HTTP %ld", cases[i].fault, (int)a.rc, a.status);
        assert_string_equal(json_string(entry, "fault"), cases[i].name);
        assert_null(json_string(entry, "outcome"));
        int64_t status = -1;
        assert_true(json_int(entry, "status", &status));
        assert_int_equal(status, cases[i].status);
        if (strstr(cases[i].fault, "truncate")) { /* the beginning came, the end did not */
            assert_true(a.body.len > 50);
            cJSON *tree = json_parse(a.body.buf, a.body.len, NULL);
            assert_null(tree);
            assert_null(strstr(a.body.buf, "[DONE]"));
        }
        cJSON_Delete(log);
        sim_answer_release(&a);
    }
}

static void a_stall_is_silence_and_then_the_rest(void **state)
{
    (void)state;
    cJSON *log;
    struct sim_answer a = meet("kind: stall, seconds: 0.02", &(struct sim_ask){ .body = body }, &log);

    assert_int_equal(a.rc, CURLE_OK);
    cJSON *tree = json_parse(a.body.buf, a.body.len, NULL);
    assert_non_null(tree);
    cJSON_Delete(tree);
    cJSON_Delete(log);
    sim_answer_release(&a);
}

static void a_stall_outlasts_the_clients_patience_and_not_the_server(void **state)
{
    (void)state;
    cJSON *log;
    struct sim_answer a =
        meet("kind: stall", &(struct sim_ask){ .body = body, .timeout_ms = 100 }, &log); /* closing must not wait an hour */

    assert_int_equal(a.rc, CURLE_OPERATION_TIMEDOUT);
    assert_int_equal(a.status, 200);
    assert_true(a.body.len > 50);
    cJSON_Delete(log);
    sim_answer_release(&a);

    a = meet("kind: stall, at: start", &(struct sim_ask){ .body = body, .timeout_ms = 100 }, &log);
    assert_int_equal(a.rc, CURLE_OPERATION_TIMEDOUT);
    assert_int_equal(a.status, 0);
    cJSON_Delete(log);
    sim_answer_release(&a);
}

static void a_huge_body_has_the_size_that_was_asked_for(void **state)
{
    (void)state;
    cJSON *log;
    struct sim_answer a = meet("kind: huge_body, bytes: 100MiB", &(struct sim_ask){ .body = body, .timeout_ms = 60000 }, &log);

    assert_int_equal(a.rc, CURLE_OK);
    assert_int_equal(a.total_bytes, 100 << 20);
    assert_null(strstr(a.headers.buf, "Content-Length"));
    cJSON_Delete(log);
    sim_answer_release(&a);

    a = meet("kind: huge_body, bytes: 600KiB, framing: length", &(struct sim_ask){ .body = body }, &log);
    assert_int_equal(a.total_bytes, 600 << 10);
    assert_non_null(strstr(a.headers.buf, "Content-Length: 614400"));
    cJSON *tree = json_parse(a.body.buf, a.body.len, NULL); /* valid, however long */
    assert_non_null(tree);
    cJSON_Delete(tree);
    cJSON_Delete(log);
    sim_answer_release(&a);
}

static void a_client_that_hangs_up_on_a_huge_body_leaves_the_server_well(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "outcomes: {complied: 1}\nfaults: [{kind: huge_body, rate: 1, times: 1, bytes: 100MiB}]\n");

    struct sim_answer a = sim_ask(&c, &(struct sim_ask){ .body = body, .stop_after = 100000 }), b = sim_post(&c, body);

    assert_int_equal(a.rc, CURLE_WRITE_ERROR);
    assert_int_equal(b.rc, CURLE_OK);
    assert_int_equal(b.status, 200);
    sim_answer_release(&a);
    sim_answer_release(&b);
    sim_client_close(&c);
}

static void a_connection_is_kept_alive_between_answers(void **state)
{
    (void)state;
    struct sim_client c;
    long connects = -1;
    sim_client_open(&c, "outcomes: {complied: 1}\n");
    char url[256];
    (void)snprintf(url, sizeof(url), "%s/models", sim_url(c.sim));
    struct strbuf text = STRBUF_INIT;
    curl_easy_setopt(c.curl, CURLOPT_URL, url);
    curl_easy_setopt(c.curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c.curl, CURLOPT_WRITEFUNCTION, sim_keep_header);
    curl_easy_setopt(c.curl, CURLOPT_WRITEDATA, &text);

    for (int i = 0; i < 3; i++)
        assert_int_equal(curl_easy_perform(c.curl), CURLE_OK);
    curl_easy_getinfo(c.curl, CURLINFO_NUM_CONNECTS, &connects);

    assert_int_equal(connects, 0);
    strbuf_release(&text);
    sim_client_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_of_the_wire_are_what_they_say),
        cmocka_unit_test(a_stall_is_silence_and_then_the_rest),
        cmocka_unit_test(a_stall_outlasts_the_clients_patience_and_not_the_server),
        cmocka_unit_test(a_huge_body_has_the_size_that_was_asked_for),
        cmocka_unit_test(a_client_that_hangs_up_on_a_huge_body_leaves_the_server_well),
        cmocka_unit_test(a_connection_is_kept_alive_between_answers),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
