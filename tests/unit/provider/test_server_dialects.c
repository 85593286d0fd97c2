/*
 * Whole replies as each server writes them, with everything that stands around an answer: what a row of
 * test_reply_reader.c or test_reply_error.c leaves out must not get in the way.
 */
#include "reply_case.h"

#define FAILED(r, e) .class = REPLY_FAILED, .effect = (e), .error_class = (r), .reason = (r)
#define PARK(r) .class = REPLY_PARK, .effect = EFFECT_STOP, .error_class = (r), .reason = (r)
#define RETRY(c) .class = REPLY_RETRY, .error_class = (c)
#define ANSWERED .class = REPLY_ANSWERED
#define BLOCKED(f) .class = REPLY_BLOCKED, .flags = (f)
#define JSON "content-type: application/json\n"
#define SSE "content-type: text/event-stream\n"

/* What comes of a reply beyond the answer. */
struct dialect_case {
    struct reply_case reply;
    int64_t prompt, completion, reasoning; /* tokens; 0 = unknown */
    const char *model, *id;                /* NULL = not looked at */
    int64_t hint_ms;                       /* 0 = none */
};

static int64_t or_unknown(int64_t tokens)
{
    return tokens ? tokens : -1;
}

static void check(const struct dialect_case *c)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    const char *name = c->reply.name;
    struct reply_facts f;
    case_check(&c->reply);
    case_read(&c->reply, &a, &f);
    if (f.class == REPLY_ANSWERED) {
        case_number(name, "prompt tokens", f.answer.usage.prompt_tokens, or_unknown(c->prompt));
        case_number(name, "completion tokens", f.answer.usage.completion_tokens, or_unknown(c->completion));
        case_number(name, "reasoning tokens", f.answer.usage.reasoning_tokens, or_unknown(c->reasoning));
    }
    if (c->model)
        case_same(name, "model", f.answer.model_echo, c->model);
    if (c->id)
        case_same(name, "id", f.answer.reply_id, c->id);
    case_number(name, "hint", f.hint_us, c->hint_ms ? c->hint_ms * 1000 : -1);
}

#define CHECK_ALL(table)                                                                                                                   \
    for (size_t at = 0; at < ARRAY_LEN(table); at++)                                                                                       \
    check(&(table)[at])

