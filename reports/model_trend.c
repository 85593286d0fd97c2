#include "reports/model_trend.h"

#include "base/json_member.h"
#include "base/nearest.h"
#include "reports/model_trend_charts.h"
#include "reports/sample_history.h"
#include "reports/trend_finding.h"

#include <string.h>

/* ---- Nights and eras ---- */

/* Attack success with its interval over intents, every scored epoch a row, as in the report of the run. */
static cJSON *night_asr(const struct history *h, const struct night *n)
{
    CLEANUP(cleanup_free) double *y = xcalloc((size_t)n->all.scored + 1, sizeof(*y));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc((size_t)n->all.scored + 1, sizeof(*cluster));
    size_t rows = 0;
    for (size_t i = 0; i < h->sample_count; i++) {
        const struct outcome *o = &n->sample[i];
        for (uint16_t k = 0; !h->sample[i].benign && k < o->scored; k++) {
            y[rows] = k < o->complied;
            cluster[rows++] = h->sample[i].cluster;
        }
    }
    struct rate rate = rate_clustered(y, cluster, rows);
    return rate_json(&rate);
}

static cJSON *night_json(const struct trend_view *v, size_t at)
{
    const struct night *n = &v->h->night[at];
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", n->row->run_id);
    json_member_text(json, "name", n->row->name);
    json_member_time(json, "started_at", n->row->started_at);
    json_member_time(json, "finished_at", n->row->finished_at);
    json_member_text(json, "status", run_status_name(n->row->status));
    json_member_int(json, "era", v->eras->count > 0, (int64_t)v->eras->of_night[at] + 1);
    json_member_text(json, "state", night_state_name(v->eras->state[at]));
    json_member_text(json, "baselines", n->row->baselines);
    json_member_text(json, "drift", n->row->drift);
    cJSON_AddItemToObject(json, "counts", counts_json(&n->all));
    (void)cJSON_AddNumberToObject(json, "epochs", n->epochs);
    cJSON_AddItemToObject(json, "asr", night_asr(v->h, n));
    cJSON *metrics = cJSON_AddObjectToObject(json, "metrics");
    trend_metrics_add(v, at, metrics);
    cJSON_AddItemToObject(json, "reference", night_against_reference(v->h, v->eras, at));
    return json;
}

static cJSON *era_json(const struct trend_view *v, size_t number)
{
    const struct era *era = &v->eras->era[number];
    const struct night_row *first = v->h->night[era->first].row, *last = v->h->night[era->last].row;
    CLEANUP(strbuf_release) struct strbuf reason = STRBUF_INIT;
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "era", (double)number + 1);
    json_member_text(json, "first", first->run_id);
    json_member_text(json, "last", last->run_id);
    json_member_time(json, "first_at", first->started_at);
    json_member_time(json, "last_at", last->started_at);
    (void)cJSON_AddNumberToObject(json, "nights", (double)(era->last - era->first + 1));
    (void)cJSON_AddNumberToObject(json, "counted", (double)era->counted);
    (void)cJSON_AddBoolToObject(json, "identity", era->identity);
    cJSON *changes = cJSON_AddArrayToObject(json, "changes");
    for (size_t i = 0; i < era->change_count; i++) {
        const struct era_change *c = &era->change[i];
        cJSON *change = cJSON_CreateObject();
        json_member_text(change, "field", c->field);
        json_member_text(change, "was", c->was);
        json_member_text(change, "is", c->is);
        cJSON_AddItemToArray(changes, change);
        (void)strbuf_addf(&reason, "%s%s: %s -> %s", i > 0 ? "; " : "", c->field, c->was, c->is);
    }
    json_member_word(json, "reason", reason.buf);
    return json;
}

static cJSON *history_json(const struct trend_view *v, const char *endpoint)
{
    const struct history *h = v->h;
    const struct night_row *newest = h->night[h->night_count - 1].row;
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "endpoint", endpoint);
    json_member_text(json, "model", newest->model);
    json_member_text(json, "scorer", newest->scorer);
    (void)cJSON_AddNumberToObject(json, "known", (double)h->night_count);
    (void)cJSON_AddNumberToObject(json, "shown", (double)(h->night_count - v->first_shown));
    cJSON *nights = cJSON_AddArrayToObject(json, "nights"), *eras = cJSON_AddArrayToObject(json, "eras");
    for (size_t i = v->first_shown; i < h->night_count; i++)
        cJSON_AddItemToArray(nights, night_json(v, i));
    for (size_t i = 0; i < v->eras->count; i++)
        cJSON_AddItemToArray(eras, era_json(v, i));
    trend_charts_add(v, json);
    cJSON_AddItemToObject(json, "samples", sample_history_json(h, v->eras, SAMPLE_NIGHTS));
    cJSON_AddItemToObject(json, "republish", republish_json(v->republish, h, v->eras));
    trend_finding_add(json);
    return json;
}

