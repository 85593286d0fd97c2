#include "evidence/facts.h"

#include "base/text_safe.h"
#include "base/units.h"
#include "hub/hub_url.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { MAX_TEXT = 256, MAX_SHOWN = 80 };

const char *evidence_kind_name(enum evidence_kind kind)
{
    static const char *const name[EVIDENCE_KIND_COUNT] = {
        [EVIDENCE_HUB_MODEL] = "hub-model",
        [EVIDENCE_ROUTER_MODEL] = "router-model",
        [EVIDENCE_SERVER_MODELS] = "server-models",
        [EVIDENCE_SERVER_INFO] = "server-info",
        [EVIDENCE_SERVER_PROPS] = "server-props",
        [EVIDENCE_SERVER_VERSION] = "server-version",
        [EVIDENCE_SERVER_MODEL_INFO] = "server-model-info",
        [EVIDENCE_SERVER_TAGS] = "server-tags",
    };
    return name[kind];
}

/* ---- Members ------------------------------------------------------------------------------------------------------- */

static cJSON *part(cJSON *facts, const char *name)
{
    cJSON *found = cJSON_GetObjectItemCaseSensitive(facts, name);
    return found ? found : cJSON_AddObjectToObject(facts, name);
}

/* The first to tell is believed: sources of one kind are asked from the most telling one down. */
static bool put_text(cJSON *facts, const char *group, const char *key, const char *text)
{
    if (!text || !text[0] || strlen(text) > MAX_TEXT || cJSON_HasObjectItem(part(facts, group), key))
        return false;
    (void)cJSON_AddStringToObject(part(facts, group), key, text);
    return true;
}

static void put_number(cJSON *facts, const char *group, const char *key, const cJSON *from, const char *name)
{
    double value;
    if (json_number(from, name, &value) && isfinite(value) && value >= 0 && !cJSON_HasObjectItem(part(facts, group), key))
        (void)cJSON_AddNumberToObject(part(facts, group), key, value);
}

static void put_bool(cJSON *facts, const char *group, const char *key, bool value)
{
    if (!cJSON_HasObjectItem(part(facts, group), key))
        (void)cJSON_AddBoolToObject(part(facts, group), key, value);
}

/* ---- The Hub ------------------------------------------------------------------------------------------------------- */

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len > tail && strcmp(text + len - tail, end) == 0;
}

/* "pickle" is code that runs when it is loaded. */
static const char *format_of_file(const char *name)
{
    static const struct {
        const char *end, *format;
    } known[] = { { ".safetensors", "safetensors" },
                  { ".gguf", "gguf" },
                  { ".bin", "pickle" },
                  { ".pt", "pickle" },
                  { ".pth", "pickle" },
                  { ".ckpt", "pickle" },
                  { ".pkl", "pickle" },
                  { ".onnx", "onnx" } };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (ends_in(name, known[i].end))
            return known[i].format;
    }
    return NULL;
}

static void add_format(cJSON *list, const char *format)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (strcmp(item->valuestring, format) == 0)
            return;
    }
    cJSON_AddItemToArray(list, cJSON_CreateString(format));
}

static void add_formats(const cJSON *root, cJSON *facts)
{
    const cJSON *item;
    cJSON *list = cJSON_CreateArray();
    cJSON_ArrayForEach(item, json_array(root, "siblings"))
    {
        const char *name = json_string(item, "rfilename"), *format = name ? format_of_file(name) : NULL;
        if (format)
            add_format(list, format);
    }
    cJSON_ArrayForEach(item, json_array(root, "tags"))
    {
        if (cJSON_IsString(item) && (strcmp(item->valuestring, "safetensors") == 0 || strcmp(item->valuestring, "gguf") == 0))
            add_format(list, item->valuestring);
    }
    if (list->child && !cJSON_HasObjectItem(part(facts, "hub"), "formats"))
        cJSON_AddItemToObject(part(facts, "hub"), "formats", list);
    else
        cJSON_Delete(list);
}

static const char *licence_of(const cJSON *root)
{
    const cJSON *item;
    const char *word = json_string(json_object(root, "cardData"), "license");
    if (word)
        return word;
    cJSON_ArrayForEach(item, json_array(root, "tags"))
    {
        if (cJSON_IsString(item) && strncmp(item->valuestring, "license:", 8) == 0)
            return item->valuestring + 8;
    }
    return NULL;
}

