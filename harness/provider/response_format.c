#include "provider/response_format.h"

#include <string.h>
#include <strings.h>

enum structured_output response_format_for(const char *base_url)
{
    /* Two of the hosts are providers reached directly, the others the Hugging Face router's addresses of theirs. */
    static const struct {
        const char *begin; /* host and path, up to where they count */
        enum structured_output form;
    } known[] = {
        { "router.huggingface.co/together/", STRUCTURED_TOGETHER },
        { "router.huggingface.co/fireworks-ai/", STRUCTURED_FIREWORKS },
        { "router.huggingface.co/hf-inference/", STRUCTURED_TGI },
        { "api.together.xyz/", STRUCTURED_TOGETHER },
        { "api.fireworks.ai/", STRUCTURED_FIREWORKS },
    };
    const char *host = strstr(base_url, "://");
    for (size_t i = 0; host && i < ARRAY_LEN(known); i++) {
        if (strncasecmp(host + 3, known[i].begin, strlen(known[i].begin)) == 0)
            return known[i].form;
    }
    return STRUCTURED_OPENAI;
}

static cJSON *parse_object(const char *text, const char *what, struct error *e)
{
    cJSON *tree = json_parse(text, strlen(text), e);
    if (!tree) {
        (void)error_prefix(e, "%s", what);
        return NULL;
    }
    if (cJSON_IsObject(tree))
        return tree;
    cJSON_Delete(tree);
    (void)error_set(e, ERR_INVALID, "%s must be a JSON object", what);
    return NULL;
}

/* Takes `tree`. */
static void add_openai(cJSON *format, const struct chat_schema *schema, cJSON *tree)
{
    (void)cJSON_AddStringToObject(format, "type", "json_schema");
    cJSON *named = cJSON_AddObjectToObject(format, "json_schema");
    (void)cJSON_AddStringToObject(named, "name", schema->name);
    if (schema->description)
        (void)cJSON_AddStringToObject(named, "description", schema->description);
    cJSON_AddItemToObject(named, "schema", tree);
    (void)cJSON_AddTrueToObject(named, "strict");
}

static void add_flat(cJSON *format, const char *type, const char *key, cJSON *tree)
{
    (void)cJSON_AddStringToObject(format, "type", type);
    cJSON_AddItemToObject(format, key, tree);
}

static enum err add_schema(cJSON *params, enum structured_output form, const struct chat_schema *schema, struct error *e)
{
    cJSON *tree = parse_object(schema->json, "the schema of the answer", e);
    if (!tree)
        return ERR_INVALID;
    cJSON *format = cJSON_AddObjectToObject(params, "response_format");
    switch (form) {
    case STRUCTURED_TOGETHER: add_flat(format, "json_schema", "schema", tree); break;
    case STRUCTURED_FIREWORKS:
    case STRUCTURED_LLAMACPP: add_flat(format, "json_object", "schema", tree); break;
    case STRUCTURED_TGI: add_flat(format, "json_object", "value", tree); break;
    case STRUCTURED_AUTO:
    case STRUCTURED_NONE:
    case STRUCTURED_OPENAI: add_openai(format, schema, tree); break;
    }
    return OK;
}

enum err response_format_add(cJSON *params, const struct provider_target *t, const struct chat_schema *schema, struct error *e)
{
    if (json_get(params, "response_format"))
        return OK;
    if (t->response_format_json) {
        cJSON *own = parse_object(t->response_format_json, "response_format", e);
        if (!own)
            return ERR_INVALID;
        cJSON_AddItemToObject(params, "response_format", own);
        return OK;
    }
    if (!schema)
        return OK;
    enum structured_output form = t->structured_output == STRUCTURED_AUTO ? response_format_for(t->base_url) : t->structured_output;
    return form == STRUCTURED_NONE ? OK : add_schema(params, form, schema, e);
}
