#include "provider/gemini_generate.h"

#include "provider/chat_headers.h"
#include "provider/chat_url.h"
#include "provider/chat_words.h"
#include "provider/gemini_reply.h"
#include "provider/request_body.h"
#include "provider/request_params.h"

#include <ctype.h>
#include <string.h>

static const struct header_style headers = { .key_name = "x-goog-api-key", .key_prefix = "" };
static const struct part_style parts = {
    .text_head = "{\"text\":",
    .image_head = "{\"inlineData\":{\"mimeType\":\"",
    .image_middle = "\",\"data\":\"",
    .image_tail = "\"}}",
};

/* ---- where to ------------------------------------------------------------------------------------------------------ */

/* "gemini-x" is a model, "models/gemini-x" and "tunedModels/x" are resources as they are. */
static bool is_resource(const char *model)
{
    static const char *const collections[] = { "models/", "tunedModels/", "publishers/" };
    for (size_t i = 0; i < ARRAY_LEN(collections); i++)
        if (strncmp(model, collections[i], strlen(collections[i])) == 0)
            return true;
    return false;
}

/* A name as path text: RFC 3986 unreserved bytes stay, the slashes of a resource too. */
static void add_name(struct strbuf *out, const char *model)
{
    bool resource = is_resource(model);
    if (!resource)
        (void)strbuf_addstr(out, "models/");
    for (const char *c = model; *c; c++) {
        bool plain = isalnum((unsigned char)*c) || strchr("-._~", *c) || (resource && *c == '/');
        (void)strbuf_addf(out, plain ? "%c" : "%%%02X", (unsigned char)*c);
    }
}

static enum err write_url(const struct provider_target *t, struct arena *a, struct http_request *r, struct error *e)
{
    static const char *const versions[] = { "/v1beta", "/v1", "/v1alpha", NULL };
    CLEANUP(strbuf_release) struct strbuf tail = STRBUF_INIT;

    (void)strbuf_addch(&tail, '/');
    add_name(&tail, t->model);
    (void)strbuf_addstr(&tail, t->stream ? ":streamGenerateContent" : ":generateContent");
    struct url_rule rule = { .version = versions, .tail = tail.buf, .query = t->stream ? "alt=sse" : NULL };
    return chat_url(t->base_url, &rule, a, &r->url, e);
}

/* ---- what ---------------------------------------------------------------------------------------------------------- */

/* thinkingLevel is an enum in capitals. */
static void add_thinking(cJSON *config, const char *effort)
{
    char level[16] = "";
    for (size_t i = 0; effort[i] && i + 1 < sizeof(level); i++)
        level[i] = (char)toupper((unsigned char)effort[i]);
    (void)cJSON_AddStringToObject(cJSON_AddObjectToObject(config, "thinkingConfig"), "thinkingLevel", level);
}

/* responseJsonSchema takes JSON Schema, responseSchema only a part of OpenAPI's. The endpoint's own, in `extra`, goes before. */
static enum err add_format(cJSON *config, const struct chat_schema *schema, struct error *e)
{
    if (json_get(config, "responseMimeType"))
        return OK;
    (void)cJSON_AddStringToObject(config, "responseMimeType", "application/json");
    return params_add_schema(config, "responseJsonSchema", schema, e);
}

static enum err fill_params(const struct provider_target *t, const struct chat_schema *schema, cJSON *params, struct error *e)
{
    static const char *const reserved[] = { "model", "contents", "systemInstruction", "system_instruction", "generation_config", NULL };
    cJSON *config = cJSON_AddObjectToObject(params, "generationConfig");

