/* view_provenance - what was run, on what data, against which models; enough to do it again or to say why not. */
#include "reports/html_view.h"

#include "base/json.h"
#include "base/units.h"
#include "reports/figures.h"
#include "reports/provenance_text.h"
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

/* "temperature 0, max_tokens 512" of an object; what is empty or null is left out. */
static void add_flat(const cJSON *object, struct strbuf *out)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        bool container = cJSON_IsObject(member) || cJSON_IsArray(member);
        if (cJSON_IsNull(member) || (container && !member->child))
            continue;
        (void)strbuf_addf(out, "%s%s ", out->len ? ", " : "", member->string);
        if (cJSON_IsString(member))
            (void)strbuf_addstr(out, member->valuestring);
        else if (cJSON_IsNumber(member))
            (void)strbuf_addf(out, "%.12g", member->valuedouble);
        else
            json_add_tree(out, member);
    }
}

static void add_params(const cJSON *endpoint, const char *key, cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    add_flat(json_object(endpoint, key), &text);
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

static void add_hub(const cJSON *endpoint, const char *key, cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)key;
    provenance_hub(endpoint, &text);
    view_take(cell, "text", &text);
}

static void add_route(const cJSON *endpoint, const char *key, cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)key;
    provenance_route(endpoint, &text);
    view_take(cell, "text", &text);
}

static void add_server(const cJSON *endpoint, const char *key, cJSON *cell)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    (void)key;
    provenance_server(endpoint, &text);
    view_take(cell, "text", &text);
}

static void add_rows(const cJSON *model, cJSON *json)
{
    static const struct {
        const char *label, *key, *empty;
        void (*add)(const cJSON *endpoint, const char *key, cJSON *cell);
        bool mono;
    } row[] = {
        { "Model requested", "model", "—", add_plain, false },
        { "Provider", "provider", "none named", add_plain, false },
        { "Answered by", "mixed_routes", "not reported", add_answered_by, false },
        { "Host", "base_url", "—", add_endpoint_host, true },
        { "Protocol", "protocol", "—", add_plain, false },
        { "Parameters", "params", "the server's defaults", add_params, false },
        { "Revision declared", "declared", "not declared", add_revision, true },
        { "Revision observed", "observed", "not reported", add_revision, true },
        { "Evidence", "evidence", "—", add_evidence, false },
        { "On the Hub", "provenance", "not asked", add_hub, false },
        { "At the router", "provenance", "not asked", add_route, false },
        { "Server says", "provenance", "not reported", add_server, false },
        { "Drift", "drift", "none seen", add_plain, false },
        { "Primary scorer", "scorer", "—", add_plain, false },
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
            row[i].add(endpoint, row[i].key, cell);
            view_text(cell, "empty", row[i].empty);
            (void)cJSON_AddBoolToObject(cell, "mono", row[i].mono);
            if (!cJSON_GetObjectItemCaseSensitive(cell, "evidence"))
                (void)cJSON_AddNullToObject(cell, "evidence");
        }
    }
}

/* ---- three lists ------------------------------------------------------------------------------------------------ */

static void add_pair(cJSON *list, const char *label, const char *text, bool mono)
{
    if (!text || !text[0])
        return;
    cJSON *pair = view_item(list);
    view_text(pair, "label", label);
    view_text(pair, "text", text);
    (void)cJSON_AddBoolToObject(pair, "mono", mono);
}

static void add_time_pair(cJSON *list, const char *label, const char *time)
{
    if (!time)
        return;
    cJSON *pair = view_item(list);
    view_text(pair, "label", label);
    view_time(pair, "text", time);
    (void)cJSON_AddBoolToObject(pair, "mono", false);
}

static cJSON *add_group(cJSON *groups, const char *heading)
{
    cJSON *group = view_item(groups);
    view_text(group, "heading", heading);
    return cJSON_AddArrayToObject(group, "pairs");
}

