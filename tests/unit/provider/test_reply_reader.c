#include "reply_case.h"

#define OK_BODY(message, finish)                                                                                                           \
    "{\"id\":\"r1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":" message           \
    ",\"finish_reason\":" finish "}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":7}}"
#define SAYS(text) "{\"role\":\"assistant\",\"content\":\"" text "\"}"
#define ANSWERED .class = REPLY_ANSWERED
#define MALFORMED .class = REPLY_RETRY, .error_class = "malformed_response", .give_up = "malformed", .retry_max = 1

static void only_a_document_with_choices_is_an_answer(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "plain", 200, "content-type: application/json\n", OK_BODY(SAYS("Hi"), "\"stop\""), ANSWERED, .content = "Hi", .finish = "stop" },
        { "wrong type", 200, "content-type: text/plain\n", OK_BODY(SAYS("Hi"), "\"stop\""), ANSWERED, .content = "Hi", .finish = "stop" },
        { "event-stream type", 200, "content-type: text/event-stream\n", OK_BODY(SAYS("Hi"), "\"stop\""), ANSWERED, .content = "Hi",
          .finish = "stop" },
        { "byte order mark", 200, NULL, "\xEF\xBB\xBF" OK_BODY(SAYS("Hi"), "\"stop\"") "\n\n", ANSWERED, .content = "Hi",
          .finish = "stop" },
        { "201", 201, NULL, OK_BODY(SAYS("Hi"), "\"stop\""), ANSWERED, .content = "Hi", .finish = "stop" },
        { "error is null", 200, NULL,
          "{\"error\":null,\"choices\":[{\"message\":" SAYS("Hi") ",\"error\":null,\"finish_reason\":\"stop\"}]}", ANSWERED,
          .content = "Hi", .finish = "stop" },
        { "old TGI", 200, NULL,
          "{\"id\":\"\",\"object\":\"text_completion\",\"choices\":[{\"message\":" SAYS("Hi") ",\"finish_reason\":\"eos_token\"}]}",
          ANSWERED, .content = "Hi", .finish = "eos_token" },

        { "HTML", 200, "content-type: text/html\n", "<!doctype html><title>Sign in</title>", MALFORMED,
          .message = "an HTML page: Sign in" },
        { "empty", 200, MALFORMED, .message = "an empty body" },
        { "empty, 204", 204, MALFORMED },
        { "empty stream", 200, "content-type: text/event-stream\n", NULL, MALFORMED },
        { "only white space", 200, NULL, " \r\n\t", MALFORMED },
        { "text", 200, "content-type: text/plain\n", "upstream said hello", MALFORMED, .message = "upstream said hello" },
        { "cut", 200, NULL, "{\"choices\":[{\"message\":{\"content\":\"Hi", MALFORMED },
        { "two documents", 200, NULL, OK_BODY(SAYS("Hi"), "\"stop\"") "{}", MALFORMED },
        { "a list", 200, NULL, "[1,2]", MALFORMED },
        { "a word", 200, NULL, "null", MALFORMED },
        { "NaN", 200, NULL, "{\"choices\":[{\"message\":" SAYS("Hi") ",\"logprobs\":NaN}]}", MALFORMED },
        { "no choices", 200, NULL, "{\"id\":\"x\",\"usage\":{\"prompt_tokens\":1}}", MALFORMED },
        { "choices null", 200, NULL, "{\"choices\":null}", MALFORMED },
        { "choices empty", 200, NULL, "{\"choices\":[]}", MALFORMED },
        { "choices of words", 200, NULL, "{\"choices\":[\"x\"]}", MALFORMED },
        { "choices without message", 200, NULL, "{\"choices\":[{\"text\":\"x\",\"finish_reason\":\"stop\"}]}", MALFORMED },
        { "key in another case", 200, NULL, "{\"Choices\":[{\"message\":" SAYS("Hi") "}]}", MALFORMED },
        { "detail only", 200, NULL, "{\"detail\":\"nope\"}", MALFORMED, .message = "nope" },
        { "status 0 without a fault", 0, MALFORMED },
    };
    CASE_CHECK_ALL(table);
}

