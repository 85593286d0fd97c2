#include "provider/anthropic_messages.h"

#include "provider/anthropic_reply.h"
#include "provider/chat_headers.h"
#include "provider/chat_url.h"
#include "provider/chat_words.h"
#include "provider/request_body.h"
#include "provider/request_params.h"

#include <string.h>

static const char *const versions[] = { "/v1", NULL };
static const struct url_rule url = { .version = versions, .tail = "/messages" };
/* The version that takes temperature and top_p; a configured header of that name takes its place. */
static const struct header_style headers = {
    .key_name = "x-api-key", .key_prefix = "", .version_name = "anthropic-version", .version = "2023-06-01"
};
static const struct part_style parts = {
    .text_head = "{\"type\":\"text\",\"text\":",
    .image_head = "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"",
    .image_middle = "\",\"data\":\"",
    .image_tail = "\"}}",
};

/* The endpoint's own format, in `extra`, goes before. */
static enum err add_format(cJSON *params, const struct chat_schema *schema, struct error *e)
{
    cJSON *config = params_object(params, "output_config");
    if (json_get(config, "format"))
        return OK;
    cJSON *format = cJSON_AddObjectToObject(config, "format");
    (void)cJSON_AddStringToObject(format, "type", "json_schema");
    return params_add_schema(format, "schema", schema, e);
}

static enum err fill_params(const struct provider_target *t, const struct chat_schema *schema, cJSON *params, struct error *e)
{
    static const char *const reserved[] = { "model", "messages", "system", "stream", NULL };

    params_add_int(params, "max_tokens", t->max_tokens);
    if (t->has_temperature)
        params_add_number(params, "temperature", t->temperature);
    if (t->has_top_p)
        params_add_number(params, "top_p", t->top_p);
    if (t->stop_count)
        params_add_texts(params, "stop_sequences", t->stop, t->stop_count);
    if (t->reasoning_effort)
        (void)cJSON_AddStringToObject(cJSON_AddObjectToObject(params, "output_config"), "effort", t->reasoning_effort);
    if (t->stream)
        (void)cJSON_AddTrueToObject(params, "stream");
    if (params_merge(params, t->extra_json, reserved, e) != OK)
        return e ? e->code : ERR_INVALID;
    return schema && t->structured_output != STRUCTURED_NONE ? add_format(params, schema, e) : OK;
}

static enum err check(const struct provider_target *t, const char **ret_key, struct error *e)
{
    CLEANUP(json_freep) cJSON *params = cJSON_CreateObject();

    if (chat_words_refuse(t, "anthropic-messages", ret_key, e) != OK)
        return e->code;
    *ret_key = "seed";
    if (t->has_seed)
        return error_set(e, ERR_INVALID, "anthropic-messages has no `seed`: an answer cannot be asked for again; take it out");
    *ret_key = "temperature";
    if (t->has_temperature && t->temperature > 1)
        return error_set(e, ERR_INVALID, "anthropic-messages takes a `temperature` from 0 to 1");
    *ret_key = "reasoning_effort";
    if (t->reasoning_effort && (strcmp(t->reasoning_effort, "none") == 0 || strcmp(t->reasoning_effort, "minimal") == 0))
        return error_set(e, ERR_INVALID,
                         "anthropic-messages takes a `reasoning_effort` of low, medium, high, xhigh or max; thinking is switched off by "
                         "`extra: {thinking: {type: disabled}}`");
    *ret_key = "extra";
    return fill_params(t, NULL, params, e);
}

static enum err check_images(const struct chat_request *c, struct error *e)
{
    static const char *const taken[] = { "image/png", "image/jpeg", "image/gif", "image/webp" };
    for (size_t i = 0; i < c->image_count; i++) {
        bool known = false;
        for (size_t k = 0; k < ARRAY_LEN(taken); k++)
            known = known || strcmp(c->image[i].mime, taken[k]) == 0;
        if (!known)
            return error_set(e, ERR_INVALID, "anthropic-messages takes png, jpeg, gif and webp, and image %zu is %s", i + 1,
                             c->image[i].mime);
    }
    return OK;
}

static enum err write_body(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *r,
                           struct error *e)
{
    CLEANUP(request_body_release) struct request_body b = { .text = STRBUF_INIT };
    CLEANUP(json_freep) cJSON *params = cJSON_CreateObject();

    if (request_body_begin(&b, c, a, e) != OK || fill_params(t, c->schema, params, e) != OK)
        return e ? e->code : ERR_INVALID;
    (void)strbuf_addstr(&b.text, "{\"model\":");
    request_body_string(&b, t->model);
    params_write(params, true, &b.text);
    if (c->system) {
        (void)strbuf_addstr(&b.text, ",\"system\":");
        request_body_string(&b, c->system);
    }
    (void)strbuf_addstr(&b.text, ",\"messages\":[{\"role\":\"user\",\"content\":");
    if (c->image_count == 0)
        request_body_string(&b, c->prompt);
    else
        request_body_parts(&b, c, &parts);
    if (c->assistant) {
        (void)strbuf_addstr(&b.text, "},{\"role\":\"assistant\",\"content\":");
        request_body_string(&b, c->assistant);
    }
    (void)strbuf_addstr(&b.text, "}]}");
    return request_body_end(&b, c, a, r, e);
}

static enum err build(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *ret_request,
                      struct error *e)
{
    struct http_request r = { .method = "POST" };

    if (check_images(c, e) != OK || chat_url(t->base_url, &url, a, &r.url, e) != OK || chat_headers(t, &headers, a, &r, e) != OK ||
        write_body(t, c, a, &r, e) != OK)
        return e ? e->code : ERR_INVALID;

    *ret_request = r;
    return OK;
}

static void read_reply(const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us, struct arena *a,
                       struct reply_facts *ret_facts)
{
    reply_read(&anthropic_reply, t, reply, now_wall_us, a, ret_facts);
}

const struct provider_ops anthropic_messages = { .name = "anthropic-messages", .check = check, .build = build, .read = read_reply };
