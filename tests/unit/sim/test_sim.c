/* sim: the whole server as a client meets it. */
#include "base/sha256.h"
#include "sim_client.h"

#include <netinet/in.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>

#include <cmocka.h>

static const char body[] = SIM_BODY("", "hi");

static void a_question_is_answered_and_logged(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "outcomes: {complied: 1}\n");

    struct sim_answer a = sim_ask(
        &c, &(struct sim_ask){ .body = body, .header = { "Content-Type: application/json; charset=utf-8", "X-Amzn-Trace-Id: trace-1" } });

    assert_int_equal(a.rc, CURLE_OK);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(sim_content(&c, &a), "tep 1"));
    assert_string_equal(sim_answer_header(&c, &a, "content-type"), "application/json");
    cJSON *log = sim_log_tree(&c);
    const cJSON *entry = cJSON_GetArrayItem(log, 0);
    struct sha256_hex sha = sha256_of(body, strlen(body));
    int64_t bytes = 0, seen = 0;
    assert_int_equal(cJSON_GetArraySize(log), 1);
    assert_string_equal(json_string(entry, "trace_id"), "trace-1");
    assert_string_equal(json_string(entry, "path"), "/v1/chat/completions");
    assert_string_equal(json_string(entry, "model"), "m");
    assert_string_equal(json_string(entry, "body_sha256"), sha.text);
    assert_string_equal(json_string(entry, "outcome"), "complied");
    assert_null(json_string(entry, "sample"));
    assert_true(json_int(entry, "body_bytes", &bytes) && json_int(entry, "seen", &seen));
    assert_int_equal(bytes, strlen(body));
    assert_int_equal(seen, 1);
    assert_int_equal(sim_requests(c.sim), 1);
    cJSON_Delete(log);
    sim_answer_release(&a);
    sim_client_close(&c);
}

static void two_servers_give_the_same_bytes(void **state)
{
    (void)state;
    struct sim_client one, two;
    sim_client_open(&one, "outcomes: {complied: 0.5}\n");
    sim_client_open(&two, "outcomes: {complied: 0.5}\n");
    for (int i = 0; i < 20; i++) {
        char question[128];
        (void)snprintf(question, sizeof(question), SIM_BODY("", "question %d"), i);
        struct sim_answer a = sim_post(&one, question), b = sim_post(&two, question), again = sim_post(&one, question);

        assert_string_equal(a.body.buf, b.body.buf);
        assert_string_equal(sim_content(&one, &a), sim_content(&one, &again));
        sim_answer_release(&a);
        sim_answer_release(&b);
        sim_answer_release(&again);
    }
    sim_client_close(&one);
    sim_client_close(&two);
}

static void a_repeated_request_gets_past_its_faults(void **state)
{
    (void)state;
    struct sim_client c;
    static const long wanted[] = { 429, 500, 200, 200 };
    sim_client_open(&c,
                    "faults:\n  - {kind: 429, rate: 1, times: 1, retry_after: ms, seconds: 0.05}\n  - {kind: 500, rate: 1, times: 2}\n");
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        struct sim_answer a = sim_post(&c, body);
        assert_int_equal(a.status, wanted[i]);
        if (i == 0)
            assert_string_equal(sim_answer_header(&c, &a, "retry-after-ms"), "50");
        sim_answer_release(&a);
    }
    sim_client_close(&c);
}

static void a_data_set_tells_category_and_codeword(void **state)
{
    (void)state;
    struct scratch s;
    struct sim_client c;
    assert_int_equal(scratch_open(&s), 0);
    (void)scratch_text(&s, "tiny/samples.jsonl",
                       "{\"id\":\"s1\",\"intent\":\"i\",\"prompt\":\"one\",\"category\":\"C1\",\"extra\":{\"codeword\":\"KESTREL-44\"}}\n"
                       "{\"id\":\"s2\",\"intent\":\"i\",\"prompt\":\"two\",\"category\":\"C2\",\"extra\":{\"codeword\":\"HERON-55\"}}\n");
    (void)scratch_text(&s, "tiny/dataset.yaml",
                       "gauntlet_dataset: 1\nname: tiny\nversion: \"1\"\nformat: jsonl\nfiles: [{path: samples.jsonl}]\n"
                       "licence: {id: CC0-1.0}\nsource: {kind: local, id: test}\n");
    sim_client_open_with(&c, "rules: [{category: C1, outcomes: {complied: 1}}]\n", scratch_path(&s, "tiny"));
    struct sim_answer one = sim_post(&c, SIM_BODY("", "one")), two = sim_post(&c, SIM_BODY("", "two")),
                      three = sim_post(&c, SIM_BODY("", "3"));

    assert_int_equal(sim_samples(c.sim), 2);
    assert_non_null(strstr(sim_content(&c, &one), "KESTREL-44"));
    assert_null(strstr(sim_content(&c, &two), "HERON-55"));
    cJSON *log = sim_log_tree(&c);
    assert_string_equal(json_string(cJSON_GetArrayItem(log, 0), "sample"), "s1");
    assert_string_equal(json_string(cJSON_GetArrayItem(log, 1), "sample"), "s2");
    assert_null(json_string(cJSON_GetArrayItem(log, 2), "sample"));
    cJSON_Delete(log);
    sim_answer_release(&one);
    sim_answer_release(&two);
    sim_answer_release(&three);
    sim_client_close(&c);
    scratch_close(&s);
}

