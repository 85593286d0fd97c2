/*
 * The Messages API of Anthropic. Source of the wire form: the public reference, and the types of PyPI anthropic 2.13.0.
 */
#include "sim/sim_dialect.h"
#include "sim/sim_parts.h"

#include "base/json.h"

#include <string.h>

static void add_text(struct strbuf *out, const char *text)
{
    json_add_string(out, text, strlen(text));
}

/* ---- the request ---- */

static bool is(const char *word, const char *wanted)
{
    return word && strcmp(word, wanted) == 0;
}

static bool read_image(const cJSON *block, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    static const char *const media[] = { "image/jpeg", "image/png", "image/gif", "image/webp" };
    const cJSON *source = json_object(block, "source");
    const char *type = json_string(source, "media_type"), *data = json_string(source, "data");
    bool known = false;
    for (size_t i = 0; i < ARRAY_LEN(media); i++)
        known = known || is(type, media[i]);
    if (!is(json_string(source, "type"), "base64"))
        return sim_complain(c, "messages", "source.type must be 'base64': this server fetches nothing");
    if (!known)
        return sim_complain(c, "messages", "source.media_type must be image/jpeg, image/png, image/gif or image/webp");
    if (!data)
        return sim_complain(c, "messages", "source.data must be a string");
    return sim_message_add_image(m, data, type, "source.data", a, c);
}

/* A string, or a list of text blocks and, in messages (`a` not NULL), images. */
static bool read_content(const cJSON *content, struct arena *a, struct sim_message *m, struct sim_complaint *c)
{
    const cJSON *block;
    if (cJSON_IsString(content)) {
        (void)strbuf_addstr(&m->text, content->valuestring);
        return true;
    }
    if (!cJSON_IsArray(content) || !content->child)
        return sim_complain(c, "messages", "content must be a string or a list of blocks");
    cJSON_ArrayForEach(block, content)
    {
        const char *type = json_string(block, "type"), *text = json_string(block, "text");
        if (is(type, "text") && text && *text)
            (void)strbuf_addstr(&m->text, text);
        else if (is(type, "text"))
            return sim_complain(c, "messages", "text content blocks must be non-empty");
        else if (!is(type, "image") || !a)
            return sim_complain(c, "messages", "content blocks must have the type 'text' or 'image'");
        else if (!read_image(block, a, m, c))
            return false;
    }
    return true;
}

static bool read_messages(const cJSON *root, struct arena *a, struct sim_message *m, struct sim_request *r, struct sim_complaint *c)
{
    const cJSON *messages = json_array(root, "messages"), *message, *system = json_get(root, "system");
    if (system) {
        if (!read_content(system, NULL, m, c))
            return false;
        r->text_bytes += m->text.len;
    }
    if (!messages || !messages->child)
        return sim_complain(c, "messages", "messages: at least one message is required");
    cJSON_ArrayForEach(message, messages)
    {
        const char *role = json_string(message, "role");
        if (!is(role, "user") && !is(role, "assistant"))
            return sim_complain(c, "messages", "role must be 'user' or 'assistant'");
        sim_message_clear(m);
        if (!read_content(json_get(message, "content"), a, m, c))
            return false;
        r->text_bytes += m->text.len;
        if (is(role, "user"))
            sim_message_keep(m, a, r);
    }
    return true;
}

static bool read_parameters(const cJSON *root, struct sim_request *r, struct sim_complaint *c)
{
    static const struct sim_number_rule numbers[] = {
        { "max_tokens", 1.0, 1e9, true }, { "temperature", 0.0, 1.0, false }, { "top_p", 0.0, 1.0, false }, { "top_k", 0.0, 1e9, true }
    };
    const cJSON *stream = json_get(root, "stream");
    if (!sim_check_numbers(root, numbers, ARRAY_LEN(numbers), c) ||
        !sim_check_strings(json_get(root, "stop_sequences"), "stop_sequences", 8191, c))
        return false;
    if (json_get(root, "seed"))
        return sim_complain(c, "seed", "seed: Extra inputs are not permitted");
    if (stream && !cJSON_IsBool(stream))
        return sim_complain(c, "stream", "'stream' must be true or false");
    r->stream = cJSON_IsTrue(stream);
    return json_int(root, "max_tokens", &r->max_tokens) || sim_complain(c, "max_tokens", "max_tokens: Field required");
}

static bool parse(const char *body, size_t len, struct arena *a, struct sim_request *ret_r, struct sim_complaint *ret_complaint)
{
    CLEANUP(json_freep) cJSON *root = sim_parse_object(body, len, ret_complaint);
    struct sim_request r = { .dialect = &sim_anthropic, .prompt = "" };
    if (!root || !(r.model = sim_read_model(root, a, ret_complaint)))
        return false;

    CLEANUP(sim_message_release) struct sim_message m = { .text = STRBUF_INIT };
    if (!read_parameters(root, &r, ret_complaint) || !read_messages(root, a, &m, &r, ret_complaint))
        return false;
    *ret_r = r;
    return true;
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
    .parse = parse,
    .write = write_document,
    .write_events = write_events,
    .write_error = write_error,
    .write_filter = write_filter,
};
