#include "reports/model_trend.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/model_trend_charts.h"
#include "reports/night_pairs.h"
#include "reports/open_alarms.h"
#include "reports/sample_history.h"
#include "reports/suite_choice.h"
#include "reports/trend_finding.h"

/* ---- Nights and eras ---- */

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
    struct rate asr = night_rate(v->h, at, ALL_CATEGORIES);
    cJSON_AddItemToObject(json, "asr", rate_json(&asr));
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
    (void)cJSON_AddNumberToObject(json, "learn", (double)v->learn);
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
    open_alarms_add(v, json);
    trend_finding_add(json);
    return json;
}

static enum err add_history(struct store *s, const char *suite, const char *endpoint, size_t last, size_t learn, cJSON *list,
                            struct error *e)
{
    struct history h;
    enum err rc = history_load(s, suite, endpoint, MAX_NIGHTS, &h, e);
    if (rc != OK)
        return rc;
    struct arena a = ARENA_INIT;
    struct eras eras = eras_of(&h, &a);
    struct probes probes;
    rc = probes_load(s, suite, endpoint, MAX_NIGHTS, &h, &eras, &a, &probes, e);
    if (rc == OK && h.night_count > 0) {
        struct republish republish = republish_of(&probes, &h, &eras, &a);
        struct trend_view v = { &h, &eras, &republish, h.night_count > last ? h.night_count - last : 0, learn, &a };
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
    size_t learn = o->learn > LEARNING_NIGHTS ? o->learn : LEARNING_NIGHTS;
    if (suite_choose(s, o->suite, a, &suite, e) != OK ||
        suite_choose_endpoints(s, suite, o->endpoint, o->endpoint_count, a, &endpoint, &count, e) != OK)
        return e->code;
    (void)cJSON_AddNumberToObject(model, "schema_version", 1);
    json_member_text(model, "suite", suite);
    (void)cJSON_AddNumberToObject(model, "last", (double)last);
    cJSON *list = cJSON_AddArrayToObject(model, "histories");
    for (size_t i = 0; i < count; i++) {
        if (add_history(s, suite, endpoint[i], last, learn, list, e) != OK)
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

int64_t model_trend_open_alarms(const cJSON *model)
{
    const cJSON *history;
    int64_t open = 0;
    cJSON_ArrayForEach(history, json_array(model, "histories"))
    {
        int64_t of = 0;
        (void)json_int(json_object(history, "tonight"), "open", &of);
        open += of;
    }
    return open;
}
