#include "provider/gemini_generate.h"

#define CASE_OPS gemini_generate
#include "reply_case.h"

#define ANSWERED .class = REPLY_ANSWERED
#define BLOCKED .class = REPLY_BLOCKED
#define MALFORMED .class = REPLY_RETRY, .error_class = "malformed_response", .give_up = "malformed", .retry_max = 1
#define INCOMPLETE .class = REPLY_RETRY, .error_class = "incomplete_stream", .give_up = "malformed", .retry_max = 1
#define RETRY(word) .class = REPLY_RETRY, .error_class = (word)
#define PARK(word) .class = REPLY_PARK, .effect = EFFECT_STOP, .error_class = (word), .reason = (word)
#define FAILED(word) .class = REPLY_FAILED, .error_class = (word), .reason = (word)

#define USAGE "\"usageMetadata\":{\"promptTokenCount\":8,\"candidatesTokenCount\":4,\"totalTokenCount\":12}"
#define REPLY(parts, finish)                                                                                                               \
    "{\"candidates\":[{\"content\":{\"parts\":[" parts "],\"role\":\"model\"},\"finishReason\":" finish ",\"index\":0}]," USAGE            \
    ",\"modelVersion\":\"gemini-x-001\",\"responseId\":\"r1\"}"
#define TEXT(words) "{\"text\":\"" words "\"}"
#define THOUGHT(words) "{\"text\":\"" words "\",\"thought\":true}"
#define ERROR_OF(code, status, words) "{\"error\":{\"code\":" code ",\"message\":\"" words "\",\"status\":\"" status "\"}}"

static void parts_make_the_answer_and_thoughts_stay_apart(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "plain", 200, NULL, REPLY(TEXT("Hi"), "\"STOP\""), ANSWERED, .content = "Hi", .finish = "STOP", .usage = { 8, 4, -1, -1 } },
        { "two parts", 200, NULL, REPLY(TEXT("Hel") "," TEXT("lo"), "\"STOP\""), ANSWERED, .content = "Hello", .finish = "STOP" },
        { "thoughts", 200, NULL, REPLY(THOUGHT("hm") "," TEXT("Hi"), "\"STOP\""), ANSWERED, .content = "Hi", .reasoning = "hm",
          .finish = "STOP" },
        { "thought false", 200, NULL, REPLY("{\"text\":\"Hi\",\"thought\":false,\"thoughtSignature\":\"CiQB\"}", "\"STOP\""), ANSWERED,
          .content = "Hi", .finish = "STOP" },
        { "only thoughts", 200, NULL, REPLY(THOUGHT("hm"), "\"MAX_TOKENS\""), ANSWERED, .reasoning = "hm", .finish = "MAX_TOKENS",
          .flags = ANSWER_REASONING_ONLY | ANSWER_TRUNCATED },
        { "only thoughts, not shown", 200, NULL,
          "{\"candidates\":[{\"content\":{\"role\":\"model\"},\"finishReason\":\"MAX_TOKENS\"}],"
          "\"usageMetadata\":{\"promptTokenCount\":8,\"totalTokenCount\":24,\"thoughtsTokenCount\":16}}",
          ANSWERED, .finish = "MAX_TOKENS", .flags = ANSWER_REASONING_ONLY | ANSWER_TRUNCATED, .usage = { 8, 16, 16, -1 } },
        { "thoughts are part of the completion", 200, NULL,
          "{\"candidates\":[{\"content\":{\"parts\":[" TEXT(
              "Hi") "]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":8,"
                    "\"candidatesTokenCount\":2,\"thoughtsTokenCount\":30,\"toolUsePromptTokenCount\":5,\"cachedContentTokenCount\":3}}",
          ANSWERED, .content = "Hi", .finish = "STOP", .usage = { 13, 32, 30, -1 } },
        { "a function call", 200, NULL, REPLY("{\"functionCall\":{\"name\":\"f\",\"args\":{}}}", "\"STOP\""), ANSWERED, .finish = "STOP",
          .flags = ANSWER_TOOL_CALL | ANSWER_EMPTY },
        { "an image back", 200, NULL, REPLY("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"iVBO\"}}", "\"STOP\""), ANSWERED,
          .finish = "STOP", .flags = ANSWER_EMPTY },
        { "no parts", 200, NULL, "{\"candidates\":[{\"content\":{},\"finishReason\":\"STOP\"}]}", ANSWERED, .finish = "STOP",
          .flags = ANSWER_EMPTY },
        { "other candidates are not ours", 200, NULL,
          "{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[" TEXT("no") "]}},{\"content\":{\"parts\":[" TEXT(
              "x") "]},"
                   "\"finishReason\":\"STOP\"}]}",
          ANSWERED, .content = "x", .finish = "STOP" },

        { "no candidates", 200, NULL, "{" USAGE "}", MALFORMED, .message = "without `candidates`" },
        { "candidates empty", 200, NULL, "{\"candidates\":[]}", MALFORMED },
        { "candidates of words", 200, NULL, "{\"candidates\":[\"x\"]}", MALFORMED },
        { "feedback without a reason", 200, NULL, "{\"promptFeedback\":{\"safetyRatings\":[]}}", MALFORMED },
        { "of another protocol", 200, NULL, "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}", MALFORMED },
        { "cut", 200, NULL, "{\"candidates\":[{\"content\":{\"par", MALFORMED },
        { "HTML", 200, NULL, "<html><title>Sorry</title></html>", MALFORMED },
        { "empty body", 200, MALFORMED },
    };
    CASE_CHECK_ALL(table);
}

