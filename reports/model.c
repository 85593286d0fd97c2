#include "reports/model.h"

#include "base/background.h"
#include "base/json.h"
#include "base/json_member.h"
#include "reports/model_claims.h"
#include "reports/model_conditions.h"
#include "reports/model_cost.h"
#include "reports/model_counted.h"
#include "reports/model_errors.h"
#include "reports/model_judges.h"
#include "reports/model_samples.h"
#include "reports/model_scorers.h"
#include "reports/model_traffic.h"
#include "reports/model_unsettled.h"
#include "reports/model_utility.h"
#include "store/reader.h"

#include <string.h>

enum { MAX_EVENTS = 50, MAX_PROVIDERS = 50 };

static void add_int(cJSON *object, const char *key, int64_t value)
{
    (void)cJSON_AddNumberToObject(object, key, (double)value);
}

static enum err add_dataset(struct store *s, const struct run_row *run, struct arena *a, cJSON *json, struct error *e)
{
    struct dataset_row dataset;
    struct dataset_counts counts;
    if (store_dataset_get(s, run->dataset_id, a, &dataset, e) != OK || store_dataset_counts(s, run->id, &counts, e) != OK)
        return e->code;
    cJSON *d = cJSON_AddObjectToObject(json, "dataset");
    json_member_text(d, "name", dataset.name);
    json_member_text(d, "version", dataset.version);
    json_member_text(d, "sha256", dataset.sha256);
    add_int(d, "samples", counts.samples);
    add_int(d, "intents", counts.intents);
    add_int(d, "categories", counts.categories);
    add_int(d, "subcategories", counts.subcategories);
    json_member_text(d, "source", dataset.source);
    json_member_text(d, "revision", dataset.revision);
    json_member_text(d, "license", dataset.license);
    (void)cJSON_AddBoolToObject(d, "verified", dataset.verified);
    return OK;
}

static enum err add_run(struct store *s, const struct run_row *run, struct arena *a, cJSON *model, struct error *e)
{
    cJSON *json = cJSON_AddObjectToObject(model, "run");
    json_member_text(json, "id", run->id);
    json_member_text(json, "name", run->name);
    json_member_text(json, "status", run_status_name(run->status));
    json_member_time(json, "started_at", run->started_at);
    json_member_time(json, "finished_at", run->finished_at);
    cJSON *suite = cJSON_AddObjectToObject(json, "suite");
    json_member_text(suite, "name", run->suite_name);
    json_member_text(suite, "sha256", run->suite_sha256);
    json_member_text(suite, "path", run->suite_path);
    if (add_dataset(s, run, a, json, e) != OK)
        return e->code;
    cJSON *harness = cJSON_AddObjectToObject(json, "harness");
    json_member_text(harness, "version", run->harness_version);
    json_member_text(harness, "commit", run->harness_commit);
    json_member_text(json, "comparability_key", run->comparability_key);
    json_member_text(json, "sample_set_sha256", run->sample_set_sha256);
    add_int(json, "excluded", run->excluded);
    json_member_parsed(json, "options", run->options_json);
    return OK;
}

static enum err add_events(struct store *s, const struct run_row *run, struct arena *a, cJSON *model, struct error *e)
{
    struct event_row *event;
    size_t count;
    if (store_event_list(s, run->id, MAX_EVENTS, a, &event, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(model, "events");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_time(json, "at", event[i].at);
        json_member_text(json, "level", event[i].level);
        json_member_text(json, "kind", event[i].kind);
        json_member_text(json, "message", event[i].message);
        cJSON_AddItemToArray(list, json);
    }
    return OK;
}

static enum err add_attempts(struct store *s, const struct endpoint_row *row, struct arena *a, cJSON *endpoint, struct error *e)
{
    struct attempt_totals totals;
    if (store_attempt_totals(s, row->id, a, &totals, e) != OK)
        return e->code;
    model_add_cost(&totals, &row->price, endpoint);

