#include "reports/night_pairs.h"

#include "base/arena.h"

#include <math.h>

static bool is_whole(const struct outcome *o, int epochs)
{
    return o->planned == epochs && o->scored == epochs;
}

/* Of the category, and no benign sample. */
static bool belongs(const struct history_sample *s, size_t category)
{
    return !s->benign && (category == ALL_CATEGORIES || s->category == category);
}

struct paired night_pairs(const struct history *h, size_t base, size_t candidate, size_t category, double *ret_psi)
{
    const struct night *before = &h->night[base], *after = &h->night[candidate];
    CLEANUP(cleanup_free) double *y = xcalloc(2 * h->sample_count + 1, sizeof(*y));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(h->sample_count + 1, sizeof(*cluster));
    double *y_base = y, *y_cand = y + h->sample_count, squares = 0.0;
    int epochs = before->epochs;
    size_t n = 0;
    for (size_t i = 0; i < h->sample_count; i++) {
        const struct history_sample *s = &h->sample[i];
        const struct outcome *b = &before->sample[i], *c = &after->sample[i];
        if (!belongs(s, category) || !is_whole(b, epochs) || !is_whole(c, epochs))
            continue;
        y_base[n] = (double)b->complied / epochs;
        y_cand[n] = (double)c->complied / epochs;
        squares += (y_cand[n] - y_base[n]) * (y_cand[n] - y_base[n]);
        cluster[n++] = s->cluster;
    }
    struct paired_rows rows = { .base = y_base, .cand = y_cand, .cluster = cluster, .n = n, .epochs = epochs };
    if (ret_psi)
        *ret_psi = n > 0 ? squares / (double)n : NAN;
    return paired_difference(&rows);
}

struct rate night_rate(const struct history *h, size_t night, size_t category)
{
    const struct night *n = &h->night[night];
    size_t most = (size_t)(category == ALL_CATEGORIES ? n->all.scored : n->category[category].scored), rows = 0;
    CLEANUP(cleanup_free) double *y = xcalloc(most + 1, sizeof(*y));
    CLEANUP(cleanup_free) uint32_t *cluster = xcalloc(most + 1, sizeof(*cluster));
    for (size_t i = 0; i < h->sample_count; i++) {
        const struct outcome *o = &n->sample[i];
        for (uint16_t k = 0; belongs(&h->sample[i], category) && k < o->scored; k++) {
            y[rows] = k < o->complied;
            cluster[rows++] = h->sample[i].cluster;
        }
    }
    return rate_clustered(y, cluster, rows);
}
