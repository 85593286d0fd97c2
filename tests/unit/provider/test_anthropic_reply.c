#include "provider/anthropic_messages.h"

#define CASE_OPS anthropic_messages
#include "reply_case.h"

#define ANSWERED .class = REPLY_ANSWERED
#define BLOCKED .class = REPLY_BLOCKED
#define MALFORMED .class = REPLY_RETRY, .error_class = "malformed_response", .give_up = "malformed", .retry_max = 1
#define INCOMPLETE .class = REPLY_RETRY, .error_class = "incomplete_stream", .give_up = "malformed", .retry_max = 1
#define RETRY(word) .class = REPLY_RETRY, .error_class = (word)
#define PARK(word) .class = REPLY_PARK, .effect = EFFECT_STOP, .error_class = (word), .reason = (word)
#define FAILED(word) .class = REPLY_FAILED, .error_class = (word), .reason = (word)

#define MESSAGE(content, stop)                                                                                                             \
    "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[" content "],\"stop_reason\":" stop \
    ",\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"              \
    "\"output_tokens\":4,\"service_tier\":\"standard\"}}"
#define TEXT(words) "{\"type\":\"text\",\"text\":\"" words "\",\"citations\":null}"
#define THINKING(words) "{\"type\":\"thinking\",\"thinking\":\"" words "\",\"signature\":\"EqQB\"}"
#define ERROR_OF(type, words)                                                                                                              \
    "{\"type\":\"error\",\"error\":{\"type\":\"" type "\",\"message\":\"" words "\"},\"request_id\":\"req_011CSHoEeqs5C35K2UUqR7Fy\"}"

static void blocks_of_text_make_the_answer_and_thinking_stays_apart(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "plain", 200, NULL, MESSAGE(TEXT("Hi"), "\"end_turn\""), ANSWERED, .content = "Hi", .finish = "end_turn",
          .usage = { 12, 4, -1, -1 } },
        { "two blocks", 200, NULL, MESSAGE(TEXT("Hel") "," TEXT("lo"), "\"end_turn\""), ANSWERED, .content = "Hello",
          .finish = "end_turn" },
        { "thinking", 200, NULL, MESSAGE(THINKING("hm") "," TEXT("Hi"), "\"end_turn\""), ANSWERED, .content = "Hi", .reasoning = "hm",
          .finish = "end_turn" },
        { "thinking that is hidden", 200, NULL, MESSAGE("{\"type\":\"redacted_thinking\",\"data\":\"EmwK\"}," TEXT("Hi"), "\"end_turn\""),
          ANSWERED, .content = "Hi", .finish = "end_turn" },
        { "only thinking", 200, NULL, MESSAGE(THINKING("hm"), "\"max_tokens\""), ANSWERED, .reasoning = "hm", .finish = "max_tokens",
          .flags = ANSWER_REASONING_ONLY | ANSWER_TRUNCATED },
        { "only hidden thinking", 200, NULL, MESSAGE(THINKING(""), "\"max_tokens\""), ANSWERED, .finish = "max_tokens",
          .flags = ANSWER_REASONING_ONLY | ANSWER_TRUNCATED },
        { "empty", 200, NULL, MESSAGE("", "\"end_turn\""), ANSWERED, .finish = "end_turn", .flags = ANSWER_EMPTY },
        { "a block of another kind", 200, NULL, MESSAGE("{\"type\":\"web_search_tool_result\",\"content\":[]}," TEXT("Hi"), "\"end_turn\""),
          ANSWERED, .content = "Hi", .finish = "end_turn" },
        { "lone surrogate", 200, NULL, MESSAGE(TEXT("a\\ud83db"), "\"end_turn\""), ANSWERED,
          .content = "a\xEF\xBF\xBD"
                     "b",
          .finish = "end_turn", .flags = ANSWER_BAD_ESCAPE },
        { "cached prompt", 200, NULL,
          "{\"type\":\"message\",\"content\":[" TEXT(
              "Hi") "],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":2,"
                    "\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":30,\"output_tokens\":9,"
                    "\"output_tokens_details\":{\"thinking_tokens\":5}}}",
          ANSWERED, .content = "Hi", .finish = "end_turn", .usage = { 132, 9, 5, -1 } },

        { "no content", 200, NULL, "{\"id\":\"msg_1\",\"type\":\"message\",\"stop_reason\":\"end_turn\"}", MALFORMED,
          .message = "without `content`" },
        { "content is a word", 200, NULL, "{\"type\":\"message\",\"content\":\"Hi\",\"stop_reason\":\"end_turn\"}", MALFORMED },
        { "of another protocol", 200, NULL, "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}", MALFORMED },
        { "a list", 200, NULL, "[]", MALFORMED },
        { "cut", 200, NULL, "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"te", MALFORMED },
        { "HTML", 200, NULL, "<html><title>Gateway</title></html>", MALFORMED, .message = "an HTML page: Gateway" },
        { "empty body", 200, MALFORMED },
    };
    CASE_CHECK_ALL(table);
}

