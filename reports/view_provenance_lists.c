/* view_provenance_lists - of the provenance: the run, its data and selection, comparability and scorers, as pairs of label and text. */
#include "reports/view_provenance.h"

#include "base/json.h"
#include "base/sha256.h"
#include "base/units.h"
#include "reports/calibration_text.h"
#include "reports/figures.h"
#include "reports/provenance_text.h"
#include "reports/view_text.h"

#include <string.h>

void provenance_flat(const cJSON *object, struct strbuf *out)
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

void provenance_counted(struct strbuf *out, const cJSON *dataset, const char *key, const char *word)
{
    int64_t count = figures_count(dataset, key);
    if (count == 0)
        return;
    (void)strbuf_addstr(out, out->len ? ", " : "");
    units_format_count(count, out);
    (void)strbuf_addf(out, " %s", word);
}

/* A pair whose text is still to be added. */
static cJSON *add_open_pair(cJSON *list, const char *label, bool mono)
{
    cJSON *pair = view_item(list);
    view_text(pair, "label", label);
    (void)cJSON_AddBoolToObject(pair, "mono", mono);
    return pair;
}

static void add_pair(cJSON *list, const char *label, const char *text, bool mono)
{
    if (text && text[0])
        view_text(add_open_pair(list, label, mono), "text", text);
}

static void add_time_pair(cJSON *list, const char *label, const char *time)
{
    if (time)
        view_time(add_open_pair(list, label, false), "text", time);
}

static cJSON *add_group(cJSON *groups, const char *heading)
{
    cJSON *group = view_item(groups);
    view_text(group, "heading", heading);
    return cJSON_AddArrayToObject(group, "pairs");
}

/* Each command with its time, and with the program when another one than the run's made it. */
static void add_sessions(const cJSON *run, cJSON *list)
{
    const cJSON *session, *harness = json_object(run, "harness");
    const char *version = json_string(harness, "version"), *commit = json_string(harness, "commit");
    if (figures_count(run, "sessions_more"))
        view_textf(add_open_pair(list, "Earlier commands", false), "text", "%lld more", (long long)figures_count(run, "sessions_more"));
    cJSON_ArrayForEach(session, json_array(run, "sessions"))
    {
        add_pair(list, "Command", json_string(session, "command"), true);
        add_time_pair(list, "at", json_string(session, "at"));
        const char *own = json_string(session, "version"), *built = json_string(session, "commit");
        if (own && version && (strcmp(own, version) != 0 || strcmp(built ? built : "", commit ? commit : "") != 0))
            view_textf(add_open_pair(list, "by", false), "text", "gauntlet %s, commit %s", own, built ? built : "unknown");
        add_pair(list, "on", json_string(session, "system"), false);
    }
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
    provenance_flat(options, &text);
    add_pair(list, "Options", text.buf, false);
    strbuf_clear(&text);
    provenance_dispatch(run, &text);
    add_pair(list, "Dispatch", text.buf, false);
    add_sessions(run, list);
}

/* "random order, seed 3, the first 30", and the system prompt by its hash. */
static void add_selection(const cJSON *options, cJSON *list)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    const char *order = json_string(options, "sample_order"), *system = json_string(options, "system");
    int64_t limit = figures_count(options, "limit");
    if (order && strcmp(order, "file") == 0)
        (void)strbuf_addstr(&text, "order of the file, ");
    else if (order)
        (void)strbuf_addf(&text, "%s order, seed %lld, ", order, (long long)figures_count(options, "seed"));
    if (limit)
        (void)strbuf_addf(&text, "the first %lld", (long long)limit);
    else
        (void)strbuf_addstr(&text, "all that the suite selects");
    const cJSON *select = json_object(options, "select");
    if (select && select->child) {
        (void)strbuf_addstr(&text, ": ");
        json_add_tree(&text, select);
    }
    add_pair(list, "Selection", text.buf, false);
    if (system && system[0])
        add_pair(list, "System prompt sha256", sha256_of(system, strlen(system)).text, true);
    else
        add_pair(list, "System prompt", "none", false);
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
    provenance_counted(&text, dataset, "samples", "samples");
    provenance_counted(&text, dataset, "intents", "intents");
    provenance_counted(&text, dataset, "categories", "categories");
    provenance_counted(&text, dataset, "subcategories", "subcategories");
    add_pair(list, "Planned", text.buf, false);
    if (figures_count(run, "excluded")) {
        strbuf_clear(&text);
        units_format_count(figures_count(run, "excluded"), &text);
        (void)strbuf_addstr(&text, " invalid samples, never planned");
        add_pair(list, "Excluded", text.buf, false);
    }
    strbuf_clear(&text);
    provenance_selected(run, &text);
    add_pair(list, "Selected", text.buf, false);
    add_pair(list, "Sample set", json_string(run, "sample_set_sha256"), true);
    add_selection(json_object(run, "options"), list);
}

/* Of each endpoint's primary scorer. */
static void add_calibration(const cJSON *model, cJSON *list)
{
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(model, "endpoints"))
    {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        if (cJSON_GetArraySize(json_array(model, "endpoints")) > 1)
            (void)strbuf_addf(&text, "%s: ", json_string(endpoint, "name"));
        calibration_text(json_object(endpoint, "calibration"), &text);
        add_pair(list, "Calibration", text.buf, false);
    }
}

/* A judge is its model and its rubric: both are part of what makes two runs comparable. */
static void add_judges(const cJSON *config, cJSON *list)
{
    const cJSON *judge;
    cJSON_ArrayForEach(judge, json_array(config, "judges")) add_pair(list, "judge", json_string(judge, "model"), false);
    add_pair(list, "rubric sha256", json_string(config, "rubric_sha256"), true);
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
        add_judges(json_object(scorer, "config"), list);
        strbuf_clear(&text);
        provenance_flat(json_object(scorer, "config"), &text);
        add_pair(list, "settings", text.buf, false);
    }
    add_calibration(model, list);
}

void view_add_provenance_groups(const cJSON *model, cJSON *json)
{
    const cJSON *run = json_object(model, "run");
    cJSON *groups = cJSON_AddArrayToObject(json, "groups");
    add_run_group(run, groups);
    add_data_group(run, groups);
    add_comparability_group(model, run, groups);
}