/* Both shapes: an object by provider, a list with `provider`. */
static const cJSON *mapping_of(const cJSON *root, const char *provider)
{
    const cJSON *item, *all = json_get(root, "inferenceProviderMapping");
    cJSON_ArrayForEach(item, all)
    {
        const char *name = cJSON_IsObject(all) ? item->string : json_string(item, "provider");
        if (name && strcasecmp(name, provider) == 0)
            return item;
    }
    return NULL;
}

static bool add_hub_model(const cJSON *root, const char *provider, cJSON *facts)
{
    const char *sha = json_string(root, "sha"), *gated = json_string(root, "gated");
    const cJSON *row = provider ? mapping_of(root, provider) : NULL;
    if (!sha || !hub_is_commit(sha))
        return false;
    (void)put_text(facts, "hub", "id", json_string(root, "id"));
    (void)put_text(facts, "hub", "sha", sha);
    (void)put_text(facts, "hub", "last_modified", json_string(root, "lastModified"));
    (void)put_text(facts, "hub", "gated", gated ? gated : json_bool(root, "gated", false) ? "auto" : "no");
    put_bool(facts, "hub", "private", json_bool(root, "private", false));
    (void)put_text(facts, "hub", "organisation", json_string(root, "author"));
    (void)put_text(facts, "hub", "licence", licence_of(root));
    add_formats(root, facts);
    if (row) {
        (void)put_text(facts, "mapping", "provider_id", json_string(row, "providerId"));
        (void)put_text(facts, "mapping", "status", json_string(row, "status"));
        (void)put_text(facts, "mapping", "task", json_string(row, "task"));
    }
    return true;
}

/* ---- The router ---------------------------------------------------------------------------------------------------- */

static const cJSON *find_named(const cJSON *list, const char *key, const char *name)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *found = json_string(item, key);
        if (found && strcasecmp(found, name) == 0)
            return item;
    }
    return NULL;
}

static void add_image_input(const cJSON *model, cJSON *facts)
{
    const cJSON *item, *modalities = json_array(json_object(model, "architecture"), "input_modalities");
    bool image = false;
    cJSON_ArrayForEach(item, modalities)
    {
        image = image || (cJSON_IsString(item) && strcmp(item->valuestring, "image") == 0);
    }
    if (modalities)
        put_bool(facts, "router", "image_input", image);
}

static bool add_router_model(const cJSON *root, const char *model, const char *provider, cJSON *facts)
{
    const cJSON *list = json_array(root, "data"), *one = list ? find_named(list, "id", model) : root;
    const cJSON *row = provider ? find_named(json_array(one, "providers"), "provider", provider) : NULL;
    if (!json_array(one, "providers"))
        return false;
    add_image_input(one, facts);
    if (!row) {
        if (provider)
            (void)put_text(facts, "router", "status", "not served by this provider");
        return true;
    }
    (void)put_text(facts, "router", "status", json_string(row, "status"));
    put_number(facts, "router", "price_input", json_object(row, "pricing"), "input");
    put_number(facts, "router", "price_output", json_object(row, "pricing"), "output");
    put_number(facts, "router", "context_length", row, "context_length");
    put_number(facts, "router", "latency_ms", row, "first_token_latency_ms");
    put_number(facts, "router", "throughput", row, "throughput");
    return true;
}

/* ---- Servers ------------------------------------------------------------------------------------------------------- */

static bool add_info(const cJSON *root, cJSON *facts)
{
    if (!json_string(root, "model_id") || !json_string(root, "model_sha"))
        return false;
    (void)put_text(facts, "server", "kind", "tgi");
    (void)put_text(facts, "server", "model", json_string(root, "model_id"));
    (void)put_text(facts, "server", "revision", json_string(root, "model_sha"));
    (void)put_text(facts, "server", "version", json_string(root, "version"));
    return true;
}

static bool add_props(const cJSON *root, cJSON *facts)
{
    const cJSON *modalities = json_object(root, "modalities");
    if (!json_string(root, "model_path") && !json_string(root, "build_info"))
        return false;
    (void)put_text(facts, "server", "kind", "llama.cpp");
    (void)put_text(facts, "server", "model", json_string(root, "model_path"));
    (void)put_text(facts, "server", "version", json_string(root, "build_info"));
    if (modalities)
        put_bool(facts, "server", "vision", json_bool(modalities, "vision", false));
    return true;
}

/* Ollama calls `name` what is `name:latest` in its list. */
static bool add_tags(const cJSON *root, const char *model, cJSON *facts)
{
    const cJSON *list = json_array(root, "models"), *row = find_named(list, "name", model);
    CLEANUP(strbuf_release) struct strbuf latest = STRBUF_INIT;
    (void)strbuf_addf(&latest, "%s:latest", model);
    row = row ? row : find_named(list, "name", latest.buf);
    if (!list)
        return false;
    (void)put_text(facts, "server", "kind", "ollama");
    if (row)
        (void)put_text(facts, "server", "digest", json_string(row, "digest"));
    return true;
}