static void nesting_without_end_is_refused_not_followed(void **state)
{
    (void)state;
    char body[6000];
    memset(body, '[', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    const struct reply_case c = { "nesting", 200, NULL, body, MALFORMED };

    case_check(&c);
}

static void content_comes_as_text_as_null_or_in_parts(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "null", 200, NULL, OK_BODY("{\"content\":null}", "\"stop\""), ANSWERED, .flags = ANSWER_EMPTY, .finish = "stop" },
        { "absent", 200, NULL, OK_BODY("{\"role\":\"assistant\"}", "\"stop\""), ANSWERED, .flags = ANSWER_EMPTY, .finish = "stop" },
        { "empty", 200, NULL, OK_BODY(SAYS(""), "\"stop\""), ANSWERED, .flags = ANSWER_EMPTY, .finish = "stop" },
        { "white", 200, NULL, OK_BODY(SAYS(" \\n\\t "), "\"stop\""), ANSWERED, .flags = ANSWER_EMPTY, .content = " \n\t ",
          .finish = "stop" },
        { "number", 200, NULL, OK_BODY("{\"content\":7}", "\"stop\""), ANSWERED, .flags = ANSWER_EMPTY, .finish = "stop" },
        { "parts", 200, NULL,
          OK_BODY(
              "{\"content\":[{\"type\":\"text\",\"text\":\"one \"},{\"type\":\"image_url\"},{\"type\":\"text\",\"text\":\"two\"},\"!\",7]}",
              "\"stop\""),
          ANSWERED, .content = "one two!", .finish = "stop" },
        { "no parts", 200, NULL, OK_BODY("{\"content\":[]}", "\"stop\""), ANSWERED, .flags = ANSWER_EMPTY, .finish = "stop" },
        { "first of two keys", 200, NULL, OK_BODY("{\"content\":\"first\",\"content\":\"second\"}", "\"stop\""), ANSWERED,
          .content = "first", .finish = "stop" },
        { "first of two choices", 200, NULL,
          "{\"choices\":[{\"message\":" SAYS("a") ",\"finish_reason\":\"stop\"},{\"message\":" SAYS("b") "}]}", ANSWERED, .content = "a",
          .finish = "stop" },
    };
    CASE_CHECK_ALL(table);
}

