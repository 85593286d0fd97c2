#include "reports/model_conditions.h"

#include "base/json.h"
#include "base/json_member.h"
#include "store/run_record.h"

#include <math.h>
#include <string.h>

static void copy_int(const cJSON *from, const char *key, cJSON *to)
{
    int64_t value = 0;
    bool known = json_int(from, key, &value);
    json_member_int(to, key, known, value);
}

static void copy_number(const cJSON *from, const char *key, cJSON *to)
{
    double value = (double)NAN;
    (void)json_number(from, key, &value);
    json_member_number(to, key, value);
}

static void add_dispatch(const cJSON *config, cJSON *run)
{
    const cJSON *from = json_object(config, "dispatch");
    cJSON *dispatch = cJSON_AddObjectToObject(run, "dispatch");
    copy_int(from, "io_threads", dispatch);
    copy_int(from, "max_in_flight", dispatch);
}

static void add_sessions(const struct run_record *record, cJSON *run)
{
    cJSON *sessions = cJSON_AddArrayToObject(run, "sessions");
    for (size_t i = 0; i < record->session_count; i++) {
        const struct session_record *r = &record->session[i];
        cJSON *session = cJSON_CreateObject();
        json_member_time(session, "at", r->at);
        json_member_text(session, "command", r->command);
        json_member_text(session, "version", r->version);
        json_member_text(session, "commit", r->commit);
        json_member_text(session, "system", r->system);
        json_member_int(session, "io_threads", r->io_threads > 0, r->io_threads);
        json_member_int(session, "max_in_flight", r->max_in_flight > 0, r->max_in_flight);
        cJSON_AddItemToArray(sessions, session);
    }
    json_member_int(run, "sessions_more", true, record->sessions - (int64_t)record->session_count);
}

static const cJSON *limits_of(const cJSON *config, const char *name)
{
    const cJSON *endpoint;
    cJSON_ArrayForEach(endpoint, json_array(config, "endpoints"))
    {
        const char *own = json_string(endpoint, "name");
        if (own && strcmp(own, name) == 0)
            return json_object(endpoint, "limits");
    }
    return NULL;
}

static void add_limits(const struct run_record *record, const cJSON *config, const char *name, cJSON *endpoint)
{
    static const char *const whole[] = { "timeout_us", "trial_timeout_us", "attempts" };
    static const char *const real[] = { "requests_per_minute", "tokens_per_minute", "budget_usd" };
    const cJSON *from = limits_of(config, name), *at_once = json_get(from, "max_in_flight");
    int64_t peak = -1;
    for (size_t i = 0; i < record->at_once_count; i++) {
        if (strcmp(record->at_once[i].endpoint, name) == 0)
            peak = record->at_once[i].peak;
    }
    if (from) {
        cJSON *limits = cJSON_AddObjectToObject(endpoint, "limits");
        cJSON_AddItemToObject(limits, "max_in_flight", at_once ? cJSON_Duplicate(at_once, true) : cJSON_CreateNull());
        for (size_t i = 0; i < ARRAY_LEN(whole); i++)
            copy_int(from, whole[i], limits);
        for (size_t i = 0; i < ARRAY_LEN(real); i++)
            copy_number(from, real[i], limits);
    } else {
        (void)cJSON_AddNullToObject(endpoint, "limits");
    }
    json_member_int(endpoint, "in_flight_peak", peak >= 0, peak);
}

enum err model_add_conditions(struct store *s, const struct run_row *row, struct arena *a, cJSON *model, struct error *e)
{
    struct run_record record;
    if (store_record_read(s, row->id, a, &record, e) != OK)
        return e->code;
    CLEANUP(json_freep) cJSON *config = row->config_json ? json_parse(row->config_json, strlen(row->config_json), NULL) : NULL;
    cJSON *run = cJSON_GetObjectItemCaseSensitive(model, "run"), *dataset = cJSON_GetObjectItemCaseSensitive(run, "dataset"), *endpoint;
    add_dispatch(config, run);
    add_sessions(&record, run);
    json_member_int(dataset, "available", record.available >= 0, record.available);
    json_member_int(dataset, "selected", record.selected >= 0, record.selected);
    cJSON_ArrayForEach(endpoint, cJSON_GetObjectItemCaseSensitive(model, "endpoints"))
        add_limits(&record, config, json_string(endpoint, "name"), endpoint);
    return OK;
}
