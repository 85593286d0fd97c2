#include "config/endpoint_config.h"

#include "base/yaml_read.h"
#include "config/base_url.h"
#include "config/endpoint_headers.h"
#include "config/endpoint_params.h"
#include "config/endpoint_route.h"
#include "config/env.h"
#include "core/limits.h"

#include <string.h>

#define SECOND_US INT64_C(1000000)
#define DEFAULT_TIMEOUT_US (600 * SECOND_US)
#define DEFAULT_TRIAL_TIMEOUT_US (1800 * SECOND_US)
#define LONGEST_TIMEOUT_US (7 * 86400 * SECOND_US)

enum { MAX_NAME_BYTES = 64, DEFAULT_ATTEMPTS = 6, DEFAULT_MAX_TOKENS = 1024 };

static const char *const http_versions[] = { [HTTP_VERSION_AUTO] = "auto", [HTTP_VERSION_11] = "1.1", [HTTP_VERSION_2] = "2" };

const char *http_version_choice_name(enum http_version_choice version)
{
    return http_versions[version];
}

void endpoint_config_init(struct endpoint_config *ret_e)
{
    *ret_e = (struct endpoint_config){
        .tls_verify = true,
        .limits = { .timeout_us = DEFAULT_TIMEOUT_US,
                    .trial_timeout_us = DEFAULT_TRIAL_TIMEOUT_US,
                    .attempts = DEFAULT_ATTEMPTS,
                    .budget_usd = -1 },
        .params = { .max_tokens = DEFAULT_MAX_TOKENS, .max_tokens_key = "max_tokens", .system_role = "system" },
    };
}

static enum err read_name(const struct yaml_node *n, struct endpoint_config *c, struct error *e)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const struct yaml_node *name = NULL;
    if (yaml_require(n, "name", &name, e) != OK || yaml_as_string(name, false, &c->name, e) != OK)
        return e->code;
    if (c->name[strspn(c->name, allowed)] || strlen(c->name) > MAX_NAME_BYTES)
        return yaml_error(name, e, "endpoint name `%s` may hold only letters, digits, `.`, `_` and `-`, at most %d",
                          yaml_shown(c->name).text, (int)MAX_NAME_BYTES);
    return OK;
}

/* Text that ends up in URLs, logs and file names: one line. */
static enum err read_line(const struct yaml_node *n, const char *key, bool required, const char **ret, struct error *e)
{
    const struct yaml_node *value = yaml_find(n, key);
    if (required && yaml_require(n, key, &value, e) != OK)
        return e->code;
    if (yaml_get_string(n, key, false, ret, e) != OK)
        return e->code;
    for (const char *c = *ret; c && *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            return yaml_error(value, e, "`%s` may not hold control characters or line ends", key);
    }
    return OK;
}

/* Says what is wrong without the line, which may hold a password. */
static enum err read_url(const struct yaml_node *n, struct endpoint_config *c, struct error *e)
{
    const struct yaml_node *url = NULL;
    if (yaml_require(n, "base_url", &url, e) != OK || yaml_as_string(url, false, &c->base_url, e) != OK)
        return e->code;
    const char *problem = base_url_problem(c->base_url);
    if (!problem)
        return OK;
    return error_set(e, ERR_INVALID, "%s:%d:%d: `base_url` of endpoint `%s` %s", n->doc->path, url->line, url->column, c->name, problem);
}

static enum err read_identity(const struct yaml_node *n, struct endpoint_config *c, struct error *e)
{
    if (read_name(n, c, e) != OK || read_line(n, "protocol", true, &c->protocol, e) != OK || read_url(n, c, e) != OK ||
        read_line(n, "model", true, &c->model, e) != OK)
        return e->code;
    return read_line(n, "revision", false, &c->revision, e);
}

static enum err read_in_flight(const struct yaml_node *limits, int *ret, struct error *e)
{
    const struct yaml_node *n = yaml_find(limits, "max_in_flight");
    if (n && n->kind == YAML_SCALAR && strcmp(n->text, "auto") == 0) {
        *ret = 0;
        return OK;
    }
    return yaml_get_int32(limits, "max_in_flight", 1, MAX_IN_FLIGHT, ret, e);
}

