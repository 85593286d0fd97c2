#include "reports/sample_history.h"

#include "base/json_member.h"
#include "base/strbuf.h"
#include "reports/night_pairs.h"

#include <stdlib.h>
#include <string.h>

/* ---- Samples over nights ---- */

enum sample_state { SAMPLE_NEWLY_BROKEN, SAMPLE_FLAKY, SAMPLE_FIXED, SAMPLE_BROKEN };
static const char *const state_name[] = { "newly_broken", "flaky", "fixed", "broken" };

struct line {
    size_t sample;
    enum sample_state state;
    size_t broken, known, flips;
    const char *history;
};

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The last `max` counted nights of the newest one's comparability key, oldest first. */
static size_t window_of(const struct history *h, const struct eras *e, size_t max, size_t *ret_night)
{
    size_t count = 0, newest = SIZE_MAX;
    for (size_t i = h->night_count; i-- > 0 && count < max;) {
        if (e->state[i] != NIGHT_COUNTED)
            continue;
        newest = newest == SIZE_MAX ? i : newest;
        if (same_text(h->night[i].row->comparability_key, h->night[newest].row->comparability_key))
            ret_night[count++] = i;
    }
    for (size_t i = 0; i < count / 2; i++) {
        size_t other = ret_night[i];
        ret_night[i] = ret_night[count - 1 - i];
        ret_night[count - 1 - i] = other;
    }
    return count;
}

static char letter_of(const struct outcome *o)
{
    return o->complied > 0 ? 'x' : o->planned > 0 && o->scored == o->planned ? '.' : '-';
}

/* True when the sample ever broke. */
static bool describe(const struct history *h, const struct eras *e, const size_t *night, size_t nights, struct arena *a, struct line *l)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    size_t broken_now = 0, held_now = 0; /* in the newest era */
    char before = '-', last = '-';
    for (size_t i = 0; i < nights; i++) {
        char letter = letter_of(&h->night[night[i]].sample[l->sample]);
        bool newest_era = e->of_night[night[i]] == e->of_night[night[nights - 1]];
        if (i > 0 && e->of_night[night[i]] != e->of_night[night[i - 1]])
            (void)strbuf_addch(&text, '|');
        (void)strbuf_addch(&text, letter);
        l->broken += letter == 'x';
        l->known += letter != '-';
        l->flips += letter != '-' && before != '-' && letter != before;
        broken_now += newest_era && letter == 'x';
        held_now += newest_era && letter == '.';
        before = letter != '-' ? letter : before;
        last = letter;
    }
    if (l->broken == 0)
        return false;
    l->history = arena_strdup(a, text.buf);
    l->state = last == 'x' && l->broken == 1 && l->known > 1 ? SAMPLE_NEWLY_BROKEN
               : broken_now > 0 && held_now > 0              ? SAMPLE_FLAKY
               : last == '.'                                 ? SAMPLE_FIXED
                                                             : SAMPLE_BROKEN;
    return true;
}

/* By state, then the most flips, then the most broken nights; lines come in the order of keys. */
static int by_state(const void *a, const void *b)
{
    const struct line *one = a, *two = b;
    if (one->state != two->state)
        return one->state < two->state ? -1 : 1;
    if (one->flips != two->flips)
        return one->flips > two->flips ? -1 : 1;
    if (one->broken != two->broken)
        return one->broken > two->broken ? -1 : 1;
    return (one->sample > two->sample) - (one->sample < two->sample);
}

static cJSON *line_json(const struct history *h, const struct line *l)
{
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "sample", h->sample[l->sample].key);
    json_member_text(json, "category", h->sample[l->sample].category_name);
    (void)cJSON_AddStringToObject(json, "state", state_name[l->state]);
    (void)cJSON_AddNumberToObject(json, "broken", (double)l->broken);
    (void)cJSON_AddNumberToObject(json, "nights", (double)l->known);
    (void)cJSON_AddNumberToObject(json, "flips", (double)l->flips);
    (void)cJSON_AddStringToObject(json, "history", l->history);
    return json;
}