    cJSON *http = cJSON_AddObjectToObject(endpoint, "http");
    add_int(http, "attempts", totals.attempts);
    add_int(http, "retries", totals.retries);
    add_int(http, "lost", totals.lost);
    cJSON *by_status = cJSON_AddObjectToObject(http, "by_status");
    for (size_t i = 0; i < totals.by_status_count; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "%d", totals.by_status[i].status);
        add_int(by_status, key, totals.by_status[i].count);
    }
    return OK;
}

/* Who answered. More than one provider in the rates is a mixture of systems, and said so. */
static enum err add_providers(struct store *s, int64_t endpoint_id, int64_t scorer_id, struct arena *a, cJSON *endpoint, struct error *e)
{
    struct provider_group *group;
    size_t count, mixed = 0;
    if (store_provider_groups(s, endpoint_id, scorer_id, MAX_PROVIDERS, a, &group, &count, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(endpoint, "providers");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "name", group[i].provider);
        add_int(json, "answers", group[i].answers);
        add_int(json, "apart", group[i].apart);
        cJSON_AddItemToArray(list, json);
        mixed += group[i].provider && group[i].answers > group[i].apart;
    }
    (void)cJSON_AddBoolToObject(endpoint, "mixed_routes", mixed > 1);
    return OK;
}

static void add_endpoint_facts(const struct endpoint_row *row, const struct scorer_row *primary, cJSON *json)
{
    json_member_text(json, "name", row->name);
    json_member_text(json, "model", row->model);
    json_member_text(json, "provider", row->provider);
    cJSON *revision = cJSON_AddObjectToObject(json, "revision");
    json_member_text(revision, "declared", row->revision_declared);
    json_member_text(revision, "observed", row->revision_observed);
    json_member_text(revision, "evidence", evidence_name(row->evidence));
    json_member_parsed(json, "provenance", row->provenance_json);
    json_member_text(json, "drift", row->drift);
    json_member_text(json, "protocol", row->protocol);
    json_member_text(json, "base_url", row->base_url);
    json_member_parsed(json, "params", row->params_json);
    json_member_text(json, "scorer", primary->name);
}

/* What is counted from an endpoint's rows, while the store is read on. */
struct counting {
    struct rows rows;
    struct model_counted_options options;
    cJSON *json;
    struct error e;
    enum err rc;
};

static void count_rows(void *context)
{
    struct counting *c = context;
    c->rc = model_add_counted(&c->rows, &c->options, c->json, &c->e);
}

/* What the store says of an endpoint beside its rows. */
static enum err add_read(struct store *s, const struct run_row *run, const struct endpoint_row *row, const struct model_scorers *scorers,
                         const struct model_options *options, const char *withheld, struct arena *a, cJSON *json, struct error *e)
{
    enum err rc = add_attempts(s, row, a, json, e);
    if (rc == OK && !options->no_charts)
        rc = model_add_traffic(s, row->id, a, json, e);
    if (rc == OK)
        rc = model_add_budget_stop(s, run, row, json, e);
    if (rc == OK)
        rc = model_add_errors(s, row->id, withheld, a, json, e);
    if (rc == OK)
        rc = add_providers(s, row->id, scorers->row[scorers->primary].id, a, json, e);
    if (rc == OK)
        rc = model_add_scorers(s, row, scorers, options->errors_as, json, e);
    return rc;
}

static void move_members(cJSON *from, cJSON *to)
{
    for (cJSON *member = cJSON_DetachItemFromArray(from, 0); member; member = cJSON_DetachItemFromArray(from, 0))
        cJSON_AddItemToArray(to, member); /* with the name that it has */
}

