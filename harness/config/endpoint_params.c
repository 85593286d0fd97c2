#include "config/endpoint_params.h"

#include "base/json.h"
#include "base/yaml_read.h"

#include <string.h>

enum { MAX_STOP = 16, MOST_TOKENS = 10000000 };

/* `extra` is merged into the request at top level, so it may not take the place of what the harness itself writes. */
static enum err read_extra(const struct yaml_node *params, struct arena *a, struct endpoint_params *p, struct error *e)
{
    static const char *const ours[] = { "model", "messages", "n" };
    static const char *const own_key[] = { "temperature",      "top_p", "seed", "max_tokens", "max_completion_tokens", "stop",
                                           "reasoning_effort", "stream" };
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
    CLEANUP(json_freep) cJSON *tree = NULL;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    if (yaml_to_json(extra, &tree, e) != OK)
        return e->code;
    json_add_tree(&text, tree);
    p->extra_json = arena_strndup(a, text.buf, text.len);
    return OK;
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

enum err endpoint_params_read(const struct yaml_node *endpoint, struct arena *a, struct endpoint_params *p, struct error *e)
{
    static const char *const known[] = { "temperature",      "top_p", "max_tokens", "max_tokens_key", "seed", "stop",
                                         "reasoning_effort", "extra", "stream" };
    static const char *const token_keys[] = { "max_tokens", "max_completion_tokens" };
    static const char *const efforts[] = { "none", "minimal", "low", "medium", "high", "xhigh", "max" };
    const struct yaml_node *params = yaml_find(endpoint, "params");
    if (!params || params->kind == YAML_NULL)
        return OK;

    size_t token_key = 0, effort = ARRAY_LEN(efforts);
    int64_t seed = -1;
    if (yaml_check_keys(params, known, ARRAY_LEN(known), e) != OK ||
        read_optional_double(params, "temperature", 2, &p->has_temperature, &p->temperature, e) != OK ||
        read_optional_double(params, "top_p", 1, &p->has_top_p, &p->top_p, e) != OK ||
        yaml_get_int(params, "max_tokens", 1, MOST_TOKENS, &p->max_tokens, e) != OK ||
        yaml_get_choice(params, "max_tokens_key", token_keys, ARRAY_LEN(token_keys), &token_key, e) != OK ||
        yaml_get_int(params, "seed", 0, INT64_C(1) << 53, &seed, e) != OK || read_stop(params, a, p, e) != OK ||
        yaml_get_choice(params, "reasoning_effort", efforts, ARRAY_LEN(efforts), &effort, e) != OK || read_extra(params, a, p, e) != OK)
        return e->code;
    p->max_tokens_key = token_keys[token_key];
    p->reasoning_effort = effort < ARRAY_LEN(efforts) ? efforts[effort] : NULL;
    p->has_seed = seed >= 0;
    p->seed = p->has_seed ? seed : 0;
    return yaml_get_bool(params, "stream", &p->stream, e);
}