bool endpoint_takes_image(const struct endpoint_limits *l, const char *mime)
{
    static const char prefix[] = "image/";
    bool takes = l->image_format_count == 0;
    for (size_t i = 0; !takes && i < l->image_format_count; i++)
        takes = strncmp(mime, prefix, strlen(prefix)) == 0 && strcmp(mime + strlen(prefix), l->image_format[i]) == 0;
    return takes;
}

static enum err read_image_formats(const struct yaml_node *limits, struct arena *a, struct endpoint_limits *l, struct error *e)
{
    static const char *const known[] = { "png", "jpeg", "gif", "webp", "bmp" };
    const struct yaml_node *list = yaml_find(limits, "image_formats");
    if (yaml_get_strings(limits, "image_formats", a, &l->image_format, &l->image_format_count, e) != OK)
        return e->code;
    for (size_t i = 0; i < l->image_format_count; i++) {
        bool found = false;
        for (size_t k = 0; k < ARRAY_LEN(known); k++)
            found = found || strcmp(l->image_format[i], known[k]) == 0;
        if (!found)
            return yaml_error(list, e, "`image_formats` holds png, jpeg, gif, webp and bmp, not `%s`", yaml_shown(l->image_format[i]).text);
    }
    return OK;
}

static enum err read_limits(const struct yaml_node *n, struct arena *a, struct endpoint_limits *l, struct error *e)
{
    static const char *const known[] = { "max_in_flight", "requests_per_minute", "tokens_per_minute", "timeout",    "trial_timeout",
                                         "attempts",      "budget_usd",          "max_request_bytes", "max_images", "image_formats" };
    const struct yaml_node *limits = yaml_find(n, "limits");
    if (!limits || limits->kind == YAML_NULL)
        return OK;

    l->trial_timeout_us = 0;
    if (yaml_check_keys(limits, known, ARRAY_LEN(known), e) != OK || read_in_flight(limits, &l->max_in_flight, e) != OK ||
        yaml_get_double(limits, "requests_per_minute", 0, 1e9, &l->requests_per_minute, e) != OK ||
        yaml_get_double(limits, "tokens_per_minute", 0, 1e12, &l->tokens_per_minute, e) != OK ||
        yaml_get_duration(limits, "timeout", 1000, LONGEST_TIMEOUT_US, &l->timeout_us, e) != OK ||
        yaml_get_duration(limits, "trial_timeout", 1000, LONGEST_TIMEOUT_US, &l->trial_timeout_us, e) != OK ||
        yaml_get_int32(limits, "attempts", 1, MAX_ATTEMPTS, &l->attempts, e) != OK ||
        yaml_get_double(limits, "budget_usd", 0, 1e9, &l->budget_usd, e) != OK ||
        yaml_get_size(limits, "max_request_bytes", 0, (uint64_t)GIB, &l->max_request_bytes, e) != OK ||
        yaml_get_int32(limits, "max_images", 0, MAX_IMAGES, &l->max_images, e) != OK || read_image_formats(limits, a, l, e) != OK)
        return e->code;
    if (l->trial_timeout_us == 0)
        l->trial_timeout_us = l->timeout_us > DEFAULT_TRIAL_TIMEOUT_US ? l->timeout_us : DEFAULT_TRIAL_TIMEOUT_US;
    return OK;
}

static enum err read_price(const struct yaml_node *n, struct endpoint_price *p, struct error *e)
{
    static const char *const known[] = { "input", "output" };
    const struct yaml_node *price = yaml_find(n, "price"), *part = NULL;
    if (!price || price->kind == YAML_NULL)
        return OK;
    if (price->kind == YAML_SCALAR) {
        if (strcmp(price->text, "router") != 0)
            return yaml_error(price, e, "`price` wants `router` or {input: USD, output: USD} per million tokens, found `%s`",
                              yaml_shown(price->text).text);
        p->from_router = true;
        return OK;
    }
    if (yaml_check_keys(price, known, ARRAY_LEN(known), e) != OK || yaml_require(price, "input", &part, e) != OK ||
        yaml_as_double(part, 0, 1e6, &p->input, e) != OK || yaml_require(price, "output", &part, e) != OK ||
        yaml_as_double(part, 0, 1e6, &p->output, e) != OK)
        return e->code;
    p->known = true;
    return OK;
}

