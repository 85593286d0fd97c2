#include "reports/republish.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/charts.h"

#include <math.h>
#include <string.h>

/* Why the nights' answers are not compared one to one; NULL = they are. */
static const char *why_not(const struct history *h, size_t newest)
{
    if (newest == SIZE_MAX)
        return "no night is counted yet";
    const char *text = h->night[newest].row->params_json;
    CLEANUP(json_freep) cJSON *params = text ? json_parse(text, strlen(text), NULL) : NULL;
    double temperature;
    if (!json_number(params, "temperature", &temperature) || temperature != 0.0)
        return "the suite does not ask at temperature 0, where alone the same model gives the same answer";
    return NULL;
}

/* ---- Against the reference ---- */

/* The most frequent answer of the probe over the era's learning nights; the earliest wins a tie. */
static const char *reference_of(const struct probes *p, const struct eras *eras, size_t era, size_t probe)
{
    const char *text[LEARNING_NIGHTS];
    size_t count = 0, most = 0, best = 0;
    for (size_t i = eras->era[era].first; i <= eras->era[era].last && count < LEARNING_NIGHTS; i++) {
        if (eras->state[i] == NIGHT_COUNTED && probes_answer(p, i, probe, 0))
            text[count++] = probes_answer(p, i, probe, 0);
    }
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        for (size_t k = 0; k < count; k++)
            same += strcmp(text[i], text[k]) == 0;
        if (same > most) {
            most = same;
            best = i;
        }
    }
    return count > 0 ? text[best] : NULL;
}

static size_t first_difference(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] && a[i] == b[i])
        i++;
    return a[i] == b[i] || i > PROBE_CHARS ? PROBE_CHARS : i;
}

/* Share of the night's answers that are the references, and where the others leave them; NaN when there is none. */
static void match_night(const struct probes *p, size_t night, const char *const *reference, double *ret_match, double *ret_divergence)
{
    size_t known = 0, same = 0, where = 0;
    for (size_t i = 0; i < p->count; i++) {
        const char *answer = probes_answer(p, night, i, 0);
        if (!answer || !reference[i])
            continue;
        known++;
        same += strcmp(answer, reference[i]) == 0;
        where += first_difference(answer, reference[i]);
    }
    *ret_match = known > 0 ? (double)same / (double)known : NAN;
    *ret_divergence = known > 0 ? (double)where / (double)known : NAN;
}

static void match_eras(const struct probes *p, const struct eras *eras, struct republish *r)
{
    const char *reference[MAX_PROBES] = { NULL };
    for (size_t era = 0; era < eras->count; era++) {
        double divergence;
        if (era > 0)
            match_night(p, eras->era[era].first, reference, &r->across[era], &divergence);
        for (size_t i = 0; i < p->count; i++)
            reference[i] = reference_of(p, eras, era, i);
        for (size_t i = eras->era[era].first; i <= eras->era[era].last; i++) {
            if (eras->state[i] == NIGHT_COUNTED || eras->state[i] == NIGHT_AGAIN)
                match_night(p, i, reference, &r->match[i], &r->divergence[i]);
        }
    }
}

struct republish republish_of(const struct probes *p, const struct history *h, const struct eras *eras, struct arena *a)
{
    size_t newest = eras_newest_counted(eras, h->night_count);
    struct republish r = { .probes = p,
                           .why = why_not(h, newest),
                           .match = arena_array(a, h->night_count, sizeof(*r.match)),
                           .divergence = arena_array(a, h->night_count, sizeof(*r.divergence)),
                           .across = arena_array(a, eras->count, sizeof(*r.across)),
                           .test = answer_test_of(p, eras, newest, newest) };
    for (size_t i = 0; i < h->night_count; i++)
        r.match[i] = r.divergence[i] = NAN;
    for (size_t i = 0; i < eras->count; i++)
        r.across[i] = NAN;
    if (!r.why)
        match_eras(p, eras, &r);
    return r;
}

static void add_used(const struct republish *r, cJSON *json)
{
    CLEANUP(strbuf_release) struct strbuf used = STRBUF_INIT;
    if (r->probes->kind)
        (void)strbuf_addf(&used, "%zu %s samples%s, the first %d characters of their answers", r->probes->count, r->probes->kind,
                          r->why ? "" : " at temperature 0", PROBE_CHARS);
    if (r->why)
        (void)strbuf_addf(&used, "%sanswers are not compared one to one: %s", used.len > 0 ? "; " : "", r->why);
    (void)cJSON_AddStringToObject(json, "used", used.buf);
}

cJSON *republish_json(const struct republish *r, const struct history *h, const struct eras *eras)
{
    size_t newest = eras_newest_counted(eras, h->night_count);
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "probes", (double)r->probes->count);
    json_member_text(json, "kind", r->probes->kind);
    add_used(r, json);
    json_member_number(json, "match", newest == SIZE_MAX ? (double)NAN : r->match[newest]);
    json_member_number(json, "divergence", newest == SIZE_MAX ? (double)NAN : r->divergence[newest]);
    cJSON *list = cJSON_AddArrayToObject(json, "eras");
    for (size_t i = 0; i < eras->count; i++) {
        cJSON *era = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(era, "era", (double)i + 1);
        json_member_number(era, "match_with_era_before", r->across[i]);
        cJSON_AddItemToArray(list, era);
    }
    cJSON_AddItemToObject(json, "test", answer_test_json(&r->test, h));
    return json;
}
