#include "reports/history.h"

#include "base/strbuf.h"
#include "base/vec.h"
#include "reports/sample_ids.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ECHOES = 16 }; /* distinct values in one night; more of them identify nobody */

/* A trial as it comes: samples are numbered in the order they are first seen. */
struct seen {
    uint32_t sample;
    uint16_t night, epoch;
    uint8_t status, verdict;
    bool has_score;
    int32_t tokens;
};

struct echoes {
    const char *value[MAX_ECHOES];
    size_t count;
    bool too_many;
};

struct loading {
    struct history *h;
    struct seen *seen;
    size_t seen_count, seen_cap;
    struct echoes (*echo)[ECHO_COUNT]; /* of each night */
    size_t night;                      /* the one being walked */
};

size_t history_sample_of(const struct history *h, int64_t sample_id)
{
    size_t place = sample_ids_find(h->ids, sample_id);
    return place == SIZE_MAX ? SIZE_MAX : h->ids->number[place];
}

size_t history_ids_of(const struct history *h, size_t sample, int64_t *ret_id, size_t max)
{
    size_t found = 0;
    for (size_t i = 0; i < h->ids->count && found < max; i++) {
        if (h->ids->number[i] == sample)
            ret_id[found++] = h->ids->id[i];
    }
    return found;
}

size_t history_night_of(const struct history *h, int64_t endpoint_id, size_t hint)
{
    for (size_t i = 0; i < h->night_count; i++) {
        size_t at = (hint + i) % h->night_count;
        if (h->night[at].row->endpoint_id == endpoint_id)
            return at;
    }
    return SIZE_MAX;
}

int64_t counts_missing(const struct counts *c)
{
    return c->planned - c->scored;
}

/* ---- The walk over every trial ---- */

static void add_echo(struct echoes *e, const char *value, struct arena *a)
{
    size_t i = 0;
    while (i < e->count && strcmp(e->value[i], value) != 0)
        i++;
    if (i < e->count || *value == '\0')
        return;
    if (e->count == MAX_ECHOES)
        e->too_many = true;
    else
        e->value[e->count++] = arena_strdup(a, value);
}

static void take_trial(const struct night_trial *t, void *context)
{
    struct loading *l = context;
    struct history *h = l->h;
    size_t night = history_night_of(h, t->endpoint_id, l->night);
    if (night == SIZE_MAX)
        return; /* a run that began after the nights were listed */
    l->night = night;
    l->seen = vec_grow(l->seen, l->seen_count, &l->seen_cap, sizeof(*l->seen));
    l->seen[l->seen_count++] = (struct seen){
        .sample = sample_ids_add(h->ids, t->sample_id),
        .night = (uint16_t)l->night,
        .epoch = (uint16_t)t->epoch,
        .status = (uint8_t)t->status,
        .verdict = (uint8_t)t->verdict,
        .has_score = t->has_score,
        .tokens = t->completion_tokens > INT32_MAX ? INT32_MAX : (int32_t)t->completion_tokens,
    };
    struct echoes *echo = l->echo[l->night];
    add_echo(&echo[ECHO_MODEL], t->model_echo, &h->arena);
    add_echo(&echo[ECHO_FINGERPRINT], t->fingerprint, &h->arena);
    add_echo(&echo[ECHO_PROVIDER], t->provider_echo, &h->arena);
}

/* ---- Samples in the order of their keys ---- */

struct numbered {
    const char *text;
    uint32_t number;
};

static int by_text(const void *a, const void *b)
{
    const struct numbered *one = a, *two = b;
    int order = strcmp(one->text, two->text);
    return order ? order : (one->number > two->number) - (one->number < two->number);
}

/* Numbers equal texts alike, in their order: ret_rank[i] for text i. Returns how many there are. */
static size_t rank(struct numbered *item, size_t count, uint32_t *ret_rank)
{
    size_t ranks = 0;
    qsort(item, count, sizeof(*item), by_text);
    for (size_t i = 0; i < count; i++) {
        ranks += i == 0 || strcmp(item[i].text, item[i - 1].text) != 0;
        ret_rank[item[i].number] = (uint32_t)ranks - 1;
    }
    return ranks;
}

/* The categories of attack samples, sorted. */
static void arrange_categories(struct history *h, struct numbered *item, uint32_t *ranks)
{
    size_t count = 0;
    for (size_t i = 0; i < h->sample_count; i++) {
        if (!h->sample[i].benign)
            item[count++] = (struct numbered){ h->sample[i].category_name, (uint32_t)i };
    }
    h->category_count = rank(item, count, ranks);
    h->category = arena_array(&h->arena, h->category_count, sizeof(*h->category));
    for (size_t i = 0; i < count; i++) {
        uint32_t number = item[i].number;
        h->sample[number].category = ranks[number];
        h->category[ranks[number]] = h->sample[number].category_name;
    }
}

