#include "reports/charts.h"

#include "base/json_member.h"
#include "stats/trend.h"

#include <math.h>
#include <string.h>

enum alarm_kind { ALARM_EWMA, ALARM_CUSUM, ALARM_JUMP, ALARM_COUNT };
static const char *const alarm_name[] = { [ALARM_EWMA] = "ewma", [ALARM_CUSUM] = "cusum", [ALARM_JUMP] = "jump" };

/* The counted nights of one era that have a value. */
struct stretch {
    const struct chart *chart;
    const struct chart_nights *nights;
    size_t era, count, learned;
    size_t *night;
    double *value;
    struct trend_base base;
    bool enough;               /* learned all there is to learn */
    struct trend_point *point; /* of the nights after the learned ones */
};

static struct stretch stretch_of(const struct chart *c, const struct chart_nights *nights, size_t era, struct arena *a)
{
    const struct era *of = &nights->eras->era[era];
    size_t most = of->last - of->first + 1;
    struct stretch s = { .chart = c,
                         .nights = nights,
                         .era = era,
                         .night = arena_array(a, most, sizeof(*s.night)),
                         .value = arena_array(a, most, sizeof(*s.value)),
                         .point = arena_array(a, most, sizeof(*s.point)) };
    for (size_t i = of->first; i <= of->last; i++) {
        if (nights->eras->state[i] != NIGHT_COUNTED || isnan(c->value[i]))
            continue;
        s.night[s.count] = i;
        s.value[s.count++] = c->value[i];
    }
    s.learned = s.count < nights->learn ? s.count : nights->learn;
    s.base = trend_base_of(s.value, s.learned, c->n, c->decoding);
    s.enough = s.learned >= nights->learn;
    if (s.enough && s.count > s.learned)
        trend_series(s.base.mean, s.base.sigma, TREND_DEFAULTS, s.value + s.learned, s.count - s.learned, s.point);
    return s;
}

static bool has_alarm(const struct trend_point *p, enum alarm_kind kind)
{
    return kind == ALARM_EWMA ? p->ewma_alarm : kind == ALARM_CUSUM ? p->cusum_alarm : p->jump;
}

static const char *run_of(const struct stretch *s, size_t at)
{
    return s->nights->h->night[s->night[at]].row->run_id;
}

/* ---- Points ---- */

static void add_watched(const struct trend_point *p, cJSON *json)
{
    json_member_number(json, "ewma", p->ewma);
    json_member_number(json, "lower", p->lower);
    json_member_number(json, "upper", p->upper);
    json_member_number(json, "cusum_above", p->above);
    json_member_number(json, "cusum_below", p->below);
    cJSON *alarms = cJSON_AddArrayToObject(json, "alarms");
    for (int k = 0; k < ALARM_COUNT; k++) {
        if (has_alarm(p, (enum alarm_kind)k))
            cJSON_AddItemToArray(alarms, cJSON_CreateString(alarm_name[k]));
    }
}

static void add_points(const struct stretch *s, cJSON *points)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->night[i] < s->nights->first_shown)
            continue;
        cJSON *json = cJSON_CreateObject();
        json_member_text(json, "run", run_of(s, i));
        (void)cJSON_AddNumberToObject(json, "era", (double)s->era + 1);
        json_member_number(json, "value", s->value[i]);
        (void)cJSON_AddStringToObject(json, "phase", i < s->learned ? "learning" : "watched");
        if (i >= s->learned)
            add_watched(&s->point[i - s->learned], json);
        cJSON_AddItemToArray(points, json);
    }
}

static void add_base(const struct stretch *s, cJSON *list)
{
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "era", (double)s->era + 1);
    (void)cJSON_AddNumberToObject(json, "learned", (double)s->learned);
    (void)cJSON_AddBoolToObject(json, "enough", s->enough);
    json_member_number(json, "mean", s->base.mean);
    json_member_number(json, "sigma", s->base.sigma);
    json_member_number(json, "moving_range", s->base.moving_range);
    json_member_number(json, "floor", s->base.floor);
    json_member_number(json, "binomial_se", s->chart->n > 1 ? s->base.binomial_se : NAN);
    cJSON_AddItemToArray(list, json);
}

/* ---- Alarms ---- */

static bool is_above(const struct stretch *s, const struct trend_point *p, enum alarm_kind kind, double value)
{
    return kind == ALARM_EWMA ? p->ewma > p->upper : kind == ALARM_CUSUM ? p->above >= p->below : value > s->base.mean;
}

