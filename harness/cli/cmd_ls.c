/*
 * ls: what there is: runs in the store, endpoints of the configuration, data sets and suites in their folders.
 */
#include "base/clock.h"
#include "base/json_member.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/units.h"
#include "cli/baseline_list.h"
#include "cli/catalogue_list.h"
#include "cli/command.h"
#include "cli/common.h"
#include "cli/dataset_list.h"
#include "cli/output.h"
#include "config/suite.h"

#include <glob.h>
#include <string.h>

static const char *time_text(struct arena *a, int64_t wall_us)
{
    CLEANUP(strbuf_release) struct strbuf time = STRBUF_INIT;
    if (wall_us > 0)
        clock_format_utc(wall_us, false, &time);
    return arena_strdup(a, time.buf);
}

static enum err list_runs(struct workspace *w, const struct options *o, struct error *e)
{
    static const char *const heading[] = { "RUN", "NAME", "SUITE", "STATUS", "STARTED", "TRIALS", "PENDING" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    struct run_row *run;
    size_t count;
    if (common_open_store(w, o, STORE_READ, e) != OK || store_run_list(w->store, 0, &w->arena, &run, &count, e) != OK)
        return e->code;

    cJSON *document = output_document();
    cJSON *list = cJSON_AddArrayToObject(document, "runs");
    for (size_t i = 0; i < count; i++) {
        struct status_counts counts;
        if (store_status_counts(w->store, run[i].id, 0, &counts, e) != OK) {
            cJSON_Delete(document);
            output_table_release(&table);
            return e->code;
        }
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "id", run[i].id);
        json_member_text(json, "name", run[i].name);
        json_member_text(json, "suite", run[i].suite_name);
        json_member_text(json, "status", run_status_name(run[i].status));
        json_member_time(json, "started_at", run[i].started_at);
        json_member_time(json, "finished_at", run[i].finished_at);
        (void)cJSON_AddNumberToObject(json, "planned", (double)counts.planned);
        (void)cJSON_AddNumberToObject(json, "pending", (double)counts.by_status[TRIAL_PENDING]);
        json_member_text(json, "comparability_key", run[i].comparability_key);
        cJSON_AddItemToArray(list, json);

        output_table_add(&table, run[i].id);
        output_table_add(&table, run[i].name);
        output_table_add(&table, run[i].suite_name);
        output_table_add(&table, run_status_name(run[i].status));
        output_table_add(&table, time_text(&w->arena, run[i].started_at));
        output_table_add(&table, arena_printf(&w->arena, "%lld", (long long)counts.planned));
        output_table_add(&table, arena_printf(&w->arena, "%lld", (long long)counts.by_status[TRIAL_PENDING]));
    }
    output_either(document, &table, option_given(o, OPT_JSON), "no runs yet");
    return OK;
}

static enum err list_endpoints(struct workspace *w, const struct options *o, struct error *e)
{
    static const char *const heading[] = { "ENDPOINT", "PROTOCOL", "MODEL", "PROVIDER", "BASE URL", "KEY" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    if (common_load_settings(w, o, false, e) != OK)
        return e->code;
    if (option_given(o, OPT_CATALOG))
        return catalogue_list(w, option_given(o, OPT_JSON), e);

    cJSON *document = output_document();
    cJSON *list = cJSON_AddArrayToObject(document, "endpoints");
    for (size_t i = 0; i < w->settings.endpoint_count; i++) {
        const struct endpoint_config *c = &w->settings.endpoint[i];
        bool usable = settings_require_key(&w->settings, c, NULL) == OK;
        const char *key = !usable ? "missing" : c->api_key ? secret_display(c->api_key) : "none";
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "name", c->name);
        json_member_text(json, "protocol", c->protocol);
        json_member_text(json, "base_url", c->base_url);
        json_member_text(json, "model", c->model);
        json_member_text(json, "provider", c->provider);
        json_member_text(json, "revision", c->revision);
        json_member_text(json, "key", key);
        cJSON_AddItemToArray(list, json);

        output_table_add(&table, c->name);
        output_table_add(&table, c->protocol);
        output_table_add(&table, c->model);
        output_table_add(&table, c->provider ? c->provider : "-");
        output_table_add(&table, c->base_url);
        output_table_add(&table, key);
    }
    output_either(document, &table, option_given(o, OPT_JSON), "the configuration has no endpoints");
    return OK;
}

