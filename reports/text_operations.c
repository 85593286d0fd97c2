#include "reports/text_operations.h"

#include "base/json.h"
#include "base/text_safe.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/provenance_text.h"

#include <string.h>
#include <strings.h>

enum { MAX_ERRORS_SHOWN = 3 };

/* ---- Who answered ---- */

/* Not said where every answer came from the one that was asked. */
static void add_providers(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *list = json_array(endpoint, "providers");
    const char *asked = json_string(endpoint, "provider"), *first = list && list->child ? json_string(list->child, "name") : NULL;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    figures_providers(endpoint, &text);
    if (!text.len || (cJSON_GetArraySize(list) == 1 && asked && first && strcasecmp(asked, first) == 0))
        return;
    (void)strbuf_addstr(out, "answered by: ");
    text_safe_terminal(text.buf, text.len, 0, style->unicode, out);
    if (json_bool(endpoint, "mixed_routes", false))
        (void)strbuf_addstr(out, "   mixed routes: the rates are of several systems");
    (void)strbuf_addch(out, '\n');
}

static void add_line(struct strbuf *out, const char *label, const struct strbuf *text, const struct text_style *style)
{
    if (text->len == 0)
        return;
    (void)strbuf_addstr(out, label);
    text_safe_terminal(text->buf, text->len, 0, style->unicode, out);
    (void)strbuf_addch(out, '\n');
}

/* A commit never stands without the word for how sure it is. */
static void add_revision(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *revision = json_object(endpoint, "revision");
    const char *observed = json_string(revision, "observed"), *declared = json_string(revision, "declared");
    const char *evidence = json_string(revision, "evidence");
    if (observed)
        (void)strbuf_addf(&text, "%s, %s", observed, evidence ? evidence : "none");
    if (declared)
        (void)strbuf_addf(&text, "%sdeclared %s", text.len ? "; " : "", declared);
    add_line(out, "revision: ", &text, style);
}

static void add_provenance(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    static const struct {
        const char *label;
        void (*say)(const cJSON *endpoint, struct strbuf *out);
    } line[] = { { "on the Hub: ", provenance_hub },
                 { "at the router: ", provenance_route },
                 { "server: ", provenance_server },
                 { "requests at once: ", provenance_concurrency },
                 { "attempts: ", provenance_retries } };
    add_revision(out, endpoint, style);
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        line[i].say(endpoint, &text);
        add_line(out, line[i].label, &text, style);
    }
}

static void add_drift(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const char *drift = json_string(endpoint, "drift");
    if (drift)
        (void)strbuf_addstr(&text, drift);
    add_line(out, "drift: ", &text, style);
}

void text_operations_identity(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    add_providers(out, endpoint, style);
    add_drift(out, endpoint, style);
    if (style->verbose)
        add_provenance(out, endpoint, style);
}

/* ---- What it took ---- */

static bool add_latency(struct strbuf *out, const char *lead, const cJSON *latency)
{
    double p50, p99;
    if (!json_number(latency, "p50", &p50) || !json_number(latency, "p99", &p99))
        return false;
    (void)strbuf_addstr(out, lead);
    units_format_duration((int64_t)(p50 * 1000), out);
    (void)strbuf_addstr(out, " p99 ");
    units_format_duration((int64_t)(p99 * 1000), out);
    return true;
}

static void add_traffic(struct strbuf *out, const cJSON *endpoint)
{
    const cJSON *http = json_object(endpoint, "http");
    if (add_latency(out, "latency p50 ", json_object(endpoint, "latency_ms"))) {
        if (add_latency(out, " (from ready p50 ", json_object(endpoint, "latency_from_ready_ms")))
            (void)strbuf_addch(out, ')');
        (void)strbuf_addstr(out, "   ");
    }
    units_format_count(figures_count(http, "attempts"), out);
    (void)strbuf_addstr(out, " attempts, ");
    units_format_count(figures_count(http, "retries"), out);
    (void)strbuf_addstr(out, " retries   ");
    figures_cost(json_object(endpoint, "cost_usd"), out);
    (void)strbuf_addch(out, '\n');
    size_t before = out->len;
    figures_budget_stop(endpoint, out);
    (void)strbuf_addstr(out, out->len > before ? "\n" : "");
}

/* What went wrong most, in the server's words: the first thing to know when trials failed. */
static void add_errors(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    const cJSON *error;
    int shown = 0;
    cJSON_ArrayForEach(error, json_array(endpoint, "errors"))
    {
        if (shown++ == MAX_ERRORS_SHOWN)
            break;
        const char *class = json_string(error, "class"), *message = json_string(error, "message");
        int64_t status = figures_count(error, "http_status");
        (void)strbuf_addf(out, "attempts that failed: %lld x %s", (long long)figures_count(error, "count"), class ? class : "unknown");
        if (status)
            (void)strbuf_addf(out, ", HTTP %lld", (long long)status);
        if (message) {
            (void)strbuf_addstr(out, ": ");
            text_safe_terminal(message, strlen(message), 60, style->unicode, out);
        }
        (void)strbuf_addch(out, '\n');
    }
}

void text_operations_traffic(struct strbuf *out, const cJSON *endpoint, const struct text_style *style)
{
    add_errors(out, endpoint, style);
    add_traffic(out, endpoint);
}
