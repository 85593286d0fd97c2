#include "provider/openai_chat.h"

#include "provider/chat_body.h"
#include "provider/chat_headers.h"
#include "provider/chat_url.h"
#include "provider/reply_reader.h"

static enum err build(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *ret_request,
                      struct error *e)
{
    struct http_request r = { .method = "POST" };

    if (chat_url(t->base_url, a, &r.url, e) != OK || chat_headers(t, a, &r, e) != OK || chat_body(t, c, a, &r, e) != OK)
        return e ? e->code : ERR_INVALID;

    *ret_request = r;
    return OK;
}

const struct provider_ops openai_chat = { .name = "openai-chat", .build = build, .read = reply_read };
