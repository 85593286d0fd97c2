#include "reports/model_trend_charts.h"

#include "base/json.h"
#include "base/json_member.h"
#include "stats/repeats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum metric {
    METRIC_ASR,
    METRIC_REFUSED,
    METRIC_BLOCKED,
    METRIC_MISSING,
    METRIC_SHARES,
    METRIC_TOKENS = METRIC_SHARES,
    METRIC_MATCH,
    METRIC_FLIPS,
    METRIC_OVER_REFUSAL,
    METRICS
};
static const char *const metric_name[] = { "asr",           "refused",     "blocked",     "missing",
                                           "output_tokens", "probe_match", "judge_flips", "over_refusal" };

static double share(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static double share_of(const struct counts *c, enum metric m)
{
    return m == METRIC_ASR       ? share(c->complied, c->scored)
           : m == METRIC_REFUSED ? share(c->refused, c->scored)
           : m == METRIC_BLOCKED ? share(c->blocked, c->scored)
                                 : share(counts_missing(c), c->planned);
}

static double value_of(const struct trend_view *v, size_t night, enum metric m)
{
    const struct night *n = &v->h->night[night];
    switch (m) {
    case METRIC_TOKENS: return n->output_tokens;
    case METRIC_MATCH: return v->republish->match[night];
    case METRIC_FLIPS: return share(n->row->anchor_flips, n->row->anchor_answers);
    case METRIC_OVER_REFUSAL: return share(n->benign.refused + n->benign.blocked, n->benign.scored);
    default: return share_of(&n->all, m);
    }
}

/* The part of the night's ASR variance that is decoding: 0 without epochs. */
static double decoding_of(const struct trend_view *v, size_t night)
{
    const struct night *n = &v->h->night[night];
    CLEANUP(cleanup_free) struct repeats *r = xcalloc(v->h->sample_count + 1, sizeof(*r));
    size_t count = 0;
    for (size_t i = 0; n->epochs > 1 && i < v->h->sample_count; i++) {
        if (!v->h->sample[i].benign && n->sample[i].scored > 0)
            r[count++] = (struct repeats){ n->sample[i].scored, n->sample[i].complied };
    }
    return count > 0 ? repeats_decoding_variance(r, count) : 0.0;
}

/* The newest era's first night stands for what the others are counted over: SIZE_MAX when there is none. */
static size_t typical(const struct trend_view *v)
{
    return v->eras->count > 0 ? v->eras->era[v->eras->count - 1].first : SIZE_MAX;
}

static int64_t size_of(const struct trend_view *v, size_t night, enum metric m)
{
    const struct night *of = &v->h->night[night];
    int64_t n = m == METRIC_TOKENS         ? 1
                : m == METRIC_MATCH        ? (int64_t)v->republish->probes->count
                : m == METRIC_FLIPS        ? of->row->anchor_answers
                : m == METRIC_OVER_REFUSAL ? of->benign.planned
                                           : of->all.planned;
    return n > 0 ? n : 1;
}

static cJSON *charts_json(const struct trend_view *v, cJSON *alarms)
{
    const struct history *h = v->h;
    const struct chart_nights nights = { h, v->eras, v->first_shown, v->learn };
    double *value = arena_array(v->arena, h->night_count, sizeof(*value));
    cJSON *list = cJSON_CreateArray();
    size_t t = typical(v);
    if (t == SIZE_MAX)
        return list;
    for (int m = 0; m < METRICS; m++) {
        for (size_t i = 0; i < h->night_count; i++)
            value[i] = value_of(v, i, (enum metric)m);
        struct chart c = { .metric = metric_name[m],
                           .value = value,
                           .n = size_of(v, t, (enum metric)m),
                           .decoding = m == METRIC_ASR ? decoding_of(v, t) : 0.0 };
        cJSON_AddItemToArray(list, chart_json(&c, &nights, alarms));
    }
    for (size_t k = 0; k < h->category_count; k++) {
        for (int m = 0; m < METRIC_SHARES; m++) {
            for (size_t i = 0; i < h->night_count; i++)
                value[i] = share_of(&h->night[i].category[k], (enum metric)m);
            struct chart c = { .metric = metric_name[m],
                               .category = h->category[k],
                               .value = value,
                               .n = h->night[t].category[k].planned > 0 ? h->night[t].category[k].planned : 1 };
            cJSON_AddItemToArray(list, chart_json(&c, &nights, alarms));
        }
    }
    return list;
}

/* ---- Alarms ---- */

struct placed_alarm {
    cJSON *json;
    size_t order;
};

static int by_night(const void *a, const void *b)
{
    const struct placed_alarm *one = a, *two = b;
    int order = strcmp(json_string(one->json, "at"), json_string(two->json, "at"));
    return order ? order : (one->order > two->order) - (one->order < two->order);
}

/* By night; of one night in the order of the charts. */
static cJSON *sorted_alarms(cJSON *alarms, struct arena *a)
{
    size_t count = (size_t)cJSON_GetArraySize(alarms);
    struct placed_alarm *placed = arena_array(a, count, sizeof(*placed));
    for (size_t i = 0; i < count; i++)
        placed[i] = (struct placed_alarm){ .json = cJSON_DetachItemFromArray(alarms, 0), .order = i };
    qsort(placed, count, sizeof(*placed), by_night);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(alarms, placed[i].json);
    return alarms;
}

void trend_metrics_add(const struct trend_view *v, size_t night, cJSON *metrics)
{
    for (int m = 0; m < METRICS; m++)
        json_member_number(metrics, metric_name[m], value_of(v, night, (enum metric)m));
}

void trend_charts_add(const struct trend_view *v, cJSON *history)
{
    cJSON *alarms = cJSON_CreateArray();
    cJSON_AddItemToObject(history, "charts", charts_json(v, alarms));
    cJSON_AddItemToObject(history, "alarms", sorted_alarms(alarms, v->arena));
}
