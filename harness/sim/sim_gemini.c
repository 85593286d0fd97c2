/*
 * generateContent of the Gemini API. Source of the wire form: the public reference, and the types of PyPI google-genai 3.6.1.
 */
#include "sim/sim_dialect.h"
#include "sim/sim_gemini_request.h"

#include "base/json.h"

#include <stdio.h>
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
    char retry[128];
    int inside = f->code && f->code[strspn(f->code, "0123456789")] == '\0' ? (int)strtol(f->code, NULL, 10) : 500;
    if (f->retry_s > 0) {
        (void)snprintf(retry, sizeof(retry),
                       ",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"%.9fs\"}]", f->retry_s);
        details = retry;
    }
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
    .parse = sim_gemini_request_parse,
    .write = write_document,
    .write_events = write_events,
    .write_error = write_error,
    .write_filter = write_filter,
};