/* Files of a pattern; a file that does not load is listed with its problem. */
static void list_files(const char *pattern, struct workspace *w, cJSON *list, struct output_table *table,
                       void (*describe)(const char *path, struct workspace *w, cJSON *json, struct output_table *table))
{
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "path", found.gl_pathv[i]);
        describe(found.gl_pathv[i], w, json, table);
        cJSON_AddItemToArray(list, json);
    }
    globfree(&found);
}

static void describe_suite(const char *path, struct workspace *w, cJSON *json, struct output_table *table)
{
    struct error e;
    struct suite suite = { 0 };
    if (suite_load(path, &w->arena, &suite, &e) != OK) {
        json_member_text(json, "problem", e.msg);
        output_table_add(table, path);
        output_table_add(table, "");
        output_table_add(table, "");
        output_table_add(table, e.msg);
        return;
    }
    json_member_text(json, "name", suite.name);
    json_member_text(json, "dataset", suite.dataset_path);
    cJSON *scorers = cJSON_AddArrayToObject(json, "scorers");
    for (size_t i = 0; i < suite.scorer_count; i++)
        cJSON_AddItemToArray(scorers, cJSON_CreateString(suite.scorer[i].kind));
    output_table_add(table, suite.name);
    output_table_add(table, suite.scorer[0].kind);
    output_table_add(table, path);
    output_table_add(table, suite.dataset_path);
    suite_release(&suite);
}

static enum err list_suites(struct workspace *w, const struct options *o)
{
    static const char *const heading[] = { "SUITE", "SCORER", "PATH", "DATASET" };
    struct output_table table = { .columns = ARRAY_LEN(heading), .heading = heading };
    cJSON *document = output_document();
    list_files("suites/*.yaml", w, cJSON_AddArrayToObject(document, "suites"), &table, describe_suite);
    output_either(document, &table, option_given(o, OPT_JSON), "no suite in ./suites");
    return OK;
}

static enum err list(struct workspace *w, const struct options *o, struct error *e)
{
    static const char *const known[] = { "runs", "endpoints", "datasets", "suites", "baselines" };
    const char *what = o->argument_count ? o->argument[0] : "runs";
    if (strcmp(what, "runs") == 0)
        return list_runs(w, o, e);
    if (strcmp(what, "endpoints") == 0)
        return list_endpoints(w, o, e);
    if (strcmp(what, "suites") == 0)
        return list_suites(w, o);
    if (strcmp(what, "baselines") == 0)
        return common_open_store(w, o, STORE_READ, e) == OK ? baseline_list(w, option_given(o, OPT_JSON), e) : e->code;
    if (strcmp(what, "datasets") == 0) {
        dataset_list(&w->arena, option_given(o, OPT_JSON));
        return OK;
    }
    const char *near = nearest_name(what, known, ARRAY_LEN(known));
    return error_set(e, ERR_INVALID, "ls knows runs, endpoints, datasets, suites and baselines, not '%.40s'%s%s%s", what,
                     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static enum exit_code run(const struct options *o)
{
    return common_act(o, list);
}

const struct command cmd_ls = {
    .name = "ls",
    .arguments = "[WHAT]",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = OPTION_LIST(OPT_CATALOG),
    .help = "list runs (default), endpoints, datasets, suites or baselines",
    .manual = "runs are those of the store, newest first; endpoints those of the configuration; datasets are the folders of\n"
              "./datasets with a dataset.yaml, and the presets for published sets; suites the files of ./suites;\n"
              "baselines the names that runs to compare with have.\n"
              "endpoints --catalog asks the router which models read images, who serves them and at what price; no token is sent.\n",
    .run = run,
};
