#include "cli/catalogue_list.h"

#include "base/clock.h"
#include "base/json_member.h"
#include "cli/output.h"
#include "core/version.h"
#include "evidence/ask.h"
#include "evidence/catalogue.h"
#include "net/http.h"

#include <curl/curlver.h>
#include <math.h>

static const char *number(struct arena *a, double value)
{
    return isnan(value) ? "-" : arena_printf(a, "%.6g", value);
}

static const char *find_url(struct workspace *w)
{
    for (size_t i = 0; i < w->settings.endpoint_count; i++) {
        const char *url = evidence_is_routed(&w->settings.endpoint[i]) ? evidence_catalogue_url(&w->settings.endpoint[i], &w->arena) : NULL;
        if (url)
            return url;
    }
    return "https://router.huggingface.co/v1/models";
}

static void add_row(const struct catalogue_row *r, struct arena *a, cJSON *list, struct output_table *table)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "model", r->model);
    json_member_text(json, "provider", r->provider);
    json_member_text(json, "status", r->status);
    json_member_number(json, "price_input", r->price_input);
    json_member_number(json, "price_output", r->price_output);
    json_member_number(json, "context_length", r->context);
    json_member_number(json, "latency_ms", r->latency_ms);
    json_member_number(json, "throughput", r->throughput);
    cJSON_AddItemToArray(list, json);

    output_table_add(table, r->model);
    output_table_add(table, r->provider);
    output_table_add(table, r->status);
    output_table_add(table, number(a, r->price_input));
    output_table_add(table, number(a, r->price_output));
    output_table_add(table, number(a, r->context));
    output_table_add(table, number(a, r->latency_ms));
    output_table_add(table, number(a, r->throughput));
}

enum err catalogue_list(struct workspace *w, bool json, struct error *e)
{
    static const char *const heading[] = { "MODEL", "PROVIDER", "STATUS", "USD/M IN", "USD/M OUT", "CONTEXT", "FIRST MS", "TOKENS/S" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    struct catalogue c;
    const char *url = find_url(w);
    if (http_global_init(e) != OK)
        return e->code;
    enum err rc = catalogue_ask(url, "gauntlet/" GAUNTLET_VERSION " (libcurl/" LIBCURL_VERSION ")", &w->arena, &c, e);
    http_global_cleanup();
    if (rc != OK)
        return rc;
    cJSON *document = output_document();
    json_member_text(document, "url", url);
    json_member_time(document, "at", clock_wall_us(&clock_real));
    cJSON *list = cJSON_AddArrayToObject(document, "models");
    for (size_t i = 0; i < c.count; i++)
        add_row(&c.row[i], &w->arena, list, &table);
    output_either(document, &table, json,
                  arena_printf(&w->arena,
                               "%s lists %zu models, and none of them with image input; catalogues are incomplete: "
                               "`gauntlet check --probe` asks a model itself",
                               url, c.models));
    return OK;
}
