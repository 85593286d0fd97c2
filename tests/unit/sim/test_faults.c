/* faults: each kind as a reply, before it goes on the wire (test_sim_wire.c has the wire). */
#include "sim/faults.h"
#include "sim/sim_dialect.h"

#include "base/json.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A request that is always answered by the codeword, dressed up by one fault. */
struct dressed {
    struct arena arena;
    struct profile profile;
    struct sim_reply reply;
    const char *outcome;
    cJSON *tree;
    const cJSON *choice, *message;
};

static const struct sim_request plain = {
    .dialect = &sim_openai, .model = "m", .prompt = "p", .prompt_len = 1, .text_bytes = 1, .max_tokens = -1
};
static const struct sim_request streamed = { .dialect = &sim_openai,
                                             .model = "m",
                                             .prompt = "p",
                                             .prompt_len = 1,
                                             .text_bytes = 1,
                                             .max_tokens = -1,
                                             .stream = true,
                                             .include_usage = true };

static struct dressed dress(const char *profile, const struct sim_request *request)
{
    struct dressed d = { .arena = ARENA_INIT, .reply = SIM_REPLY_INIT };
    struct error e = { 0 };
    char text[512];
    int len = snprintf(text, sizeof(text), "version: 1\n%s", profile);
    if (profile_parse("p.yaml", text, (size_t)len, &d.arena, &d.profile, &e) != OK)
        fail_msg("%s", e.msg);
    struct sha256_hex body = sha256_of("body", 4);
    struct choice_input input = { .seed = 7, .body = body, .subject = { "m", "", "", EXPECTED_ATTACK }, .seen = 1, .number = 1 };
    struct choice choice = choice_make(&d.profile, &input);
    struct fault_context context = { .profile = &d.profile,
                                     .request = request,
                                     .choice = &choice,
                                     .body = &body,
                                     .codeword = "KESTREL-44",
                                     .seed = 7,
                                     .seen = 1,
                                     .wall_us = 1795504000500000 };
    d.outcome = faults_compose(&context, &d.reply);
    d.tree = json_parse(d.reply.body.buf, d.reply.body.len, NULL);
    d.choice = cJSON_GetArrayItem(json_array(d.tree, "choices"), 0);
    d.message = json_object(d.choice, "message");
    return d;
}

static struct dressed dress_fault(const char *fault)
{
    char profile[256];
    (void)snprintf(profile, sizeof(profile), "outcomes: {complied: 1}\nfaults: [{%s, rate: 1}]\n", fault);
    return dress(profile, &plain);
}

static void undress(struct dressed *d)
{
    cJSON_Delete(d->tree);
    sim_reply_release(&d->reply);
    arena_release(&d->arena);
}

static const char *header(const struct dressed *d, const char *name)
{
    for (size_t i = 0; i < d->reply.header_count; i++)
        if (strcmp(d->reply.header[i].name, name) == 0)
            return d->reply.header[i].value;
    return NULL;
}

static void a_healthy_reply_has_everything_that_clients_look_at(void **state)
{
    (void)state;
    struct dressed d = dress("outcomes: {complied: 1}\n", &plain);
    const cJSON *usage = json_object(d.tree, "usage");
    int64_t prompt = 0, completion = 0, total = 0, created = 0;

    assert_int_equal(d.reply.status, 200);
    assert_string_equal(d.outcome, "complied");
    assert_string_equal(json_string(d.tree, "object"), "chat.completion");
    assert_string_equal(json_string(d.tree, "model"), "m");
    assert_string_equal(json_string(d.tree, "system_fingerprint"), "sim-7");
    assert_true(strlen(json_string(d.tree, "id")) > 10);
    assert_true(json_int(d.tree, "created", &created) && created > 1700000000);
    assert_string_equal(json_string(d.message, "role"), "assistant");
    assert_non_null(strstr(json_string(d.message, "content"), "KESTREL-44"));
    assert_string_equal(json_string(d.choice, "finish_reason"), "stop");
    assert_true(json_int(usage, "prompt_tokens", &prompt) && json_int(usage, "completion_tokens", &completion) &&
                json_int(usage, "total_tokens", &total));
    assert_true(prompt > 0 && completion > 0);
    assert_int_equal(total, prompt + completion);
    undress(&d);
}

