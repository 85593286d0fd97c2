#include "reply_case.h"

#include "provider/sse.h"

#define SSE "content-type: text/event-stream\n"
#define DELTA(text)                                                                                                                        \
    "data: {\"id\":\"s1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" text                                        \
    "\"},\"finish_reason\":null}],\"usage\":null}\n\n"
#define STOP "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
#define DONE "data: [DONE]\n\n"
#define ANSWERED .class = REPLY_ANSWERED
#define INCOMPLETE .class = REPLY_RETRY, .error_class = "incomplete_stream", .give_up = "malformed", .retry_max = 1
#define MALFORMED .class = REPLY_RETRY, .error_class = "malformed_response", .give_up = "malformed", .retry_max = 1

static void pieces_of_a_stream_make_one_answer(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "plain", 200, SSE, DELTA("Hel") DELTA("lo") STOP DONE, ANSWERED, .content = "Hello", .finish = "stop" },
        { "by its bytes", 200, NULL, DELTA("x") STOP DONE, ANSWERED, .content = "x", .finish = "stop" },
        { "finish without [DONE]", 200, SSE, DELTA("x") STOP, ANSWERED, .content = "x", .finish = "stop" },
        { "[DONE] without finish", 200, SSE, DELTA("x") DONE, ANSWERED, .content = "x", .flags = ANSWER_INCOMPLETE },
        { "[DONE] without its line end", 200, SSE, DELTA("x") STOP "data: [DONE]", ANSWERED, .content = "x", .finish = "stop" },
        { "[DONE] with more behind", 200, SSE, DELTA("x") "data: [DONE] bye\n\n" DELTA("y"), ANSWERED, .content = "x",
          .flags = ANSWER_INCOMPLETE },
        { "comments and other fields", 200, SSE,
          ": OPENROUTER PROCESSING\n\nevent: message\nid: 7\nretry: 10\n" DELTA("x") ": alive\n\n" STOP DONE, ANSWERED, .content = "x",
          .finish = "stop" },
        { "CR LF", 200, SSE,
          "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\n\r\ndata: "
          "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\n",
          ANSWERED, .content = "x", .finish = "stop" },
        { "CR", 200, SSE, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\r\rdata: [DONE]\r\r", ANSWERED, .content = "x",
          .flags = ANSWER_INCOMPLETE },
        { "several data lines", 200, SSE,
          "data: {\"choices\":\ndata:[{\"delta\":{\"content\":\"x\"},\ndata: \"finish_reason\":\"stop\"}]}\n\n", ANSWERED, .content = "x",
          .finish = "stop" },
        { "no space after data:", 200, SSE, "data:{\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n", ANSWERED,
          .content = "x", .finish = "stop" },
        { "text that starts like the field", 200, SSE, DELTA("data: a") STOP, ANSWERED, .content = "data: a", .finish = "stop" },
        { "empty data", 200, SSE, "data:\n\n" DELTA("x") STOP, ANSWERED, .content = "x", .finish = "stop" },
        { "usage chunk", 200, SSE,
          DELTA("x") STOP "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n" DONE, ANSWERED,
          .content = "x", .finish = "stop" },
        { "usage chunk cut", 200, SSE, DELTA("x") STOP "data: {\"choices\":[],\"usa", ANSWERED, .content = "x", .finish = "stop" },
        { "reasoning", 200, SSE,
          "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"h\"}}]}\n\n"
          "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"m\"}}]}\n\n" DELTA("x") STOP,
          ANSWERED, .content = "x", .reasoning = "hm", .finish = "stop" },
        { "think", 200, SSE, DELTA("<thi") DELTA("nk>h") DELTA("m</think>x") STOP, ANSWERED, .content = "x", .reasoning = "hm",
          .finish = "stop" },
        { "think left open", 200, SSE, DELTA("<think>h") DONE, ANSWERED, .reasoning = "h",
          .flags = ANSWER_REASONING_ONLY | ANSWER_INCOMPLETE },
        { "refusal", 200, SSE,
          "data: {\"choices\":[{\"delta\":{\"refusal\":\"I ca\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"refusal\":\"n't\"}}]}\n\n" STOP,
          ANSWERED, .refusal = "I can't", .finish = "stop", .flags = ANSWER_MODEL_REFUSAL },
        { "tool call", 200, SSE, "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n" STOP, ANSWERED, .finish = "stop",
          .flags = ANSWER_TOOL_CALL | ANSWER_EMPTY },
        { "other choices are not ours", 200, SSE,
          "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}},{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n" STOP,
          ANSWERED, .content = "x", .finish = "stop" },
        { "character cut between two events", 200, SSE,
          "data: {\"choices\":[{\"delta\":{\"content\":\"\xF0\x9F\"}}]}\n\ndata: "
          "{\"choices\":[{\"delta\":{\"content\":\"\x98\x80\"}}]}\n\n" STOP,
          ANSWERED, .content = "\xF0\x9F\x98\x80", .finish = "stop" },
        { "invalid byte", 200, SSE, DELTA("a\xFF") STOP, ANSWERED, .content = "a\xEF\xBF\xBD", .finish = "stop",
          .flags = ANSWER_BAD_ESCAPE },
        { "NUL", 200, SSE, DELTA("a\\u0000b") STOP, ANSWERED,
          .content = "a\xE2\x90\x80"
                     "b",
          .finish = "stop", .flags = ANSWER_BAD_ESCAPE },
        { "length", 200, SSE, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"length\"}]}\n\n", ANSWERED,
          .content = "x", .finish = "length", .flags = ANSWER_TRUNCATED },
        { "filter", 200, SSE, "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n" DONE, .class = REPLY_BLOCKED,
          .finish = "content_filter", .flags = ANSWER_FILTER_OUTPUT },
        { "filter after text", 200, SSE, DELTA("half") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\n" DONE,
          .class = REPLY_BLOCKED, .content = "half", .finish = "content_filter", .flags = ANSWER_PARTIAL_DELIVERY },
        { "a whole answer though a stream was asked for", 200, "content-type: application/json\n",
          "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}", ANSWERED, .content = "x", .finish = "stop" },
        { "message in place of delta", 200, SSE, "data: {\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n",
          ANSWERED, .content = "x", .finish = "stop" },
        { "byte order mark", 200, SSE, "\xEF\xBB\xBF" DELTA("x") STOP, ANSWERED, .content = "x", .finish = "stop" },
    };
    CASE_CHECK_ALL(table);
}

