#include "config/endpoint_params.h"

#include "base/json.h"
#include "base/yaml_read.h"

#include <string.h>

/* As the chat specification of the Hugging Face router has it (huggingface/tasks 0.21). */
enum { MAX_STOP = 4, MAX_TOP_LOGPROBS = 5, MOST_TOKENS = 10000000 };

static enum err to_json_text(const struct yaml_node *n, struct arena *a, const char **ret, struct error *e)
{
    CLEANUP(json_freep) cJSON *tree = NULL;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (yaml_to_json(n, &tree, e) != OK)
        return e->code;
    json_add_tree(&text, tree);
    *ret = arena_strndup(a, text.buf, text.len);
    return OK;
}

/* `extra` is merged into the request at top level, so it may not take the place of what the harness itself writes. */
static enum err read_extra(const struct yaml_node *params, struct arena *a, struct endpoint_params *p, struct error *e)
{
    static const char *const ours[] = { "model", "messages", "n" };
    static const char *const own_key[] = { "temperature",      "top_p",  "seed",     "max_tokens",  "max_completion_tokens", "stop",
                                           "reasoning_effort", "stream", "logprobs", "top_logprobs" };
    const struct yaml_node *extra = yaml_find(params, "extra");
    if (!extra || extra->kind == YAML_NULL)
        return OK;
    if (yaml_want_kind(extra, YAML_MAP, e) != OK)
        return e->code;
    for (const struct yaml_node *member = extra->child; member; member = member->next) {
        for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
            if (strcmp(member->key, ours[i]) == 0)
                return yaml_error_key(member, e, "`%s` is written by the harness and may not stand in `extra`", ours[i]);
        }
        for (size_t i = 0; i < ARRAY_LEN(own_key); i++) {
            if (strcmp(member->key, own_key[i]) == 0)
                return yaml_error_hint(member, true, "one level up", e, "`%s` belongs into `params` itself, not into `extra`", own_key[i]);
        }
    }
    return to_json_text(extra, a, &p->extra_json, e);
}

static enum err read_stop(const struct yaml_node *params, struct arena *a, struct endpoint_params *p, struct error *e)
{
    if (yaml_get_strings(params, "stop", a, &p->stop, &p->stop_count, e) != OK)
        return e->code;
    if (p->stop_count > MAX_STOP)
        return yaml_error(yaml_find(params, "stop"), e, "`stop` takes at most %d texts", (int)MAX_STOP);
    return OK;
}

static enum err read_optional_double(const struct yaml_node *params, const char *key, double max, bool *ret_has, double *ret,
                                     struct error *e)
{
    double value = -1;
    if (yaml_get_double(params, key, 0, max, &value, e) != OK)
        return e->code;
    if (value >= 0) {
        *ret_has = true;
        *ret = value;
    }
    return OK;
}

static bool holds_schema(const struct yaml_node *format)
{
    const struct yaml_node *inside = yaml_find(format, "json_schema"), *schema = yaml_find(inside ? inside : format, "schema");
    return schema && schema->kind == YAML_MAP;
}

/* The forms that servers share; what only one of them knows goes through `extra`. */
static enum err read_response_format(const struct yaml_node *params, struct arena *a, struct endpoint_params *p, struct error *e)
{
    static const char *const types[] = { "text", "json_object", "json_schema" };
    const struct yaml_node *format = yaml_find(params, "response_format"), *type = NULL;
    size_t choice = 0;
    if (!format || format->kind == YAML_NULL)
        return OK;
    if (yaml_want_kind(format, YAML_MAP, e) != OK || yaml_require(format, "type", &type, e) != OK ||
        yaml_as_choice(type, types, ARRAY_LEN(types), &choice, e) != OK)
        return e->code;
    if (choice == 2 && !holds_schema(format))
        return yaml_error_hint(format, true, "json_schema: {name: …, schema: {…}}", e,
                               "`response_format` of type json_schema holds no `schema`");
    return to_json_text(format, a, &p->response_format_json, e);
}

static enum err read_logprobs(const struct yaml_node *params, struct endpoint_params *p, struct error *e)
{
    if (yaml_get_bool(params, "logprobs", &p->logprobs, e) != OK ||
        yaml_get_int32(params, "top_logprobs", 0, MAX_TOP_LOGPROBS, &p->top_logprobs, e) != OK)
        return e->code;
    if (p->top_logprobs > 0 && !p->logprobs)
        return yaml_error_hint(yaml_find(params, "top_logprobs"), true, "add `logprobs: true`", e, "`top_logprobs` needs `logprobs: true`");
    return OK;
}

/* One of some words, or NULL when nothing is said. */
static enum err read_word(const struct yaml_node *params, const char *key, const char *const *word, size_t count, const char **ret,
                          struct error *e)
{
    size_t choice = count;
    if (yaml_get_choice(params, key, word, count, &choice, e) != OK)
        return e->code;
    if (choice < count)
        *ret = word[choice];
    return OK;
}

enum err endpoint_params_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_params *p, struct error *e)
{
    static const char *const known[] = { "temperature", "top_p",          "max_tokens",       "max_tokens_key",
                                         "seed",        "stop",           "reasoning_effort", "extra",
                                         "stream",      "logprobs",       "top_logprobs",     "image_detail",
                                         "system_role", "response_format" };
    static const char *const token_keys[] = { "max_tokens", "max_completion_tokens" };
    static const char *const efforts[] = { "none", "minimal", "low", "medium", "high", "xhigh", "max" };
    static const char *const details[] = { "auto", "low", "high" };
    static const char *const roles[] = { "system", "developer", "user" };
    const struct yaml_node *params = yaml_find(endpoint, "params");
    if (!params || params->kind == YAML_NULL)
        return OK;

    size_t token_key = 0;
    int64_t seed = -1;
    if (yaml_check_keys(params, known, ARRAY_LEN(known), e) != OK ||
        read_optional_double(params, "temperature", 2, &p->has_temperature, &p->temperature, e) != OK ||
        read_optional_double(params, "top_p", 1, &p->has_top_p, &p->top_p, e) != OK ||
        yaml_get_int(params, "max_tokens", 1, MOST_TOKENS, &p->max_tokens, e) != OK ||
        yaml_get_choice(params, "max_tokens_key", token_keys, ARRAY_LEN(token_keys), &token_key, e) != OK ||
        yaml_get_int(params, "seed", 0, INT32_MAX, &seed, e) != OK || read_stop(params, a, p, e) != OK ||
        read_word(params, "reasoning_effort", efforts, ARRAY_LEN(efforts), &p->reasoning_effort, e) != OK ||
        read_word(params, "image_detail", details, ARRAY_LEN(details), &p->image_detail, e) != OK ||
        read_word(params, "system_role", roles, ARRAY_LEN(roles), &p->system_role, e) != OK || read_logprobs(params, p, e) != OK ||
        read_response_format(params, a, p, e) != OK || read_extra(params, a, p, e) != OK)
        return e->code;
    p->max_tokens_key = token_keys[token_key];
    p->has_seed = seed >= 0;
    p->seed = p->has_seed ? seed : 0;
    return yaml_get_bool(params, "stream", &p->stream, e);
}