/* Members in the order of the contract, whatever was ready first. */
static enum err add_endpoint(struct store *s, const struct run_row *run, const struct endpoint_row *row,
                             const struct model_scorers *scorers, const struct model_options *options, struct arena *a, cJSON *list,
                             struct error *e)
{
    const struct scorer_row *primary = &scorers->row[scorers->primary];
    cJSON *json = cJSON_CreateObject();
    CLEANUP(json_freep) cJSON *read = cJSON_CreateObject();
    CLEANUP(json_freep) cJSON *unsettled = cJSON_CreateObject();
    struct background counting = { 0 };
    struct counting c = { .json = json,
                          .options = { .endpoint = row->name,
                                       .scorer_kind = primary->kind,
                                       .calibration = &scorers->calibration[scorers->primary],
                                       .errors_as = options->errors_as,
                                       .no_charts = options->no_charts } };
    cJSON_AddItemToArray(list, json);
    add_endpoint_facts(row, primary, json);
    enum err rc = rows_load(s, row->id, primary->id, &c.rows, e);
    if (rc != OK)
        return rc;
    int64_t *shown = arena_array(a, options->samples, sizeof(*shown));
    size_t shown_count = model_samples_choose(&c.rows, options->samples, shown);
    if (options->unsettled)
        model_add_unsettled(&c.rows, unsettled);
    CLEANUP(strbuf_release) struct strbuf withheld = STRBUF_INIT;
    model_errors_withheld(&c.rows, &options->redact, &withheld);
    background_start(&counting, count_rows, &c);
    rc = add_read(s, run, row, scorers, options, withheld.buf, a, read, e);
    background_wait(&counting);
    if (rc == OK && c.rc != OK) {
        *e = c.e;
        rc = c.rc;
    }
    if (options->shelf && options->errors_as == ERRORS_MISSING)
        rows_shelf_put(options->shelf, row->id, primary->id, &c.rows);
    rows_clear(&c.rows);
    move_members(read, json);
    move_members(unsettled, json);
    if (rc == OK && options->samples > 0)
        rc = model_add_samples(s, shown, shown_count, options, a, json, e);
    return rc;
}

/* What the rates of this document pretend; `missing` = nothing. */
static void add_errors_as(enum errors_as as, const cJSON *endpoints, cJSON *model)
{
    const cJSON *endpoint;
    int64_t trials = 0, one;
    cJSON_ArrayForEach(endpoint, endpoints) trials += json_int(endpoint, "imputed", &one) ? one : 0;
    cJSON *json = cJSON_AddObjectToObject(model, "errors_as");
    (void)cJSON_AddStringToObject(json, "as", errors_as_name(as));
    add_int(json, "trials", trials);
}

static enum err build(struct store *s, const char *run_id, const struct model_options *options, struct arena *a, cJSON *model,
                      struct error *e)
{
    struct run_row run;
    struct endpoint_row *endpoint;
    struct model_scorers scorers;
    size_t endpoint_count;
    if (store_run_find(s, run_id, a, &run, e) != OK || store_endpoint_list(s, run.id, a, &endpoint, &endpoint_count, e) != OK ||
        model_scorers_read(s, run.id, a, &scorers, e) != OK)
        return e->code;

    (void)cJSON_AddNumberToObject(model, "schema_version", 1);
    if (add_run(s, &run, a, model, e) != OK)
        return e->code;
    cJSON *list = cJSON_AddArrayToObject(model, "endpoints");
    for (size_t i = 0; i < endpoint_count; i++) {
        if (add_endpoint(s, &run, &endpoint[i], &scorers, options, a, list, e) != OK)
            return e->code;
    }
    if (model_add_conditions(s, &run, a, model, e) != OK)
        return e->code;
    add_errors_as(options->errors_as, list, model);
    model_add_claims(run.suite_json, model);
    if (model_add_judges(s, run.id, a, model, e) != OK)
        return e->code;
    model_add_total_cost(model);
    if (model_add_flip_rates(s, run.id, a, model, e) != OK)
        return e->code;
    model_add_quality(&scorers, model);
    return add_events(s, &run, a, model, e);
}

enum err model_build(struct store *s, const char *run_id, const struct model_options *options, cJSON **ret_model, struct error *e)
{
    struct arena a = ARENA_INIT;
    cJSON *model = cJSON_CreateObject();
    enum err rc = build(s, run_id, options, &a, model, e);
    if (rc == OK)
        *ret_model = model;
    else
        cJSON_Delete(model);
    arena_release(&a);
    return rc;
}
