#include "engine/lane.h"

#include "base/json.h"
#include "config/base_url.h"
#include "config/endpoint_route.h"
#include "core/limits.h"
#include "engine/trial.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum {
    MIN_AHEAD = 16,
    MAX_AHEAD = 128, /* few: after a crash each journaled attempt must be taken for sent */
    BEHIND = 2       /* as many times more with a reply: two commits lie between a reply and the end, one between the loader and the wire */
};

struct provider_target lane_target(const struct endpoint_config *c, const char *base_url)
{
    const struct endpoint_params *p = &c->params;
    return (struct provider_target){
        .base_url = base_url ? base_url : c->base_url,
        .model = c->model,
        .provider = c->route == ROUTE_ROUTER ? c->provider : NULL,
        .api_key = base_url ? NULL : c->api_key, /* a simulated endpoint never sees a real key */
        .header = c->header,
        .header_count = base_url ? 0 : c->header_count,
        .has_temperature = p->has_temperature,
        .has_top_p = p->has_top_p,
        .has_seed = p->has_seed,
        .temperature = p->temperature,
        .top_p = p->top_p,
        .seed = p->seed,
        .max_tokens = p->max_tokens,
        .max_tokens_key = p->max_tokens_key,
        .stop = p->stop,
        .stop_count = p->stop_count,
        .reasoning_effort = p->reasoning_effort,
        .logprobs = p->logprobs,
        .top_logprobs = p->top_logprobs,
        .image_detail = p->image_detail,
        .system_role = p->system_role,
        .response_format_json = p->response_format_json,
        .structured_output = c->structured_output,
        .extra_json = p->extra_json,
        .stream = p->stream,
    };
}

struct price lane_config_price(const struct endpoint_config *c)
{
    const struct endpoint_price *p = &c->price;
    if (!p->known || (c->provider && strcmp(c->provider, "hf-inference") == 0))
        return (struct price){ 0 };
    return (struct price){ .known = true, .input = p->input, .output = p->output, .source = "config" };
}

static int http_version_of(enum http_version_choice choice)
{
    return choice == HTTP_VERSION_2 ? 2 : 11; /* auto is 1.1: see docs/adr on HTTP versions */
}

enum err lane_init(struct lane *l, const struct endpoint_config *config, const struct endpoint_row *row, const char *base_url,
                   int max_in_flight, struct error *e)
{
    memset(l, 0, sizeof(*l));
    l->config = config;
    l->row = *row;
    l->price = row->price.known ? row->price : lane_config_price(config);
    l->provider = provider_find(config->protocol);
    if (!l->provider)
        return error_set(e, ERR_UNSUPPORTED, "endpoint '%s': protocol '%s' is not one of this build's", config->name, config->protocol);

    l->target = lane_target(config, base_url);
    l->expected_provider = endpoint_expected_provider(config);
    l->route = (struct http_route){
        .ca_file = config->ca_file,
        .tls_verify = config->tls_verify,
        .http_version = http_version_of(config->http_version),
        .timeout_us = config->limits.timeout_us,
        .streaming = config->params.stream,
        .allow_plain = true, /* settings accepted the URL with its scheme; libcurl only needs to be let */
        .secret = l->target.api_key ? secret_bytes(l->target.api_key) : NULL,
    };
    l->policy = (struct trial_policy){ config->limits.attempts, config->limits.trial_timeout_us };

    bool adapt = config->limits.max_in_flight == 0;
    int in_flight = adapt || config->limits.max_in_flight > max_in_flight ? max_in_flight : config->limits.max_in_flight;
    limiter_init(&l->own_limiter, in_flight, config->limits.requests_per_minute, config->limits.tokens_per_minute);
    if (adapt)
        limiter_adapt(&l->own_limiter);
    l->tuned.max_in_flight = in_flight;
    l->tuned.requests_per_minute = config->limits.requests_per_minute;
    l->tuned.tokens_per_minute = config->limits.tokens_per_minute;
    l->window = lane_window_of(in_flight);
    l->ahead = lane_ahead_of(in_flight);
    return OK;
}

int lane_ahead_of(int max_in_flight)
{
    return 2 * max_in_flight < MIN_AHEAD ? MIN_AHEAD : 2 * max_in_flight > MAX_AHEAD ? MAX_AHEAD : 2 * max_in_flight;
}