static void statuses_come_with_the_bodies_of_real_servers(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        int status;
        const char *in_body;
    } cases[] = {
        { "kind: 400", 400, "\"type\":\"invalid_request_error\"" },
        { "kind: 401", 401, "\"code\":\"invalid_api_key\"" },
        { "kind: 402", 402, "{\"error\":\"You have exceeded your monthly included credits" },
        { "kind: 403", 403, "sufficient permissions" },
        { "kind: 404", 404, "model_not_found" },
        { "kind: 408", 408, "\"type\":\"timeout\"" },
        { "kind: 413", 413, "Request Entity Too Large" },
        { "kind: 422", 422, "{\"detail\":[{" },
        { "kind: 424", 424, "\"error_type\":\"generation\"" },
        { "kind: 429", 429, "rate_limit_exceeded" },
        { "kind: 500", 500, "server_error" },
        { "kind: 502", 502, "<h1>502 Bad Gateway</h1>" },
        { "kind: 503, seconds: 20.5", 503, "\"estimated_time\":20.5}" },
        { "kind: 529", 529, "overloaded_error" },
        { "kind: 418", 418, "\"error\":{" },
        { "kind: 520", 520, "server_error" },
        { "kind: quota", 429, "insufficient_quota" },
        { "kind: too_long", 400, "context_length_exceeded" },
        { "kind: model_not_supported", 400, "model_not_supported" },
        { "kind: filter_400", 400, "ResponsibleAIPolicyViolation" },
        { "kind: 500, message: custom", 500, "\"message\":\"custom\"" },
        { "kind: 500, shape: string", 500, "{\"error\":\"The server" },
        { "kind: 500, shape: list", 500, "{\"error\":[\"The server" },
        { "kind: 500, shape: errors", 500, "{\"errors\":[{\"message\":\"The server" },
        { "kind: 500, shape: description", 500, "\"error_description\":\"The server" },
        { "kind: 500, shape: flat", 500, "{\"object\":\"error\",\"message\":\"The server" },
        { "kind: 500, shape: message", 500, "{\"message\":\"The server" },
        { "kind: 500, shape: detail", 500, "{\"detail\":\"The server" },
        { "kind: 500, shape: problem", 500, "\"title\":\"The server" },
        { "kind: 500, shape: openrouter", 500, "{\"error\":{\"code\":500,\"message\":\"The server" },
        { "kind: 500, shape: text", 500, "The server had an error" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct dressed d = dress_fault(cases[i].fault);

        assert_int_equal(d.reply.status, cases[i].status);
        if (!strstr(d.reply.body.buf, cases[i].in_body))
            fail_msg("%s gave: %s", cases[i].fault, d.reply.body.buf);
        if (strcmp(d.reply.content_type, "application/json") == 0)
            assert_non_null(d.tree);
        if (cases[i].status == 400 && strstr(cases[i].fault, "filter"))
            assert_string_equal(d.outcome, "blocked");
        else
            assert_null(d.outcome);
        undress(&d);
    }
}

static void retry_hints_have_each_of_their_forms(void **state)
{
    (void)state;
    static const struct {
        const char *form, *name, *value;
    } cases[] = {
        { "seconds", "Retry-After", "0.05" },
        { "http-date", "Retry-After", "Tue, 24 Nov 2026 07:06:41 GMT" },
        { "ms", "retry-after-ms", "50" },
        { "ratelimit", "RateLimit", "\"sim\";r=0;t=1" },
        { "x-ratelimit", "x-ratelimit-reset-requests", "50ms" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char fault[96];
        (void)snprintf(fault, sizeof(fault), "kind: 429, retry_after: %s, seconds: 0.05", cases[i].form);
        struct dressed d = dress_fault(fault);

        assert_non_null(header(&d, cases[i].name));
        assert_string_equal(header(&d, cases[i].name), cases[i].value);
        undress(&d);
    }
    struct dressed d = dress_fault("kind: 429, retry_after: message, seconds: 0.05");
    assert_non_null(strstr(d.reply.body.buf, "Please try again in 0.05s."));
    assert_int_equal(d.reply.header_count, 0);
    undress(&d);
    d = dress_fault("kind: 429");
    assert_int_equal(d.reply.header_count, 0);
    undress(&d);
}

static void a_redirect_says_where(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: 307, location: \"http://127.0.0.1:9/stolen\"");

    assert_int_equal(d.reply.status, 307);
    assert_string_equal(header(&d, "Location"), "http://127.0.0.1:9/stolen");
    undress(&d);
}

