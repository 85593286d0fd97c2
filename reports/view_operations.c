/* view_operations - what it took: latency, tokens, cost, HTTP replies, errors, and what the run had to tell. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/view_text.h"

#include <stdio.h>
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

/* ---- latency ----------------------------------------------------------------------------------------------------- */

/* One line a kind: until the whole reply, until it began, and from when the trial was ready; a kind nobody knows is left out. */
static void add_latencies(const cJSON *endpoint, cJSON *list)
{
    static const struct {
        const char *member, *label, *hint;
    } kind[] = {
        { "latency_ms", "Whole reply", "from sending to the last byte" },
        { "first_byte_ms", "First byte", "time to first token where the reply is a stream" },
        { "latency_from_ready_ms", "From ready", "with retries, pauses and the wait for a place" },
    };
    static const char *const point[] = { "p50", "p90", "p99", "max" };
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        const cJSON *times = json_object(endpoint, kind[i].member);
        double known;
        if (i > 0 && !json_number(times, "p50", &known))
            continue;
        cJSON *json = view_item(list);
        view_text(json, "label", kind[i].label);
        view_text(json, "hint", kind[i].hint);
        for (size_t p = 0; p < ARRAY_LEN(point); p++)
            view_ms(json, point[p], times, point[p]);
    }
}

static void add_endpoint(const cJSON *endpoint, cJSON *list)
{
    const cJSON *http = json_object(endpoint, "http");
    cJSON *json = view_item(list);
    view_text(json, "name", json_string(endpoint, "name"));
    add_latencies(endpoint, cJSON_AddArrayToObject(json, "latencies"));
    view_count(json, "attempts", figures_count(http, "attempts"));
    view_count(json, "retries", figures_count(http, "retries"));
    view_count(json, "lost", figures_count(http, "lost"));
    add_statuses(http, json);
}

/* ---- tokens and cost --------------------------------------------------------------------------------------------- */

/* A server that tells no usage has not used nothing. */
static void add_tokens(const cJSON *tokens, cJSON *json)
{
    static const char *const kind[] = { "prompt", "completion" };
    bool told = figures_count(tokens, "prompt") > 0 || figures_count(tokens, "completion") > 0;
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        if (told)
            view_count(json, kind[i], figures_count(tokens, kind[i]));
        else
            view_text(json, kind[i], "—");
    }
}

static void add_spender(const cJSON *one, const char *name, const char *role, int64_t calls, cJSON *list)
{
    cJSON *json = view_item(list);
    view_text(json, "name", name);
    view_text(json, "role", role);
    view_count(json, "calls", calls);
    add_tokens(json_object(one, "tokens"), json);
    view_cost(json, json_object(one, "cost_usd"));
}

/* Target and judge apart, and their sum where there is more than one. */
static void add_spending(const cJSON *model, cJSON *json)
{
    const cJSON *one, *total = json_object(model, "total_cost_usd");
    cJSON *list = cJSON_AddArrayToObject(json, "spending");
    cJSON_ArrayForEach(one, json_array(model, "endpoints"))
        add_spender(one, json_string(one, "name"), NULL, figures_count(json_object(one, "http"), "attempts"), list);
    cJSON_ArrayForEach(one, json_array(model, "judges"))
    {
        char role[128];
        (void)snprintf(role, sizeof(role), "judge of %.100s", json_string(one, "scorer"));
        add_spender(one, json_string(one, "judge"), role, figures_count(one, "attempts"), list);
    }
    if (figures_count(total, "parts") < 2) {
        (void)cJSON_AddNullToObject(json, "spent");
        return;
    }
    cJSON *spent = cJSON_AddObjectToObject(json, "spent");
    int64_t unknown = figures_count(total, "unknown"), parts = figures_count(total, "parts");
    view_cost(spent, total);
    if (unknown > 0 && unknown < parts)
        view_textf(spent, "unknown", "and %lld unknown", (long long)unknown);
    else
        view_text(spent, "unknown", NULL);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

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
    add_spending(model, json);
    view_add_traffic(model, json);
    add_finding(model, json);
    add_events(model, view);
    (void)cJSON_AddBoolToObject(view, "any_events", cJSON_GetArraySize(json_array(model, "events")) > 0);
}
