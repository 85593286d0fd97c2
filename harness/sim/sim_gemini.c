/*
 * generateContent of the Gemini API. Source of the wire form: the public reference, and the types of PyPI google-genai 3.6.1.
 * The model and whether to stream stand in the path: routes.c fills them in.
 */
#include "sim/sim_dialect.h"
#include "sim/sim_parts.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

static void add_text(struct strbuf *out, const char *text)
{
    json_add_string(out, text, strlen(text));
}

static bool is(const char *word, const char *wanted)
{
    return word && strcmp(word, wanted) == 0;
}

/* ---- the request ---- */

/* Members have two spellings in the JSON of protocol buffers. */
static const cJSON *member(const cJSON *object, const char *camel, const char *snake)
{
    const cJSON *item = json_get(object, camel);
    return item ? item : json_get(object, snake);
}

/* JSON of protocol buffers takes both alphabets of base64; Google's own clients send the one for URLs. */
static const char *standard_base64(const char *text, struct arena *a)
{
    char *copy = arena_strdup(a, text);
    for (char *c = copy; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    return copy;
}

static bool read_part(const cJSON *part, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const char *text = json_string(part, "text");
    const cJSON *data = member(part, "inlineData", "inline_data");
    if (text) {
        (void)strbuf_addstr(&m->text, text);
        return true;
    }
    if (!data || !a)
        return sim_complain(c, "contents", "a part must hold 'text' or 'inlineData'");
    const char *mime = cJSON_GetStringValue(member(data, "mimeType", "mime_type")), *base64 = json_string(data, "data");
    if (!mime || !base64)
        return sim_complain(c, "contents", "inlineData must hold 'mimeType' and 'data'");
    return sim_message_add_image(m, standard_base64(base64, a), mime, "inlineData.data", a, c);
}

static bool read_parts(const cJSON *content, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const cJSON *part, *parts = json_array(content, "parts");
    if (!parts || !parts->child)
        return sim_complain(c, "contents", "'parts' must be a list with at least one part");
    cJSON_ArrayForEach(part, parts) if (!read_part(part, a, m, c)) return false;
    return true;
}

static bool read_contents(const cJSON *root, struct arena *a, struct sim_message *m, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *contents = json_array(root, "contents"), *content;
    const cJSON *system = member(root, "systemInstruction", "system_instruction");
    if (system) {
        if (!read_parts(system, NULL, m, c))
            return false;
        r->text_bytes += m->text.len;
    }
    if (!contents || !contents->child)
        return sim_complain(c, "contents", "contents is not specified");
    cJSON_ArrayForEach(content, contents)
    {
        const char *role = json_string(content, "role");
        if (role && !is(role, "user") && !is(role, "model"))
            return sim_complain(c, "contents", "Please use a valid role: user, model.");
        sim_message_clear(m);
        if (!read_parts(content, a, m, c))
            return false;
        r->text_bytes += m->text.len;
        if (!is(role, "model"))
            sim_message_keep(m, a, r);
    }
    return true;
}

static bool read_config(const cJSON *root, struct sim_request *r, struct sim_complaint *c)
{
    static const struct sim_number_rule numbers[] = {
        { "temperature", 0.0, 2.0, false },    { "topP", 0.0, 1.0, false },           { "topK", 0.0, 1e9, true },
        { "seed", -0x1p31, 0x1p31 - 1, true }, { "maxOutputTokens", 1.0, 1e9, true }, { "candidateCount", 1.0, 1.0, true }
    };
    const cJSON *config = member(root, "generationConfig", "generation_config");
    r->max_tokens = -1;
    if (!config)
        return true;
    if (!cJSON_IsObject(config))
        return sim_complain(c, "generationConfig", "generationConfig must be an object");
    int64_t limit;
    if (json_int(config, "maxOutputTokens", &limit))
        r->max_tokens = limit;
    return sim_check_numbers(config, numbers, ARRAY_LEN(numbers), c) &&
           sim_check_strings(json_get(config, "stopSequences"), "stopSequences", 5, c);
}

static bool parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint)
{
    CLEANUP(json_freep) cJSON *root = sim_parse_object(body, len, ret_complaint);
    struct sim_request r = { .dialect = &sim_gemini, .model = "", .prompt = "" };
    CLEANUP(sim_message_release) struct sim_message m = { .text = STRBUF_INIT };
    if (!root || !read_config(root, &r, ret_complaint) || !read_contents(root, a, &m, &r, ret_complaint))
        return false;
    *ret_r = r;
    return true;
}

