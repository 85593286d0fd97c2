#include "sim/fault_kinds.h"

#include "base/cleanup.h"

#include <string.h>

const char *const retry_form_names[] = { "none", "seconds", "http-date", "ms", "ratelimit", "x-ratelimit", "message" };
const size_t retry_form_count = ARRAY_LEN(retry_form_names);
const char *const fault_shape_names[] = { "openai", "string",      "list",    "errors",     "description", "flat", "message",
                                          "detail", "detail_list", "problem", "openrouter", "text",        "html", "empty" };
const size_t fault_shape_count = ARRAY_LEN(fault_shape_names);
const char *const fault_framing_names[] = { "length", "chunked", "close" };
const size_t fault_framing_count = ARRAY_LEN(fault_framing_names);

enum { STATUS_KEYS = KEY_RETRY_AFTER | KEY_SECONDS | KEY_SHAPE | KEY_MESSAGE };

/* Messages and shapes of the statuses are those of the servers that send them (providers.md 4). */
static const struct fault_kind kinds[] = {
    { "quota", FAULT_STATUS, STATUS_KEYS, 429, SHAPE_OPENAI, "insufficient_quota", "insufficient_quota",
      "You exceeded your current quota, please check your plan and billing details." },
    { "too_long", FAULT_STATUS, KEY_SHAPE | KEY_MESSAGE, 400, SHAPE_OPENAI, "invalid_request_error", "context_length_exceeded",
      "This model's maximum context length is 4096 tokens. Please reduce the length of the messages." },
    { "model_not_supported", FAULT_STATUS, KEY_SHAPE | KEY_MESSAGE, 400, SHAPE_OPENAI, "invalid_request_error", "model_not_supported",
      "The requested model is not supported by any provider you have enabled." },
    { "filter_400", FAULT_FILTER_400, KEY_MESSAGE, 400, SHAPE_OPENAI, "invalid_request_error", "content_filter",
      "The response was filtered due to the prompt triggering the content management policy." },
    { "filter_finish", FAULT_FILTER_FINISH, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "filter_cut", FAULT_FILTER_CUT, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "reset", FAULT_RESET, KEY_AT | KEY_FRAMING, 0, SHAPE_OPENAI, "", NULL, "" },
    { "close", FAULT_CLOSE, 0, 0, SHAPE_OPENAI, "", NULL, "" },
    { "stall", FAULT_STALL, KEY_AT | KEY_SECONDS | KEY_FRAMING, 200, SHAPE_OPENAI, "", NULL, "" },
    { "truncate", FAULT_TRUNCATE, KEY_FRAMING, 200, SHAPE_OPENAI, "", NULL, "" },
    { "huge_body", FAULT_HUGE_BODY, KEY_BYTES | KEY_FRAMING, 200, SHAPE_OPENAI, "", NULL, "" },
    { "html", FAULT_HTML, 0, 200, SHAPE_HTML, "", NULL, "Welcome to the gateway" },
    { "empty_body", FAULT_EMPTY_BODY, 0, 200, SHAPE_EMPTY, "", NULL, "" },
    { "error_200", FAULT_ERROR_200, KEY_SHAPE | KEY_MESSAGE, 200, SHAPE_OPENROUTER, "server_error", "502",
      "The upstream provider returned an error." },
    { "choice_error", FAULT_CHOICE_ERROR, KEY_MESSAGE, 200, SHAPE_OPENAI, "server_error", "502", "The provider ended the generation." },
    { "empty_choices", FAULT_EMPTY_CHOICES, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "null_content", FAULT_NULL_CONTENT, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "parts", FAULT_PARTS, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "reasoning", FAULT_REASONING, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "reasoning_only", FAULT_REASONING_ONLY, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "think", FAULT_THINK, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "think_open", FAULT_THINK_OPEN, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "refusal_field", FAULT_REFUSAL_FIELD, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "tool_call", FAULT_TOOL_CALL, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "finish_length", FAULT_FINISH_LENGTH, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "finish_abort", FAULT_FINISH_ABORT, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "finish_unknown", FAULT_FINISH_UNKNOWN, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "no_finish", FAULT_NO_FINISH, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "no_usage", FAULT_NO_USAGE, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "duplicate_keys", FAULT_DUPLICATE_KEYS, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "invalid_utf8", FAULT_INVALID_UTF8, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "lone_surrogate", FAULT_LONE_SURROGATE, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "wrong_type", FAULT_WRONG_TYPE, 0, 200, SHAPE_OPENAI, "", NULL, "" },
    { "sse_odd", FAULT_SSE_ODD, 0, 200, SHAPE_OPENAI, "", NULL, "" },
};