static void finish_reason_decides(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum reply_class class;
        unsigned flags;
    } table[] = {
        { "STOP", REPLY_ANSWERED, 0 },
        { "MAX_TOKENS", REPLY_ANSWERED, ANSWER_TRUNCATED },
        { "CONTINUATION", REPLY_ANSWERED, ANSWER_TRUNCATED },
        { "SAFETY", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "RECITATION", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "LANGUAGE", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "BLOCKLIST", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "PROHIBITED_CONTENT", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "SPII", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "IMAGE_SAFETY", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "IMAGE_PROHIBITED_CONTENT", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "IMAGE_RECITATION", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "ESCALATION", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "MODEL_ARMOR", REPLY_BLOCKED, ANSWER_PARTIAL_DELIVERY },
        { "MALFORMED_FUNCTION_CALL", REPLY_ANSWERED, ANSWER_TOOL_CALL },
        { "UNEXPECTED_TOOL_CALL", REPLY_ANSWERED, ANSWER_TOOL_CALL },
        { "TOO_MANY_TOOL_CALLS", REPLY_ANSWERED, ANSWER_TOOL_CALL },
        { "OTHER", REPLY_ANSWERED, ANSWER_FINISH_UNKNOWN },
        { "IMAGE_OTHER", REPLY_ANSWERED, ANSWER_FINISH_UNKNOWN },
        { "FINISH_REASON_UNSPECIFIED", REPLY_ANSWERED, ANSWER_FINISH_UNKNOWN },
        { "A_WORD_TO_COME", REPLY_ANSWERED, ANSWER_FINISH_UNKNOWN },
    };
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        char body[512];
        (void)snprintf(body, sizeof(body), REPLY(TEXT("x"), "\"%s\""), table[i].word);
        const struct reply_case c = {
            table[i].word, 200, NULL, body, .class = table[i].class, .content = "x", .finish = table[i].word, .flags = table[i].flags
        };
        case_check(&c);
    }
}

static void finish_reason_without_text_decides_too(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "SAFETY", 200, NULL,
          "{\"candidates\":[{\"finishReason\":\"SAFETY\",\"index\":0,\"safetyRatings\":[{\"category\":\"HARM_CATEGORY_HARASSMENT\","
          "\"probability\":\"HIGH\"}]}]," USAGE "}",
          BLOCKED, .finish = "SAFETY", .flags = ANSWER_FILTER_OUTPUT },
        { "with a message", 200, NULL,
          "{\"candidates\":[{\"finishReason\":\"PROHIBITED_CONTENT\",\"finishMessage\":\"The answer was withheld.\"}]}", BLOCKED,
          .finish = "PROHIBITED_CONTENT", .flags = ANSWER_FILTER_OUTPUT, .message = "withheld" },
        { "OTHER", 200, NULL, "{\"candidates\":[{\"finishReason\":\"OTHER\"}]}", ANSWERED, .finish = "OTHER",
          .flags = ANSWER_EMPTY | ANSWER_FINISH_UNKNOWN },
        { "none", 200, NULL, "{\"candidates\":[{\"content\":{\"parts\":[" TEXT("x") "]}}]}", ANSWERED, .content = "x",
          .flags = ANSWER_INCOMPLETE },
        { "MALFORMED_RESPONSE", 200, NULL, "{\"candidates\":[{\"finishReason\":\"MALFORMED_RESPONSE\"}]}", RETRY("abort"),
          .give_up = "malformed", .retry_max = 1 },
        { "PUP_LIMITED_DISABLED", 200, NULL, "{\"candidates\":[{\"finishReason\":\"PUP_LIMITED_DISABLED\"}]}", PARK("auth") },

        { "prompt blocked", 200, NULL, "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}," USAGE "}", BLOCKED, .finish = "SAFETY",
          .flags = ANSWER_FILTER_INPUT },
        { "prompt blocked, empty list", 200, NULL, "{\"candidates\":[],\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}",
          BLOCKED, .finish = "PROHIBITED_CONTENT", .flags = ANSWER_FILTER_INPUT },
        { "prompt blocked with words", 200, NULL,
          "{\"promptFeedback\":{\"blockReason\":\"OTHER\",\"blockReasonMessage\":\"Not in this language.\"}}", BLOCKED, .finish = "OTHER",
          .flags = ANSWER_FILTER_INPUT, .message = "Not in this language." },
        { "BLOCKLIST", 200, NULL, "{\"promptFeedback\":{\"blockReason\":\"BLOCKLIST\"}}", BLOCKED, .finish = "BLOCKLIST",
          .flags = ANSWER_FILTER_INPUT },
        { "IMAGE_SAFETY", 200, NULL, "{\"promptFeedback\":{\"blockReason\":\"IMAGE_SAFETY\"}}", BLOCKED, .finish = "IMAGE_SAFETY",
          .flags = ANSWER_FILTER_INPUT },
        { "JAILBREAK", 200, NULL, "{\"promptFeedback\":{\"blockReason\":\"JAILBREAK\"}}", BLOCKED, .finish = "JAILBREAK",
          .flags = ANSWER_FILTER_INPUT },
    };
    CASE_CHECK_ALL(table);
}