cJSON *sample_history_json(const struct history *h, const struct eras *e, size_t max_nights)
{
    struct arena a = ARENA_INIT;
    size_t *night = arena_array(&a, max_nights, sizeof(*night)), nights = window_of(h, e, max_nights, night);
    struct line *line = arena_array(&a, h->sample_count, sizeof(*line));
    size_t broken = 0, held = 0, flaky = 0;
    for (size_t i = 0; nights > 0 && i < h->sample_count; i++) {
        struct line l = { .sample = i };
        if (h->sample[i].benign)
            continue;
        if (describe(h, e, night, nights, &a, &l))
            line[broken++] = l;
        else
            held += l.known > 0;
    }
    qsort(line, broken, sizeof(*line), by_state);

    cJSON *json = cJSON_CreateObject(), *runs = cJSON_AddArrayToObject(json, "nights");
    for (size_t i = 0; i < nights; i++)
        cJSON_AddItemToArray(runs, cJSON_CreateString(h->night[night[i]].row->run_id));
    for (size_t i = 0; i < broken; i++)
        flaky += line[i].state == SAMPLE_FLAKY;
    (void)cJSON_AddNumberToObject(json, "broken", (double)broken);
    (void)cJSON_AddNumberToObject(json, "held", (double)held);
    (void)cJSON_AddNumberToObject(json, "flaky", (double)flaky);
    cJSON *listed = cJSON_AddArrayToObject(json, "listed");
    for (size_t i = 0; i < broken && i < MAX_SAMPLES_LISTED; i++)
        cJSON_AddItemToArray(listed, line_json(h, &line[i]));
    (void)cJSON_AddNumberToObject(json, "left_out", broken > MAX_SAMPLES_LISTED ? (double)(broken - MAX_SAMPLES_LISTED) : 0);
    arena_release(&a);
    return json;
}

/* ---- A night against its reference ---- */

/* SIZE_MAX = none. */
static size_t reference_of(const struct history *h, const struct eras *e, size_t night)
{
    if (e->state[night] != NIGHT_COUNTED)
        return SIZE_MAX;
    size_t first = e->era[e->of_night[night]].first;
    if (first != night)
        return first;
    for (size_t i = night; i-- > 0;) {
        if (e->state[i] == NIGHT_COUNTED)
            return same_text(h->night[i].row->comparability_key, h->night[night].row->comparability_key) ? i : SIZE_MAX;
    }
    return SIZE_MAX;
}

static bool is_alarm(const struct paired *p)
{
    return p->n > 0 && p->test.mid < DISCORDANCE_ALPHA;
}

bool night_differs_from_reference(const struct history *h, const struct eras *e, size_t night, size_t as)
{
    size_t reference = reference_of(h, e, night);
    if (reference == SIZE_MAX)
        return false;
    struct paired p = night_pairs(h, reference, as, ALL_CATEGORIES, NULL);
    return is_alarm(&p);
}

cJSON *night_against_reference(const struct history *h, const struct eras *e, size_t night)
{
    size_t reference = reference_of(h, e, night);
    if (reference == SIZE_MAX)
        return cJSON_CreateNull();
    struct paired p = night_pairs(h, reference, night, ALL_CATEGORIES, NULL);
    cJSON *json = cJSON_CreateObject();
    json_member_text(json, "run", h->night[reference].row->run_id);
    (void)cJSON_AddNumberToObject(json, "pairs", (double)p.n);
    (void)cJSON_AddNumberToObject(json, "newly_broken", (double)p.regressed);
    (void)cJSON_AddNumberToObject(json, "fixed", (double)p.fixed);
    json_member_number(json, "delta", p.value);
    json_member_number(json, "low", p.low);
    json_member_number(json, "high", p.high);
    json_member_number(json, "p_value", p.test.mid);
    (void)cJSON_AddBoolToObject(json, "alarm", is_alarm(&p));
    return json;
}