/* ---- What is asked for ---- */

static enum err unknown(const char *what, const char *name, const char *const *known, size_t count, struct error *e)
{
    const char *nearest = nearest_name(name, known, count);
    error_set(e, ERR_NOT_FOUND, "the store has no runs of %s '%.100s'", what, name);
    if (nearest)
        return error_suffix(e, "; did you mean '%.100s'?", nearest);
    error_suffix(e, "; there are:");
    for (size_t i = 0; i < count && i < 5; i++)
        error_suffix(e, "%s %.64s", i > 0 ? "," : "", known[i]);
    return ERR_NOT_FOUND;
}

static bool is_known(const char *name, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(known[i], name) == 0)
            return true;
    }
    return false;
}

static enum err choose_suite(struct store *s, const char *wanted, struct arena *a, const char **ret_suite, struct error *e)
{
    const char *const *name;
    size_t count;
    enum err rc = store_suite_names(s, a, &name, &count, e);
    if (rc != OK)
        return rc;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "store '%s' has no runs of a suite yet", store_path(s));
    if (wanted && !is_known(wanted, name, count))
        return unknown("suite", wanted, name, count, e);
    *ret_suite = wanted ? wanted : name[0];
    return OK;
}

static enum err choose_endpoints(struct store *s, const char *suite, const struct trend_options *o, struct arena *a,
                                 const char *const **ret_name, size_t *ret_count, struct error *e)
{
    size_t count, newest;
    enum err rc = store_suite_endpoints(s, suite, a, ret_name, &count, &newest, e);
    if (rc != OK)
        return rc;
    if (count == 0)
        return error_set(e, ERR_NOT_FOUND, "the runs of suite '%.100s' planned nothing yet", suite);
    *ret_count = newest > 0 ? newest : 1;
    for (size_t i = 0; i < o->endpoint_count; i++) {
        if (!is_known(o->endpoint[i], *ret_name, count))
            return unknown("endpoint", o->endpoint[i], *ret_name, count, e);
    }
    if (o->endpoint_count > 0) {
        *ret_name = o->endpoint;
        *ret_count = o->endpoint_count;
    }
    return OK;
}

static enum err add_history(struct store *s, const char *suite, const char *endpoint, size_t last, cJSON *list, struct error *e)
{
    struct history h;
    enum err rc = history_load(s, suite, endpoint, MAX_NIGHTS, &h, e);
    if (rc != OK)
        return rc;
    struct arena a = ARENA_INIT;
    struct eras eras = eras_of(&h, &a);
    struct republish republish;
    rc = republish_load(s, suite, endpoint, MAX_NIGHTS, &h, &eras, &a, &republish, e);
    if (rc == OK && h.night_count > 0) {
        struct trend_view v = { &h, &eras, &republish, h.night_count > last ? h.night_count - last : 0, &a };
        cJSON_AddItemToArray(list, history_json(&v, endpoint));
    }
    arena_release(&a);
    history_clear(&h);
    return rc;
}

static enum err build(struct store *s, const struct trend_options *o, struct arena *a, cJSON *model, struct error *e)
{
    const char *suite = NULL, *const *endpoint = NULL;
    size_t count = 0, last = o->last > 0 ? o->last : DEFAULT_SHOWN_NIGHTS;
    if (choose_suite(s, o->suite, a, &suite, e) != OK || choose_endpoints(s, suite, o, a, &endpoint, &count, e) != OK)
        return e->code;
    (void)cJSON_AddNumberToObject(model, "schema_version", 1);
    json_member_text(model, "suite", suite);
    (void)cJSON_AddNumberToObject(model, "last", (double)last);
    cJSON *list = cJSON_AddArrayToObject(model, "histories");
    for (size_t i = 0; i < count; i++) {
        if (add_history(s, suite, endpoint[i], last, list, e) != OK)
            return e->code;
    }
    return OK;
}

enum err model_trend_build(struct store *s, const struct trend_options *options, cJSON **ret_model, struct error *e)
{
    struct arena a = ARENA_INIT;
    cJSON *model = cJSON_CreateObject();
    enum err rc = build(s, options, &a, model, e);
    if (rc == OK)
        *ret_model = model;
    else
        cJSON_Delete(model);
    arena_release(&a);
    return rc;
}