    if (t->has_temperature)
        params_add_number(config, "temperature", t->temperature);
    if (t->has_top_p)
        params_add_number(config, "topP", t->top_p);
    if (t->has_seed)
        params_add_int(config, "seed", t->seed);
    params_add_int(config, "maxOutputTokens", t->max_tokens);
    if (t->stop_count)
        params_add_texts(config, "stopSequences", t->stop, t->stop_count);
    if (t->reasoning_effort)
        add_thinking(config, t->reasoning_effort);
    if (params_merge(params, t->extra_json, reserved, e) != OK)
        return e ? e->code : ERR_INVALID;
    config = cJSON_GetObjectItemCaseSensitive(params, "generationConfig");
    if (!cJSON_IsObject(config))
        return error_set(e, ERR_INVALID, "extra parameters: `generationConfig` must be an object");
    if (json_get(config, "candidateCount"))
        return error_set(e, ERR_INVALID, "extra parameters may not hold `candidateCount`: an epoch is a trial of its own");
    return schema && t->structured_output != STRUCTURED_NONE ? add_format(config, schema, e) : OK;
}

static enum err check(const struct provider_target *t, const char **ret_key, struct error *e)
{
    CLEANUP(json_freep) cJSON *params = cJSON_CreateObject();

    if (chat_words_refuse(t, "gemini-generate", ret_key, e) != OK)
        return e->code;
    *ret_key = "seed";
    if (t->has_seed && t->seed > INT32_MAX)
        return error_set(e, ERR_INVALID, "gemini-generate takes a `seed` from 0 to %d", INT32_MAX);
    *ret_key = "reasoning_effort";
    if (t->reasoning_effort && (strcmp(t->reasoning_effort, "none") == 0 || strcmp(t->reasoning_effort, "max") == 0))
        return error_set(
            e, ERR_INVALID,
            "gemini-generate takes a `reasoning_effort` of minimal, low, medium, high or xhigh; a budget of tokens is given by "
            "`extra: {generationConfig: {thinkingConfig: {thinkingBudget: 0}}}`");
    *ret_key = "extra";
    return fill_params(t, NULL, params, e);
}

static enum err write_body(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *r,
                           struct error *e)
{
    CLEANUP(request_body_release) struct request_body b = { .text = STRBUF_INIT };
    CLEANUP(json_freep) cJSON *params = cJSON_CreateObject();

    if (request_body_begin(&b, c, a, e) != OK || fill_params(t, c->schema, params, e) != OK)
        return e ? e->code : ERR_INVALID;
    (void)strbuf_addch(&b.text, '{');
    params_write(params, false, &b.text);
    if (c->system) {
        (void)strbuf_addstr(&b.text, ",\"systemInstruction\":{\"parts\":[{\"text\":");
        request_body_string(&b, c->system);
        (void)strbuf_addstr(&b.text, "}]}");
    }
    (void)strbuf_addstr(&b.text, ",\"contents\":[{\"role\":\"user\",\"parts\":");
    request_body_parts(&b, c, &parts);
    if (c->assistant) {
        (void)strbuf_addstr(&b.text, "},{\"role\":\"model\",\"parts\":[{\"text\":");
        request_body_string(&b, c->assistant);
        (void)strbuf_addstr(&b.text, "}]");
    }
    (void)strbuf_addstr(&b.text, "}]}");
    return request_body_end(&b, c, a, r, e);
}

static enum err build(const struct provider_target *t, const struct chat_request *c, struct arena *a, struct http_request *ret_request,
                      struct error *e)
{
    struct http_request r = { .method = "POST" };

    if (write_url(t, a, &r, e) != OK || chat_headers(t, &headers, a, &r, e) != OK || write_body(t, c, a, &r, e) != OK)
        return e ? e->code : ERR_INVALID;

    *ret_request = r;
    return OK;
}

static void read_reply(const struct provider_target *t, const struct http_reply *reply, int64_t now_wall_us, struct arena *a,
                       struct reply_facts *ret_facts)
{
    reply_read(&gemini_reply, t, reply, now_wall_us, a, ret_facts);
}

const struct provider_ops gemini_generate = { .name = "gemini-generate", .check = check, .build = build, .read = read_reply };
