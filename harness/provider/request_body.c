#include "provider/request_body.h"

#include "base/json.h"
#include "base/utf8.h"
#include "core/limits.h"

#include <string.h>

/* A byte of a prompt may need six ("\u001f"), and a judge's rubric stands beside it. */
static const size_t max_text_bytes = 8 * MAX_PROMPT_BYTES;

enum err request_body_begin(struct request_body *b, const struct chat_request *c, struct arena *a, struct error *e)
{
    size_t bad;
    if (!utf8_valid(c->prompt, strlen(c->prompt), &bad))
        return error_set(e, ERR_INVALID, "the prompt is not valid UTF-8 at byte %zu", bad + 1);
    if (c->system && !utf8_valid(c->system, strlen(c->system), &bad))
        return error_set(e, ERR_INVALID, "the system prompt is not valid UTF-8 at byte %zu", bad + 1);

    strbuf_init(&b->text, max_text_bytes);
    b->cut = arena_array(a, c->image_count, sizeof(*b->cut));
    b->cut_count = 0;
    return OK;
}

void request_body_release(struct request_body *b)
{
    strbuf_release(&b->text);
}

void request_body_string(struct request_body *b, const char *text)
{
    json_add_string(&b->text, text, strlen(text));
}

static void add_separator(struct strbuf *out)
{
    if (out->buf[out->len - 1] == '}')
        (void)strbuf_addch(out, ',');
}

static void add_text(struct request_body *b, const struct chat_request *c, const struct part_style *style)
{
    if (!*c->prompt && c->image_count > 0)
        return;
    add_separator(&b->text);
    (void)strbuf_addstr(&b->text, style->text_head);
    request_body_string(b, c->prompt);
    (void)strbuf_addch(&b->text, '}');
}

static void add_images(struct request_body *b, const struct chat_request *c, const struct part_style *style)
{
    for (size_t i = 0; i < c->image_count; i++) {
        add_separator(&b->text);
        (void)strbuf_addf(&b->text, "%s%s%s", style->image_head, c->image[i].mime, style->image_middle);
        b->cut[b->cut_count++] = b->text.len;
        (void)strbuf_addstr(&b->text, style->image_tail);
    }
}

void request_body_parts(struct request_body *b, const struct chat_request *c, const struct part_style *style)
{
    (void)strbuf_addch(&b->text, '[');
    if (c->text_first)
        add_text(b, c, style);
    add_images(b, c, style);
    if (!c->text_first)
        add_text(b, c, style);
    (void)strbuf_addch(&b->text, ']');
}

enum err request_body_end(const struct request_body *b, const struct chat_request *c, struct arena *a, struct http_request *r,
                          struct error *e)
{
    if (b->text.overflow)
        return error_set(e, ERR_LIMIT, "the text of the request is larger than %zu MiB", max_text_bytes / MIB);

    const char *text = arena_strndup(a, b->text.buf, b->text.len);
    struct http_part *part = arena_array(a, 2 * b->cut_count + 1, sizeof(*part));
    size_t count = 0, start = 0;
    for (size_t i = 0; i < b->cut_count; i++) {
        part[count++] = (struct http_part){ .kind = HTTP_PART_TEXT, .bytes = text + start, .len = b->cut[i] - start };
        part[count++] =
            (struct http_part){ .kind = HTTP_PART_BASE64, .bytes = c->image[i].bytes, .len = c->image[i].len, .label = c->image[i].label };
        start = b->cut[i];
    }
    part[count++] = (struct http_part){ .kind = HTTP_PART_TEXT, .bytes = text + start, .len = b->text.len - start };

    r->part = part;
    r->part_count = count;
    return OK;
}