static void stop_reason_decides(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "end_turn", 200, NULL, MESSAGE(TEXT("x"), "\"end_turn\""), ANSWERED, .content = "x", .finish = "end_turn" },
        { "stop_sequence", 200, NULL, MESSAGE(TEXT("x"), "\"stop_sequence\""), ANSWERED, .content = "x", .finish = "stop_sequence" },
        { "max_tokens", 200, NULL, MESSAGE(TEXT("x"), "\"max_tokens\""), ANSWERED, .content = "x", .finish = "max_tokens",
          .flags = ANSWER_TRUNCATED },
        { "tool_use", 200, NULL, MESSAGE("{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look_up\",\"input\":{}}", "\"tool_use\""),
          ANSWERED, .finish = "tool_use", .flags = ANSWER_TOOL_CALL | ANSWER_EMPTY },
        { "pause_turn", 200, NULL, MESSAGE(TEXT("x"), "\"pause_turn\""), ANSWERED, .content = "x", .finish = "pause_turn",
          .flags = ANSWER_INCOMPLETE },
        { "null", 200, NULL, MESSAGE(TEXT("x"), "null"), ANSWERED, .content = "x", .flags = ANSWER_INCOMPLETE },
        { "a word to come", 200, NULL, MESSAGE(TEXT("x"), "\"compaction\""), ANSWERED, .content = "x", .finish = "compaction",
          .flags = ANSWER_FINISH_UNKNOWN },
        { "window, text", 200, NULL, MESSAGE(TEXT("x"), "\"model_context_window_exceeded\""), ANSWERED, .content = "x",
          .finish = "model_context_window_exceeded", .flags = ANSWER_TRUNCATED },
        { "window, no text", 200, NULL, MESSAGE("", "\"model_context_window_exceeded\""), FAILED("too_long") },

        { "refusal after text", 200, NULL, MESSAGE(TEXT("Hello.."), "\"refusal\""), BLOCKED, .content = "Hello..", .finish = "refusal",
          .flags = ANSWER_PARTIAL_DELIVERY },
        { "refusal after tokens", 200, NULL, MESSAGE("", "\"refusal\""), BLOCKED, .finish = "refusal", .flags = ANSWER_FILTER_OUTPUT },
        { "refusal before a token", 200, NULL,
          "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[],"
          "\"stop_reason\":\"refusal\",\"stop_sequence\":null,\"stop_details\":{\"type\":\"refusal\",\"category\":\"general_harms\","
          "\"explanation\":\"This request was declined.\"},\"usage\":{\"input_tokens\":12,\"output_tokens\":0}}",
          BLOCKED, .finish = "refusal", .flags = ANSWER_FILTER_INPUT, .message = "general_harms: This request was declined." },
        { "refusal without a category", 200, NULL,
          "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":\"refusal\",\"category\":null,"
          "\"explanation\":null}}",
          BLOCKED, .finish = "refusal", .flags = ANSWER_FILTER_OUTPUT },
        { "a model that refuses in words", 200, NULL, MESSAGE(TEXT("I can't help with that."), "\"end_turn\""), ANSWERED,
          .content = "I can't help with that.", .finish = "end_turn" },
    };
    CASE_CHECK_ALL(table);
}

#define EVENT(type, members) "event: " type "\ndata: {\"type\":\"" type "\"" members "}\n\n"
#define START                                                                                                                              \
    EVENT("message_start",                                                                                                                 \
          ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[],"              \
          "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}")
#define TEXT_BLOCK EVENT("content_block_start", ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}") EVENT("ping", "")
#define DELTA(words) EVENT("content_block_delta", ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" words "\"}")
#define BLOCK_STOP EVENT("content_block_stop", ",\"index\":0")
#define FINISH(reason)                                                                                                                     \
    EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"" reason "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":15}")
#define STOP EVENT("message_stop", "")
#define SSE "content-type: text/event-stream; charset=utf-8\n"

