#include "provider/chat_body.h"

#include "provider/request_body.h"
#include "provider/request_params.h"
#include "provider/response_format.h"

#include <string.h>
#include <strings.h>

static const struct part_style parts = {
    .text_head = "{\"type\":\"text\",\"text\":",
    .image_head = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:",
    .image_middle = ";base64,",
    .image_tail = "\"}}",
};

static void add_model(struct request_body *b, const struct provider_target *t, struct arena *a)
{
    const char *model = t->model, *provider = t->provider;
    /* `auto` is a clients' word for "no suffix", which routers do not know. */
    if (provider && *provider && strcasecmp(provider, "auto") != 0) {
        const char *suffix = strrchr(model, ':');
        if (!suffix || strcasecmp(suffix + 1, provider) != 0)
            model = arena_printf(a, "%s:%s", model, provider);
    }
    (void)strbuf_addstr(&b->text, "{\"model\":");
    request_body_string(b, model);
}

enum err chat_params(const struct provider_target *t, const struct chat_schema *schema, cJSON *params, struct error *e)
{
    static const char *const reserved[] = { "model", "messages", "stream", "n", NULL };

    if (t->has_temperature)
        params_add_number(params, "temperature", t->temperature);
    if (t->has_top_p)
        params_add_number(params, "top_p", t->top_p);
    if (t->has_seed)
        params_add_int(params, "seed", t->seed);
    params_add_int(params, t->max_tokens_key ? t->max_tokens_key : "max_tokens", t->max_tokens);
    if (t->stop_count)
        params_add_texts(params, "stop", t->stop, t->stop_count);
    if (t->reasoning_effort)
        (void)cJSON_AddStringToObject(params, "reasoning_effort", t->reasoning_effort);
    if (t->logprobs)
        (void)cJSON_AddTrueToObject(params, "logprobs");
    if (t->top_logprobs > 0)
        params_add_int(params, "top_logprobs", t->top_logprobs);
    if (t->stream) {
        (void)cJSON_AddTrueToObject(params, "stream");
        (void)cJSON_AddTrueToObject(cJSON_AddObjectToObject(params, "stream_options"), "include_usage");
    }
    enum err code = params_merge(params, t->extra_json, reserved, e);
    return code == OK ? response_format_add(params, t, schema, e) : code;
}

static void add_messages(struct request_body *b, const struct provider_target *t, const struct chat_request *c, struct arena *a)
{
    struct part_style style = parts;
    if (t->image_detail)
        style.image_tail = arena_printf(a, "\",\"detail\":\"%s\"}}", t->image_detail);
    (void)strbuf_addstr(&b->text, ",\"messages\":[");
    if (c->system) {
        (void)strbuf_addf(&b->text, "{\"role\":\"%s\",\"content\":", t->system_role ? t->system_role : "system");
        request_body_string(b, c->system);
        (void)strbuf_addstr(&b->text, "},");
    }
    (void)strbuf_addstr(&b->text, "{\"role\":\"user\",\"content\":");
    if (c->image_count == 0)
        request_body_string(b, c->prompt);
    else
        request_body_parts(b, c, &style);
    if (c->assistant) {
        (void)strbuf_addstr(&b->text, "},{\"role\":\"assistant\",\"content\":");
        request_body_string(b, c->assistant);
    }
    (void)strbuf_addstr(&b->text, "}]}");
}

enum err chat_body(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *r, struct error *e)
{
    CLEANUP(request_body_release) struct request_body b = { .text = STRBUF_INIT };
    CLEANUP(json_freep) cJSON *params = cJSON_CreateObject();

    if (request_body_begin(&b, c, a, e) != OK || chat_params(t, c->schema, params, e) != OK)
        return e ? e->code : ERR_INVALID;
    add_model(&b, t, a);
    params_write(params, true, &b.text);
    add_messages(&b, t, c, a);
    return request_body_end(&b, c, a, r, e);
}