static const struct fault_kind statuses[] = {
    { "400", FAULT_STATUS, STATUS_KEYS, 400, SHAPE_OPENAI, "invalid_request_error", NULL, "The request is not valid." },
    { "401", FAULT_STATUS, STATUS_KEYS, 401, SHAPE_OPENAI, "invalid_request_error", "invalid_api_key", "Incorrect API key provided." },
    { "402", FAULT_STATUS, STATUS_KEYS, 402, SHAPE_STRING, "", NULL,
      "You have exceeded your monthly included credits for Inference Providers." },
    { "403", FAULT_STATUS, STATUS_KEYS, 403, SHAPE_STRING, "", NULL,
      "This authentication method does not have sufficient permissions to call Inference Providers." },
    { "404", FAULT_STATUS, STATUS_KEYS, 404, SHAPE_OPENAI, "invalid_request_error", "model_not_found", "The model does not exist." },
    { "408", FAULT_STATUS, STATUS_KEYS, 408, SHAPE_OPENAI, "timeout", NULL, "The request timed out." },
    { "409", FAULT_STATUS, STATUS_KEYS, 409, SHAPE_OPENAI, "conflict", NULL, "The resource is locked." },
    { "413", FAULT_STATUS, STATUS_KEYS, 413, SHAPE_TEXT, "request_too_large", NULL, "Request Entity Too Large" },
    { "422", FAULT_STATUS, STATUS_KEYS, 422, SHAPE_DETAIL_LIST, "validation", NULL, "Input should be a valid string" },
    { "424", FAULT_STATUS, STATUS_KEYS, 424, SHAPE_STRING, "generation", NULL, "Request failed during generation" },
    { "429", FAULT_STATUS, STATUS_KEYS, 429, SHAPE_OPENAI, "requests", "rate_limit_exceeded", "Rate limit reached for requests." },
    { "498", FAULT_STATUS, STATUS_KEYS, 498, SHAPE_OPENAI, "capacity_exceeded", NULL, "Flex tier capacity exceeded." },
    { "500", FAULT_STATUS, STATUS_KEYS, 500, SHAPE_OPENAI, "server_error", NULL, "The server had an error while processing your request." },
    { "502", FAULT_STATUS, STATUS_KEYS, 502, SHAPE_HTML, "bad_gateway", NULL, "502 Bad Gateway" },
    { "503", FAULT_STATUS, STATUS_KEYS, 503, SHAPE_STRING, "", NULL, "Model sim is currently loading" },
    { "504", FAULT_STATUS, STATUS_KEYS, 504, SHAPE_HTML, "gateway_timeout", NULL, "504 Gateway Time-out" },
    { "529", FAULT_STATUS, STATUS_KEYS, 529, SHAPE_OPENAI, "overloaded_error", NULL, "Overloaded" },
};

/* What a status without a row of its own looks like: by its hundred. */
static const struct fault_kind hundreds[] = {
    { "3xx", FAULT_STATUS, KEY_LOCATION, 300, SHAPE_EMPTY, "", NULL, "" },
    { "4xx", FAULT_STATUS, STATUS_KEYS, 400, SHAPE_OPENAI, "invalid_request_error", NULL, "The request failed." },
    { "5xx", FAULT_STATUS, STATUS_KEYS, 500, SHAPE_OPENAI, "server_error", NULL, "The server failed." },
};

bool fault_kind_find(const char *name, struct fault_kind *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0) {
            *ret = kinds[i];
            return true;
        }
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
        if (strcmp(statuses[i].name, name) == 0) {
            *ret = statuses[i];
            return true;
        }
    if (strlen(name) != 3 || strspn(name, "0123456789") != 3 || name[0] < '3' || name[0] > '5')
        return false;
    *ret = hundreds[name[0] - '3'];
    ret->name = name;
    ret->status = (name[0] - '0') * 100 + (name[1] - '0') * 10 + (name[2] - '0');
    return true;
}

const char *fault_kind_name_at(size_t i)
{
    return i < ARRAY_LEN(kinds) ? kinds[i].name : NULL;
}