int lane_window_of(int max_in_flight)
{
    return max_in_flight + (1 + BEHIND) * lane_ahead_of(max_in_flight);
}

static void add_number(cJSON *object, const char *key, double value)
{
    (void)cJSON_AddNumberToObject(object, key, value);
}

void lane_params_json(const struct endpoint_config *config, struct strbuf *out)
{
    const struct endpoint_params *p = &config->params;
    cJSON *json = cJSON_CreateObject();
    if (p->has_temperature)
        add_number(json, "temperature", p->temperature);
    if (p->has_top_p)
        add_number(json, "top_p", p->top_p);
    if (p->has_seed)
        add_number(json, "seed", (double)p->seed);
    add_number(json, p->max_tokens_key, (double)p->max_tokens);
    if (p->stop_count > 0)
        cJSON_AddItemToObject(json, "stop", cJSON_CreateStringArray(p->stop, (int)p->stop_count));
    if (p->reasoning_effort)
        (void)cJSON_AddStringToObject(json, "reasoning_effort", p->reasoning_effort);
    if (p->logprobs)
        (void)cJSON_AddTrueToObject(json, "logprobs");
    if (p->top_logprobs > 0)
        add_number(json, "top_logprobs", p->top_logprobs);
    if (p->image_detail)
        (void)cJSON_AddStringToObject(json, "image_detail", p->image_detail);
    if (strcmp(p->system_role, "system") != 0)
        (void)cJSON_AddStringToObject(json, "system_role", p->system_role);
    if (p->response_format_json)
        cJSON_AddItemToObject(json, "response_format", cJSON_Parse(p->response_format_json));
    if (p->extra_json)
        cJSON_AddItemToObject(json, "extra", cJSON_Parse(p->extra_json));
    if (p->stream)
        (void)cJSON_AddTrueToObject(json, "stream");
    json_add_tree(out, json);
    cJSON_Delete(json);
}

/* Scheme, host and port of an endpoint's URL; its length. */
static size_t authority_len(const char *url)
{
    return (size_t)(base_url_path(url) - url);
}

bool lane_shares_route(const struct lane *a, const struct lane *b)
{
    const char *one = a->target.base_url, *two = b->target.base_url;
    const char *provider = a->target.provider ? a->target.provider : "", *other = b->target.provider ? b->target.provider : "";
    size_t len = authority_len(one);
    return len == authority_len(two) && strncasecmp(one, two, len) == 0 && strcmp(provider, other) == 0;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *key_of(const struct lane *l)
{
    return l->config->api_key ? secret_bytes(l->config->api_key) : NULL;
}

static bool is_same_endpoint(const struct lane *a, const struct lane *b)
{
    const struct endpoint_config *one = a->config, *two = b->config;
    return same_text(one->base_url, two->base_url) && same_text(one->model, two->model) && same_text(one->provider, two->provider) &&
           same_text(key_of(a), key_of(b));
}

void lanes_give_limiters(struct lane *lane, size_t target_count, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lane[i].limiter = &lane[i].own_limiter;
        for (size_t k = 0; i >= target_count && k < i && lane[i].limiter == &lane[i].own_limiter; k++) {
            if (is_same_endpoint(&lane[k], &lane[i])) {
                lane[i].limiter = lane[k].limiter;
                lane[i].dispatcher = lane[k].dispatcher;
            }
        }
    }
}

void lane_cool_down(struct lane *l, int64_t until_us)
{
    int64_t old = atomic_load(&l->cooldown_until_us);
    while (old < until_us && !atomic_compare_exchange_weak(&l->cooldown_until_us, &old, until_us))
        ;
}

bool lane_stop(struct lane *l, const char *reason)
{
    const char *none = NULL;
    return atomic_compare_exchange_strong(&l->stopped, &none, reason);
}

void trial_list_push(struct trial_list *list, struct trial *t)
{
    t->next = NULL;
    if (list->tail)
        list->tail->next = t;
    else
        list->head = t;
    list->tail = t;
    list->count++;
}

struct trial *trial_list_pop(struct trial_list *list)
{
    struct trial *t = list->head;
    if (!t)
        return NULL;
    list->head = t->next;
    if (!list->head)
        list->tail = NULL;
    list->count--;
    t->next = NULL;
    return t;
}