static void events_of_a_stream_make_one_answer(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "plain", 200, SSE, START TEXT_BLOCK DELTA("Hel") DELTA("lo") BLOCK_STOP FINISH("end_turn") STOP, ANSWERED, .content = "Hello",
          .finish = "end_turn", .usage = { 25, 15, -1, -1 } },
        { "by its bytes", 200, NULL, START TEXT_BLOCK DELTA("x") FINISH("end_turn") STOP, ANSWERED, .content = "x", .finish = "end_turn" },
        { "thinking", 200, SSE,
          START EVENT("content_block_start", ",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}")
              EVENT("content_block_delta", ",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"h\"}")
                  EVENT("content_block_delta", ",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"m\"}")
                      EVENT("content_block_delta", ",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"EqQB\"}")
                          BLOCK_STOP TEXT_BLOCK DELTA("x") BLOCK_STOP FINISH("end_turn") STOP,
          ANSWERED, .content = "x", .reasoning = "hm", .finish = "end_turn" },
        { "tool call", 200, SSE,
          START EVENT("content_block_start",
                      ",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}")
              EVENT("content_block_delta", ",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\"}")
                  FINISH("tool_use") STOP,
          ANSWERED, .finish = "tool_use", .flags = ANSWER_TOOL_CALL | ANSWER_EMPTY },
        { "an event to come", 200, SSE, START EVENT("novelty", ",\"content\":[1]") TEXT_BLOCK DELTA("x") FINISH("end_turn") STOP, ANSWERED,
          .content = "x", .finish = "end_turn" },
        { "usage that counts up", 200, SSE,
          START TEXT_BLOCK DELTA("x") EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"input_tokens\":20,"
                                                             "\"cache_read_input_tokens\":7,\"output_tokens\":3}") STOP,
          ANSWERED, .content = "x", .finish = "end_turn", .usage = { 27, 3, -1, -1 } },
        { "cut before message_stop", 200, SSE, START TEXT_BLOCK DELTA("x") FINISH("end_turn"), ANSWERED, .content = "x",
          .finish = "end_turn" },
        { "message_stop without a reason", 200, SSE, START TEXT_BLOCK DELTA("x") STOP, ANSWERED, .content = "x",
          .flags = ANSWER_INCOMPLETE },
        { "refusal", 200, SSE,
          START TEXT_BLOCK DELTA("Hel") BLOCK_STOP EVENT(
              "message_delta",
              ",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":\"refusal\",\"category\":\"general_harms\","
              "\"explanation\":\"No.\"}},\"usage\":{\"output_tokens\":2}") STOP,
          BLOCKED, .content = "Hel", .finish = "refusal", .flags = ANSWER_PARTIAL_DELIVERY, .message = "general_harms: No." },
        { "refusal at once", 200, SSE,
          START EVENT("message_delta", ",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{\"output_tokens\":0}") STOP, BLOCKED,
          .finish = "refusal", .flags = ANSWER_FILTER_INPUT },

        { "cut", 200, SSE, START TEXT_BLOCK DELTA("x"), INCOMPLETE, .message = "message_stop" },
        { "cut inside an event", 200, SSE, START TEXT_BLOCK "event: content_block_delta\ndata: {\"type\":\"conte", INCOMPLETE },
        { "nothing but pings", 200, SSE, EVENT("ping", "") EVENT("ping", ""), INCOMPLETE },
        { "no message", 200, SSE, STOP, MALFORMED, .message = "without `content`" },
        { "not JSON", 200, SSE, START "event: ping\ndata: pong\n\n" STOP, MALFORMED },
        { "overloaded mid-stream", 200, SSE,
          START TEXT_BLOCK DELTA("x") "event: error\ndata: " ERROR_OF("overloaded_error", "Overloaded") "\n\n", RETRY("rate"),
          .effect = EFFECT_COOLDOWN, .message = "Overloaded" },
        { "failed mid-stream", 200, SSE, START "event: error\ndata: " ERROR_OF("api_error", "Internal server error") "\n\n",
          RETRY("server") },
    };
    CASE_CHECK_ALL(table);
}

