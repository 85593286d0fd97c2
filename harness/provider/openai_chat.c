#include "provider/openai_chat.h"

#include "provider/chat_body.h"
#include "provider/chat_headers.h"
#include "provider/chat_url.h"
#include "provider/openai_reply.h"

static const char *const versions[] = { "/v1", NULL };
static const struct url_rule url = { .version = versions, .tail = "/chat/completions" };
static const struct header_style headers = { .key_name = "Authorization", .key_prefix = "Bearer " };

/* Every parameter has its word; only `extra` can be wrong. */
static enum err check(const struct provider_target *t, const char **ret_key, struct error *e)
{
    CLEANUP(json_freep) cJSON *params = cJSON_CreateObject();
    *ret_key = "extra";
    return chat_params(t, NULL, params, e);
}

static enum err build(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *ret_request,
                      struct error *e)
{
    struct http_request r = { .method = "POST" };

    if (chat_url(t->base_url, &url, a, &r.url, e) != OK || chat_headers(t, &headers, a, &r, e) != OK || chat_body(t, c, a, &r, e) != OK)
        return e ? e->code : ERR_INVALID;

    *ret_request = r;
    return OK;
}

static void read_reply(const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us, struct arena *a,
                       struct reply_facts *ret_facts)
{
    reply_read(&openai_reply, t, reply, now_wall_us, a, ret_facts);
}

const struct provider_ops openai_chat = { .name = "openai-chat", .check = check, .build = build, .read = read_reply };