/* ---- the answer ---- */

/* The words of chat completions, in which faults and outcomes are planned, in this protocol's. */
static const char *finish_reason(const char *finish)
{
    static const char *const words[][2] = { { "stop", "STOP" },       { "length", "MAX_TOKENS" },        { "content_filter", "SAFETY" },
                                            { "tool_calls", "STOP" }, { "abort", "MALFORMED_RESPONSE" }, { "eos_token", "OTHER" } };
    for (size_t i = 0; finish && i < ARRAY_LEN(words); i++)
        if (strcmp(words[i][0], finish) == 0)
            return words[i][1];
    return finish;
}

static const char *status_word(int status)
{
    static const struct {
        int status;
        const char *word;
    } words[] = { { 400, "INVALID_ARGUMENT" },  { 401, "UNAUTHENTICATED" },    { 402, "FAILED_PRECONDITION" },
                  { 403, "PERMISSION_DENIED" }, { 404, "NOT_FOUND" },          { 408, "DEADLINE_EXCEEDED" },
                  { 409, "ABORTED" },           { 429, "RESOURCE_EXHAUSTED" }, { 500, "INTERNAL" },
                  { 503, "UNAVAILABLE" },       { 504, "DEADLINE_EXCEEDED" } };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].status == status)
            return words[i].word;
    return "UNKNOWN";
}

static void add_error(int code, const char *message, const char *details, struct strbuf *out)
{
    (void)strbuf_addf(out, "{\"error\":{\"code\":%d,\"message\":", code);
    add_text(out, message);
    (void)strbuf_addf(out, ",\"status\":\"%s\"%s}}", status_word(code), details);
}

/* responseId comes first: a stream's line can then be broken after it, outside any text. */
static void begin(const struct completion *c, struct strbuf *out)
{
    (void)strbuf_addstr(out, "{\"responseId\":");
    add_text(out, c->id);
    (void)strbuf_addstr(out, ",\"modelVersion\":");
    add_text(out, c->model);
}

static void end(const struct completion *c, int64_t completion_tokens, struct strbuf *out)
{
    long long prompt = c->prompt_tokens, completion = completion_tokens;
    if (!c->no_usage)
        (void)strbuf_addf(out, ",\"usageMetadata\":{\"promptTokenCount\":%lld,\"candidatesTokenCount\":%lld,\"totalTokenCount\":%lld}",
                          prompt, completion, prompt + completion);
    (void)strbuf_addch(out, '}');
}

static void begin_part(struct strbuf *out)
{
    if (out->buf[out->len - 1] != '[')
        (void)strbuf_addch(out, ',');
}

static void add_text_part(const struct completion *c, const char *text, size_t len, const char *raw_tail, struct strbuf *out)
{
    begin_part(out);
    (void)strbuf_addstr(out, "{\"text\":");
    completion_add_string(out, text, len, raw_tail);
    if (c->second_content) {
        (void)strbuf_addstr(out, ",\"text\":");
        add_text(out, c->second_content);
    }
    (void)strbuf_addch(out, '}');
}

/* What comes before the text, and after it. */
static void add_thought(const struct completion *c, struct strbuf *out)
{
    if (!c->reasoning)
        return;
    begin_part(out);
    (void)strbuf_addstr(out, "{\"text\":");
    add_text(out, c->reasoning);
    (void)strbuf_addstr(out, ",\"thought\":true}");
}

static void add_call(const struct completion *c, struct strbuf *out)
{
    if (!c->tool_call)
        return;
    begin_part(out);
    (void)strbuf_addstr(out, "{\"functionCall\":{\"name\":\"look_up\",\"args\":{}}}");
}

static void begin_candidate(struct strbuf *out)
{
    (void)strbuf_addstr(out, ",\"candidates\":[{\"content\":{\"parts\":[");
}