static void refusals_reasoning_and_tool_calls_are_kept_apart(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "refusal", 200, NULL, OK_BODY("{\"content\":null,\"refusal\":\"I can't.\"}", "\"stop\""), ANSWERED, .flags = ANSWER_MODEL_REFUSAL,
          .refusal = "I can't.", .finish = "stop" },
        { "refusal and content", 200, NULL, OK_BODY("{\"content\":\"but\",\"refusal\":\"I can't.\"}", "\"stop\""), ANSWERED,
          .flags = ANSWER_MODEL_REFUSAL, .refusal = "I can't.", .content = "but", .finish = "stop" },
        { "refusal empty", 200, NULL, OK_BODY("{\"content\":\"x\",\"refusal\":\"\"}", "\"stop\""), ANSWERED, .content = "x",
          .finish = "stop" },
        { "reasoning", 200, NULL, OK_BODY("{\"content\":\"x\",\"reasoning\":\"hm\",\"reasoning_content\":\"other\"}", "\"stop\""), ANSWERED,
          .content = "x", .reasoning = "hm", .finish = "stop" },
        { "reasoning_content", 200, NULL, OK_BODY("{\"content\":\"x\",\"reasoning\":\"\",\"reasoning_content\":\"hm\"}", "\"stop\""),
          ANSWERED, .content = "x", .reasoning = "hm", .finish = "stop" },
        { "reasoning null", 200, NULL, OK_BODY("{\"content\":\"x\",\"reasoning\":null,\"reasoning_content\":null}", "\"stop\""), ANSWERED,
          .content = "x", .finish = "stop" },
        { "think", 200, NULL, OK_BODY(SAYS("<think>hm</think>\\n\\nx"), "\"stop\""), ANSWERED, .content = "x", .reasoning = "hm",
          .finish = "stop" },
        { "think after white space", 200, NULL, OK_BODY(SAYS("\\n<think>\\nhm\\n</think>x"), "\"stop\""), ANSWERED, .content = "x",
          .reasoning = "\nhm\n", .finish = "stop" },
        { "think inside the text", 200, NULL, OK_BODY(SAYS("a <think>b</think> c"), "\"stop\""), ANSWERED,
          .content = "a <think>b</think> c", .finish = "stop" },
        { "empty think", 200, NULL, OK_BODY(SAYS("<think></think>x"), "\"stop\""), ANSWERED, .content = "x", .finish = "stop" },
        { "field and think", 200, NULL, OK_BODY("{\"content\":\"<think>b</think>x\",\"reasoning\":\"a\"}", "\"stop\""), ANSWERED,
          .content = "x", .reasoning = "a", .finish = "stop" },
        { "think left open", 200, NULL, OK_BODY(SAYS("<think>hm and"), "\"length\""), ANSWERED,
          .flags = ANSWER_REASONING_ONLY | ANSWER_TRUNCATED, .reasoning = "hm and", .finish = "length" },
        { "think left open at once", 200, NULL, OK_BODY(SAYS("<think>"), "\"stop\""), ANSWERED, .flags = ANSWER_REASONING_ONLY,
          .finish = "stop" },
        { "think and nothing", 200, NULL, OK_BODY(SAYS("<think>hm</think>\\n"), "\"stop\""), ANSWERED, .flags = ANSWER_REASONING_ONLY,
          .reasoning = "hm", .finish = "stop" },
        { "reasoning only", 200, NULL, OK_BODY("{\"content\":null,\"reasoning_content\":\"hm\"}", "\"length\""), ANSWERED,
          .flags = ANSWER_REASONING_ONLY | ANSWER_TRUNCATED, .reasoning = "hm", .finish = "length" },
        { "tool call", 200, NULL, OK_BODY("{\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]}", "\"tool_calls\""), ANSWERED,
          .flags = ANSWER_TOOL_CALL | ANSWER_EMPTY, .finish = "tool_calls" },
        { "tool call and text", 200, NULL, OK_BODY("{\"content\":\"x\",\"tool_calls\":[{\"id\":\"1\"}]}", "\"stop\""), ANSWERED,
          .flags = ANSWER_TOOL_CALL, .content = "x", .finish = "stop" },
        { "function call", 200, NULL, OK_BODY("{\"content\":\"x\",\"function_call\":{\"name\":\"f\"}}", "\"function_call\""), ANSWERED,
          .flags = ANSWER_TOOL_CALL, .content = "x", .finish = "function_call" },
        { "tool_calls null", 200, NULL, OK_BODY("{\"content\":\"x\",\"tool_calls\":null}", "\"stop\""), ANSWERED, .content = "x",
          .finish = "stop" },
        { "tool_calls empty", 200, NULL, OK_BODY("{\"content\":\"x\",\"tool_calls\":[]}", "\"stop\""), ANSWERED, .content = "x",
          .finish = "stop" },
    };
    CASE_CHECK_ALL(table);
}

