#include "reply_case.h"

#define FAILED(r, e) .class = REPLY_FAILED, .effect = (e), .error_class = (r), .reason = (r)
#define PARK(r) .class = REPLY_PARK, .effect = EFFECT_STOP, .error_class = (r), .reason = (r)
#define RETRY(c) .class = REPLY_RETRY, .error_class = (c)
#define FILTERED .class = REPLY_BLOCKED, .flags = ANSWER_FILTER_INPUT
#define MALFORMED .class = REPLY_RETRY, .error_class = "malformed_response", .give_up = "malformed", .retry_max = 1

static void status_decides_what_becomes_of_trial_and_endpoint(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "301", 301, "location: https://elsewhere.example/v1\n", NULL, PARK("redirect"), .message = "https://elsewhere.example/v1" },
        { "302", 302, PARK("redirect"), .message = "HTTP 302" },
        { "307 with a body", 307, "location: /x\n", "<html>moved</html>", PARK("redirect") },
        { "308", 308, PARK("redirect") },
        { "304", 304, PARK("redirect") },

        { "content_filter", 400, NULL, "{\"error\":{\"message\":\"filtered\",\"code\":\"content_filter\"}}", FILTERED,
          .message = "filtered" },
        { "content_filter, 403", 403, NULL, "{\"error\":{\"message\":\"filtered\",\"type\":null,\"code\":\"content_filter\"}}", FILTERED },
        { "Azure", 400, NULL,
          "{\"error\":{\"message\":\"The response was filtered\",\"param\":\"prompt\",\"code\":null,\"status\":400,"
          "\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{\"jailbreak\":{\"filtered\":true}}}}}",
          FILTERED },
        { "Z.ai 1301", 400, NULL, "{\"error\":{\"code\":\"1301\",\"message\":\"sensitive content\"}}", FILTERED },
        { "Z.ai 1301 as a number", 400, NULL, "{\"error\":{\"code\":1301,\"message\":\"sensitive content\"}}", FILTERED },
        { "OpenRouter moderation", 403, NULL,
          "{\"error\":{\"code\":403,\"message\":\"flagged\",\"metadata\":{\"reasons\":[\"x\"],\"flagged_input\":\"y\"}}}", FILTERED },
        { "OpenRouter 403 without moderation", 403, NULL,
          "{\"error\":{\"code\":403,\"message\":\"no\",\"metadata\":{\"provider_name\":\"p\"}}}", PARK("auth") },
        { "filter goes before 400 model", 400, NULL,
          "{\"error\":{\"message\":\"not supported by any provider\",\"code\":\"content_filter\"}}", FILTERED },

        { "model not supported", 400, NULL,
          "{\"error\":{\"message\":\"The requested model 'X' is not supported by any provider you have enabled.\","
          "\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_supported\"}}",
          FAILED("model_unavailable", EFFECT_STOP) },
        { "model not supported, plain", 400, NULL, "{\"error\":\"Model not supported by provider together\"}",
          FAILED("model_unavailable", EFFECT_STOP) },
        { "context by code", 400, NULL, "{\"error\":{\"message\":\"too many\",\"code\":\"context_length_exceeded\"}}",
          FAILED("too_long", EFFECT_NONE) },
        { "context by words", 400, NULL,
          "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens\",\"code\":400}",
          FAILED("too_long", EFFECT_NONE) },
        { "context, 422", 422, NULL, "{\"error\":\"maximum context length exceeded\"}", FAILED("too_long", EFFECT_NONE) },
        { "400", 400, NULL, "{\"error\":{\"message\":\"bad\"}}", FAILED("invalid_request", EFFECT_NONE), .message = "bad" },
        { "400 empty", 400, FAILED("invalid_request", EFFECT_NONE), .message = "HTTP 400 with an empty body" },
        { "422", 422, NULL, "{\"detail\":[{\"loc\":[\"body\",\"model\"],\"msg\":\"Field required\"}]}",
          FAILED("invalid_request", EFFECT_NONE), .message = "body.model: Field required" },
        { "401", 401, NULL, "{\"error\":\"Invalid username or password.\"}", PARK("auth"), .message = "Invalid username or password." },
        { "402", 402, NULL, "{\"error\":\"You have exceeded your monthly included credits for Inference Providers.\"}", PARK("credits") },
        { "403", 403, NULL, "{\"error\":\"no permission\"}", PARK("auth") },
        { "404", 404, NULL, "Not Found", FAILED("model_unavailable", EFFECT_STOP), .message = "Not Found" },
        { "405", 405, FAILED("invalid_request", EFFECT_NONE) },
        { "407", 407, PARK("auth") },
        { "408", 408, RETRY("timeout") },
        { "409", 409, RETRY("conflict") },
        { "410", 410, FAILED("model_unavailable", EFFECT_STOP) },
        { "413", 413, NULL, "<html><head><title>413 Too Large</title>", FAILED("too_large", EFFECT_NONE) },
        { "415", 415, FAILED("invalid_request", EFFECT_NONE) },
        { "424", 424, NULL, "{\"error\":\"Request failed during generation\",\"error_type\":\"generation\"}", RETRY("generation"),
          .retry_max = 2 },
        { "429", 429, RETRY("rate"), .effect = EFFECT_COOLDOWN },
        { "429 overloaded", 429, NULL, "{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}", RETRY("rate"),
          .effect = EFFECT_COOLDOWN },
        { "429 insufficient_quota", 429, NULL, "{\"error\":{\"message\":\"quota\",\"type\":\"insufficient_quota\",\"code\":\"x\"}}",
          PARK("credits") },
        { "429 quota by code", 429, NULL, "{\"error\":{\"message\":\"quota\",\"code\":\"insufficient_quota\"}}", PARK("credits") },
        { "429 credit balance", 429, NULL, "{\"error\":{\"code\":\"credit_balance_exhausted\"}}", PARK("credits") },
        { "429 Z.ai 1113", 429, NULL, "{\"error\":{\"code\":\"1113\",\"message\":\"arrears\"}}", PARK("credits") },
        { "429 Z.ai 1112", 429, NULL, "{\"error\":{\"code\":1112,\"message\":\"locked\"}}", PARK("credits") },
        { "429 Z.ai 1121", 429, NULL, "{\"error\":{\"code\":1121,\"message\":\"locked\"}}", PARK("credits") },
        { "434", 434, FAILED("invalid_request", EFFECT_NONE) },
        { "435", 435, FAILED("invalid_request", EFFECT_NONE) },
        { "498", 498, RETRY("capacity") },
        { "503 loading", 503, NULL, "{\"error\":\"Model X is currently loading\",\"estimated_time\":20.0}", RETRY("loading"),
          .effect = EFFECT_LOADING },
        { "503 llama.cpp", 503, NULL, "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}",
          RETRY("loading"), .effect = EFFECT_LOADING },
        { "502 loading", 502, NULL, "{\"error\":\"Model is currently loading\"}", RETRY("loading"), .effect = EFFECT_LOADING },
        { "503 without words", 503, RETRY("server") },
        { "500", 500, NULL, "{\"error\":{\"message\":\"oops\"}}", RETRY("server"), .message = "oops" },
        { "500 that speaks of loading", 500, NULL, "{\"error\":\"error loading model\"}", RETRY("server") },
        { "502", 502, NULL, "<html>\n<TITLE>502 Bad Gateway</TITLE>", RETRY("server"), .message = "an HTML page: 502 Bad Gateway" },
        { "503 that says nothing", 503, NULL, "{}", RETRY("server"), .message = "HTTP 503 without a word of why in its body" },
        { "504", 504, RETRY("server") },
        { "520", 520, RETRY("server") },
        { "524", 524, RETRY("server") },
        { "529", 529, NULL, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", RETRY("server") },
        { "filter code in a 500 is a server error", 500, NULL, "{\"error\":{\"code\":\"content_filter\"}}", RETRY("server") },
        { "error event instead of JSON", 400, "content-type: text/event-stream\n", "data: {\"error\":{\"code\":\"content_filter\"}}\n\n",
          FILTERED },
    };
    CASE_CHECK_ALL(table);
}