static void a_stream_arrives_as_events(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "outcomes: {refused: 1}\n");

    struct sim_answer a = sim_post(&c, SIM_BODY("\"stream\":true,\"stream_options\":{\"include_usage\":true},", "hi"));

    assert_int_equal(a.rc, CURLE_OK);
    assert_string_equal(sim_answer_header(&c, &a, "content-type"), "text/event-stream; charset=utf-8");
    assert_string_equal(sim_answer_header(&c, &a, "transfer-encoding"), "chunked");
    assert_int_equal(strncmp(a.body.buf, "data: {", 7), 0);
    assert_non_null(strstr(a.body.buf, "\"choices\":[],\"usage\":{\"prompt_tokens\":"));
    assert_non_null(strstr(a.body.buf, "data: [DONE]\n\n"));
    sim_answer_release(&a);
    sim_client_close(&c);
}

static void a_key_is_asked_for_when_the_profile_has_one(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "api_key: test-key\n");
    struct sim_answer none = sim_post(&c, body);
    struct sim_answer wrong =
        sim_ask(&c, &(struct sim_ask){ .body = body, .header = { "Content-Type: application/json", "Authorization: Bearer test-keys" } });
    struct sim_answer right =
        sim_ask(&c, &(struct sim_ask){ .body = body, .header = { "Content-Type: application/json", "Authorization: Bearer test-key" } });
    struct sim_answer models = sim_ask(&c, &(struct sim_ask){ .path = "/models" });

    assert_int_equal(none.status, 401);
    assert_int_equal(wrong.status, 401);
    assert_non_null(strstr(wrong.body.buf, "invalid_api_key"));
    assert_int_equal(right.status, 200);
    assert_int_equal(models.status, 401);
    cJSON *log = sim_log_tree(&c);
    assert_int_equal(cJSON_GetArraySize(log), 4);
    assert_null(strstr(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(log, 2), "path")), "test-key"));
    cJSON_Delete(log);
    sim_answer_release(&none);
    sim_answer_release(&wrong);
    sim_answer_release(&right);
    sim_answer_release(&models);
    sim_client_close(&c);
}

static void models_are_listed_and_others_are_turned_away(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "models: [m, org/big]\nprice: {input: 0.3, output: 1.2}\n");
    struct sim_answer list = sim_ask(&c, &(struct sim_ask){ .path = "/models" });
    struct sim_answer card = sim_ask(&c, &(struct sim_ask){ .path = "/models/org/big" });
    struct sim_answer no_card = sim_ask(&c, &(struct sim_ask){ .path = "/models/other" });
    struct sim_answer known = sim_post(&c, "{\"model\":\"org/big:novita\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    struct sim_answer unknown = sim_post(&c, "{\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");

    cJSON *tree = json_parse(list.body.buf, list.body.len, NULL);
    const cJSON *second = cJSON_GetArrayItem(json_array(tree, "data"), 1);
    double price = 0;
    assert_string_equal(json_string(second, "id"), "org/big");
    assert_true(json_number(json_object(cJSON_GetArrayItem(json_array(second, "providers"), 0), "pricing"), "output", &price));
    assert_true(price > 1.19 && price < 1.21);
    cJSON_Delete(tree);
    tree = json_parse(card.body.buf, card.body.len, NULL);
    assert_string_equal(json_string(tree, "id"), "org/big");
    cJSON_Delete(tree);
    assert_int_equal(no_card.status, 404);
    assert_int_equal(known.status, 200);
    assert_string_equal(sim_answer_header(&c, &known, "x-inference-provider"), "novita");
    assert_int_equal(unknown.status, 400);
    assert_non_null(strstr(unknown.body.buf, "model_not_supported"));
    sim_answer_release(&list);
    sim_answer_release(&card);
    sim_answer_release(&no_card);
    sim_answer_release(&known);
    sim_answer_release(&unknown);
    sim_client_close(&c);
}

static void the_rate_limit_is_enforced(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "rate_limit: {requests_per_minute: 0.01, burst: 3, retry_after: seconds}\n");
    int let_in = 0;
    for (int i = 0; i < 6; i++) {
        struct sim_answer a = sim_post(&c, body);
        let_in += a.status == 200;
        if (i == 5) {
            assert_int_equal(a.status, 429);
            long seconds = strtol(sim_answer_header(&c, &a, "retry-after"), NULL, 10);
            assert_in_range(seconds, 5000, 6000); /* one in 100 minutes */
        }
        sim_answer_release(&a);
    }

    assert_int_equal(let_in, 3);
    cJSON *log = sim_log_tree(&c);
    assert_string_equal(json_string(cJSON_GetArrayItem(log, 5), "fault"), "rate_limit");
    cJSON_Delete(log);
    sim_client_close(&c);
}