static void every_finish_reason_has_its_meaning(void **state)
{
    (void)state;
#define WITH(finish) 200, NULL, OK_BODY(SAYS("x"), finish)
#define WITHOUT(finish) 200, NULL, OK_BODY("{\"content\":null}", finish)
    static const struct reply_case table[] = {
        { "stop", WITH("\"stop\""), ANSWERED, .content = "x", .finish = "stop" },
        { "length", WITH("\"length\""), ANSWERED, .content = "x", .finish = "length", .flags = ANSWER_TRUNCATED },
        { "eos_token", WITH("\"eos_token\""), ANSWERED, .content = "x", .finish = "eos_token" },
        { "stop_sequence", WITH("\"stop_sequence\""), ANSWERED, .content = "x", .finish = "stop_sequence" },
        { "eos", WITH("\"eos\""), ANSWERED, .content = "x", .finish = "eos" },
        { "tool_calls", WITH("\"tool_calls\""), ANSWERED, .content = "x", .finish = "tool_calls", .flags = ANSWER_TOOL_CALL },
        { "function_call", WITH("\"function_call\""), ANSWERED, .content = "x", .finish = "function_call", .flags = ANSWER_TOOL_CALL },
        { "content_filter", WITHOUT("\"content_filter\""), .class = REPLY_BLOCKED, .finish = "content_filter",
          .flags = ANSWER_FILTER_OUTPUT },
        { "content_filter without a message", 200, NULL, "{\"choices\":[{\"finish_reason\":\"content_filter\"}]}", .class = REPLY_BLOCKED,
          .finish = "content_filter", .flags = ANSWER_FILTER_OUTPUT },
        { "content_filter, text", WITH("\"content_filter\""), .class = REPLY_BLOCKED, .content = "x", .finish = "content_filter",
          .flags = ANSWER_PARTIAL_DELIVERY },
        { "sensitive", WITHOUT("\"sensitive\""), .class = REPLY_BLOCKED, .finish = "sensitive", .flags = ANSWER_FILTER_OUTPUT },
        { "sensitive, text", WITH("\"sensitive\""), .class = REPLY_BLOCKED, .content = "x", .finish = "sensitive",
          .flags = ANSWER_PARTIAL_DELIVERY },
        { "abort", WITH("\"abort\""), .class = REPLY_RETRY, .error_class = "abort", .retry_max = 1, .give_up = "malformed" },
        { "error", WITH("\"error\""), .class = REPLY_RETRY, .error_class = "finish_error", .retry_max = 1, .give_up = "malformed" },
        { "network_error", WITH("\"network_error\""), .class = REPLY_RETRY, .error_class = "server" },
        { "window, no text", WITHOUT("\"model_context_window_exceeded\""), .class = REPLY_FAILED, .error_class = "too_long",
          .reason = "too_long" },
        { "window, text", WITH("\"model_context_window_exceeded\""), ANSWERED, .content = "x", .finish = "model_context_window_exceeded",
          .flags = ANSWER_TRUNCATED },
        { "null", WITH("null"), ANSWERED, .content = "x", .flags = ANSWER_INCOMPLETE },
        { "absent", 200, NULL, "{\"choices\":[{\"message\":" SAYS("x") "}]}", ANSWERED, .content = "x", .flags = ANSWER_INCOMPLETE },
        { "another", WITH("\"max_time\""), ANSWERED, .content = "x", .finish = "max_time", .flags = ANSWER_FINISH_UNKNOWN },
        { "another case", WITH("\"STOP\""), ANSWERED, .content = "x", .finish = "STOP", .flags = ANSWER_FINISH_UNKNOWN },
    };
    CASE_CHECK_ALL(table);
}

