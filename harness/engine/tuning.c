#include "engine/tuning.h"

#include "base/json.h"
#include "base/json_member.h"
#include "base/nearest.h"
#include "core/limits.h"
#include "engine/dispatch.h"
#include "engine/pipeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    double min, max;
    bool whole;
} keys[] = {
    [TUNE_MAX_IN_FLIGHT] = { "max_in_flight", 1, MAX_IN_FLIGHT, true },
    [TUNE_REQUESTS_PER_MINUTE] = { "requests_per_minute", 0, 1e9, false },
    [TUNE_TOKENS_PER_MINUTE] = { "tokens_per_minute", 0, 1e12, false },
    [TUNE_BUDGET_USD] = { "budget_usd", -1, 1e9, false },
};

const char *tuning_key_name(enum tuning_key key)
{
    return keys[key].name;
}

/* ---- words ---- */

static bool allowed(const struct tuning *t)
{
    return isfinite(t->value) && t->value >= keys[t->key].min && t->value <= keys[t->key].max &&
           (!keys[t->key].whole || t->value == floor(t->value)) && (t->key != TUNE_BUDGET_USD || t->value >= 0 || t->value == -1) &&
           (t->endpoint || t->key == TUNE_MAX_IN_FLIGHT);
}

static bool find_key(const char *text, enum tuning_key *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (strcmp(text, keys[i].name) == 0) {
            *ret = (enum tuning_key)i;
            return true;
        }
    }
    return false;
}

static enum err find_name(const char *text, const char *const *name, size_t count, struct arena *a, const char **ret, struct error *e)
{
    const char **known = arena_array(a, count + 1, sizeof(*known));
    for (size_t i = 0; i < count; i++) {
        known[i] = name[i];
        if (strcmp(text, name[i]) == 0) {
            *ret = name[i];
            return OK;
        }
    }
    known[count] = "dispatch";
    *ret = NULL;
    if (strcmp(text, "dispatch") == 0)
        return OK;
    const char *near = nearest_name(text, known, count + 1);
    return error_set(e, ERR_INVALID, "the run has no endpoint '%.60s'%s%s%s", text, near ? "; did you mean `" : "", near ? near : "",
                     near ? "`?" : "; `gauntlet status` lists them");
}

enum err tuning_parse(const char *text, const char *const *name, size_t count, struct arena *a, struct tuning *ret_t, struct error *e)
{
    const char *equals = strchr(text, '=');
    const char *place = equals ? arena_strndup(a, text, (size_t)(equals - text)) : "";
    char *dot = strrchr(place, '.');
    if (!equals || !dot || dot == place)
        return error_set(e, ERR_INVALID, "'%.80s' is not NAME.KEY=VALUE, such as candidate.max_in_flight=20", text);
    *dot = '\0';

    struct tuning t = { 0 };
    if (find_name(place, name, count, a, &t.endpoint, e) != OK)
        return e->code;
    if (!find_key(dot + 1, &t.key)) {
        const char *known[ARRAY_LEN(keys)];
        for (size_t i = 0; i < ARRAY_LEN(keys); i++)
            known[i] = keys[i].name;
        const char *near = nearest_name(dot + 1, known, ARRAY_LEN(keys));
        return error_set(e, ERR_INVALID, "a run cannot be tuned in '%.60s'%s%s%s", dot + 1, near ? "; did you mean `" : "",
                         near ? near : "", near ? "`?" : ": max_in_flight, requests_per_minute, tokens_per_minute or budget_usd");
    }
    if (!t.endpoint && t.key != TUNE_MAX_IN_FLIGHT)
        return error_set(e, ERR_INVALID, "`%s` is an endpoint's limit; of all together only dispatch.max_in_flight can be tuned",
                         keys[t.key].name);
    char *end;
    t.value = strtod(equals + 1, &end);
    if (end == equals + 1 || *end || !allowed(&t))
        return error_set(e, ERR_INVALID, "%s=%.40s: it is a %s of at least %g and at most %g", keys[t.key].name, equals + 1,
                         keys[t.key].whole ? "whole number" : "number", keys[t.key].min, keys[t.key].max);
    *ret_t = t;
    return OK;
}

void tuning_write(const struct tuning *t, struct strbuf *out)
{
    cJSON *json = cJSON_CreateObject();
    if (t->endpoint)
        json_member_text(json, "endpoint", t->endpoint);
    json_member_text(json, "key", keys[t->key].name);
    (void)cJSON_AddNumberToObject(json, "value", t->value);
    json_add_tree(out, json);
    cJSON_Delete(json);
}

bool tuning_read(const char *json, struct arena *a, struct tuning *ret_t)
{
    struct error e;
    cJSON *tree = json ? json_parse(json, strlen(json), &e) : NULL;
    const char *endpoint = json_string(tree, "endpoint"), *key = json_string(tree, "key");
    struct tuning t = { .endpoint = endpoint ? arena_strdup(a, endpoint) : NULL };
    bool good = key && find_key(key, &t.key) && json_number(tree, "value", &t.value) && allowed(&t);
    cJSON_Delete(tree);
    if (good)
        *ret_t = t;
    return good;
}