static void errors_are_told_apart(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "400", 400, NULL, ERROR_OF("invalid_request_error", "messages: at least one message is required"), FAILED("invalid_request"),
          .message = "at least one message" },
        { "400 too long", 400, NULL, ERROR_OF("invalid_request_error", "prompt is too long: 345320 tokens > 199999 maximum"),
          FAILED("too_long") },
        { "400 too long with the answer", 400, NULL,
          ERROR_OF("invalid_request_error", "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000"),
          FAILED("too_long") },
        { "400 no credit", 400, NULL,
          ERROR_OF("invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."),
          PARK("credits") },
        { "400 own limit", 400, NULL,
          ERROR_OF("invalid_request_error", "You have reached your specified API usage limits. You will regain access on 2026-12-01."),
          PARK("credits") },
        { "400 filter", 400, NULL, ERROR_OF("invalid_request_error", "Output blocked by content filtering policy"), BLOCKED,
          .flags = ANSWER_FILTER_INPUT, .message = "content filtering policy" },
        { "401", 401, NULL, ERROR_OF("authentication_error", "invalid x-api-key"), PARK("auth"), .message = "invalid x-api-key" },
        { "402", 402, NULL, ERROR_OF("billing_error", "There is a problem with your billing."), PARK("credits") },
        { "403", 403, NULL, ERROR_OF("permission_error", "Your API key may not use this."), PARK("auth") },
        { "404", 404, NULL, ERROR_OF("not_found_error", "model: claude-y"), FAILED("model_unavailable"), .effect = EFFECT_STOP },
        { "409", 409, NULL, ERROR_OF("conflict_error", "busy"), RETRY("conflict") },
        { "413", 413, NULL, ERROR_OF("request_too_large", "Request exceeds the maximum size"), FAILED("too_large") },
        { "413 of a gateway", 413, NULL, "<html><title>413 Request Entity Too Large</title></html>", FAILED("too_large") },
        { "429", 429, "retry-after: 7\n", ERROR_OF("rate_limit_error", "This request would exceed your rate limit."), RETRY("rate"),
          .effect = EFFECT_COOLDOWN, .hint_us = 7000000 },
        { "429 by the bucket's date", 429,
          "anthropic-ratelimit-requests-remaining: 9\nanthropic-ratelimit-requests-reset: 2026-11-24T07:09:53Z\n"
          "anthropic-ratelimit-input-tokens-remaining: 0\nanthropic-ratelimit-input-tokens-reset: 2026-11-24T07:06:03Z\n",
          ERROR_OF("rate_limit_error", "This request would exceed your rate limit."), RETRY("rate"), .effect = EFFECT_COOLDOWN,
          .hint_us = 10000000 },
        { "429 of the month", 429, NULL,
          "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"API usage is paused.\",\"details\":"
          "{\"error_code\":\"enforced_spend_limit_reached\"}}}",
          PARK("credits") },
        { "500", 500, NULL, ERROR_OF("api_error", "Internal server error"), RETRY("server") },
        { "504", 504, NULL, ERROR_OF("timeout_error", "The request timed out"), RETRY("server") },
        { "529", 529, NULL, ERROR_OF("overloaded_error", "Overloaded"), RETRY("server"), .message = "Overloaded" },
        { "529, not to be retried", 529, "x-should-retry: false\n", ERROR_OF("overloaded_error", "Overloaded"), RETRY("server"),
          .retry_max = NO_RETRIES },
        { "redirect", 308, "location: https://h.example/v1/messages\n", NULL, PARK("redirect") },

        { "error in a 200", 200, NULL, ERROR_OF("invalid_request_error", "no"), FAILED("invalid_request") },
        { "billing in a 200", 200, NULL, ERROR_OF("billing_error", "no"), PARK("credits") },
        { "too large in a 200", 200, NULL, ERROR_OF("request_too_large", "no"), FAILED("too_large") },
        { "time-out in a 200", 200, NULL, ERROR_OF("timeout_error", "no"), RETRY("server") },
        { "a type to come in a 200", 200, NULL, ERROR_OF("novel_error", "no"), MALFORMED },
        { "lost", .fault = HTTP_FAULT_PARTIAL, .status = 200, .body = "{\"type\":\"mess", RETRY("partial") },
    };
    CASE_CHECK_ALL(table);
}

static void identity_of_the_reply_is_kept(void **state)
{
    (void)state;
    const struct reply_case whole = { .name = "whole", .status = 200, .body = MESSAGE(TEXT("x"), "\"end_turn\"") };
    const struct reply_case stream = {
        .name = "stream", .status = 200, .headers = SSE, .body = START TEXT_BLOCK DELTA("x") FINISH("end_turn") STOP
    };
    const struct reply_case *const cases[] = { &whole, &stream };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a = ARENA_INIT;
        struct reply_facts f;
        case_read(cases[i], &a, &f);
        assert_string_equal(f.answer.model_echo, "claude-x");
        assert_string_equal(f.answer.reply_id, "msg_1");
        assert_string_equal(f.answer.fingerprint, "");
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_text_make_the_answer_and_thinking_stays_apart),
        cmocka_unit_test(stop_reason_decides),
        cmocka_unit_test(events_of_a_stream_make_one_answer),
        cmocka_unit_test(errors_are_told_apart),
        cmocka_unit_test(identity_of_the_reply_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