static void an_answer_is_found_among_what_each_server_adds(void **state)
{
    (void)state;
    static const struct dialect_case table[] = {
        { .reply = { "OpenAI", 200, JSON "x-request-id: req_1\nopenai-processing-ms: 300\n",
                     "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1795503953,\"model\":\"gpt-x-2026-01-01\","
                     "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null,\"annotations\":[]}"
                     ","
                     "\"logprobs\":{\"content\":[{\"token\":\"Hi\",\"logprob\":-0.1,\"bytes\":[72,105],\"top_logprobs\":[]}],\"refusal\":"
                     "null},"
                     "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10,\"total_tokens\":29,"
                     "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_"
                     "tokens\":4,"
                     "\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}},\"service_tier\":\"default\","
                     "\"system_fingerprint\":\"fp_1\"}",
                     ANSWERED, .content = "Hi", .finish = "stop" },
          19,
          10,
          4,
          "gpt-x-2026-01-01",
          "chatcmpl-1",
          0 },
        { .reply = { "vLLM", 200, JSON,
                     "{\"id\":\"chatcmpl-2\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"org/m\",\"choices\":[{\"index\":0,"
                     "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null,\"annotations\":null,\"audio\":null,"
                     "\"function_call\":null,\"tool_calls\":[],\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"},\"logprobs\":null,"
                     "\"finish_reason\":\"stop\",\"stop_reason\":null,\"token_ids\":null}],\"service_tier\":null,\"system_fingerprint\":"
                     "null,"
                     "\"usage\":{\"prompt_tokens\":9,\"total_tokens\":21,\"completion_tokens\":12,\"prompt_tokens_details\":null},"
                     "\"prompt_logprobs\":null,\"prompt_token_ids\":null,\"kv_transfer_params\":null}",
                     ANSWERED, .content = "Hi", .reasoning = "hm", .finish = "stop" },
          9,
          12,
          0,
          "org/m",
          "chatcmpl-2",
          0 },
        { .reply = { "SGLang", 200, JSON,
                     "{\"id\":\"s1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"base:adapter\",\"choices\":[{\"index\":0,"
                     "\"message\":"
                     "{\"role\":\"assistant\",\"content\":\"Hi\",\"reasoning_content\":null,\"tool_calls\":null},\"logprobs\":null,"
                     "\"finish_reason\":\"stop\",\"matched_stop\":151645}],\"usage\":{\"prompt_tokens\":9,\"total_tokens\":21,"
                     "\"completion_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":3,\"image_tokens\":256},\"reasoning_tokens\":7}"
                     ","
                     "\"metadata\":{\"weight_version\":\"default\"}}",
                     ANSWERED, .content = "Hi", .finish = "stop" },
          9,
          12,
          7,
          "base:adapter",
          "s1",
          0 },
        { .reply = { "old TGI", 200, JSON,
                     "{\"object\":\"text_completion\",\"id\":\"\",\"created\":1,\"model\":\"org/"
                     "m\",\"system_fingerprint\":\"2.0.2-native\","
                     "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"logprobs\":null,"
                     "\"finish_reason\":\"eos_token\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}",
                     ANSWERED, .content = "Hi", .finish = "eos_token" },
          9,
          12,
          0,
          "org/m",
          "",
          0 },
        { .reply = { "llama.cpp", 200, JSON,
                     "{\"choices\":[{\"finish_reason\":\"length\",\"index\":0,\"message\":{\"role\":\"assistant\",\"reasoning_content\":"
                     "\"hm\","
                     "\"content\":\"Hi\"}}],\"created\":1,\"model\":\"/models/m.gguf\",\"system_fingerprint\":\"b6001-0123abc\",\"object\":"
                     "\"chat.completion\",\"usage\":{\"completion_tokens\":12,\"prompt_tokens\":9,\"total_tokens\":21},\"id\":\"chatcmpl-"
                     "3\","
                     "\"timings\":{\"prompt_n\":9,\"prompt_ms\":36.1,\"predicted_n\":12,\"predicted_ms\":500.5}}",
                     ANSWERED, .content = "Hi", .reasoning = "hm", .finish = "length", .flags = ANSWER_TRUNCATED },
          9,
          12,
          0,
          "/models/m.gguf",
          "chatcmpl-3",
          0 },
        { .reply = { "Ollama", 200, JSON,
                     "{\"id\":\"chatcmpl-4\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"qwen3-vl:8b\",\"system_fingerprint\":"
                     "\"fp_ollama\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"reasoning\":\"hm\"},"
                     "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}\n",
                     ANSWERED, .content = "Hi", .reasoning = "hm", .finish = "stop" },
          9,
          12,
          0,
          "qwen3-vl:8b",
          "chatcmpl-4",
          0 },
        { .reply = { "Together", 200, JSON "x-inference-provider: together\n",
                     "{\"id\":\"o1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"org/m-Turbo\",\"prompt\":[],\"choices\":["
                     "{\"finish_reason\":\"eos\",\"seed\":11,\"logprobs\":null,\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                     "\"Hi\","
                     "\"tool_calls\":[]}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21,\"cached_tokens\":0}"
                     "}",
                     ANSWERED, .content = "Hi", .finish = "eos" },
          9,
          12,
          0,
          "org/m-Turbo",
          "o1",
          0 },
        { .reply = { "Groq", 200, JSON "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 2m59s\n",
                     "{\"id\":\"g1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"org/"
                     "m\",\"choices\":[{\"index\":0,\"message\":"
                     "{\"role\":\"assistant\",\"content\":\"Hi\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"queue_time\":"
                     "0.03,"
                     "\"prompt_tokens\":9,\"prompt_time\":0.001,\"completion_tokens\":12,\"completion_time\":0.02,\"total_tokens\":21,"
                     "\"total_time\":0.021},\"system_fingerprint\":\"fp_g\",\"x_groq\":{\"id\":\"req_1\"},\"service_tier\":\"on_demand\"}",
                     ANSWERED, .content = "Hi", .finish = "stop" },
          9,
          12,
          0,
          "org/m",
          "g1",
          0 },
        { .reply = { "OpenRouter", 200, JSON,
                     "\n         "
                     "\n{\"id\":\"gen-1\",\"provider\":\"Novita\",\"model\":\"org/m\",\"object\":\"chat.completion\",\"created\":1,"
                     "\"choices\":[{\"logprobs\":null,\"finish_reason\":\"stop\",\"native_finish_reason\":\"STOP\",\"index\":0,\"message\":"
                     "{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null,\"reasoning\":\"hm\",\"reasoning_details\":[{\"type\":"
                     "\"reasoning.text\",\"text\":\"hm\"}]}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21,"
                     "\"cost\":0.00014}}",
                     ANSWERED, .content = "Hi", .reasoning = "hm", .finish = "stop" },
          9,
          12,
          0,
          "org/m",
          "gen-1",
          0 },
        { .reply = { "Z.ai", 200, JSON,
                     "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"message\":{\"content\":\"\\nHi\",\"reasoning_content\":"
                     "\"hm\","
                     "\"role\":"
                     "\"assistant\"}}],\"created\":1,\"id\":\"z1\",\"model\":\"glm-x\",\"request_id\":\"z1\",\"usage\":{\"completion_"
                     "tokens\":12,"
                     "\"prompt_tokens\":9,\"prompt_tokens_details\":{\"cached_tokens\":0},\"total_tokens\":21}}",
                     ANSWERED, .content = "\nHi", .reasoning = "hm", .finish = "stop" },
          9,
          12,
          0,
          "glm-x",
          "z1",
          0 },
        { .reply = { "without usage, id and created", 200, JSON,
                     "{\"model\":\"m\",\"usage\":null,\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}",
                     ANSWERED, .content = "Hi", .finish = "stop" },
          0,
          0,
          0,
          "m",
          "",
          0 },
    };
    CHECK_ALL(table);
}

