/* run.config_json: the settings as they were understood, defaults included, without anything secret. */
#include "base/json.h"
#include "config/base_url.h"
#include "config/endpoint_config.h"
#include "config/endpoint_headers.h"

#include <string.h>

static void add_text(cJSON *object, const char *key, const char *text)
{
    (void)cJSON_AddItemToObject(object, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static void add_number(cJSON *object, const char *key, bool known, double value)
{
    (void)cJSON_AddItemToObject(object, key, known ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

static void add_headers(cJSON *object, const struct endpoint_config *c)
{
    cJSON *headers = cJSON_AddObjectToObject(object, "headers");
    for (size_t i = 0; i < c->header_count; i++)
        add_text(headers, c->header[i].name, endpoint_header_is_private(c->header[i].name) ? "****" : c->header[i].value);
}

static void add_limits(cJSON *object, const struct endpoint_limits *l)
{
    cJSON *limits = cJSON_AddObjectToObject(object, "limits");
    (void)cJSON_AddItemToObject(limits, "max_in_flight",
                                l->max_in_flight > 0 ? cJSON_CreateNumber(l->max_in_flight) : cJSON_CreateString("auto"));
    add_number(limits, "requests_per_minute", l->requests_per_minute > 0, l->requests_per_minute);
    add_number(limits, "tokens_per_minute", l->tokens_per_minute > 0, l->tokens_per_minute);
    add_number(limits, "timeout_us", true, (double)l->timeout_us);
    add_number(limits, "trial_timeout_us", true, (double)l->trial_timeout_us);
    add_number(limits, "attempts", true, l->attempts);
    add_number(limits, "budget_usd", l->budget_usd >= 0, l->budget_usd);
    add_number(limits, "max_request_bytes", l->max_request_bytes > 0, (double)l->max_request_bytes);
    add_number(limits, "max_images", l->max_images > 0, l->max_images);
    (void)cJSON_AddItemToObject(limits, "image_formats",
                                l->image_format_count ? cJSON_CreateStringArray(l->image_format, (int)l->image_format_count)
                                                      : cJSON_CreateNull());
}

static void add_price(cJSON *object, const struct endpoint_price *p)
{
    if (p->from_router) {
        add_text(object, "price", "router");
    } else if (p->known) {
        cJSON *price = cJSON_AddObjectToObject(object, "price");
        add_number(price, "input", true, p->input);
        add_number(price, "output", true, p->output);
    } else {
        (void)cJSON_AddNullToObject(object, "price");
    }
}

static void add_params(cJSON *object, const struct endpoint_params *p)
{
    cJSON *params = cJSON_AddObjectToObject(object, "params");
    add_number(params, "temperature", p->has_temperature, p->temperature);
    add_number(params, "top_p", p->has_top_p, p->top_p);
    add_number(params, "seed", p->has_seed, (double)p->seed);
    add_number(params, "max_tokens", true, (double)p->max_tokens);
    add_text(params, "max_tokens_key", p->max_tokens_key);
    cJSON *stop = cJSON_AddArrayToObject(params, "stop");
    for (size_t i = 0; i < p->stop_count; i++)
        (void)cJSON_AddItemToArray(stop, cJSON_CreateString(p->stop[i]));
    add_text(params, "reasoning_effort", p->reasoning_effort);
    (void)cJSON_AddBoolToObject(params, "logprobs", p->logprobs);
    add_number(params, "top_logprobs", p->top_logprobs > 0, p->top_logprobs);
    add_text(params, "image_detail", p->image_detail);
    add_text(params, "system_role", p->system_role);
    (void)cJSON_AddItemToObject(params, "response_format",
                                p->response_format_json ? json_parse(p->response_format_json, strlen(p->response_format_json), NULL)
                                                        : cJSON_CreateNull());
    (void)cJSON_AddItemToObject(params, "extra",
                                p->extra_json ? json_parse(p->extra_json, strlen(p->extra_json), NULL) : cJSON_CreateObject());
    (void)cJSON_AddBoolToObject(params, "stream", p->stream);
}

static cJSON *endpoint_tree(const struct endpoint_config *c, struct arena *a)
{
    cJSON *object = cJSON_CreateObject();
    add_text(object, "name", c->name);
    add_text(object, "protocol", c->protocol);
    add_text(object, "base_url", c->base_url ? base_url_redacted(c->base_url, a) : NULL);
    add_text(object, "model", c->model);
    add_text(object, "provider", c->provider);
    (void)cJSON_AddBoolToObject(object, "allow_any_provider", c->allow_any_provider);
    add_text(object, "revision", c->revision);
    add_text(object, "api_key", c->api_key_source); /* the name of the secret, as in the file */
    add_headers(object, c);
    add_limits(object, &c->limits);
    add_price(object, &c->price);
    add_params(object, &c->params);
    add_text(object, "structured_output", structured_output_name(c->structured_output));
    cJSON *tls = cJSON_AddObjectToObject(object, "tls");
    add_text(tls, "ca_file", c->ca_file);
    (void)cJSON_AddBoolToObject(tls, "verify", c->tls_verify);
    add_text(object, "http_version", http_version_choice_name(c->http_version));
    return object;
}

void settings_to_json(const struct settings *s, struct strbuf *out)
{
    CLEANUP(arena_release) struct arena scratch = ARENA_INIT;
    CLEANUP(json_freep) cJSON *tree = cJSON_CreateObject();
    add_number(tree, "version", true, 1);
    add_text(tree, "path", s->path);
    add_text(tree, "store", s->store);
    cJSON *dispatch = cJSON_AddObjectToObject(tree, "dispatch");
    add_number(dispatch, "io_threads", true, s->io_threads);
    add_number(dispatch, "max_in_flight", true, s->max_in_flight);
    cJSON *redact = cJSON_AddArrayToObject(tree, "redact_categories");
    for (size_t i = 0; i < s->redact.count; i++)
        (void)cJSON_AddItemToArray(redact, cJSON_CreateString(s->redact.pattern[i]));
    cJSON *endpoints = cJSON_AddArrayToObject(tree, "endpoints");
    for (size_t i = 0; i < s->endpoint_count; i++)
        (void)cJSON_AddItemToArray(endpoints, endpoint_tree(&s->endpoint[i], &scratch));
    json_add_tree(out, tree);
}