static bool add_models(const cJSON *root, const char *model, cJSON *facts)
{
    const cJSON *row = find_named(json_array(root, "data"), "id", model);
    if (!row)
        return false;
    (void)put_text(facts, "server", "kind", json_string(row, "owned_by"));
    (void)put_text(facts, "server", "model", json_string(row, "root"));
    put_number(facts, "server", "context_length", row, "max_model_len");
    return true;
}

static bool add_model_info(const cJSON *root, cJSON *facts)
{
    if (!put_text(facts, "server", "model", json_string(root, "model_path")))
        return false;
    (void)put_text(facts, "server", "kind", "sglang");
    return true;
}

bool facts_add(enum evidence_kind kind, const char *text, size_t len, const char *model, const char *provider, cJSON *facts)
{
    CLEANUP(json_freep) cJSON *root = json_parse_lenient(text, len, NULL, NULL);
    if (!cJSON_IsObject(root))
        return false;
    switch (kind) {
    case EVIDENCE_HUB_MODEL: return add_hub_model(root, provider, facts);
    case EVIDENCE_ROUTER_MODEL: return add_router_model(root, model, provider, facts);
    case EVIDENCE_SERVER_INFO: return add_info(root, facts);
    case EVIDENCE_SERVER_PROPS: return add_props(root, facts);
    case EVIDENCE_SERVER_TAGS: return add_tags(root, model, facts);
    case EVIDENCE_SERVER_MODELS: return add_models(root, model, facts);
    case EVIDENCE_SERVER_MODEL_INFO: return add_model_info(root, facts);
    case EVIDENCE_SERVER_VERSION: return put_text(facts, "server", "version", json_string(root, "version"));
    case EVIDENCE_KIND_COUNT: break;
    }
    return false;
}

/* ---- What follows from them ---------------------------------------------------------------------------------------- */

enum evidence facts_level(const cJSON *facts, bool routed, const char *declared, const char **ret_observed)
{
    const cJSON *server = json_object(facts, "server");
    const char *sha = json_string(json_object(facts, "hub"), "sha"), *seen = json_string(server, "revision");
    *ret_observed = NULL;
    if (routed) {
        *ret_observed = sha;
        return sha ? EVIDENCE_CONTEMPORANEOUS : declared ? EVIDENCE_DECLARED : EVIDENCE_NONE;
    }
    *ret_observed = seen ? seen : json_string(server, "digest");
    return *ret_observed ? EVIDENCE_VERIFIED : declared ? EVIDENCE_DECLARED : EVIDENCE_NONE;
}

struct price facts_price(const cJSON *facts)
{
    const cJSON *router = json_object(facts, "router");
    struct price p = { .known = true, .source = "router" };
    if (!json_number(router, "price_input", &p.input) || !json_number(router, "price_output", &p.output))
        return (struct price){ 0 };
    return p;
}

static void add_value(const cJSON *value, struct strbuf *out)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (cJSON_IsString(value))
        (void)strbuf_addstr(&text, value->valuestring);
    else if (cJSON_IsNumber(value))
        (void)strbuf_addf(&text, "%.12g", value->valuedouble);
    else
        json_add_tree(&text, value);
    text_safe_terminal(text.buf, text.len, MAX_SHOWN, true, out);
}

void facts_drift(const cJSON *before, const cJSON *after, struct strbuf *out)
{
    static const struct {
        const char *group, *key;
    } watched[] = { { "hub", "id" },
                    { "hub", "sha" },
                    { "mapping", "provider_id" },
                    { "mapping", "status" },
                    { "router", "status" },
                    { "router", "price_input" },
                    { "router", "price_output" },
                    { "router", "context_length" },
                    { "server", "kind" },
                    { "server", "model" },
                    { "server", "revision" },
                    { "server", "digest" },
                    { "server", "version" } };
    for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
        const cJSON *old = json_get(json_object(before, watched[i].group), watched[i].key);
        const cJSON *now = json_get(json_object(after, watched[i].group), watched[i].key);
        if (!old || !now || cJSON_Compare(old, now, true))
            continue;
        (void)strbuf_addf(out, "%s%s.%s: ", out->len ? "; " : "", watched[i].group, watched[i].key);
        add_value(old, out);
        (void)strbuf_addstr(out, " -> ");
        add_value(now, out);
    }
}
