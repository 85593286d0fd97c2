/*
 * The Messages API of Anthropic. Source of the wire form: the public reference, and the types of PyPI anthropic 2.13.0.
 */
#include "sim/sim_anthropic_request.h"
#include "sim/sim_dialect.h"

#include "base/json.h"

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
static const char *stop_reason(const char *finish)
{
    static const char *const words[][2] = { { "stop", "end_turn" },
                                            { "length", "max_tokens" },
                                            { "content_filter", "refusal" },
                                            { "tool_calls", "tool_use" },
                                            { "eos_token", "stop_sequence" } };
    for (size_t i = 0; finish && i < ARRAY_LEN(words); i++)
        if (strcmp(words[i][0], finish) == 0)
            return words[i][1];
    return finish;
}

/* "stop_reason":…,"stop_sequence":null,"stop_details":… */
static void add_stop(const struct completion *c, struct strbuf *out)
{
    const char *reason = stop_reason(c->finish);
    (void)strbuf_addstr(out, "\"stop_reason\":");
    if (reason)
        add_text(out, reason);
    else
        (void)strbuf_addstr(out, "null");
    (void)strbuf_addstr(out, ",\"stop_sequence\":null,\"stop_details\":");
    (void)strbuf_addstr(out, is(reason, "refusal") ? "{\"type\":\"refusal\",\"category\":\"general_harms\","
                                                     "\"explanation\":\"This request was declined.\"}"
                                                   : "null");
}