static void error_in_a_200_is_classified_by_code_then_by_words(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "code 429", 200, NULL, "{\"error\":{\"code\":429,\"message\":\"slow\"}}", RETRY("rate"), .effect = EFFECT_COOLDOWN },
        { "code \"503\"", 200, NULL, "{\"error\":{\"code\":\"503\",\"message\":\"gone\"}}", RETRY("server") },
        { "code 402", 200, NULL, "{\"error\":{\"code\":402,\"message\":\"pay\"}}", PARK("credits") },
        { "code 401", 200, NULL, "{\"error\":{\"code\":401,\"message\":\"who\"}}", PARK("auth") },
        { "code 400", 200, NULL, "{\"error\":{\"code\":400,\"message\":\"bad\"}}", FAILED("invalid_request", EFFECT_NONE) },
        { "code 403 moderation", 200, NULL, "{\"error\":{\"code\":403,\"message\":\"m\",\"metadata\":{\"reasons\":[]}}}", FILTERED },
        { "content_filter", 200, NULL, "{\"error\":{\"code\":\"content_filter\",\"message\":\"m\"}}", FILTERED },
        { "flat SGLang", 200, NULL,
          "{\"object\":\"error\",\"message\":\"too long\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
          FAILED("invalid_request", EFFECT_NONE), .message = "too long" },
        { "quota word", 200, NULL, "{\"error\":{\"type\":\"insufficient_quota\"}}", PARK("credits") },
        { "rate word", 200, NULL, "{\"error\":{\"type\":\"rate_limit_exceeded\"}}", RETRY("rate"), .effect = EFFECT_COOLDOWN },
        { "rate in words", 200, NULL, "{\"error\":\"Rate limit reached for model\"}", RETRY("rate"), .effect = EFFECT_COOLDOWN },
        { "context word", 200, NULL, "{\"error\":{\"code\":\"context_length_exceeded\"}}", FAILED("too_long", EFFECT_NONE) },
        { "model word", 200, NULL, "{\"error\":{\"code\":\"model_not_supported\"}}", FAILED("model_unavailable", EFFECT_STOP) },
        { "generation", 200, NULL, "{\"error\":\"Request failed during generation\",\"error_type\":\"generation\"}", RETRY("generation"),
          .retry_max = 2 },
        { "validation", 200, NULL, "{\"error\":\"bad input\",\"error_type\":\"validation\"}", FAILED("invalid_request", EFFECT_NONE) },
        { "overloaded", 200, NULL, "{\"error\":\"x\",\"error_type\":\"overloaded\"}", RETRY("rate"), .effect = EFFECT_COOLDOWN },
        { "loading", 200, NULL, "{\"error\":\"Model X is currently loading\",\"estimated_time\":42.3}", RETRY("loading"),
          .effect = EFFECT_LOADING },
        { "credits", 200, NULL, "{\"error\":\"You have exceeded your monthly included credits for Inference Providers\"}",
          PARK("credits") },
        { "key", 200, NULL, "{\"error\":{\"type\":\"authentication_error\"}}", PARK("auth") },
        { "nothing fits", 200, NULL, "{\"error\":\"strange\"}", MALFORMED, .message = "strange" },
        { "empty object", 200, NULL, "{\"error\":{}}", MALFORMED },
        { "error beside choices", 200, NULL,
          "{\"error\":{\"code\":500,\"message\":\"late\"},\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
          RETRY("server") },
        { "error of a choice", 200, NULL,
          "{\"choices\":[{\"error\":{\"code\":502,\"message\":\"upstream\"},\"finish_reason\":\"error\",\"message\":{\"content\":\"\"}}]}",
          RETRY("server"), .message = "upstream" },
        { "error of a choice is a filter, text came before", 200, NULL,
          "{\"choices\":[{\"error\":{\"code\":\"content_filter\",\"message\":\"cut\"},\"message\":{\"content\":\"half\"}}]}",
          .class = REPLY_BLOCKED, .flags = ANSWER_PARTIAL_DELIVERY, .content = "half" },
    };
    CASE_CHECK_ALL(table);
}

