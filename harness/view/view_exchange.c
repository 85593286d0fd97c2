#include "view/view_exchange.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/utf8.h"
#include "core/limits.h"

#include <string.h>

void view_reply_init(struct view_reply *r)
{
    *r = (struct view_reply){ .status = 200, .type = "application/json" };
    strbuf_init(&r->body, MAX_VIEW_REPLY_BYTES);
}

void view_reply_release(struct view_reply *r)
{
    strbuf_release(&r->body);
    image_bytes_release(&r->image);
}

/* Texts may be anything that a store holds; what leaves here is JSON. */
void view_reply_tree(struct view_reply *r, const cJSON *document)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    strbuf_init(&text, MAX_VIEW_REPLY_BYTES);
    json_add_tree(&text, document);
    (void)strbuf_addch(&text, '\n');
    strbuf_clear(&r->body);
    if (utf8_valid(text.buf, text.len, NULL))
        (void)strbuf_add(&r->body, text.buf, text.len);
    else
        text_safe_decode(text.buf, text.len, &r->body);
    if (text.overflow || r->body.overflow)
        view_reply_error(r, 500, "the reply would be larger than 64 MiB");
}

void view_reply_json(struct view_reply *r, cJSON *document)
{
    view_reply_tree(r, document);
    cJSON_Delete(document);
}

void view_reply_error(struct view_reply *r, int status, const char *message)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    text_safe_decode(message, strlen(message), &text);
    view_reply_release(r);
    view_reply_init(r);
    r->status = status;
    (void)strbuf_addstr(&r->body, "{\"schema_version\":1,\"error\":");
    json_add_string(&r->body, text.buf, text.len);
    (void)strbuf_addstr(&r->body, "}\n");
}

void view_reply_fail(struct view_reply *r, const struct error *e)
{
    int status = e->code == ERR_NOT_FOUND || e->code == ERR_NO_MATCH                       ? 404
                 : e->code == ERR_INVALID || e->code == ERR_SYNTAX || e->code == ERR_LIMIT ? 400
                                                                                           : 500;
    view_reply_error(r, status, e->msg);
}