/* Spending cannot be limited when nobody knows what a token costs. */
static enum err check_budget(const struct yaml_node *n, const struct endpoint_config *c, struct error *e)
{
    if (c->limits.budget_usd < 0 || c->price.known || c->price.from_router)
        return OK;
    return yaml_error_hint(yaml_find(yaml_find(n, "limits"), "budget_usd"), true, "add `price: {input: …, output: …}` or `price: router`",
                           e, "`budget_usd` of endpoint `%s` needs a price", c->name);
}

static enum err read_structured_output(const struct yaml_node *n, struct endpoint_config *c, struct error *e)
{
    size_t form = STRUCTURED_AUTO;
    if (yaml_get_choice(n, "structured_output", structured_output_names(), STRUCTURED_OUTPUT_COUNT, &form, e) != OK)
        return e->code;
    c->structured_output = (enum structured_output)form;
    return OK;
}

static enum err read_transport(const struct yaml_node *n, struct arena *a, struct endpoint_config *c, struct error *e)
{
    static const char *const known[] = { "ca_file", "verify" };
    const struct yaml_node *tls = yaml_find(n, "tls");
    size_t version = HTTP_VERSION_AUTO;
    if (yaml_get_choice(n, "http_version", http_versions, ARRAY_LEN(http_versions), &version, e) != OK)
        return e->code;
    c->http_version = (enum http_version_choice)version;
    if (!tls || tls->kind == YAML_NULL)
        return OK;
    if (yaml_check_keys(tls, known, ARRAY_LEN(known), e) != OK || yaml_get_string(tls, "ca_file", false, &c->ca_file, e) != OK)
        return e->code;
    if (c->ca_file)
        c->ca_file = env_path_beside(n->doc->path, c->ca_file, a);
    return yaml_get_bool(tls, "verify", &c->tls_verify, e);
}

/* The last step, so that no failure has to free the secret. */
static enum err read_key(const struct yaml_node *n, struct arena *a, struct endpoint_config *c, struct error *e)
{
    const struct yaml_node *node = yaml_find(n, "api_key");
    struct env_key key = { 0 };
    if (!node || node->kind == YAML_NULL)
        return OK;
    if (env_read_key(node, a, &key, e) != OK)
        return e->code;
    c->api_key = key.secret;
    c->api_key_source = key.source;
    c->api_key_problem = key.problem;
    return OK;
}

enum err endpoint_config_read(const struct yaml_node *n, struct arena *a, struct endpoint_config *ret, struct error *e)
{
    static const char *const known[] = { "name",     "protocol", "base_url",    "model",  "provider", "allow_any_provider",
                                         "revision", "api_key",  "headers",     "limits", "price",    "structured_output",
                                         "params",   "tls",      "http_version" };
    struct endpoint_config c;
    endpoint_config_init(&c);
    c.line = n->line;
    c.column = n->column;
    c.node = n;
    if (yaml_check_keys(n, known, ARRAY_LEN(known), e) != OK || read_identity(n, &c, e) != OK || endpoint_route_read(n, a, &c, e) != OK ||
        endpoint_headers_read(n, a, &c, e) != OK || read_limits(n, a, &c.limits, e) != OK || read_price(n, &c.price, e) != OK ||
        check_budget(n, &c, e) != OK || endpoint_params_read(n, a, &c.params, e) != OK || read_structured_output(n, &c, e) != OK ||
        read_transport(n, a, &c, e) != OK || read_key(n, a, &c, e) != OK)
        return e->code;
    *ret = c;
    return OK;
}