/* What the alarm was raised against: a limit of the chart, CUSUM's height, or 4 sigma. */
static double limit_of(const struct stretch *s, const struct trend_point *p, enum alarm_kind kind, bool above)
{
    if (kind == ALARM_EWMA)
        return above ? p->upper : p->lower;
    return kind == ALARM_CUSUM ? TREND_DEFAULTS.height : s->base.mean + (above ? 4.0 : -4.0) * s->base.sigma;
}

/* The newest night of at … at + lasted - 1 that was asked again, with that value in its place: does the chart alarm there, too?
   null = none was. */
static cJSON *confirmation(const struct stretch *s, size_t at, size_t lasted, enum alarm_kind kind)
{
    for (size_t i = at + lasted; i-- > at;) {
        size_t again = s->nights->eras->again[s->night[i]], watched = i - s->learned;
        if (again == SIZE_MAX || isnan(s->chart->value[again]))
            continue;
        CLEANUP(cleanup_free) double *value = xcalloc(watched + 1, sizeof(*value));
        CLEANUP(cleanup_free) struct trend_point *point = xcalloc(watched + 1, sizeof(*point));
        memcpy(value, s->value + s->learned, watched * sizeof(*value));
        value[watched] = s->chart->value[again];
        trend_series(s->base.mean, s->base.sigma, TREND_DEFAULTS, value, watched + 1, point);
        return cJSON_CreateBool(has_alarm(&point[watched], kind));
    }
    return cJSON_CreateNull();
}

static void add_alarm(const struct stretch *s, size_t watched, enum alarm_kind kind, cJSON *alarms)
{
    const struct trend_point *p = &s->point[watched];
    size_t at = s->learned + watched, lasted = 1;
    bool above = is_above(s, p, kind, s->value[at]);
    while (at + lasted < s->count && has_alarm(&s->point[watched + lasted], kind))
        lasted++;
    if (s->night[at + lasted - 1] < s->nights->first_shown)
        return;
    size_t quiet = above ? p->above_since : p->below_since; /* from 1 after the learned nights; 0 = the last of those */
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", run_of(s, at));
    json_member_time(json, "at", s->nights->h->night[s->night[at]].row->started_at);
    (void)cJSON_AddNumberToObject(json, "era", (double)s->era + 1);
    (void)cJSON_AddStringToObject(json, "metric", s->chart->metric);
    json_member_text(json, "category", s->chart->category);
    (void)cJSON_AddStringToObject(json, "kind", alarm_name[kind]);
    (void)cJSON_AddStringToObject(json, "direction", above ? "up" : "down");
    json_member_number(json, "value", s->value[at]);
    json_member_number(json, "mean", s->base.mean);
    json_member_number(json, "sigma", s->base.sigma);
    json_member_number(json, "ewma", p->ewma);
    json_member_number(json, "limit", limit_of(s, p, kind, above));
    json_member_text(json, "last_quiet", run_of(s, s->learned + quiet - 1));
    (void)cJSON_AddNumberToObject(json, "nights", (double)lasted);
    (void)cJSON_AddBoolToObject(json, "open", at + lasted == s->count && s->era + 1 == s->nights->eras->count);
    cJSON_AddItemToObject(json, "confirmed", confirmation(s, at, lasted, kind));
    cJSON_AddItemToArray(alarms, json);
}

static void add_alarms(const struct stretch *s, cJSON *alarms)
{
    for (size_t i = 0; s->enough && i + s->learned < s->count; i++) {
        for (int k = 0; k < ALARM_COUNT; k++) {
            if (has_alarm(&s->point[i], (enum alarm_kind)k) && (i == 0 || !has_alarm(&s->point[i - 1], (enum alarm_kind)k)))
                add_alarm(s, i, (enum alarm_kind)k, alarms);
        }
    }
}

cJSON *chart_json(const struct chart *c, const struct chart_nights *nights, cJSON *alarms)
{
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(json, "metric", c->metric);
    json_member_text(json, "category", c->category);
    cJSON *bases = cJSON_AddArrayToObject(json, "eras"), *points = cJSON_AddArrayToObject(json, "points");
    for (size_t era = 0; era < nights->eras->count; era++) {
        struct arena a = ARENA_INIT;
        struct stretch s = stretch_of(c, nights, era, &a);
        if (nights->eras->era[era].last >= nights->first_shown)
            add_base(&s, bases);
        add_points(&s, points);
        add_alarms(&s, alarms);
        arena_release(&a);
    }
    return json;
}