/* ---- deeds ---- */

static double held_to_room(struct pipeline *p, const char *whose, double wanted)
{
    if (wanted <= p->room)
        return wanted;
    pipeline_notice(p, LOG_WARN, "limits", "%s.max_in_flight: the run has room for %d, which dispatch.max_in_flight said when it started",
                    whose, p->room);
    return p->room;
}

static void wake_all(struct pipeline *p)
{
    for (size_t i = 0; i < p->dispatcher_count; i++)
        dispatcher_wake(p->dispatcher[i]);
    gate_open(&p->gate);
}

/* What it was. */
static double change_lane(struct lane *lane, enum tuning_key key, double value)
{
    double was = -1;
    switch (key) {
    case TUNE_MAX_IN_FLIGHT: was = atomic_exchange(&lane->tuned.max_in_flight, (int)value); break;
    case TUNE_REQUESTS_PER_MINUTE: was = atomic_exchange(&lane->tuned.requests_per_minute, value); break;
    case TUNE_TOKENS_PER_MINUTE: was = atomic_exchange(&lane->tuned.tokens_per_minute, value); break;
    case TUNE_BUDGET_USD: return budget_set_limit(&lane->budget, value);
    }
    if (key == TUNE_MAX_IN_FLIGHT) {
        atomic_store(&lane->window, lane_window_of((int)value));
        atomic_store(&lane->ahead, lane_ahead_of((int)value));
    }
    atomic_store(&lane->tuned.changed, true);
    return was;
}

static void change_dispatch(struct pipeline *p, double value)
{
    int most = (int)held_to_room(p, "dispatch", value), was = atomic_exchange(&p->max_in_flight, most);
    if (most != was)
        pipeline_notice(p, LOG_INFO, "limits", "dispatch.max_in_flight is now %d, was %d", most, was);
}

void tuning_apply(struct pipeline *p, const struct tuning *t)
{
    bool found = !t->endpoint, told = false;
    if (!t->endpoint)
        change_dispatch(p, t->value);
    for (size_t i = 0; t->endpoint && i < p->lane_count; i++) {
        struct lane *lane = &p->lane[i];
        const char *name = lane->row.name;
        if (strcmp(name, t->endpoint) != 0)
            continue;
        found = true;
        if (t->key == TUNE_BUDGET_USD && t->value >= 0 && !lane->price.known) {
            pipeline_notice(p, LOG_WARN, "limits", "%s.budget_usd stays: a budget needs the endpoint's price, and nobody knows it", name);
            continue;
        }
        double value = t->key == TUNE_MAX_IN_FLIGHT ? held_to_room(p, name, t->value) : t->value;
        double was = change_lane(lane, t->key, value);
        if (was != value && !told) /* a judge may have a lane beside the one under test */
            pipeline_notice(p, LOG_INFO, "limits", "%s.%s is now %.15g, was %.15g", name, keys[t->key].name, value, was);
        told = true;
        if (atomic_load(&lane->stopped))
            pipeline_notice(p, LOG_WARN, "limits", "'%s' had stopped (%s) and stays so; `gauntlet resume` goes on with what is pending",
                            name, atomic_load(&lane->stopped));
    }
    if (!found)
        pipeline_notice(p, LOG_WARN, "limits", "nothing was changed: the run asks no endpoint '%.100s'", t->endpoint);
    wake_all(p);
}

static void apply_if_changed(struct pipeline *p, const char *endpoint, enum tuning_key key, double before, double now)
{
    if (before != now)
        tuning_apply(p, &(struct tuning){ endpoint, key, now });
}

void tuning_apply_settings(struct pipeline *p, const struct settings *before, const struct settings *now)
{
    apply_if_changed(p, NULL, TUNE_MAX_IN_FLIGHT, before->max_in_flight, now->max_in_flight);
    for (size_t i = 0; i < now->endpoint_count; i++) {
        const struct endpoint_config *new_one = &now->endpoint[i], *old = settings_endpoint(before, new_one->name);
        bool asked = false;
        for (size_t k = 0; k < p->lane_count; k++)
            asked = asked || strcmp(p->lane[k].row.name, new_one->name) == 0;
        if (!asked || !old)
            continue;
        const struct endpoint_limits *was = &old->limits, *is = &new_one->limits;
        if (was->max_in_flight != is->max_in_flight) /* auto (0) is as many as there is room for */
            tuning_apply(p, &(struct tuning){ new_one->name, TUNE_MAX_IN_FLIGHT, is->max_in_flight > 0 ? is->max_in_flight : p->room });
        apply_if_changed(p, new_one->name, TUNE_REQUESTS_PER_MINUTE, was->requests_per_minute, is->requests_per_minute);
        apply_if_changed(p, new_one->name, TUNE_TOKENS_PER_MINUTE, was->tokens_per_minute, is->tokens_per_minute);
        apply_if_changed(p, new_one->name, TUNE_BUDGET_USD, was->budget_usd, is->budget_usd);
    }
}