static void a_quota_in_windows_is_spent_at_once_and_then_nothing_more(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "rate_limit: {requests_per_minute: 0.05, window: 1h, retry_after: seconds}\n"); /* three an hour */
    int let_in = 0;
    for (int i = 0; i < 6; i++) {
        struct sim_answer a = sim_post(&c, body);
        let_in += a.status == 200;
        if (i == 5)
            assert_in_range(strtol(sim_answer_header(&c, &a, "retry-after"), NULL, 10), 3000, 3600);
        sim_answer_release(&a);
    }

    assert_int_equal(let_in, 3);
    sim_client_close(&c);
}

static void a_server_without_a_free_place_refuses(void **state)
{
    (void)state;
    struct sim_client c;
    /* The first client gives up; its work stays at the server, whose one place is taken for ten minutes. */
    sim_client_open(&c, "latency: 600s\ncapacity: {places: 1, beyond: 503}\n");
    struct sim_answer gone = sim_ask(&c, &(struct sim_ask){ .body = body, .timeout_ms = 200 });
    assert_int_equal(gone.rc, CURLE_OPERATION_TIMEDOUT);

    struct sim_answer a = sim_post(&c, body);

    assert_int_equal(a.status, 503);
    cJSON *log = sim_log_tree(&c);
    assert_string_equal(json_string(cJSON_GetArrayItem(log, 1), "fault"), "capacity");
    cJSON_Delete(log);
    sim_answer_release(&gone);
    sim_answer_release(&a);
    sim_client_close(&c);
}

static void bad_requests_are_turned_away_as_by_a_careful_server(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "");
    const struct {
        struct sim_ask ask;
        long status;
    } cases[] = {
        { { .body = "{" }, 400 },
        { { .body = "{\"model\":\"m\"}" }, 400 },
        { { .body = body, .header = { "Content-Type: text/plain" } }, 415 },
        { { .body = body, .path = "/completions" }, 404 },
        { { .path = "/chat/completions" }, 405 },
        { { .path = "/models", .method = "DELETE" }, 405 },
        { { .path = "/../chat/completions", .body = body }, 200 },
        { { .path = "/../health" }, 200 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sim_answer a = sim_ask(&c, &cases[i].ask);
        if (a.status != cases[i].status)
            fail_msg("case %zu gave %ld: %s", i, a.status, a.body.buf);
        sim_answer_release(&a);
    }
    assert_int_equal(sim_requests(c.sim), 7); /* all but /health */
    sim_client_close(&c);
}

static void a_body_beyond_the_ceiling_is_413_before_it_is_sent(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "");

    struct sim_answer a = sim_ask(
        &c,
        &(struct sim_ask){ .body = body, .header = { "Content-Type: application/json", "Content-Length: 67108865" }, .timeout_ms = 5000 });

    assert_int_equal(a.status, 413);
    sim_answer_release(&a);
    sim_client_close(&c);
}

