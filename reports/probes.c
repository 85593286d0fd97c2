#include "reports/probes.h"

enum { MAX_VERSIONS = 4 }; /* of a data set, whose ids of a probe are looked for */

struct reading {
    struct probes *p;
    const struct history *h;
    struct arena *arena;
    size_t night; /* where the last answer belonged */
};

static size_t place_of(const struct probes *p, size_t night, size_t probe, size_t epoch)
{
    return (night * p->count + probe) * p->epochs + epoch;
}

const char *probes_answer(const struct probes *p, size_t night, size_t probe, size_t epoch)
{
    return epoch < p->epochs ? p->answer[place_of(p, night, probe, epoch)] : NULL;
}

/* Spread evenly over the samples of the kind in the order of their keys. */
static void choose(struct probes *p, const struct history *h, const struct night *n, bool benign)
{
    size_t there = 0, seen = 0;
    for (size_t i = 0; i < h->sample_count; i++)
        there += n->sample[i].planned > 0 && h->sample[i].benign == benign;
    size_t wanted = there < MAX_PROBES ? there : MAX_PROBES;
    p->count = 0;
    for (size_t i = 0; i < h->sample_count && p->count < wanted; i++) {
        if (n->sample[i].planned == 0 || h->sample[i].benign != benign)
            continue;
        if (seen++ == p->count * there / wanted)
            p->sample[p->count++] = i;
    }
}

static void find(struct probes *p, const struct history *h, size_t newest)
{
    choose(p, h, &h->night[newest], true);
    p->kind = "benign";
    if (p->count == 0) {
        choose(p, h, &h->night[newest], false);
        p->kind = "attack";
    }
}

static void take_answer(int64_t endpoint_id, int64_t sample_id, int epoch, const char *text, void *context)
{
    struct reading *r = context;
    size_t night = history_night_of(r->h, endpoint_id, r->night), sample = history_sample_of(r->h, sample_id);
    if (night == SIZE_MAX || epoch < 1 || (size_t)epoch > r->p->epochs)
        return;
    r->night = night;
    for (size_t i = 0; i < r->p->count; i++) {
        if (r->p->sample[i] == sample)
            r->p->answer[place_of(r->p, night, i, (size_t)epoch - 1)] = arena_strdup(r->arena, text);
    }
}

static size_t most_epochs(const struct history *h)
{
    size_t most = 1;
    for (size_t i = 0; i < h->night_count; i++)
        most = (size_t)h->night[i].epochs > most ? (size_t)h->night[i].epochs : most;
    return most < MAX_PROBE_EPOCHS ? most : MAX_PROBE_EPOCHS;
}

enum err probes_load(struct store *s, const char *suite, const char *endpoint, int64_t max, const struct history *h,
                     const struct eras *eras, struct arena *a, struct probes *ret_p, struct error *e)
{
    struct probes p = { .epochs = most_epochs(h) };
    struct reading r = { .p = &p, .h = h, .arena = a };
    int64_t id[MAX_PROBES * MAX_VERSIONS];
    size_t newest = eras_newest_counted(eras, h->night_count), ids = 0;
    if (newest != SIZE_MAX) {
        find(&p, h, newest);
        p.answer = arena_array(a, h->night_count * p.count * p.epochs, sizeof(*p.answer));
        for (size_t i = 0; i < p.count; i++)
            ids += history_ids_of(h, p.sample[i], id + ids, MAX_VERSIONS);
        struct night_answers_wanted wanted = { .sample_id = id, .count = ids, .max_chars = PROBE_CHARS, .epochs = (int64_t)p.epochs };
        enum err rc = store_night_answers(s, suite, endpoint, max, &wanted, take_answer, &r, e);
        if (rc != OK)
            return rc;
    }
    *ret_p = p;
    return OK;
}