static void add_run_group(const cJSON *run, cJSON *groups)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *suite = json_object(run, "suite"), *harness = json_object(run, "harness"), *options = json_object(run, "options");
    cJSON *list = add_group(groups, "Run");
    add_pair(list, "Id", json_string(run, "id"), true);
    add_pair(list, "Name", json_string(run, "name"), false);
    add_pair(list, "Status", json_string(run, "status"), false);
    add_time_pair(list, "Started", json_string(run, "started_at"));
    add_time_pair(list, "Finished", json_string(run, "finished_at"));
    add_pair(list, "Suite", json_string(suite, "name"), false);
    add_pair(list, "Suite file", json_string(suite, "path"), true);
    add_pair(list, "Suite sha256", json_string(suite, "sha256"), true);
    (void)strbuf_addf(&text, "gauntlet %s", json_string(harness, "version") ? json_string(harness, "version") : "");
    if (json_string(harness, "commit"))
        (void)strbuf_addf(&text, ", commit %s", json_string(harness, "commit"));
    add_pair(list, "Harness", text.buf, false);
    strbuf_clear(&text);
    add_flat(options, &text);
    add_pair(list, "Options", text.buf, false);
}

static void add_counted(struct strbuf *out, const cJSON *dataset, const char *key, const char *word)
{
    int64_t count = figures_count(dataset, key);
    if (count == 0)
        return;
    (void)strbuf_addstr(out, out->len ? ", " : "");
    units_format_count(count, out);
    (void)strbuf_addf(out, " %s", word);
}

static void add_data_group(const cJSON *run, cJSON *groups)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const cJSON *dataset = json_object(run, "dataset");
    const char *name = json_string(dataset, "name"), *version = json_string(dataset, "version");
    cJSON *list = add_group(groups, "Data and selection");
    (void)strbuf_addf(&text, "%s%s%s", name ? name : "", version ? " " : "", version ? version : "");
    add_pair(list, "Data set", text.buf, false);
    add_pair(list, "sha256", json_string(dataset, "sha256"), true);
    add_pair(list, "Licence", json_string(dataset, "license") ? json_string(dataset, "license") : "not stated", false);
    add_pair(list, "Source", json_string(dataset, "source") ? json_string(dataset, "source") : "not stated", false);
    add_pair(list, "Revision", json_string(dataset, "revision"), true);
    strbuf_clear(&text);
    add_counted(&text, dataset, "samples", "samples");
    add_counted(&text, dataset, "intents", "intents");
    add_counted(&text, dataset, "categories", "categories");
    add_counted(&text, dataset, "subcategories", "subcategories");
    add_pair(list, "Planned", text.buf, false);
    if (figures_count(run, "excluded")) {
        strbuf_clear(&text);
        units_format_count(figures_count(run, "excluded"), &text);
        (void)strbuf_addstr(&text, " invalid samples, never planned");
        add_pair(list, "Excluded", text.buf, false);
    }
    add_pair(list, "Sample set", json_string(run, "sample_set_sha256"), true);
}

/* Scorers are the run's, so the first endpoint tells. */
static void add_comparability_group(const cJSON *model, const cJSON *run, cJSON *groups)
{
    const cJSON *scorer;
    cJSON *list = add_group(groups, "Comparability and scorers");
    add_pair(list, "Key", json_string(run, "comparability_key"), true);
    cJSON_ArrayForEach(scorer, json_array(cJSON_GetArrayItem(json_array(model, "endpoints"), 0), "scorers"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        (void)strbuf_addf(&text, "%s%s", json_string(scorer, "name"),
                          json_bool(scorer, "primary", false) ? ", primary: its verdicts make the headline" : "");
        add_pair(list, "Scorer", text.buf, false);
        add_pair(list, "identity", json_string(scorer, "identity_sha256"), true);
        strbuf_clear(&text);
        add_flat(json_object(scorer, "config"), &text);
        add_pair(list, "settings", text.buf, false);
    }
    add_pair(list, "Calibration", "none: verdicts are not corrected with human labels", false);
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
    add_counted(&text, dataset, "samples", "samples");
    add_counted(&text, dataset, "intents", "intents");
    view_take(json, "planned", &text);
    view_text(json, "suite", json_string(json_object(run, "suite"), "name"));
    view_textf(json, "harness", "gauntlet %s",
               json_string(json_object(run, "harness"), "version") ? json_string(json_object(run, "harness"), "version") : "");
    view_add_copy(model, json);
    add_rows(model, json);
    cJSON *groups = cJSON_AddArrayToObject(json, "groups");
    add_run_group(run, groups);
    add_data_group(run, groups);
    add_comparability_group(model, run, groups);
}
