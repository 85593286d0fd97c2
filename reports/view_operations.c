/* view_operations - what it took: latency, tokens, cost, HTTP replies, errors, and what the run had to tell. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_text.h"

#include <string.h>

static void add_statuses(const cJSON *http, cJSON *json)
{
    const cJSON *status;
    cJSON *list = cJSON_AddArrayToObject(json, "statuses");
    cJSON_ArrayForEach(status, json_object(http, "by_status"))
    {
        cJSON *item = view_item(list);
        view_text(item, "status", strcmp(status->string, "0") == 0 ? "no reply" : status->string);
        view_count(item, "count", (int64_t)status->valuedouble);
    }
}

static void add_errors(const cJSON *endpoint, cJSON *list)
{
    const cJSON *error;
    cJSON_ArrayForEach(error, json_array(endpoint, "errors"))
    {
        cJSON *json = view_item(list);
        int64_t status = figures_count(error, "http_status");
        view_text(json, "endpoint", json_string(endpoint, "name"));
        view_text(json, "class", json_string(error, "class"));
        if (status)
            view_textf(json, "status", "%lld", (long long)status);
        else
            view_text(json, "status", "—");
        view_text(json, "message", json_string(error, "message"));
        view_count(json, "count", figures_count(error, "count"));
        view_textf(json, "first", "%lld", (long long)figures_count(error, "first_trial"));
        view_textf(json, "last", "%lld", (long long)figures_count(error, "last_trial"));
    }
}

/* Why trials are missing: "judge_error" 12, … of one endpoint. */
static void add_reasons(const cJSON *endpoint, cJSON *list)
{
    static const struct {
        const char *member, *word;
    } kind[] = { { "unscored_reasons", "unscored" },
                 { "failed_reasons", "failed" },
                 { "skipped_reasons", "skipped" },
                 { "pending_reasons", "pending" } };
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        const cJSON *reason;
        cJSON_ArrayForEach(reason, json_object(endpoint, kind[i].member))
        {
            cJSON *json = view_item(list);
            view_text(json, "endpoint", json_string(endpoint, "name"));
            view_text(json, "status", kind[i].word);
            view_text(json, "reason", reason->string);
            view_count(json, "count", (int64_t)reason->valuedouble);
        }
    }
}

static void add_endpoint(const cJSON *endpoint, cJSON *list)
{
    static const char *const point[] = { "p50", "p90", "p99", "max" };
    const cJSON *http = json_object(endpoint, "http"), *tokens = json_object(endpoint, "tokens");
    cJSON *json = view_item(list);
    view_text(json, "name", json_string(endpoint, "name"));
    for (size_t i = 0; i < ARRAY_LEN(point); i++)
        view_ms(json, point[i], json_object(endpoint, "latency_ms"), point[i]);
    view_ms(json, "ready_p50", json_object(endpoint, "latency_from_ready_ms"), "p50");
    view_ms(json, "ready_p99", json_object(endpoint, "latency_from_ready_ms"), "p99");
    view_count(json, "prompt", figures_count(tokens, "prompt"));
    view_count(json, "completion", figures_count(tokens, "completion"));
    view_cost(json, json_object(endpoint, "cost_usd"));
    view_count(json, "attempts", figures_count(http, "attempts"));
    view_count(json, "retries", figures_count(http, "retries"));
    view_count(json, "lost", figures_count(http, "lost"));
    add_statuses(http, json);
}

static void add_events(const cJSON *model, cJSON *view)
{
    const cJSON *event;
    cJSON *list = cJSON_AddArrayToObject(view, "events");
    cJSON_ArrayForEach(event, json_array(model, "events"))
    {
        cJSON *json = view_item(list);
        view_time(json, "at", json_string(event, "at"));
        view_text(json, "level", json_string(event, "level"));
        view_text(json, "kind", json_string(event, "kind"));
        view_text(json, "message", json_string(event, "message"));
    }
    view_count(view, "event_count", cJSON_GetArraySize(list));
}

/* The sentence under the heading. */
static void add_finding(const cJSON *model, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    int64_t failed = 0, planned = 0, attempts = 0, retries = 0;
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        const cJSON *counts = json_object(endpoint, "counts"), *http = json_object(endpoint, "http");
        failed += figures_count(counts, "failed");
        planned += figures_count(counts, "planned");
        attempts += figures_count(http, "attempts");
        retries += figures_count(http, "retries");
    }
    if (failed) {
        units_format_count(failed, &text);
        (void)strbuf_addstr(&text, " of ");
        units_format_count(planned, &text);
        (void)strbuf_addstr(&text, " trials got no answer; ");
    } else {
        (void)strbuf_addstr(&text, "No trial was left without an answer after its attempts; ");
    }
    units_format_count(attempts, &text);
    (void)strbuf_addstr(&text, attempts == 1 ? " request, " : " requests, ");
    units_format_count(retries, &text);
    (void)strbuf_addstr(&text, retries == 1 ? " of them a retry." : " of them retries.");
    view_take(json, "finding", &text);
}

void view_add_operations(const cJSON *model, cJSON *view)
{
    const cJSON *endpoint;
    cJSON *json = cJSON_AddObjectToObject(view, "operations");
    cJSON *list = cJSON_AddArrayToObject(json, "by_endpoint"), *errors = cJSON_AddArrayToObject(json, "errors"),
          *reasons = cJSON_AddArrayToObject(json, "reasons");
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        add_endpoint(endpoint, list);
        add_errors(endpoint, errors);
        add_reasons(endpoint, reasons);
    }
    (void)cJSON_AddBoolToObject(json, "any_errors", errors->child != NULL);
    (void)cJSON_AddBoolToObject(json, "any_reasons", reasons->child != NULL);
    view_add_traffic(model, json);
    add_finding(model, json);
    add_events(model, view);
    (void)cJSON_AddBoolToObject(view, "any_events", cJSON_GetArraySize(json_array(model, "events")) > 0);
}