#define SSE "content-type: text/event-stream\n"
#define CHUNK(json) "data: " json "\r\n\r\n"
#define DELTA(words) CHUNK("{\"candidates\":[{\"content\":{\"parts\":[" TEXT(words) "],\"role\":\"model\"},\"index\":0}]," USAGE "}")
#define LAST(words, finish) CHUNK(REPLY(TEXT(words), "\"" finish "\""))

static void chunks_of_a_stream_make_one_answer(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "plain", 200, SSE, DELTA("Hel") LAST("lo", "STOP"), ANSWERED, .content = "Hello", .finish = "STOP", .usage = { 8, 4, -1, -1 } },
        { "by its bytes", 200, NULL, LAST("x", "STOP"), ANSWERED, .content = "x", .finish = "STOP" },
        { "[DONE] of a proxy", 200, SSE, DELTA("x") LAST("", "STOP") "data: [DONE]\n\n", ANSWERED, .content = "x", .finish = "STOP" },
        { "thoughts", 200, SSE, CHUNK("{\"candidates\":[{\"content\":{\"parts\":[" THOUGHT("h") "]}}]}") LAST("x", "STOP"), ANSWERED,
          .content = "x", .reasoning = "h", .finish = "STOP" },
        { "blocked on the way", 200, SSE, DELTA("Hel") CHUNK("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"index\":0}]}"), BLOCKED,
          .content = "Hel", .finish = "SAFETY", .flags = ANSWER_PARTIAL_DELIVERY },
        { "prompt blocked", 200, SSE, CHUNK("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}," USAGE "}"), BLOCKED,
          .finish = "PROHIBITED_CONTENT", .flags = ANSWER_FILTER_INPUT },
        { "usage behind", 200, SSE, LAST("x", "STOP") CHUNK("{\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":1}}"),
          ANSWERED, .content = "x", .finish = "STOP", .usage = { 9, 1, -1, -1 } },

        { "cut", 200, SSE, DELTA("x"), INCOMPLETE, .message = "finishReason" },
        { "cut inside", 200, SSE, DELTA("x") "data: {\"candi", INCOMPLETE },
        { "empty", 200, SSE, NULL, MALFORMED },
        { "an error on the way", 200, SSE, DELTA("x") CHUNK(ERROR_OF("503", "UNAVAILABLE", "The model is overloaded.")), RETRY("server"),
          .message = "overloaded" },
    };
    CASE_CHECK_ALL(table);
}

#define RETRY_INFO(delay) "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"" delay "\"}"
#define QUOTA(id)                                                                                                                          \
    "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaMetric\":"                                         \
    "\"generativelanguage.googleapis.com/generate_content_free_tier_requests\",\"quotaId\":\"" id "\",\"quotaValue\":\"5\"}]}"
#define EXHAUSTED(details)                                                                                                                 \
    "{\"error\":{\"code\":429,\"message\":\"You exceeded your current quota, please check your plan and billing details.\","               \
    "\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[" details "]}}"

