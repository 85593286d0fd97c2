#include "sim/completion.h"

#include "base/json.h"

#include <string.h>

enum { PIECE_BYTES = 24 }; /* of text in one event: a few tokens */

static void add_text(struct strbuf *out, const char *text)
{
    json_add_string(out, text, strlen(text));
}

static void add_key(struct strbuf *out, const char *key)
{
    (void)strbuf_addf(out, ",\"%s\":", key);
}

void completion_add_string(struct strbuf *out, const char *text, size_t len, const char *raw_tail)
{
    json_add_string(out, text, len);
    if (raw_tail) {
        strbuf_truncate(out, out->len - 1);
        (void)strbuf_addf(out, "%s\"", raw_tail);
    }
}

/* Two parts, cut inside the text, so that a reader must join them. */
static void add_parts(struct strbuf *out, const char *text, size_t len)
{
    size_t half = len / 2;
    while (half < len && ((unsigned char)text[half] & 0xC0) == 0x80)
        half++;
    (void)strbuf_addstr(out, "[{\"type\":\"text\",\"text\":");
    json_add_string(out, text, half);
    (void)strbuf_addstr(out, "},{\"type\":\"text\",\"text\":");
    json_add_string(out, text + half, len - half);
    (void)strbuf_addstr(out, "}]");
}

static void add_content(const struct completion *c, const char *text, size_t len, const char *raw_tail, struct strbuf *out)
{
    (void)strbuf_addstr(out, "\"content\":");
    if (!text)
        (void)strbuf_addstr(out, "null");
    else if (c->as_parts)
        add_parts(out, text, len);
    else
        completion_add_string(out, text, len, raw_tail);
}

static void add_extras(const struct completion *c, bool whole, struct strbuf *out)
{
    if (c->reasoning) {
        add_key(out, c->reasoning_key);
        add_text(out, c->reasoning);
    }
    if (c->refusal) {
        add_key(out, "refusal");
        add_text(out, c->refusal);
    } else if (whole) {
        (void)strbuf_addstr(out, ",\"refusal\":null");
    }
    if (c->tool_call)
        (void)strbuf_addf(out,
                          ",\"tool_calls\":[{%s\"id\":\"call_1\",\"type\":\"function\","
                          "\"function\":{\"name\":\"look_up\",\"arguments\":\"{}\"}}]",
                          whole ? "" : "\"index\":0,");
}

static void add_finish(const struct completion *c, struct strbuf *out)
{
    (void)strbuf_addstr(out, ",\"logprobs\":null,\"finish_reason\":");
    if (c->finish)
        add_text(out, c->finish);
    else
        (void)strbuf_addstr(out, "null");
    if (c->error) {
        (void)strbuf_addstr(out, ",\"error\":{\"code\":502,\"message\":");
        add_text(out, c->error);
        (void)strbuf_addch(out, '}');
    }
}

static void add_usage(const struct completion *c, struct strbuf *out)
{
    long long prompt = c->prompt_tokens, completion = c->completion_tokens;
    (void)strbuf_addf(out, "\"usage\":{\"prompt_tokens\":%lld,\"completion_tokens\":%lld,\"total_tokens\":%lld}", prompt, completion,
                      prompt + completion);
}

static void add_head(const struct completion *c, const char *object, struct strbuf *out)
{
    (void)strbuf_addstr(out, "{\"id\":");
    add_text(out, c->id);
    (void)strbuf_addf(out, ",\"object\":\"%s\",\"created\":%lld,\"model\":", object, (long long)c->created);
    add_text(out, c->model);
    add_key(out, "system_fingerprint");
    add_text(out, c->fingerprint);
    (void)strbuf_addstr(out, ",\"choices\":[");
}

void completion_write(const struct completion *c, struct strbuf *out)
{
    add_head(c, "chat.completion", out);
    if (!c->no_choices) {
        (void)strbuf_addstr(out, "{\"index\":0,\"message\":{\"role\":\"assistant\",");
        add_content(c, c->content, c->content_len, c->raw_tail, out);
        if (c->second_content) {
            (void)strbuf_addstr(out, ",\"content\":");
            add_text(out, c->second_content);
        }
        add_extras(c, true, out);
        (void)strbuf_addch(out, '}');
        add_finish(c, out);
        (void)strbuf_addch(out, '}');
    }
    (void)strbuf_addch(out, ']');
    if (!c->no_usage) {
        (void)strbuf_addch(out, ',');
        add_usage(c, out);
    }
    (void)strbuf_addch(out, '}');
}

/* ---- events ---- */

static void begin_event(const struct completion *c, struct strbuf *out)
{
    (void)strbuf_addstr(out, "data: ");
    add_head(c, "chat.completion.chunk", out);
}

static void end_event(bool with_usage, struct strbuf *out)
{
    (void)strbuf_addstr(out, with_usage ? "],\"usage\":null}\n\n" : "]}\n\n");
}

static void add_delta(const struct completion *c, bool first, const char *text, size_t len, const char *raw_tail, bool with_usage,
                      struct strbuf *out)
{
    begin_event(c, out);
    (void)strbuf_addf(out, "{\"index\":0,\"delta\":{%s", first ? "\"role\":\"assistant\"," : "");
    add_content(c, text, len, raw_tail, out);
    if (first)
        add_extras(c, false, out);
    else if (c->second_content)
        (void)strbuf_addstr(out, ",\"content\":\"\"");
    (void)strbuf_addstr(out, "},\"logprobs\":null,\"finish_reason\":null}");
    end_event(with_usage, out);
}

size_t completion_piece_end(const char *text, size_t len, size_t at)
{
    size_t end = at + PIECE_BYTES < len ? at + PIECE_BYTES : len;
    while (end < len && ((unsigned char)text[end] & 0xC0) == 0x80)
        end++;
    return end;
}

static void add_choice_events(const struct completion *c, bool with_usage, struct strbuf *out)
{
    add_delta(c, true, c->content || c->tool_call || c->refusal ? "" : NULL, 0, NULL, with_usage, out);
    for (size_t at = 0, end; c->content && at < c->content_len; at = end) {
        end = completion_piece_end(c->content, c->content_len, at);
        add_delta(c, false, c->content + at, end - at, end == c->content_len ? c->raw_tail : NULL, with_usage, out);
    }
    begin_event(c, out);
    (void)strbuf_addstr(out, "{\"index\":0,\"delta\":{}");
    add_finish(c, out);
    (void)strbuf_addch(out, '}');
    end_event(with_usage, out);
}

void completion_write_events(const struct completion *c, bool with_usage, struct strbuf *out)
{
    with_usage = with_usage && !c->no_usage;
    if (!c->no_choices)
        add_choice_events(c, with_usage, out);
    if (with_usage) {
        begin_event(c, out);
        (void)strbuf_addstr(out, "],");
        add_usage(c, out);
        (void)strbuf_addstr(out, "}\n\n");
    }
    (void)strbuf_addstr(out, "data: [DONE]\n\n");
}