static void shapes_that_keep_the_answer_keep_it(void **state)
{
    (void)state;
    static const char *const faults[] = { "kind: reasoning",  "kind: think",        "kind: finish_length",  "kind: finish_unknown",
                                          "kind: no_finish",  "kind: no_usage",     "kind: duplicate_keys", "kind: lone_surrogate",
                                          "kind: wrong_type", "kind: invalid_utf8", "kind: parts",          "kind: sse_odd" };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct dressed d = dress_fault(faults[i]);

        assert_string_equal(d.outcome, "complied");
        assert_int_equal(d.reply.status, 200);
        bool cut_by_parts = strcmp(faults[i], "kind: parts") == 0;
        if (!cut_by_parts && !strstr(d.reply.body.buf, "KESTREL-44"))
            fail_msg("%s gave: %s", faults[i], d.reply.body.buf);
        undress(&d);
    }
}

static void parts_join_to_the_answer(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: parts");
    struct strbuf joined = STRBUF_INIT;
    const cJSON *part;

    cJSON_ArrayForEach(part, json_array(d.message, "content"))(void) strbuf_addstr(&joined, json_string(part, "text"));

    assert_non_null(strstr(joined.buf, "KESTREL-44"));
    assert_int_equal(cJSON_GetArraySize(json_array(d.message, "content")), 2);
    strbuf_release(&joined);
    undress(&d);
}

static void reasoning_comes_in_three_ways(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: reasoning");
    assert_non_null(json_string(d.message, "reasoning"));
    assert_non_null(strstr(json_string(d.message, "content"), "KESTREL-44"));
    undress(&d);

    d = dress_fault("kind: reasoning_only");
    assert_non_null(json_string(d.message, "reasoning_content"));
    assert_null(json_string(d.message, "content"));
    assert_string_equal(json_string(d.choice, "finish_reason"), "length");
    assert_string_equal(d.outcome, "empty");
    undress(&d);

    d = dress_fault("kind: think_open");
    assert_int_equal(strncmp(json_string(d.message, "content"), "<think>", 7), 0);
    assert_null(strstr(json_string(d.message, "content"), "</think>"));
    assert_string_equal(d.outcome, "empty");
    undress(&d);
}

static void answers_without_text_are_recognisable(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: null_content");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(d.message, "content")));
    assert_string_equal(d.outcome, "empty");
    undress(&d);

    d = dress_fault("kind: refusal_field");
    assert_non_null(strstr(json_string(d.message, "refusal"), "I'm sorry"));
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(d.message, "content")));
    assert_string_equal(d.outcome, "refused");
    undress(&d);

    d = dress_fault("kind: tool_call");
    assert_int_equal(cJSON_GetArraySize(json_array(d.message, "tool_calls")), 1);
    assert_string_equal(json_string(d.choice, "finish_reason"), "tool_calls");
    undress(&d);

    d = dress("outcomes: {empty: 1}\n", &plain);
    assert_string_equal(json_string(d.message, "content"), "");
    assert_string_equal(d.outcome, "empty");
    undress(&d);
}

static void filters_answer_before_and_after_generation(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: filter_finish");
    assert_string_equal(json_string(d.choice, "finish_reason"), "content_filter");
    assert_string_equal(json_string(d.message, "content"), "");
    assert_string_equal(d.outcome, "blocked");
    undress(&d);

    d = dress_fault("kind: filter_cut");
    assert_string_equal(json_string(d.choice, "finish_reason"), "content_filter");
    assert_true(strlen(json_string(d.message, "content")) > 0);
    undress(&d);

    d = dress("outcomes: {blocked: 1}\n", &plain);
    assert_string_equal(d.outcome, "blocked");
    assert_true(d.reply.status == 400 || strcmp(json_string(d.choice, "finish_reason"), "content_filter") == 0);
    undress(&d);
}