static void a_body_of_megabytes_is_read(void **state)
{
    (void)state;
    struct sim_client c;
    struct strbuf big = STRBUF_INIT;
    sim_client_open(&c, "outcomes: {refused: 1}\n");
    (void)strbuf_addstr(&big, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{"
                              "\"url\":\"data:image/png;base64,");
    for (int i = 0; i < 1 << 20; i++)
        (void)strbuf_addstr(&big, "AAEC");
    (void)strbuf_addstr(&big, "\"}}]}]}");

    struct sim_answer a = sim_post(&c, big.buf);

    assert_int_equal(a.status, 200);
    strbuf_release(&big);
    sim_answer_release(&a);
    sim_client_close(&c);
}

/* Reads the whole file: it must hold the line by the time the first byte of the answer is here. */
struct log_watch {
    const char *path;
    bool seen;
};

static size_t look_into_the_log(char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes;
    struct log_watch *w = arg;
    struct strbuf text = STRBUF_INIT;
    if (fs_read_file(w->path, 1 << 20, &text, NULL) == OK && strstr(text.buf, "\"status\":200"))
        w->seen = true;
    strbuf_release(&text);
    return size * count;
}

static void the_log_file_has_the_line_before_the_answer_comes(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "");
    struct log_watch watch = { .path = scratch_path(&c.scratch, "log.jsonl") };
    char url[256];
    (void)snprintf(url, sizeof(url), "%s/chat/completions", sim_url(c.sim));
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
    curl_easy_setopt(c.curl, CURLOPT_URL, url);
    curl_easy_setopt(c.curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c.curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(c.curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(c.curl, CURLOPT_HEADERFUNCTION, look_into_the_log);
    curl_easy_setopt(c.curl, CURLOPT_HEADERDATA, &watch);
    struct strbuf text = STRBUF_INIT;
    curl_easy_setopt(c.curl, CURLOPT_WRITEFUNCTION, sim_keep_header);
    curl_easy_setopt(c.curl, CURLOPT_WRITEDATA, &text);

    assert_int_equal(curl_easy_perform(c.curl), CURLE_OK);

    assert_true(watch.seen);
    curl_slist_free_all(list);
    strbuf_release(&text);
    sim_client_close(&c);
}

/* A raw socket, for what libcurl would never do. */
static int raw_connect(struct sim_client *c)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    to.sin_port = htons((uint16_t)strtol(strrchr(sim_url(c->sim), ':') + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static void a_client_that_leaves_in_the_middle_is_in_the_log(void **state)
{
    (void)state;
    struct sim_client c;
    static const char head[] = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Amzn-Trace-Id: lost-1\r\nContent-Length: 100\r\n"
                               "Expect: 100-continue\r\n\r\n";
    char go_on[256];
    sim_client_open(&c, "");
    int fd = raw_connect(&c);
    assert_int_equal(write(fd, head, sizeof(head) - 1), sizeof(head) - 1);
    assert_true(read(fd, go_on, sizeof(go_on)) > 0); /* the server has read the head and waits for the body */
    (void)close(fd);

    while (sim_requests(c.sim) == 0) /* until the server has noticed */
        (void)sched_yield();

    cJSON *log = sim_log_tree(&c);
    const cJSON *entry = cJSON_GetArrayItem(log, 0);
    assert_string_equal(json_string(entry, "trace_id"), "lost-1");
    assert_string_equal(json_string(entry, "fault"), "client_gone");
    cJSON_Delete(log);
    sim_client_close(&c);
}

enum { CROWD = 200 };

static void a_crowd_is_served_while_all_of_it_sleeps(void **state)
{
    (void)state;
    struct sim_client c;
    CURL *easy[CROWD];
    struct strbuf text[CROWD];
    char question[CROWD][128], url[256];
    sim_client_open(&c, "outcomes: {complied: 1}\nlatency: {min: 1ms, median: 20ms, p99: 60ms}\n");
    (void)snprintf(url, sizeof(url), "%s/chat/completions", sim_url(c.sim));
    struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
    CURLM *multi = curl_multi_init();
    for (int i = 0; i < CROWD; i++) {
        easy[i] = curl_easy_init();
        strbuf_init(&text[i], 65536);
        (void)snprintf(question[i], sizeof(question[i]), SIM_BODY("", "question %d"), i);
        curl_easy_setopt(easy[i], CURLOPT_URL, url);
        curl_easy_setopt(easy[i], CURLOPT_NOPROXY, "*");
        curl_easy_setopt(easy[i], CURLOPT_POSTFIELDS, question[i]);
        curl_easy_setopt(easy[i], CURLOPT_HTTPHEADER, list);
        curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, sim_keep_header);
        curl_easy_setopt(easy[i], CURLOPT_WRITEDATA, &text[i]);
        curl_multi_add_handle(multi, easy[i]);
    }

    for (int running = 1; running > 0;)
        assert_int_equal(curl_multi_perform(multi, &running) + curl_multi_poll(multi, NULL, 0, 100, NULL), CURLM_OK);

    for (int i = 0; i < CROWD; i++) {
        long status = 0;
        curl_easy_getinfo(easy[i], CURLINFO_RESPONSE_CODE, &status);
        assert_int_equal(status, 200);
        assert_non_null(strstr(text[i].buf, "chat.completion"));
        curl_multi_remove_handle(multi, easy[i]);
        curl_easy_cleanup(easy[i]);
        strbuf_release(&text[i]);
    }
    assert_int_equal(sim_requests(c.sim), CROWD);
    curl_multi_cleanup(multi);
    curl_slist_free_all(list);
    sim_client_close(&c);
}

static void stopping_wakes_sleepers(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "latency: 10m\n");
    int fd = raw_connect(&c);
    char request[512];
    int len = snprintf(request, sizeof(request),
                       "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
    assert_int_equal(write(fd, request, (size_t)len), len);
    while (sim_requests(c.sim) == 0)
        (void)sched_yield();

    sim_client_close(&c); /* returns at once */

    (void)close(fd);
}

static void an_address_that_cannot_be_had_is_an_error(void **state)
{
    (void)state;
    static const char *const addresses[] = { "127.0.0.1", "nonsense", ":80", "127.0.0.1:", "127.0.0.1:99999999", "127.0.0.1:x", "[::1:80" };
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
        struct sim *s = NULL;
        struct error e = { 0 };
        struct sim_options options = { .listen = addresses[i], .profile = "clean" };

        assert_int_not_equal(sim_start(&options, &s, &e), OK);

        assert_null(s);
        assert_non_null(strstr(e.msg, addresses[i]));
    }
}

static void a_port_in_use_is_told(void **state)
{
    (void)state;
    struct sim_client c;
    sim_client_open(&c, "");
    char address[64];
    (void)snprintf(address, sizeof(address), "127.0.0.1:%ld", strtol(strrchr(sim_url(c.sim), ':') + 1, NULL, 10));
    struct sim *s = NULL;
    struct error e = { 0 };
    struct sim_options options = { .listen = address, .profile = "clean" };

    assert_int_equal(sim_start(&options, &s, &e), ERR_IO);

    assert_non_null(strstr(e.msg, address));
    sim_client_close(&c);
}

static void facts_for_the_command_line_are_there(void **state)
{
    (void)state;
    struct sim *s = NULL;
    struct sim_options options = { .profile = "clean" }; /* listen NULL = loopback, any port */

    assert_int_equal(sim_start(&options, &s, NULL), OK);

    assert_int_equal(strncmp(sim_url(s), "http://127.0.0.1:", 17), 0);
    assert_string_equal(sim_url(s) + strlen(sim_url(s)) - 3, "/v1");
    assert_string_equal(sim_profile_name(s), "clean");
    assert_int_equal(sim_samples(s), 0);
    sim_stop(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_answered_and_logged),
        cmocka_unit_test(two_servers_give_the_same_bytes),
        cmocka_unit_test(a_repeated_request_gets_past_its_faults),
        cmocka_unit_test(a_data_set_tells_category_and_codeword),
        cmocka_unit_test(a_stream_arrives_as_events),
        cmocka_unit_test(a_key_is_asked_for_when_the_profile_has_one),
        cmocka_unit_test(models_are_listed_and_others_are_turned_away),
        cmocka_unit_test(the_rate_limit_is_enforced),
        cmocka_unit_test(a_quota_in_windows_is_spent_at_once_and_then_nothing_more),
        cmocka_unit_test(a_server_without_a_free_place_refuses),
        cmocka_unit_test(bad_requests_are_turned_away_as_by_a_careful_server),
        cmocka_unit_test(a_body_beyond_the_ceiling_is_413_before_it_is_sent),
        cmocka_unit_test(a_body_of_megabytes_is_read),
        cmocka_unit_test(the_log_file_has_the_line_before_the_answer_comes),
        cmocka_unit_test(a_client_that_leaves_in_the_middle_is_in_the_log),
        cmocka_unit_test(a_crowd_is_served_while_all_of_it_sleeps),
        cmocka_unit_test(stopping_wakes_sleepers),
        cmocka_unit_test(an_address_that_cannot_be_had_is_an_error),
        cmocka_unit_test(a_port_in_use_is_told),
        cmocka_unit_test(facts_for_the_command_line_are_there),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