#define SAFE "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"},\"violence\":{\"filtered\":false,\"severity\":\"low\"}}"
#define UNSAFE                                                                                                                             \
    "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"},\"jailbreak\":{\"filtered\":true,\"detected\":true},"                            \
    "\"violence\":{\"filtered\":true,\"severity\":\"high\"}}"
#define PROMPT_FILTER(results) "\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":" results "}]"
#define AZURE(prompt, finish, message, results)                                                                                            \
    "{\"choices\":[{\"content_filter_results\":" results ",\"finish_reason\":" finish ",\"index\":0,\"message\":" message                  \
    "}],\"created\":1,\"id\":\"a1\",\"model\":\"gpt-x\",\"object\":\"chat.completion\"," PROMPT_FILTER(prompt) "}"

static void content_filters_block_in_every_form(void **state)
{
    (void)state;
    static const struct dialect_case table[] = {
        { .reply = { "Azure, prompt, as 400", 400, JSON,
                     "{\"error\":{\"message\":\"The response was filtered due to the prompt triggering the content management policy.\","
                     "\"type\":null,\"param\":\"prompt\",\"code\":\"content_filter\",\"status\":400,\"innererror\":{\"code\":"
                     "\"ResponsibleAIPolicyViolation\",\"content_filter_result\":" UNSAFE "}}}",
                     BLOCKED(ANSWER_FILTER_INPUT), .message = "content management policy" } },
        { .reply = { "Azure, known by the inner error alone", 400, JSON,
                     "{\"error\":{\"message\":\"filtered\",\"code\":null,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\","
                     "\"content_filter_result\":{\"jailbreak\":{\"filtered\":true,\"detected\":true}}}}}",
                     BLOCKED(ANSWER_FILTER_INPUT) } },
        { .reply = { "Azure, notes beside an answer", 200, JSON,
                     AZURE(SAFE, "\"stop\"", "{\"role\":\"assistant\",\"content\":\"Hi\"}", SAFE), ANSWERED, .content = "Hi",
                     .finish = "stop" } },
        { .reply = { "Azure, the filter itself failed", 200, JSON,
                     AZURE(SAFE, "\"stop\"", "{\"content\":\"Hi\"}",
                           "{\"error\":{\"code\":\"content_filter_error\",\"message\":\"The contents are not filtered\"}}"),
                     ANSWERED, .content = "Hi", .finish = "stop" } },
        { .reply = { "Azure, output", 200, JSON, AZURE(SAFE, "\"content_filter\"", "{\"role\":\"assistant\"}", UNSAFE),
                     BLOCKED(ANSWER_FILTER_OUTPUT), .finish = "content_filter", .message = "content filter: jailbreak, violence" } },
        { .reply = { "Azure, output after some text", 200, JSON, AZURE(SAFE, "\"content_filter\"", "{\"content\":\"Once\"}", UNSAFE),
                     BLOCKED(ANSWER_PARTIAL_DELIVERY), .content = "Once", .finish = "content_filter" } },
        { .reply = { "Azure, emptied without the word", 200, JSON, AZURE(SAFE, "\"stop\"", "{\"content\":\"\"}", UNSAFE),
                     BLOCKED(ANSWER_FILTER_OUTPUT), .finish = "stop" } },
        { .reply = { "Azure, prompt, in a 200", 200, JSON, AZURE(UNSAFE, "null", "{\"content\":null}", "{}"),
                     BLOCKED(ANSWER_FILTER_INPUT) } },
        { .reply = { "Azure, text although something is marked", 200, JSON, AZURE(UNSAFE, "\"stop\"", "{\"content\":\"Hi\"}", UNSAFE),
                     ANSWERED, .content = "Hi", .finish = "stop" } },
        { .reply = { "Azure, a refusal although something is marked", 200, JSON,
                     AZURE(SAFE, "\"stop\"", "{\"content\":null,\"refusal\":\"No.\"}", UNSAFE), ANSWERED, .refusal = "No.",
                     .finish = "stop", .flags = ANSWER_MODEL_REFUSAL } },
        { .reply = { "Azure, cut at the limit", 200, JSON, AZURE(SAFE, "\"length\"", "{\"content\":\"\"}", UNSAFE), ANSWERED,
                     .finish = "length", .flags = ANSWER_TRUNCATED | ANSWER_EMPTY } },
        { .reply = { "Azure, notes of a wrong type", 200, JSON,
                     "{\"prompt_filter_results\":[7,{\"content_filter_results\":[]}],\"choices\":[{\"content_filter_results\":\"x\","
                     "\"message\":"
                     "{\"content\":\"\"},\"finish_reason\":\"stop\"}]}",
                     ANSWERED, .finish = "stop", .flags = ANSWER_EMPTY } },
        { .reply = { "Azure, streamed", 200, SSE,
                     "data: {\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\"," PROMPT_FILTER(
                         SAFE) "}\n\n"
                               "data: "
                               "{\"choices\":[{\"content_filter_results\":{},\"delta\":{\"content\":\"\",\"refusal\":null,\"role\":"
                               "\"assistant\"},"
                               "\"finish_reason\":null,\"index\":0,\"logprobs\":null}],\"id\":\"a2\"}\n\n"
                               "data: {\"choices\":[{\"content_filter_results\":" SAFE
                               ",\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null,\"index\":0}]}\n\n"
                               "data: "
                               "{\"choices\":[{\"content_filter_results\":{},\"delta\":{},\"finish_reason\":\"stop\",\"index\":0}]}\n\n"
                               "data: [DONE]\n\n",
                     ANSWERED, .content = "Hi", .finish = "stop" } },
        { .reply = { "Azure, stream cut by the filter", 200, SSE,
                     "data: {\"choices\":[]," PROMPT_FILTER(
                         SAFE) "}\n\n"
                               "data: {\"choices\":[{\"delta\":{\"content\":\"Once\"},\"finish_reason\":null,\"index\":0}]}\n\n"
                               "data: {\"choices\":[{\"content_filter_results\":" UNSAFE
                               ",\"delta\":{},\"finish_reason\":\"content_filter\",\"index\":0}]}\n\n"
                               "data: [DONE]\n\n",
                     BLOCKED(ANSWER_PARTIAL_DELIVERY), .content = "Once", .finish = "content_filter" } },
        { .reply = { "OpenRouter, moderation", 403, JSON,
                     "{\"error\":{\"code\":403,\"message\":\"org/m requires moderation. Your input was flagged for "
                     "\\\"x\\\".\",\"metadata\":{\"reasons\":"
                     "[\"x\"],\"flagged_input\":\"a placeholder\",\"provider_name\":\"p\",\"model_slug\":\"org/m\"}},\"user_id\":\"u\"}",
                     BLOCKED(ANSWER_FILTER_INPUT), .message = "requires moderation" } },
        { .reply = { "OpenRouter, moderation in a 200", 200, JSON,
                     "{\"error\":{\"code\":403,\"message\":\"flagged\",\"metadata\":{\"flagged_input\":\"a placeholder\"}}}",
                     BLOCKED(ANSWER_FILTER_INPUT) } },
        { .reply = { "Z.ai, 1301", 400, JSON, "{\"error\":{\"code\":\"1301\",\"message\":\"may contain unsafe or sensitive content\"}}",
                     BLOCKED(ANSWER_FILTER_INPUT) } },
        { .reply = { "Z.ai, sensitive", 200, JSON,
                     "{\"choices\":[{\"finish_reason\":\"sensitive\",\"index\":0,\"message\":{\"content\":\"\",\"role\":\"assistant\"}}],"
                     "\"id\":"
                     "\"z\"}",
                     BLOCKED(ANSWER_FILTER_OUTPUT), .finish = "sensitive" } },
        { .reply = { "SGLang, content_filter", 200, JSON,
                     "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":\"content_"
                     "filter\","
                     "\"matched_stop\":null}]}",
                     BLOCKED(ANSWER_FILTER_OUTPUT), .finish = "content_filter" } },
    };
    CHECK_ALL(table);
}