/* Looks every sample up once and numbers them by key. */
static enum err arrange_samples(struct store *s, struct history *h, struct error *e)
{
    size_t count = h->ids->count;
    uint32_t *number = h->ids->number = xcalloc(count + 1, sizeof(*number));
    CLEANUP(cleanup_free) struct night_sample *found = xcalloc(count + 1, sizeof(*found));
    CLEANUP(cleanup_free) struct numbered *item = xcalloc(count + 1, sizeof(*item));
    CLEANUP(cleanup_free) uint32_t *ranks = xcalloc(count + 1, sizeof(*ranks));
    for (size_t i = 0; i < count; i++) {
        enum err rc = store_night_sample(s, h->ids->id[i], &h->arena, &found[i], e);
        if (rc != OK)
            return rc;
        item[i] = (struct numbered){ found[i].key, (uint32_t)i };
    }
    h->sample_count = rank(item, count, number);
    h->sample = arena_array(&h->arena, h->sample_count, sizeof(*h->sample));
    for (size_t i = 0; i < count; i++)
        item[i] = (struct numbered){ found[i].intent_id, (uint32_t)i };
    (void)rank(item, count, ranks);
    for (size_t i = 0; i < count; i++) {
        h->sample[number[i]] = (struct history_sample){
            .key = found[i].key, .category_name = found[i].category, .cluster = ranks[i], .benign = found[i].expected == EXPECTED_BENIGN
        };
    }
    arrange_categories(h, item, ranks);
    return OK;
}

/* ---- Nights ---- */

static void count_trial(struct history *h, const struct seen *t, uint32_t number)
{
    struct night *n = &h->night[t->night];
    const struct history_sample *sample = &h->sample[number];
    struct outcome *o = &n->sample[number];
    struct row row = { .status = t->status, .verdict = t->verdict, .has_score = t->has_score };
    struct counts c = { 0 };
    counts_add(&c, &row);
    o->planned++;
    o->scored = (uint16_t)(o->scored + c.scored);
    o->complied = (uint16_t)(o->complied + c.complied);
    n->epochs = t->epoch > n->epochs ? t->epoch : n->epochs;
    counts_add(sample->benign ? &n->benign : &n->all, &row);
    if (sample->benign)
        return;
    counts_add(&n->category[sample->category], &row);
}

static int by_number(const void *a, const void *b)
{
    int32_t one = *(const int32_t *)a, two = *(const int32_t *)b;
    return (one > two) - (one < two);
}

static double median(int32_t *value, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(value, count, sizeof(*value), by_number);
    size_t low = (count - 1) / 2, high = count / 2;
    return ((double)value[low] + (double)value[high]) / 2.0;
}

/* The night's trials are a run of l->seen that begins at `from`; returns where it ends. */
static size_t fill_night(struct loading *l, size_t from, int32_t *scratch)
{
    struct history *h = l->h;
    struct night *n = &h->night[l->seen[from].night];
    const uint32_t *number = h->ids->number;
    size_t i = from, tokens = 0;
    for (; i < l->seen_count && l->seen[i].night == l->seen[from].night; i++) {
        const struct seen *t = &l->seen[i];
        count_trial(h, t, number[t->sample]);
        if (t->status == TRIAL_ANSWERED && t->tokens >= 0 && !h->sample[number[t->sample]].benign)
            scratch[tokens++] = t->tokens;
    }
    n->output_tokens = median(scratch, tokens);
    return i;
}

static int by_word(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *join(struct echoes *e, struct arena *a)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    if (e->count == 0 || e->too_many)
        return NULL;
    qsort(e->value, e->count, sizeof(*e->value), by_word);
    for (size_t i = 0; i < e->count; i++)
        (void)strbuf_addf(&out, "%s%s", i > 0 ? ", " : "", e->value[i]);
    return arena_strdup(a, out.buf);
}

static enum err fill(struct store *s, struct loading *l, struct error *e)
{
    struct history *h = l->h;
    CLEANUP(cleanup_free) int32_t *scratch = xcalloc(l->seen_count + 1, sizeof(*scratch));
    enum err rc = arrange_samples(s, h, e);
    if (rc != OK)
        return rc;
    for (size_t i = 0; i < h->night_count; i++) {
        struct night *n = &h->night[i];
        n->category = arena_array(&h->arena, h->category_count, sizeof(*n->category));
        n->sample = arena_array(&h->arena, h->sample_count, sizeof(*n->sample));
        n->output_tokens = NAN;
        for (size_t k = 0; k < ECHO_COUNT; k++)
            n->echo[k] = join(&l->echo[i][k], &h->arena);
    }
    for (size_t i = 0; i < l->seen_count;)
        i = fill_night(l, i, scratch);
    for (size_t i = 0; rc == OK && i < h->night_count; i++)
        rc = counts_check(&h->night[i].all, h->night[i].row->run_id, e);
    return rc;
}

enum err history_load(struct store *s, const char *suite, const char *endpoint, int64_t max, struct history *ret_history, struct error *e)
{
    struct history h = { .arena = ARENA_INIT, .ids = xcalloc(1, sizeof(*h.ids)) };
    struct loading l = { .h = &h };
    struct night_row *row;
    assert(max > 0 && max <= UINT16_MAX);
    enum err rc = store_night_list(s, suite, endpoint, max, &h.arena, &row, &h.night_count, e);
    if (rc == OK) {
        h.night = arena_array(&h.arena, h.night_count, sizeof(*h.night));
        for (size_t i = 0; i < h.night_count; i++)
            h.night[i].row = &row[i];
        l.echo = xcalloc(h.night_count + 1, sizeof(*l.echo));
        rc = store_night_trials(s, suite, endpoint, max, take_trial, &l, e);
    }
    if (rc == OK)
        rc = fill(s, &l, e);
    free(l.seen);
    free(l.echo);
    if (rc == OK)
        *ret_history = h;
    else
        history_clear(&h);
    return rc;
}

void history_clear(struct history *h)
{
    sample_ids_free(h->ids);
    arena_release(&h->arena);
    *h = (struct history){ .arena = ARENA_INIT };
}