/* The head of a message, up to its content. */
static void add_head(const struct completion *c, struct strbuf *out)
{
    (void)strbuf_addstr(out, "{\"id\":");
    add_text(out, c->id);
    (void)strbuf_addstr(out, ",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
    add_text(out, c->model);
}

static void add_usage(const struct completion *c, int64_t output_tokens, struct strbuf *out)
{
    if (!c->no_usage)
        (void)strbuf_addf(out,
                          ",\"usage\":{\"input_tokens\":%lld,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
                          "\"output_tokens\":%lld,\"service_tier\":\"standard\"}",
                          (long long)c->prompt_tokens, (long long)output_tokens);
}

static void add_error(const char *type, const char *message, const char *details, struct strbuf *out)
{
    (void)strbuf_addstr(out, "{\"type\":\"error\",\"error\":{\"type\":");
    add_text(out, type);
    (void)strbuf_addstr(out, ",\"message\":");
    add_text(out, message);
    (void)strbuf_addf(out, "%s},\"request_id\":\"req_sim\"}", details);
}

/* What an answer that breaks off with an error is here: the error itself. */
static bool add_broken(const struct completion *c, struct strbuf *out)
{
    if (!c->error && !is(c->finish, "abort"))
        return false;
    add_error("api_error", c->error ? c->error : "Internal server error", "", out);
    return true;
}

/* The text that the answer comes to; a refusal has no member of its own. */
static const char *text_of(const struct completion *c, size_t *ret_len)
{
    const char *text = c->refusal ? c->refusal : c->content;
    *ret_len = c->refusal ? strlen(c->refusal) : c->content ? c->content_len : 0;
    return *ret_len > 0 || (text && c->raw_tail) ? text : NULL; /* text blocks are never empty */
}

static void begin_block(struct strbuf *out)
{
    if (out->buf[out->len - 1] != '[')
        (void)strbuf_addch(out, ',');
}

static void add_text_block(const struct completion *c, const char *text, size_t len, const char *raw_tail, struct strbuf *out)
{
    begin_block(out);
    (void)strbuf_addstr(out, "{\"type\":\"text\",\"text\":");
    completion_add_string(out, text, len, raw_tail);
    if (c->second_content) {
        (void)strbuf_addstr(out, ",\"text\":");
        add_text(out, c->second_content);
    }
    (void)strbuf_addstr(out, ",\"citations\":null}");
}

static void write_document(const struct completion *c, struct strbuf *out)
{
    size_t len, half;
    const char *text = text_of(c, &len);
    if (add_broken(c, out))
        return;
    add_head(c, out);
    if (!c->no_choices) {
        (void)strbuf_addstr(out, ",\"content\":[");
        if (c->reasoning) {
            (void)strbuf_addstr(out, "{\"type\":\"thinking\",\"thinking\":");
            add_text(out, c->reasoning);
            (void)strbuf_addstr(out, ",\"signature\":\"c2lt\"}");
        }
        half = c->as_parts && text && len > 1 ? completion_piece_end(text, len, 0) : 0;
        if (half > 0 && half < len)
            add_text_block(c, text, half, NULL, out);
        else
            half = 0;
        if (text)
            add_text_block(c, text + half, len - half, c->raw_tail, out);
        if (c->tool_call) {
            begin_block(out);
            (void)strbuf_addstr(out, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look_up\",\"input\":{}}");
        }
        (void)strbuf_addch(out, ']');
    }
    (void)strbuf_addch(out, ',');
    add_stop(c, out);
    add_usage(c, c->completion_tokens, out);
    (void)strbuf_addch(out, '}');
}

/* ---- the same as events ---- */

static void begin_event(const char *type, struct strbuf *out)
{
    (void)strbuf_addf(out, "event: %s\ndata: {\"type\":\"%s\"", type, type);
}

static void end_event(struct strbuf *out)
{
    (void)strbuf_addstr(out, "}\n\n");
}

static void start_block(int index, const char *block, struct strbuf *out)
{
    begin_event("content_block_start", out);
    (void)strbuf_addf(out, ",\"index\":%d,\"content_block\":%s", index, block);
    end_event(out);
}

static void add_delta(int index, const char *type, const char *key, const char *text, size_t len, const char *raw_tail, struct strbuf *out)
{
    begin_event("content_block_delta", out);
    (void)strbuf_addf(out, ",\"index\":%d,\"delta\":{\"type\":\"%s\",\"%s\":", index, type, key);
    completion_add_string(out, text, len, raw_tail);
    (void)strbuf_addch(out, '}');
    end_event(out);
}

static void stop_block(int index, struct strbuf *out)
{
    begin_event("content_block_stop", out);
    (void)strbuf_addf(out, ",\"index\":%d", index);
    end_event(out);
}

static void add_blocks(const struct completion *c, struct strbuf *out)
{
    int index = 0;
    size_t len;
    const char *text = text_of(c, &len);
    if (c->reasoning) {
        start_block(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}", out);
        add_delta(index, "thinking_delta", "thinking", c->reasoning, strlen(c->reasoning), NULL, out);
        add_delta(index, "signature_delta", "signature", "c2lt", 4, NULL, out);
        stop_block(index++, out);
    }
    if (text) {
        start_block(index, "{\"type\":\"text\",\"text\":\"\"}", out);
        begin_event("ping", out);
        end_event(out);
        size_t at = 0, end;
        do { /* once at least, for bytes behind an empty text */
            end = completion_piece_end(text, len, at);
            add_delta(index, "text_delta", "text", text + at, end - at, end == len ? c->raw_tail : NULL, out);
        } while ((at = end) < len);
        stop_block(index++, out);
    }
    if (c->tool_call) {
        start_block(index, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look_up\",\"input\":{}}", out);
        add_delta(index, "input_json_delta", "partial_json", "{}", 2, NULL, out);
        stop_block(index, out);
    }
}

static void write_events(const struct completion *c, bool with_usage, struct strbuf *out)
{
    (void)with_usage; /* it always comes */
    if (!c->no_choices) {
        begin_event("message_start", out);
        (void)strbuf_addstr(out, ",\"message\":");
        add_head(c, out);
        (void)strbuf_addstr(out, ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null");
        add_usage(c, 1, out);
        (void)strbuf_addch(out, '}');
        end_event(out);
        add_blocks(c, out);
        if (c->error || is(c->finish, "abort")) {
            (void)strbuf_addstr(out, "event: error\ndata: ");
            (void)add_broken(c, out);
            (void)strbuf_addstr(out, "\n\n");
            return;
        }
        begin_event("message_delta", out);
        (void)strbuf_addstr(out, ",\"delta\":{");
        add_stop(c, out);
        (void)strbuf_addch(out, '}');
        add_usage(c, c->completion_tokens, out);
        end_event(out);
    }
    begin_event("message_stop", out);
    end_event(out);
}

/* ---- errors ---- */

static const char *error_type(int status)
{
    static const struct {
        int status;
        const char *type;
    } types[] = { { 401, "authentication_error" }, { 402, "billing_error" },  { 403, "permission_error" },
                  { 404, "not_found_error" },      { 409, "conflict_error" }, { 413, "request_too_large" },
                  { 429, "rate_limit_error" },     { 504, "timeout_error" },  { 529, "overloaded_error" } };
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (types[i].status == status)
            return types[i].type;
    return status >= 400 && status < 500 ? "invalid_request_error" : "api_error";
}

static void write_error(const struct sim_error_facts *f, int status, struct strbuf *out)
{
    bool quota = is(f->code, "insufficient_quota");
    add_error(error_type(status), f->message, quota ? ",\"details\":{\"error_code\":\"enforced_spend_limit_reached\"}" : "", out);
}

static void write_filter(const struct completion *c, bool stream, const char *message, struct sim_reply *r)
{
    (void)c;
    (void)stream;
    (void)message; /* the message is what says that it is a filter */
    r->status = 400;
    r->content_type = "application/json";
    add_error("invalid_request_error", "Output blocked by content filtering policy", "", &r->body);
}

const struct sim_dialect sim_anthropic = {
    .id_head = "msg_",
    .text_marker = "\"text\":\"",
    .error_event = "event: error\n",
    .parse = sim_anthropic_request_parse,
    .write = write_document,
    .write_events = write_events,
    .write_error = write_error,
    .bucket_remaining = "anthropic-ratelimit-requests-remaining",
    .bucket_reset = "anthropic-ratelimit-requests-reset",
    .write_filter = write_filter,
};