static void streams_that_fail_are_no_answers(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "cut between events", 200, SSE, DELTA("x"), INCOMPLETE },
        { "cut inside an event", 200, SSE, DELTA("x") "data: {\"choices\":[{\"del", INCOMPLETE },
        { "cut inside a finish", 200, SSE, DELTA("x") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"st", INCOMPLETE },
        { "comments only", 200, SSE, ": alive\n\n: alive\n\n", INCOMPLETE },
        { "[DONE] only", 200, SSE, DONE, MALFORMED },
        { "usage only", 200, SSE, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n" DONE, MALFORMED },
        { "not JSON", 200, SSE, "data: hello\n\n" DELTA("x") STOP, MALFORMED },
        { "HTML", 200, SSE, "<html><title>no</title>", MALFORMED },
        { "words", 200, SSE, "bad gateway", INCOMPLETE },
        { "error event", 200, SSE,
          DELTA("x") "data: {\"error\":{\"message\":\"engine died\",\"type\":\"t\",\"param\":null,\"code\":500}}\n\n" DONE,
          .class = REPLY_RETRY, .error_class = "server", .message = "engine died" },
        { "error as a string", 200, SSE, "event: error\ndata: {\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}\n\n",
          .class = REPLY_RETRY, .error_class = "rate", .effect = EFFECT_COOLDOWN },
        { "error after the finish", 200, SSE, DELTA("x") STOP "data: {\"error\":{\"code\":502,\"message\":\"late\"}}\n\n" DONE,
          .class = REPLY_RETRY, .error_class = "server" },
        { "error of a choice", 200, SSE,
          DELTA("x") "data: {\"choices\":[{\"delta\":{},\"error\":{\"code\":429,\"message\":\"slow\"}}]}\n\n", .class = REPLY_RETRY,
          .error_class = "rate", .effect = EFFECT_COOLDOWN },
        { "filter as an error after text", 200, SSE,
          DELTA("half") "data: {\"error\":{\"code\":\"content_filter\",\"message\":\"cut\"}}\n\n", .class = REPLY_BLOCKED,
          .content = "half", .flags = ANSWER_PARTIAL_DELIVERY, .message = "cut" },
        { "finish error", 200, SSE, DELTA("x") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n", .class = REPLY_RETRY,
          .error_class = "finish_error", .retry_max = 1, .give_up = "malformed" },
        { "error object in place of a stream", 200, "content-type: application/json\n", "{\"error\":{\"code\":503,\"message\":\"busy\"}}",
          .class = REPLY_RETRY, .error_class = "server" },
    };
    CASE_CHECK_ALL(table);
}

static void usage_comes_from_the_chunk_without_choices(void **state)
{
    (void)state;
    const struct reply_case c = { "usage", 200, SSE,
                                  DELTA("x") STOP "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n" DONE,
                                  ANSWERED };
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    case_read(&c, &a, &f);

    assert_int_equal(f.answer.usage.prompt_tokens, 3);
    assert_int_equal(f.answer.usage.completion_tokens, 1);
    assert_string_equal(f.answer.model_echo, "m");
    assert_string_equal(f.answer.reply_id, "s1");
    arena_release(&a);
}

static void events_are_cut_where_the_blank_line_is(void **state)
{
    (void)state;
    static const struct {
        const char *text, *data[3];
        bool last_cut;
    } table[] = {
        { "data: a\n\ndata: b\n\n", { "a", "b" }, false },
        { "data: a\ndata: b\n\n", { "a\nb" }, false },
        { "data: a\rdata: b\r\r", { "a\nb" }, false },
        { "data: a\r\ndata: b\r\n\r\n", { "a\nb" }, false },
        { "data:  a\n\n", { " a" }, false },
        { "data\n\n", { "" }, false },
        { "dataset: a\n\ndata: b\n\n", { "b" }, false },
        { "data: a\n", { "a" }, true },
        { "data: a", { "a" }, true },
        { "data: a\ndata: b\ndata: c\n\n\n\ndata: d\n\n", { "a\nb\nc", "d" }, false },
        { "\n\n: x\n\n", { NULL }, false },
        { "", { NULL }, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct sse s;
        struct sse_event event;
        size_t count = 0;
        bool cut = false;
        sse_init(&s, table[i].text, strlen(table[i].text));
        for (; sse_next(&s, &event); count++) {
            assert_true(count < 3 && table[i].data[count]);
            assert_int_equal(event.data_len, strlen(table[i].data[count]));
            assert_memory_equal(event.data, table[i].data[count], event.data_len);
            cut = event.cut;
        }
        assert_true(count == 3 || !table[i].data[count]);
        assert_int_equal(cut, table[i].last_cut);
        sse_release(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_a_stream_make_one_answer),
        cmocka_unit_test(streams_that_fail_are_no_answers),
        cmocka_unit_test(usage_comes_from_the_chunk_without_choices),
        cmocka_unit_test(events_are_cut_where_the_blank_line_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