static void errors_of_each_server_have_their_action(void **state)
{
    (void)state;
    static const struct dialect_case table[] = {
        { .reply = { "router, model", 400, JSON,
                     "{\"error\":{\"message\":\"The requested model 'org/m' is not supported by any provider you have enabled.\",\"type\":"
                     "\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_supported\"}}",
                     FAILED("model_unavailable", EFFECT_STOP) } },
        { .reply = { "router, model at a provider", 400, JSON, "{\"error\":\"Model not supported by provider together\"}",
                     FAILED("model_unavailable", EFFECT_STOP) } },
        { .reply = { "router, token", 401, JSON, "{\"error\":\"Invalid username or password.\"}", PARK("auth") } },
        { .reply = { "router, credits", 402, JSON,
                     "{\"error\":\"You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x "
                     "more "
                     "monthly included credits.\"}",
                     PARK("credits"), .message = "monthly included credits" } },
        { .reply = { "router, permission", 403, JSON,
                     "{\"error\":\"This authentication method does not have sufficient permissions to call Inference Providers on behalf "
                     "of user\"}",
                     PARK("auth") } },
        { .reply = { "Hub, list", 400, JSON, "{\"error\":[\"a is wrong\",\"b is wrong\"]}", FAILED("invalid_request", EFFECT_NONE),
                     .message = "a is wrong; b is wrong" } },
        { .reply = { "Hub, header", 403, "x-error-message: Access to this resource is disabled.\nx-error-code: GatedRepo\n", NULL,
                     PARK("auth"), .message = "Access to this resource is disabled." } },
        { .reply = { "Hub, OAuth", 401, JSON, "{\"error\":\"invalid_token\",\"error_description\":\"expired\"}", PARK("auth"),
                     .message = "invalid_token; expired" } },
        { .reply = { "Hub, rate limit", 429, JSON "ratelimit: \"api\";r=0;t=55\nratelimit-policy: \"fixed window\";\"api\";q=500;w=300\n",
                     "{\"error\":\"Too many requests\"}", RETRY("rate"), .effect = EFFECT_COOLDOWN },
          .hint_ms = 55000 },

        { .reply = { "TGI, validation", 422, JSON,
                     "{\"error\":\"Input validation error: `top_p` must be > 0.0 and < 1.0\",\"error_type\":\"validation\"}",
                     FAILED("invalid_request", EFFECT_NONE) } },
        { .reply = { "TGI, JSON of a wrong type", 422, "content-type: text/plain\n",
                     "Failed to deserialize the JSON body into the target type", FAILED("invalid_request", EFFECT_NONE),
                     .message = "Failed to deserialize" } },
        { .reply = { "TGI, body too large", 413, "content-type: text/plain\n", "Failed to buffer the request body: length limit exceeded",
                     FAILED("too_large", EFFECT_NONE) } },
        { .reply = { "TGI, generation", 424, JSON,
                     "{\"error\":\"Request failed during generation: out of memory\",\"error_type\":\"generation\"}", RETRY("generation"),
                     .retry_max = 2 } },
        { .reply = { "TGI, overloaded", 429, JSON, "{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}", RETRY("rate"),
                     .effect = EFFECT_COOLDOWN } },
        { .reply = { "TGI, incomplete", 500, JSON, "{\"error\":\"Incomplete generation\",\"error_type\":\"incomplete_generation\"}",
                     RETRY("server") } },
        { .reply = { "TGI, unhealthy", 503, JSON, "{\"error\":\"unhealthy\",\"error_type\":\"healthcheck\"}", RETRY("server") } },
        { .reply = { "TGI, overloaded inside a stream", 200, SSE,
                     "data:{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}\n\n", RETRY("rate"),
                     .effect = EFFECT_COOLDOWN } },

        { .reply = { "hf-inference, loading", 503, JSON, "{\"error\":\"Model org/m is currently loading\",\"estimated_time\":20.0}",
                     RETRY("loading"), .effect = EFFECT_LOADING },
          .hint_ms = 20000 },
        { .reply = { "hf-inference, loading in a 200", 200, JSON,
                     "{\"error\":\"Model org/m is currently loading\",\"estimated_time\":42.5}", RETRY("loading"),
                     .effect = EFFECT_LOADING },
          .hint_ms = 42500 },
        { .reply = { "Inference Endpoint, asleep", 503, "content-type: text/html\n",
                     "<html><body><h1>503 Service Unavailable</h1></body></html>", RETRY("server") } },
        { .reply = { "Inference Endpoint, asleep, older", 502, NULL, "Bad Gateway", RETRY("server") } },

        { .reply = { "vLLM, context", 400, JSON,
                     "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens. However, you requested 5000 "
                     "tokens\","
                     "\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
                     FAILED("too_long", EFFECT_NONE) } },
        { .reply = { "vLLM, model", 404, JSON,
                     "{\"error\":{\"message\":\"The model `x` does not "
                     "exist.\",\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":404}}",
                     FAILED("model_unavailable", EFFECT_STOP) } },
        { .reply = { "vLLM, key", 401, JSON, "{\"error\":\"Unauthorized\"}", PARK("auth") } },
        { .reply = { "vLLM, error inside a stream", 200, SSE,
                     "data: {\"id\":\"v\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}\n\n"
                     "data: {\"error\":{\"message\":\"EngineCore encountered an "
                     "issue\",\"type\":\"InternalServerError\",\"param\":null,\"code\":500}}"
                     "\n\ndata: [DONE]\n\n",
                     RETRY("server"), .message = "EngineCore" } },
        { .reply = { "SGLang, flat", 400, JSON,
                     "{\"object\":\"error\",\"message\":\"Requested token count exceeds the model's maximum context length of 4096 "
                     "tokens\",\"type\":"
                     "\"BadRequestError\",\"param\":null,\"code\":400}",
                     FAILED("too_long", EFFECT_NONE) } },
        { .reply = { "SGLang, flat in a 200", 200, JSON,
                     "{\"object\":\"error\",\"message\":\"scheduler gone\",\"type\":\"InternalServerError\",\"param\":null,\"code\":500}",
                     RETRY("server") } },
        { .reply = { "SGLang, aborted", 200, JSON,
                     "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"abort\",\"matched_stop\":null}]}",
                     RETRY("abort"), .retry_max = 1, .give_up = "malformed" } },
        { .reply = { "llama.cpp, loading", 503, JSON,
                     "{\"error\":{\"code\":503,\"message\":\"Loading model\",\"type\":\"unavailable_error\"}}", RETRY("loading"),
                     .effect = EFFECT_LOADING } },
        { .reply = { "llama.cpp, context", 400, JSON,
                     "{\"error\":{\"code\":400,\"message\":\"the request exceeds the available context size, try increasing it\",\"type\":"
                     "\"exceed_context_size_error\",\"n_prompt_tokens\":5000,\"n_ctx\":4096}}",
                     FAILED("too_long", EFFECT_NONE) } },
        { .reply = { "llama.cpp, key", 401, JSON,
                     "{\"error\":{\"code\":401,\"message\":\"Invalid API Key\",\"type\":\"authentication_error\"}}", PARK("auth") } },
        { .reply = { "Ollama, model", 404, JSON,
                     "{\"error\":{\"message\":\"model \\\"x\\\" not found, try pulling it "
                     "first\",\"type\":\"api_error\",\"param\":null,\"code\":null}}",
                     FAILED("model_unavailable", EFFECT_STOP) } },

        { .reply = { "Groq, request too large", 413, JSON,
                     "{\"error\":{\"message\":\"Request Entity Too "
                     "Large\",\"type\":\"invalid_request_error\",\"code\":\"request_too_large\"}}",
                     FAILED("too_large", EFFECT_NONE) } },
        { .reply = { "Groq, flex capacity", 498, JSON, "{\"error\":{\"message\":\"capacity exceeded\",\"type\":\"capacity\"}}",
                     RETRY("capacity") } },
        { .reply = { "Groq, rate, in words", 429, JSON,
                     "{\"error\":{\"message\":\"Rate limit reached for model `m` on tokens per minute (TPM): Limit 6000. Please try again "
                     "in "
                     "5.289s.\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}",
                     RETRY("rate"), .effect = EFFECT_COOLDOWN },
          .hint_ms = 5289 },
        { .reply = { "OpenAI, quota", 429, JSON,
                     "{\"error\":{\"message\":\"You exceeded your current quota\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":"
                     "\"insufficient_quota\"}}",
                     PARK("credits") } },
        { .reply = { "OpenAI, rate, milliseconds first", 429, JSON "retry-after: 20\nretry-after-ms: 1250\n",
                     "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}",
                     RETRY("rate"), .effect = EFFECT_COOLDOWN },
          .hint_ms = 1250 },
        { .reply = { "OpenAI, key", 401, JSON,
                     "{\"error\":{\"message\":\"Incorrect API key provided\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":"
                     "\"invalid_api_key\"}}",
                     PARK("auth") } },

        { .reply = { "OpenRouter, credits", 402, JSON, "{\"error\":{\"message\":\"Insufficient credits\",\"code\":402},\"user_id\":\"u\"}",
                     PARK("credits") } },
        { .reply = { "OpenRouter, upstream, before generation", 502, JSON,
                     "{\"error\":{\"code\":502,\"message\":\"Provider returned "
                     "error\",\"metadata\":{\"provider_name\":\"p\",\"raw\":\"boom\"}}}",
                     RETRY("server"), .message = "Provider returned error; boom" } },
        { .reply = { "OpenRouter, upstream, in a 200", 200, JSON,
                     "{\"id\":\"gen-1\",\"error\":{\"code\":429,\"message\":\"Provider returned error\",\"metadata\":{\"raw\":\"slow "
                     "down\"}}}",
                     RETRY("rate"), .effect = EFFECT_COOLDOWN } },
        { .reply = { "OpenRouter, in a choice", 200, JSON,
                     "{\"id\":\"gen-1\",\"choices\":[{\"finish_reason\":\"error\",\"native_finish_reason\":\"error\",\"index\":0,\"error\":"
                     "{"
                     "\"code\":502,"
                     "\"message\":\"Upstream idle timeout\"},\"message\":{\"role\":\"assistant\",\"content\":\"Once\"}}]}",
                     RETRY("server"), .message = "Upstream idle timeout" } },
        { .reply = { "OpenRouter, in a choice without words", 200, JSON,
                     "{\"id\":\"gen-1\",\"choices\":[{\"finish_reason\":\"error\",\"native_finish_reason\":null,\"index\":0,\"message\":{"
                     "\"content\":\"\"}}]}",
                     RETRY("finish_error"), .retry_max = 1, .give_up = "malformed" } },
        { .reply = { "OpenRouter, inside a stream", 200, SSE,
                     ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n"
                     "data: {\"id\":\"gen-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Once\"}}]}\n\n"
                     "data: "
                     "{\"id\":\"gen-1\",\"object\":\"chat.completion.chunk\",\"error\":{\"code\":\"server_error\",\"message\":\"Provider "
                     "disconnected\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n",
                     RETRY("server"), .message = "Provider disconnected" } },

        { .reply = { "Z.ai, arrears", 429, JSON, "{\"error\":{\"code\":\"1113\",\"message\":\"Insufficient balance\"}}",
                     PARK("credits") } },
        { .reply = { "Z.ai, rate", 429, JSON, "{\"error\":{\"code\":\"1302\",\"message\":\"Rate limit reached for requests\"}}",
                     RETRY("rate"), .effect = EFFECT_COOLDOWN } },
        { .reply = { "Z.ai, network", 200, JSON,
                     "{\"choices\":[{\"finish_reason\":\"network_error\",\"index\":0,\"message\":{\"content\":\"\"}}]}",
                     RETRY("server") } },
        { .reply = { "Z.ai, window", 200, JSON,
                     "{\"choices\":[{\"finish_reason\":\"model_context_window_exceeded\",\"index\":0,\"message\":{\"content\":\"\"}}]}",
                     FAILED("too_long", EFFECT_NONE) } },

        { .reply = { "FastAPI", 422, JSON,
                     "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"messages\"],\"msg\":\"Field required\",\"input\":{}}]}",
                     FAILED("invalid_request", EFFECT_NONE), .message = "body.messages: Field required" } },
        { .reply = { "problem+json", 503, "content-type: application/problem+json\nretry-after: 7\n",
                     "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"draining\"}", RETRY("server"),
                     .message = "draining" },
          .hint_ms = 7000 },
        { .reply = { "Cloudflare", 524, "content-type: text/html\n", "<!DOCTYPE html><title>x | 524: A timeout occurred</title>",
                     RETRY("server"), .message = "524: A timeout occurred" } },
        { .reply = { "Envoy", 503, "content-type: text/plain\n", "no healthy upstream", RETRY("server"),
                     .message = "no healthy upstream" } },
        { .reply = { "nginx", 413, "content-type: text/html\n",
                     "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n</html>\r\n",
                     FAILED("too_large", EFFECT_NONE) } },
        { .reply = { "a portal in front", 200, "content-type: text/html\n", "<html><title>Sign in</title></html>",
                     RETRY("malformed_response"), .retry_max = 1, .give_up = "malformed", .message = "Sign in" } },
    };
    CHECK_ALL(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_found_among_what_each_server_adds),
        cmocka_unit_test(content_filters_block_in_every_form),
        cmocka_unit_test(errors_of_each_server_have_their_action),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