static void a_200_can_be_no_answer_at_all(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: html");
    assert_int_equal(d.reply.status, 200);
    assert_null(d.tree);
    assert_non_null(strstr(d.reply.content_type, "text/html"));
    undress(&d);

    d = dress_fault("kind: empty_body");
    assert_int_equal(d.reply.body.len, 0);
    undress(&d);

    d = dress_fault("kind: error_200");
    assert_int_equal(d.reply.status, 200);
    int64_t code = 0;
    assert_true(json_int(json_object(d.tree, "error"), "code", &code));
    assert_int_equal(code, 502);
    assert_null(d.outcome);
    undress(&d);

    d = dress_fault("kind: choice_error");
    assert_non_null(json_object(d.choice, "error"));
    assert_string_equal(json_string(d.choice, "finish_reason"), "error");
    undress(&d);

    d = dress_fault("kind: empty_choices");
    assert_int_equal(cJSON_GetArraySize(json_array(d.tree, "choices")), 0);
    undress(&d);
}

static void bytes_can_be_wrong_in_the_small(void **state)
{
    (void)state;
    struct dressed d = dress_fault("kind: invalid_utf8");
    assert_false(utf8_valid(d.reply.body.buf, d.reply.body.len, NULL));
    undress(&d);

    d = dress_fault("kind: lone_surrogate");
    assert_non_null(strstr(d.reply.body.buf, "\\ud83d\""));
    undress(&d);

    d = dress_fault("kind: duplicate_keys");
    const char *first = strstr(d.reply.body.buf, "\"content\":");
    assert_non_null(first);
    assert_non_null(strstr(first + 1, "\"content\":"));
    undress(&d);

    d = dress_fault("kind: no_usage");
    assert_null(json_object(d.tree, "usage"));
    undress(&d);

    d = dress_fault("kind: no_finish");
    assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(d.choice, "finish_reason")));
    undress(&d);
}

static void max_tokens_cut_the_answer(void **state)
{
    (void)state;
    struct sim_request request = plain;
    request.max_tokens = 3;
    struct dressed d = dress("outcomes: {refused: 1}\n", &request);
    int64_t completion = 0;

    assert_int_equal(strlen(json_string(d.message, "content")), 12);
    assert_string_equal(json_string(d.choice, "finish_reason"), "length");
    assert_true(json_int(json_object(d.tree, "usage"), "completion_tokens", &completion));
    assert_int_equal(completion, 3);
    undress(&d);
}

/* The deltas of a stream, joined; NULL when an event is not what it should be. */
static void join_events(const struct dressed *d, struct strbuf *ret_text, int *ret_usage_chunks, bool *ret_done)
{
    *ret_usage_chunks = 0;
    *ret_done = false;
    for (const char *p = d->reply.body.buf, *end; (end = strstr(p, "\n\n")); p = end + 2) {
        assert_int_equal(strncmp(p, "data: ", 6), 0);
        if (strncmp(p, "data: [DONE]", 12) == 0) {
            *ret_done = true;
            continue;
        }
        cJSON *event = json_parse(p + 6, (size_t)(end - p - 6), NULL);
        assert_non_null(event);
        const cJSON *choice = cJSON_GetArrayItem(json_array(event, "choices"), 0);
        const char *text = json_string(json_object(choice, "delta"), "content");
        if (text)
            (void)strbuf_addstr(ret_text, text);
        *ret_usage_chunks += json_object(event, "usage") != NULL;
        cJSON_Delete(event);
    }
}

static void a_stream_carries_the_same_answer(void **state)
{
    (void)state;
    struct dressed whole = dress("outcomes: {complied: 1}\n", &plain), stream = dress("outcomes: {complied: 1}\n", &streamed);
    struct strbuf text = STRBUF_INIT;
    int usage_chunks;
    bool done;

    join_events(&stream, &text, &usage_chunks, &done);

    assert_string_equal(text.buf, json_string(whole.message, "content"));
    assert_int_equal(usage_chunks, 1);
    assert_true(done);
    assert_true(stream.reply.events);
    strbuf_release(&text);
    undress(&whole);
    undress(&stream);
}

