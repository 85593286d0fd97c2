/* view_provenance - what was run, on what data, against which models; enough to do it again or to say why not. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/provenance_text.h"
#include "reports/view_provenance.h"
#include "reports/view_text.h"

#include <string.h>

static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* "15 Sep 2026, 01:10–03:02 UTC"; the second date too when it is another one. */
static void add_span(cJSON *json, const char *start, const char *end)
{
    enum { DATE = 10, MINUTES = 16 };
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    for (int i = 0; i < 2; i++) {
        const char *time = i == 0 ? start : end;
        bool ok = time && strlen(time) >= MINUTES && time[4] == '-' && time[7] == '-' && time[DATE] == 'T';
        unsigned long month = ok ? strtoul(time + 5, NULL, 10) : 0, day = ok ? strtoul(time + 8, NULL, 10) : 0;
        if (month < 1 || month > 12)
            continue;
        bool same_day = i == 1 && start && strncmp(start, time, DATE) == 0;
        (void)strbuf_addstr(&text, i == 1 ? "–" : "");
        if (!same_day)
            (void)strbuf_addf(&text, "%lu %s %.4s, ", day, months[month - 1], time);
        (void)strbuf_addf(&text, "%.5s", time + DATE + 1);
    }
    if (text.len)
        (void)strbuf_addstr(&text, " UTC");
    view_take(json, "span", &text);
}

/* Host and port of a URL: no user, no password, no path, no query. */
static void add_host(cJSON *json, const char *key, const char *url)
{
    const char *host = url ? strstr(url, "://") : NULL;
    host = host ? host + 3 : url ? url : "";
    size_t len = strcspn(host, "/?#");
    const char *at = memrchr(host, '@', len);
    if (at) {
        len -= (size_t)(at + 1 - host);
        host = at + 1;
    }
    view_textf(json, key, "%.*s", (int)(len < 255 ? len : 255), host);
}

/* ---- one column per endpoint ------------------------------------------------------------------------------------ */

static void add_plain(const cJSON *endpoint, const char *key, cJSON *cell)
{
    view_text(cell, "text", json_string(endpoint, key));
}

static void add_endpoint_host(const cJSON *endpoint, const char *key, cJSON *cell)
{
    add_host(cell, "text", json_string(endpoint, key));
}

static void add_revision(const cJSON *endpoint, const char *key, cJSON *cell)
{
    view_text(cell, "text", json_string(json_object(endpoint, "revision"), key));
}

static void add_evidence(const cJSON *endpoint, const char *key, cJSON *cell)
{
    static const char *const word[] = { "none", "contemporaneous", "declared", "verified" };
    const char *evidence = json_string(json_object(endpoint, "revision"), key);
    view_text(cell, "text", evidence ? evidence : word[0]);
    size_t level = 0;
    for (size_t i = 0; i < ARRAY_LEN(word); i++) {
        if (evidence && strcmp(evidence, word[i]) == 0)
            level = i;
    }
    cJSON *dots = cJSON_AddArrayToObject(cJSON_AddObjectToObject(cell, "evidence"), "dots");
    for (size_t i = 1; i < ARRAY_LEN(word); i++)
        (void)cJSON_AddItemToArray(dots, cJSON_CreateString(i <= level ? "on" : "none"));
}

static void add_params(const cJSON *endpoint, const char *key, cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    provenance_flat(json_object(endpoint, key), &text);
    view_text(cell, "text", text.buf);
}

static void add_answered_by(const cJSON *endpoint, const char *key, cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    figures_providers(endpoint, &text);
    if (json_bool(endpoint, key, false))
        (void)strbuf_addstr(&text, "; mixed routes: the rates are of several systems");
    view_take(cell, "text", &text);
}

static void add_words(const cJSON *endpoint, void (*words)(const cJSON *endpoint, struct strbuf *out), cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    words(endpoint, &text);
    view_take(cell, "text", &text);
}

static void add_rows(const cJSON *model, cJSON *json)
{
    static const struct {
        const char *label, *key, *empty;
        void (*add)(const cJSON *endpoint, const char *key, cJSON *cell);
        bool mono;
        void (*words)(const cJSON *endpoint, struct strbuf *out); /* in place of `add` */
    } row[] = {
        { "Model requested", "model", "—", add_plain, false, NULL },
        { "Provider", "provider", "none named", add_plain, false, NULL },
        { "Answered by", "mixed_routes", "not reported", add_answered_by, false, NULL },
        { "Host", "base_url", "—", add_endpoint_host, true, NULL },
        { "Protocol", "protocol", "—", add_plain, false, NULL },
        { "Parameters", "params", "the server's defaults", add_params, false, NULL },
        { "Revision declared", "declared", "not declared", add_revision, true, NULL },
        { "Revision observed", "observed", "not reported", add_revision, true, NULL },
        { "Evidence", "evidence", "—", add_evidence, false, NULL },
        { "On the Hub", NULL, "not asked", NULL, false, provenance_hub },
        { "At the router", NULL, "not asked", NULL, false, provenance_route },
        { "Server says", NULL, "not reported", NULL, false, provenance_server },
        { "Drift", "drift", "none seen", add_plain, false, NULL },
        { "Requests at once", NULL, "not recorded", NULL, false, provenance_concurrency },
        { "Attempts", NULL, "not recorded", NULL, false, provenance_retries },
        { "Primary scorer", "scorer", "—", add_plain, false, NULL },
    };
    cJSON *rows = cJSON_AddArrayToObject(json, "rows");
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        const cJSON *endpoint;
        cJSON *out = view_item(rows);
        view_text(out, "label", row[i].label);
        cJSON *cells = cJSON_AddArrayToObject(out, "cells");
        cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
        {
            cJSON *cell = view_item(cells);
            if (row[i].words)
                add_words(endpoint, row[i].words, cell);
            else
                row[i].add(endpoint, row[i].key, cell);
            view_text(cell, "empty", row[i].empty);
            (void)cJSON_AddBoolToObject(cell, "mono", row[i].mono);
            if (!cJSON_GetObjectItemCaseSensitive(cell, "evidence"))
                (void)cJSON_AddNullToObject(cell, "evidence");
        }
    }
}

void view_add_provenance(const cJSON *model, cJSON *view)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *run = json_object(model, "run"), *dataset = json_object(run, "dataset");
    const char *version = json_string(dataset, "version");
    cJSON *json = cJSON_AddObjectToObject(view, "provenance");
    add_span(json, json_string(run, "started_at"), json_string(run, "finished_at"));
    view_text(json, "dataset", json_string(dataset, "name"));
    view_text(json, "version", version);
    provenance_counted(&text, dataset, "samples", "samples");
    provenance_counted(&text, dataset, "intents", "intents");
    view_take(json, "planned", &text);
    view_text(json, "suite", json_string(json_object(run, "suite"), "name"));
    view_textf(json, "harness", "gauntlet %s",
               json_string(json_object(run, "harness"), "version") ? json_string(json_object(run, "harness"), "version") : "");
    view_add_copy(model, json);
    add_rows(model, json);
    view_add_provenance_groups(model, json);
}