static void broken_text_is_repaired_and_never_cut(void **state)
{
    (void)state;
    static const char raw_nul[] = "{\"choices\":[{\"message\":{\"content\":\"a\0b\"},\"finish_reason\":\"stop\"}]}";
    static const struct reply_case table[] = {
        { "pair", 200, NULL, OK_BODY(SAYS("\\ud83d\\ude00"), "\"stop\""), ANSWERED, .content = "\xF0\x9F\x98\x80", .finish = "stop" },
        { "lone high", 200, NULL, OK_BODY(SAYS("a\\ud83db"), "\"stop\""), ANSWERED,
          .content = "a\xEF\xBF\xBD"
                     "b",
          .finish = "stop", .flags = ANSWER_BAD_ESCAPE },
        { "lone low", 200, NULL, OK_BODY(SAYS("a\\ude00b"), "\"stop\""), ANSWERED,
          .content = "a\xEF\xBF\xBD"
                     "b",
          .finish = "stop", .flags = ANSWER_BAD_ESCAPE },
        { "escaped backslash", 200, NULL, OK_BODY(SAYS("a\\\\ud83db \\\\u0000"), "\"stop\""), ANSWERED, .content = "a\\ud83db \\u0000",
          .finish = "stop" },
        { "NUL escape", 200, NULL, OK_BODY(SAYS("a\\u0000b"), "\"stop\""), ANSWERED,
          .content = "a\xE2\x90\x80"
                     "b",
          .finish = "stop", .flags = ANSWER_BAD_ESCAPE },
        { "NUL byte", 200, NULL, raw_nul, sizeof(raw_nul) - 1, ANSWERED,
          .content = "a\xE2\x90\x80"
                     "b",
          .finish = "stop", .flags = ANSWER_BAD_ESCAPE },
        { "raw line end", 200, NULL, OK_BODY(SAYS("a\nb\tc"), "\"stop\""), ANSWERED, .content = "a\nb\tc", .finish = "stop" },
        { "invalid UTF-8", 200, NULL, OK_BODY(SAYS("a\xFF\xC3(b"), "\"stop\""), ANSWERED, .content = "a\xEF\xBF\xBD\xEF\xBF\xBD(b",
          .finish = "stop", .flags = ANSWER_BAD_ESCAPE },
        { "bare low escape", 400, NULL, "{\"error\":{\"message\":\"a\\udc00\xFF\"}}", .class = REPLY_FAILED,
          .error_class = "invalid_request", .reason = "invalid_request", .message = "a\xEF\xBF\xBD\xEF\xBF\xBD" },
    };
    CASE_CHECK_ALL(table);
}

static void identity_and_provider_are_echoed(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    const struct reply_case c = {
        "echo", 200, "content-type: application/json\nx-inference-provider:  novita \n",
        "{\"id\":\"r\xFF\",\"model\":\"org/m\",\"system_fingerprint\":\"fp\",\"choices\":[{\"message\":" SAYS("x") "}]}", ANSWERED
    };
    case_read(&c, &a, &f);

    assert_string_equal(f.provider_echo, "novita");
    assert_string_equal(f.answer.model_echo, "org/m");
    assert_string_equal(f.answer.fingerprint, "fp");
    assert_string_equal(f.answer.reply_id, "r\xEF\xBF\xBD");

    const struct reply_case none = { "echo", 200, NULL, "{\"system_fingerprint\":null,\"choices\":[{\"message\":" SAYS("x") "}]}",
                                     ANSWERED };
    case_read(&none, &a, &f);
    assert_string_equal(f.provider_echo, "");
    assert_string_equal(f.answer.model_echo, "");
    assert_string_equal(f.answer.fingerprint, "");
    arena_release(&a);
}

static void key_is_blotted_out_of_the_servers_words(void **state)
{
    (void)state;
    struct secret *key = secret_new("hf_canary_key", 13);
    struct provider_target t = case_target;
    t.api_key = key;
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    struct http_reply reply = HTTP_REPLY_INIT;
    reply.status = 401;
    (void)strbuf_addstr(&reply.body, "{\"error\":\"Incorrect API key provided: hf_canary_key.\"}");

    openai_chat.read(&t, &reply, case_now_us, &a, &f);

    assert_string_equal(f.message, "Incorrect API key provided: ****.");
    http_reply_release(&reply);
    arena_release(&a);
    secret_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_document_with_choices_is_an_answer), cmocka_unit_test(nesting_without_end_is_refused_not_followed),
        cmocka_unit_test(content_comes_as_text_as_null_or_in_parts), cmocka_unit_test(refusals_reasoning_and_tool_calls_are_kept_apart),
        cmocka_unit_test(every_finish_reason_has_its_meaning),       cmocka_unit_test(broken_text_is_repaired_and_never_cut),
        cmocka_unit_test(identity_and_provider_are_echoed),          cmocka_unit_test(key_is_blotted_out_of_the_servers_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