static void an_error_in_a_stream_comes_after_the_first_words(void **state)
{
    (void)state;
    struct dressed d = dress("outcomes: {complied: 1}\nfaults: [{kind: error_200, rate: 1}]\n", &streamed);

    const char *error = strstr(d.reply.body.buf, "data: {\"error\":");
    assert_non_null(error);
    assert_true(error > strstr(d.reply.body.buf, "\"delta\""));
    assert_null(strstr(d.reply.body.buf, "[DONE]"));
    undress(&d);
}

static void an_odd_stream_is_still_a_legal_one(void **state)
{
    (void)state;
    struct dressed d = dress("outcomes: {complied: 1}\nfaults: [{kind: sse_odd, rate: 1}]\n", &streamed);

    assert_non_null(strstr(d.reply.body.buf, "\r\n"));
    assert_non_null(strstr(d.reply.body.buf, ": SIM PROCESSING"));
    assert_non_null(strstr(d.reply.body.buf, ",\ndata:\""));
    assert_non_null(strstr(d.reply.body.buf, "[DONE]"));
    assert_int_equal(d.reply.piece_bytes, 7);
    undress(&d);
}

static void sending_goes_wrong_in_each_way(void **state)
{
    (void)state;
    static const struct {
        const char *fault;
        enum reply_ending ending;
        enum fault_framing framing;
        int status;
    } cases[] = {
        { "kind: reset", ENDING_RESET_AT_ONCE, FRAMING_LENGTH, 0 },
        { "kind: reset, at: body", ENDING_RESET, FRAMING_LENGTH, 200 },
        { "kind: close", ENDING_NO_REPLY, FRAMING_LENGTH, 0 },
        { "kind: truncate", ENDING_CUT, FRAMING_LENGTH, 200 },
        { "kind: truncate, framing: chunked", ENDING_CUT, FRAMING_CHUNKED, 200 },
        { "kind: truncate, framing: close", ENDING_CUT, FRAMING_CLOSE, 200 },
        { "kind: stall", ENDING_STALL, FRAMING_LENGTH, 200 },
        { "kind: stall, at: start, seconds: 2", ENDING_WHOLE, FRAMING_LENGTH, 200 },
        { "kind: huge_body", ENDING_WHOLE, FRAMING_CHUNKED, 200 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct dressed d = dress_fault(cases[i].fault);

        assert_int_equal(d.reply.ending, cases[i].ending);
        assert_int_equal(d.reply.framing, cases[i].framing);
        assert_int_equal(d.reply.status, cases[i].status);
        if (strstr(cases[i].fault, "at: start"))
            assert_int_equal(d.reply.delay_us, 2000000);
        if (strstr(cases[i].fault, "huge"))
            assert_int_equal(sim_reply_bytes(&d.reply), 100 << 20);
        undress(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_reply_has_everything_that_clients_look_at),
        cmocka_unit_test(statuses_come_with_the_bodies_of_real_servers),
        cmocka_unit_test(retry_hints_have_each_of_their_forms),
        cmocka_unit_test(a_redirect_says_where),
        cmocka_unit_test(shapes_that_keep_the_answer_keep_it),
        cmocka_unit_test(parts_join_to_the_answer),
        cmocka_unit_test(reasoning_comes_in_three_ways),
        cmocka_unit_test(answers_without_text_are_recognisable),
        cmocka_unit_test(filters_answer_before_and_after_generation),
        cmocka_unit_test(a_200_can_be_no_answer_at_all),
        cmocka_unit_test(bytes_can_be_wrong_in_the_small),
        cmocka_unit_test(max_tokens_cut_the_answer),
        cmocka_unit_test(a_stream_carries_the_same_answer),
        cmocka_unit_test(an_error_in_a_stream_comes_after_the_first_words),
        cmocka_unit_test(an_odd_stream_is_still_a_legal_one),
        cmocka_unit_test(sending_goes_wrong_in_each_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
