#include "reports/republish.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/charts.h"

#include <math.h>
#include <string.h>

enum { MAX_VERSIONS = 4 }; /* of a data set, whose ids of a probe are looked for */

struct probes {
    const struct history *h;
    const struct eras *eras;
    struct arena *arena;
    size_t sample[MAX_PROBES], count;
    const char *(*answer)[MAX_PROBES]; /* of each night; NULL = none */
    size_t night;                      /* where the last answer belonged */
};

/* ---- Which samples are probes ---- */

static size_t newest_counted(const struct history *h, const struct eras *eras)
{
    for (size_t i = h->night_count; i-- > 0;) {
        if (eras->state[i] == NIGHT_COUNTED)
            return i;
    }
    return SIZE_MAX;
}

static bool at_temperature_zero(const struct night *n)
{
    const char *text = n->row->params_json;
    CLEANUP(json_freep) cJSON *params = text ? json_parse(text, strlen(text), NULL) : NULL;
    double temperature;
    return json_number(params, "temperature", &temperature) && temperature == 0.0;
}

/* Spread evenly over the samples of the kind in the order of their keys. */
static void choose(struct probes *p, const struct night *n, bool benign)
{
    size_t there = 0, seen = 0;
    for (size_t i = 0; i < p->h->sample_count; i++)
        there += n->sample[i].planned > 0 && p->h->sample[i].benign == benign;
    size_t wanted = there < MAX_PROBES ? there : MAX_PROBES;
    p->count = 0;
    for (size_t i = 0; i < p->h->sample_count && p->count < wanted; i++) {
        if (n->sample[i].planned == 0 || p->h->sample[i].benign != benign)
            continue;
        if (seen++ == p->count * there / wanted)
            p->sample[p->count++] = i;
    }
}

static const char *find_probes(struct probes *p, struct republish *r)
{
    size_t newest = newest_counted(p->h, p->eras);
    if (newest == SIZE_MAX)
        return "no night is counted yet";
    if (!at_temperature_zero(&p->h->night[newest]))
        return "the suite does not ask at temperature 0, where alone the same model gives the same answer";
    choose(p, &p->h->night[newest], true);
    r->kind = "benign";
    if (p->count == 0) {
        choose(p, &p->h->night[newest], false);
        r->kind = "attack";
    }
    r->probes = p->count;
    return NULL;
}

/* ---- Their answers ---- */

static void take_answer(int64_t endpoint_id, int64_t sample_id, const char *text, void *context)
{
    struct probes *p = context;
    size_t night = history_night_of(p->h, endpoint_id, p->night), sample = history_sample_of(p->h, sample_id);
    if (night == SIZE_MAX)
        return;
    p->night = night;
    for (size_t i = 0; i < p->count; i++) {
        if (p->sample[i] == sample)
            p->answer[night][i] = arena_strdup(p->arena, text);
    }
}

static enum err read_answers(struct store *s, const char *suite, const char *endpoint, int64_t max, struct probes *p, struct error *e)
{
    int64_t id[MAX_PROBES * MAX_VERSIONS];
    size_t count = 0;
    p->answer = arena_array(p->arena, p->h->night_count, sizeof(*p->answer));
    for (size_t i = 0; i < p->count; i++)
        count += history_ids_of(p->h, p->sample[i], id + count, MAX_VERSIONS);
    return store_night_answers(s, suite, endpoint, max, id, count, PROBE_CHARS, take_answer, p, e);
}

/* ---- Against the reference ---- */

/* The most frequent answer of the probe over the era's learning nights; the earliest wins a tie. */
static const char *reference_of(const struct probes *p, size_t era, size_t probe)
{
    const char *text[LEARNING_NIGHTS];
    size_t count = 0, most = 0, best = 0;
    for (size_t i = p->eras->era[era].first; i <= p->eras->era[era].last && count < LEARNING_NIGHTS; i++) {
        if (p->eras->state[i] == NIGHT_COUNTED && p->answer[i][probe])
            text[count++] = p->answer[i][probe];
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
        const char *answer = p->answer[night][i];
        if (!answer || !reference[i])
            continue;
        known++;
        same += strcmp(answer, reference[i]) == 0;
        where += first_difference(answer, reference[i]);
    }
    *ret_match = known > 0 ? (double)same / (double)known : NAN;
    *ret_divergence = known > 0 ? (double)where / (double)known : NAN;
}

static void match_eras(const struct probes *p, struct republish *r)
{
    const char *reference[MAX_PROBES] = { NULL };
    for (size_t era = 0; era < p->eras->count; era++) {
        double divergence;
        if (era > 0)
            match_night(p, p->eras->era[era].first, reference, &r->across[era], &divergence);
        for (size_t i = 0; i < p->count; i++)
            reference[i] = reference_of(p, era, i);
        for (size_t i = p->eras->era[era].first; i <= p->eras->era[era].last; i++) {
            if (p->eras->state[i] == NIGHT_COUNTED)
                match_night(p, i, reference, &r->match[i], &r->divergence[i]);
        }
    }
}

enum err republish_load(struct store *s, const char *suite, const char *endpoint, int64_t max, const struct history *h,
                        const struct eras *eras, struct arena *a, struct republish *ret_r, struct error *error)
{
    struct probes p = { .h = h, .eras = eras, .arena = a };
    struct republish r = { .match = arena_array(a, h->night_count, sizeof(*r.match)),
                           .divergence = arena_array(a, h->night_count, sizeof(*r.divergence)),
                           .across = arena_array(a, eras->count, sizeof(*r.across)) };
    for (size_t i = 0; i < h->night_count; i++)
        r.match[i] = r.divergence[i] = NAN;
    for (size_t i = 0; i < eras->count; i++)
        r.across[i] = NAN;
    r.why = find_probes(&p, &r);
    if (!r.why) {
        enum err rc = read_answers(s, suite, endpoint, max, &p, error);
        if (rc != OK)
            return rc;
        match_eras(&p, &r);
    }
    *ret_r = r;
    return OK;
}

cJSON *republish_json(const struct republish *r, const struct history *h, const struct eras *eras)
{
    CLEANUP(strbuf_release) struct strbuf used = STRBUF_INIT;
    size_t newest = newest_counted(h, eras);
    if (r->kind)
        (void)strbuf_addf(&used, "%zu %s samples at temperature 0, the first %d characters of their answers", r->probes, r->kind,
                          PROBE_CHARS);
    else
        (void)strbuf_addf(&used, "answers are not compared: %s", r->why);
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "probes", (double)r->probes);
    json_member_text(json, "kind", r->kind);
    json_member_text(json, "used", used.buf);
    json_member_number(json, "match", newest == SIZE_MAX ? (double)NAN : r->match[newest]);
    json_member_number(json, "divergence", newest == SIZE_MAX ? (double)NAN : r->divergence[newest]);
    cJSON *list = cJSON_AddArrayToObject(json, "eras");
    for (size_t i = 0; i < eras->count; i++) {
        cJSON *era = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(era, "era", (double)i + 1);
        json_member_number(era, "match_with_era_before", r->across[i]);
        cJSON_AddItemToArray(list, era);
    }
    return json;
}
