#include "evidence/catalogue.h"

#include "base/json.h"
#include "core/limits.h"
#include "net/http_once.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 256 };

static const int64_t CALL_US = 20000000;

static bool reads_images(const cJSON *model)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_array(json_object(model, "architecture"), "input_modalities"))
    {
        if (cJSON_IsString(item) && strcmp(item->valuestring, "image") == 0)
            return true;
    }
    return false;
}

static const char *name_of(const cJSON *from, const char *key)
{
    const char *name = json_string(from, key);
    return name && name[0] && strlen(name) <= MAX_NAME ? name : NULL;
}

static double number_of(const cJSON *from, const char *key)
{
    double value;
    return json_number(from, key, &value) && isfinite(value) && value >= 0 ? value : NAN;
}

static struct catalogue_row row_of(const char *model, const cJSON *provider, struct arena *a)
{
    const cJSON *pricing = json_object(provider, "pricing");
    const char *name = name_of(provider, "provider"), *status = name_of(provider, "status");
    return (struct catalogue_row){ .model = model,
                                   .provider = arena_strdup(a, name ? name : "-"),
                                   .status = arena_strdup(a, status ? status : "-"),
                                   .price_input = number_of(pricing, "input"),
                                   .price_output = number_of(pricing, "output"),
                                   .context = number_of(provider, "context_length"),
                                   .latency_ms = number_of(provider, "first_token_latency_ms"),
                                   .throughput = number_of(provider, "throughput") };
}

/* -1, 0 or 1 as qsort wants it; what is not told comes last. */
static int by_number(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int by_price_and_name(const void *x, const void *y)
{
    const struct catalogue_row *a = x, *b = y;
    int order = by_number(a->price_output, b->price_output);
    if (order == 0)
        order = by_number(a->price_input, b->price_input);
    if (order == 0)
        order = strcmp(a->model, b->model);
    return order ? order : strcmp(a->provider, b->provider);
}

static enum err add_model(const cJSON *model, struct arena *a, struct catalogue *c, struct error *e)
{
    const char *id = name_of(model, "id");
    const cJSON *provider;
    if (!id || !reads_images(model))
        return OK;
    id = arena_strdup(a, id);
    cJSON_ArrayForEach(provider, json_array(model, "providers"))
    {
        if (c->count == MAX_CATALOGUE_ROWS)
            return error_set(e, ERR_LIMIT, "the catalogue has more than %d rows", MAX_CATALOGUE_ROWS);
        c->row[c->count++] = row_of(id, provider, a);
    }
    return OK;
}

enum err catalogue_read(const char *text, size_t len, struct arena *a, struct catalogue *ret, struct error *e)
{
    CLEANUP(json_freep) cJSON *root = json_parse_lenient(text, len, NULL, e);
    struct catalogue c = { .row = arena_array(a, MAX_CATALOGUE_ROWS, sizeof(*c.row)) };
    const cJSON *model, *data = json_array(root, "data");
    if (!root)
        return error_prefix(e, "the catalogue is not JSON");
    if (!data)
        return error_set(e, ERR_INVALID, "the answer is no catalogue: it has no list `data`");
    c.models = (size_t)cJSON_GetArraySize(data);
    cJSON_ArrayForEach(model, data)
    {
        if (add_model(model, a, &c, e) != OK)
            return e ? e->code : ERR_LIMIT;
    }
    if (c.count > 0)
        qsort(c.row, c.count, sizeof(*c.row), by_price_and_name);
    *ret = c;
    return OK;
}

enum err catalogue_ask(const char *url, const char *user_agent, struct arena *a, struct catalogue *ret, struct error *e)
{
    const struct http_client_options options = {
        .max_connections = 1, .max_response_bytes = MAX_EVIDENCE_BYTES, .max_header_bytes = MAX_HEADER_BYTES, .user_agent = user_agent
    };
    const struct http_header accept = { "Accept", "application/json" };
    const struct http_request request = { .method = "GET", .url = url, .header = &accept, .header_count = 1 };
    const struct http_route route = { .tls_verify = true, .http_version = 11, .timeout_us = CALL_US, .allow_plain = true };
    CLEANUP(http_reply_release) struct http_reply reply = HTTP_REPLY_INIT;
    struct http_client *client;
    if (http_client_new(&options, &client, e) != OK)
        return e->code;
    enum err rc = http_once(client, &request, &route, &reply, e);
    http_client_free(client);
    if (rc != OK)
        return rc;
    if (reply.fault != HTTP_FAULT_NONE)
        return error_set(e, ERR_NET, "%s cannot be reached: %s (%s)", url, reply.detail, http_fault_name(reply.fault));
    if (reply.status != 200)
        return error_set(e, ERR_NET, "%s answered with status %d", url, reply.status);
    return catalogue_read(reply.body.buf, reply.body.len, a, ret, e);
}