static void end_candidate(const char *finish, struct strbuf *out)
{
    (void)strbuf_addstr(out, "],\"role\":\"model\"}");
    if (finish)
        (void)strbuf_addf(out, ",\"finishReason\":\"%s\"", finish);
    (void)strbuf_addstr(out, ",\"index\":0}]");
}

/* The text that the answer comes to; a refusal has no member of its own. */
static const char *text_of(const struct completion *c, size_t *ret_len)
{
    const char *text = c->refusal ? c->refusal : c->content;
    *ret_len = c->refusal ? strlen(c->refusal) : c->content ? c->content_len : 0;
    return *ret_len > 0 || (text && c->raw_tail) ? text : NULL;
}

static void write_document(const struct completion *c, struct strbuf *out)
{
    size_t len, half;
    const char *text = text_of(c, &len);
    if (c->error) {
        add_error(502, c->error, "", out);
        return;
    }
    begin(c, out);
    if (!c->no_choices) {
        begin_candidate(out);
        add_thought(c, out);
        half = c->as_parts && text ? completion_piece_end(text, len, 0) : 0;
        if (half > 0 && half < len)
            add_text_part(c, text, half, NULL, out);
        else
            half = 0;
        if (text)
            add_text_part(c, text + half, len - half, c->raw_tail, out);
        add_call(c, out);
        end_candidate(finish_reason(c->finish), out);
    }
    end(c, c->completion_tokens, out);
}

static void write_events(const struct completion *c, bool with_usage, struct strbuf *out)
{
    size_t len, at = 0;
    const char *text = text_of(c, &len), *finish = finish_reason(c->finish);
    bool last;
    (void)with_usage; /* it always comes */
    if (c->no_choices) {
        (void)strbuf_addstr(out, "data: ");
        begin(c, out);
        end(c, 0, out);
        (void)strbuf_addstr(out, "\n\n");
        return;
    }
    do {
        size_t piece = text ? completion_piece_end(text, len, at) : 0;
        last = piece >= len || !text;
        (void)strbuf_addstr(out, "data: ");
        if (last && c->error) {
            add_error(502, c->error, "", out);
        } else {
            begin(c, out);
            begin_candidate(out);
            if (at == 0)
                add_thought(c, out);
            if (text)
                add_text_part(c, text + at, piece - at, last ? c->raw_tail : NULL, out);
            if (last)
                add_call(c, out);
            end_candidate(last ? finish : NULL, out);
            end(c, (int64_t)(piece + 3) / 4, out);
        }
        (void)strbuf_addstr(out, "\n\n");
        at = piece;
    } while (!last);
}

/* ---- errors ---- */

static void write_error(const struct sim_error_facts *f, int status, struct strbuf *out)
{
    const char *details = "";
    int inside = f->code && f->code[strspn(f->code, "0123456789")] == '\0' ? (int)strtol(f->code, NULL, 10) : 500;
    if (is(f->code, "insufficient_quota"))
        details = ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":"
                  "[{\"quotaId\":\"GenerateRequestsPerDayPerProjectPerModel\"}]}]";
    if (is(f->code, "invalid_api_key"))
        details = ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\","
                  "\"domain\":\"googleapis.com\"}]";
    add_error(status >= 400 ? status : inside, f->message, details, out);
}

/* Not an error here: a reply without candidates. */
static void write_filter(const struct completion *c, bool stream, const char *message, struct sim_reply *r)
{
    (void)message; /* blockReasonMessage is Vertex AI's */
    r->status = 200;
    r->content_type = stream ? "text/event-stream" : "application/json";
    (void)strbuf_addstr(&r->body, stream ? "data: " : "");
    begin(c, &r->body);
    (void)strbuf_addstr(&r->body, ",\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}");
    end(c, 0, &r->body);
    (void)strbuf_addstr(&r->body, stream ? "\n\n" : "");
}

const struct sim_dialect sim_gemini = {
    .id_head = "",
    .text_marker = "\"text\":\"",
    .error_event = "",
    .parse = parse,
    .write = write_document,
    .write_events = write_events,
    .write_error = write_error,
    .write_filter = write_filter,
};