static void errors_are_told_apart(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "400", 400, NULL, ERROR_OF("400", "INVALID_ARGUMENT", "Invalid value at 'contents'"), FAILED("invalid_request"),
          .message = "Invalid value" },
        { "400 wrong key", 400, NULL,
          "{\"error\":{\"code\":400,\"message\":\"API key not valid. Please pass a valid API key.\",\"status\":\"INVALID_ARGUMENT\","
          "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\","
          "\"domain\":\"googleapis.com\"}]}}",
          PARK("auth"), .message = "API key not valid" },
        { "400 not from there", 400, NULL, ERROR_OF("400", "FAILED_PRECONDITION", "User location is not supported for the API use."),
          PARK("auth") },
        { "400 too long", 400, NULL,
          ERROR_OF("400", "INVALID_ARGUMENT", "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576)."),
          FAILED("too_long") },
        { "402", 402, NULL, ERROR_OF("402", "FAILED_PRECONDITION", "Prepaid credits are used up."), PARK("credits") },
        { "403", 403, NULL, ERROR_OF("403", "PERMISSION_DENIED", "The caller does not have permission"), PARK("auth") },
        { "404", 404, NULL, ERROR_OF("404", "NOT_FOUND", "models/gemini-y is not found for API version v1beta"),
          FAILED("model_unavailable"), .effect = EFFECT_STOP },
        { "429", 429, NULL, ERROR_OF("429", "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."), RETRY("rate"),
          .effect = EFFECT_COOLDOWN },
        { "429 of the minute", 429, NULL, EXHAUSTED(QUOTA("GenerateRequestsPerMinutePerProjectPerModel-FreeTier") "," RETRY_INFO("34.5s")),
          RETRY("rate"), .effect = EFFECT_COOLDOWN, .hint_us = 34500000 },
        { "429 of the day", 429, NULL, EXHAUSTED(QUOTA("GenerateRequestsPerDayPerProjectPerModel-FreeTier") "," RETRY_INFO("35655s")),
          PARK("credits"), .hint_us = INT64_C(35655000000) },
        { "429 by its words", 429, NULL, ERROR_OF("429", "RESOURCE_EXHAUSTED", "Quota exceeded. Please retry in 46.25s."), RETRY("rate"),
          .effect = EFFECT_COOLDOWN, .hint_us = 46250000 },
        { "429, a delay that is none", 429, NULL, EXHAUSTED(RETRY_INFO("soon")), RETRY("rate"), .effect = EFFECT_COOLDOWN, .hint_us = -1 },
        { "429, a delay without its unit", 429, NULL, EXHAUSTED(RETRY_INFO("34")), RETRY("rate"), .effect = EFFECT_COOLDOWN,
          .hint_us = -1 },
        { "500", 500, NULL, ERROR_OF("500", "INTERNAL", "An internal error has occurred."), RETRY("server") },
        { "503", 503, NULL, ERROR_OF("503", "UNAVAILABLE", "The model is overloaded. Please try again later."), RETRY("server") },
        { "504", 504, NULL, ERROR_OF("504", "DEADLINE_EXCEEDED", "The deadline has passed."), RETRY("server") },
        { "in a list", 429, NULL, "[" EXHAUSTED(RETRY_INFO("2s")) "]", RETRY("rate"), .effect = EFFECT_COOLDOWN, .hint_us = 2000000 },
        { "in a 200", 200, NULL, ERROR_OF("400", "INVALID_ARGUMENT", "no"), FAILED("invalid_request") },
        { "HTML", 502, NULL, "<html><title>502</title></html>", RETRY("server") },
        { "redirect", 302, "location: https://h.example/\n", NULL, PARK("redirect") },
        { "lost", .fault = HTTP_FAULT_TIMEOUT, RETRY("timeout") },
    };
    CASE_CHECK_ALL(table);
}

static void identity_of_the_reply_is_kept(void **state)
{
    (void)state;
    const struct reply_case c = { .name = "whole", .status = 200, .body = REPLY(TEXT("x"), "\"STOP\"") };
    struct arena a = ARENA_INIT;
    struct reply_facts f;
    case_read(&c, &a, &f);
    assert_string_equal(f.answer.model_echo, "gemini-x-001");
    assert_string_equal(f.answer.reply_id, "r1");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_the_answer_and_thoughts_stay_apart),
        cmocka_unit_test(finish_reason_decides),
        cmocka_unit_test(finish_reason_without_text_decides_too),
        cmocka_unit_test(chunks_of_a_stream_make_one_answer),
        cmocka_unit_test(errors_are_told_apart),
        cmocka_unit_test(identity_of_the_reply_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