static void transport_faults_have_rules_of_their_own(void **state)
{
    (void)state;
    static const struct reply_case table[] = {
        { "dns", .fault = HTTP_FAULT_DNS, RETRY("dns"), .message = "words of the transport" },
        { "connect", .fault = HTTP_FAULT_CONNECT, RETRY("connect") },
        { "tls", .fault = HTTP_FAULT_TLS, RETRY("tls") },
        { "certificate", .fault = HTTP_FAULT_CERTIFICATE, PARK("certificate") },
        { "timeout", .fault = HTTP_FAULT_TIMEOUT, .status = 200, RETRY("timeout") },
        { "partial", .fault = HTTP_FAULT_PARTIAL, .status = 200, .body = "{\"choices\":[", RETRY("partial") },
        { "partial stream that had finished", .fault = HTTP_FAULT_PARTIAL, .status = 200,
          .body = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n", RETRY("partial") },
        { "empty", .fault = HTTP_FAULT_EMPTY, RETRY("empty") },
        { "protocol", .fault = HTTP_FAULT_PROTOCOL, RETRY("protocol") },
        { "other", .fault = HTTP_FAULT_OTHER, RETRY("other") },
        { "too large", .fault = HTTP_FAULT_TOO_LARGE, .status = 200, MALFORMED },
        { "too large, 500", .fault = HTTP_FAULT_TOO_LARGE, .status = 500, MALFORMED },
        { "cancelled", .fault = HTTP_FAULT_CANCELLED, .class = REPLY_PARK, .error_class = "interrupted", .reason = "interrupted" },
        { "send, small body", .fault = HTTP_FAULT_SEND, .sent_bytes = 1000000, RETRY("send") },
        { "send, large body", .fault = HTTP_FAULT_SEND, .sent_bytes = 1000001, RETRY("suspected_too_large"), .retry_max = 2,
          .give_up = "too_large" },
        { "recv, small body", .fault = HTTP_FAULT_RECV, RETRY("recv") },
        { "recv, large body", .fault = HTTP_FAULT_RECV, .sent_bytes = 30000000, RETRY("suspected_too_large"), .retry_max = 2,
          .give_up = "too_large" },
        { "413 that arrived whole", .fault = HTTP_FAULT_SEND, .sent_bytes = 30000000, .status = 413, .headers = "content-length: 9\n",
          .body = "too large", FAILED("too_large", EFFECT_NONE), .message = "too large" },
        { "429 as whole JSON", .fault = HTTP_FAULT_RECV, .status = 429, .body = "{\"error\":\"slow\"}", RETRY("rate"),
          .effect = EFFECT_COOLDOWN },
        { "413 cut short", .fault = HTTP_FAULT_SEND, .sent_bytes = 30000000, .status = 413, .headers = "content-length: 90\n",
          .body = "too large", RETRY("suspected_too_large"), .retry_max = 2, .give_up = "too_large" },
    };
    CASE_CHECK_ALL(table);
}

static void should_retry_header_overrides_retry_and_failed_only(void **state)
{
    (void)state;
#define NO "x-should-retry: false\n"
#define YES "x-should-retry: true\n"
    static const struct reply_case table[] = {
        { "500, no", 500, NO, NULL, RETRY("server"), .retry_max = NO_RETRIES },
        { "429, no", 429, NO, NULL, RETRY("rate"), .effect = EFFECT_COOLDOWN, .retry_max = NO_RETRIES },
        { "loading, no", 503, NO, "{\"error\":\"currently loading\"}", RETRY("loading"), .effect = EFFECT_COOLDOWN,
          .retry_max = NO_RETRIES },
        { "400, yes", 400, YES, NULL, RETRY("invalid_request"), .give_up = "invalid_request" },
        { "404, yes", 404, YES, NULL, RETRY("model_unavailable"), .give_up = "model_unavailable" },
        { "400, no", 400, NO, NULL, FAILED("invalid_request", EFFECT_NONE) },
        { "500, yes", 500, YES, NULL, RETRY("server") },
        { "401, yes", 401, YES, NULL, PARK("auth") },
        { "402, yes", 402, YES, NULL, PARK("credits") },
        { "403, yes", 403, YES, NULL, PARK("auth") },
        { "quota, yes", 429, YES, "{\"error\":{\"code\":\"insufficient_quota\"}}", PARK("credits") },
        { "blocked, yes", 400, YES, "{\"error\":{\"code\":\"content_filter\"}}", FILTERED },
        { "a redirect, yes", 302, YES, NULL, PARK("redirect") },
        { "another word", 500, "x-should-retry: maybe\n", NULL, RETRY("server") },
    };
    CASE_CHECK_ALL(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_decides_what_becomes_of_trial_and_endpoint),
        cmocka_unit_test(error_in_a_200_is_classified_by_code_then_by_words),
        cmocka_unit_test(transport_faults_have_rules_of_their_own),
        cmocka_unit_test(should_retry_header_overrides_retry_and_failed_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
