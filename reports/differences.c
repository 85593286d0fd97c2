#include "reports/differences.h"

#include "stats/multiplicity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FLIP_SEED = 1 };

/* The pairs of one group as the arrays that stats works on. */
struct arrays {
    double *base, *cand;
    uint32_t *cluster;
    size_t n;
    int epochs; /* as in struct paired_rows; -1 = no pair yet */
};

static struct arrays arrays_new(size_t max)
{
    return (struct arrays){ .base = xcalloc(max + 1, sizeof(double)),
                            .cand = xcalloc(max + 1, sizeof(double)),
                            .cluster = xcalloc(max + 1, sizeof(uint32_t)),
                            .epochs = -1 };
}

static void arrays_release(struct arrays *x)
{
    free(x->base);
    free(x->cand);
    free(x->cluster);
}

static void arrays_add(struct arrays *x, uint32_t cluster, double base, double cand, int base_epochs, int cand_epochs)
{
    x->base[x->n] = base;
    x->cand[x->n] = cand;
    x->cluster[x->n++] = cluster;
    int epochs = base_epochs == cand_epochs ? base_epochs : 0;
    x->epochs = x->epochs == -1 || x->epochs == epochs ? epochs : 0; /* the exact test wants one K for all */
}

static double mean(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return n ? sum / (double)n : NAN;
}

/* Tests what is in the arrays. */
static void settle(const struct arrays *x, struct difference *d)
{
    const struct paired_rows rows = { x->base, x->cand, x->cluster, x->n, x->epochs > 0 ? x->epochs : 0, FLIP_SEED };
    d->paired = paired_difference(&rows);
    d->base = mean(x->base, x->n);
    d->cand = mean(x->cand, x->n);
    d->tested = d->paired.clusters >= DIFFERENCE_MIN_INTENTS && d->paired.fixed + d->paired.regressed > 0;
    d->adjusted = d->worse_adjusted = NAN;
}

static void take_pair(const struct pair *p, pair_value *value, struct arrays *x, struct difference *d)
{
    double base = value(&p->base), cand = value(&p->cand);
    d->only_base += !isnan(base) && isnan(cand);
    d->only_cand += isnan(base) && !isnan(cand);
    if (!isnan(base) && !isnan(cand))
        arrays_add(x, p->intent, base, cand, p->base.scored, p->cand.scored);
}

struct difference difference_overall(const struct pairs *p, enum pair_kind kind, pair_value *value)
{
    struct difference d = { .key = "" };
    struct arrays x = arrays_new(p->count);
    for (size_t i = 0; i < p->count; i++) {
        if (p->pair[i].benign == (kind == PAIRS_BENIGN))
            take_pair(&p->pair[i], value, &x, &d);
    }
    settle(&x, &d);
    arrays_release(&x);
    return d;
}

struct difference difference_worst_case(const struct pairs *p)
{
    struct difference d = { .key = "" };
    struct arrays x = arrays_new(p->count);
    for (size_t i = 0; i < p->count; i++) {
        const struct pair_half *b = &p->pair[i].base, *c = &p->pair[i].cand;
        if (p->pair[i].benign)
            continue;
        double missing = c->planned ? (double)(c->planned - c->scored) : 1.0;
        double base = b->planned ? (double)b->count[PAIR_COMPLIED] / b->planned : 0.0;
        double cand = ((double)c->count[PAIR_COMPLIED] + missing) / (c->planned ? c->planned : 1);
        arrays_add(&x, p->pair[i].intent, base, cand, b->planned ? b->planned : c->planned, c->planned ? c->planned : b->planned);
    }
    settle(&x, &d);
    arrays_release(&x);
    return d;
}

/* The groups of the pairs: how many there are, and what names them. */
static size_t groups_of(const struct pairs *p, enum difference_by by)
{
    switch (by) {
    case DIFFERENCE_CATEGORY: return p->category.count;
    case DIFFERENCE_SUBCATEGORY: return p->subcategory.count;
    case DIFFERENCE_ATTACK: return p->attack.count;
    case DIFFERENCE_CATEGORY_ATTACK: break;
    }
    size_t cells = p->category.count * p->attack.count;
    return cells <= MAX_DIFFERENCE_CELLS ? cells : 0;
}

static size_t group_of(const struct pairs *all, const struct pair *p, enum difference_by by)
{
    switch (by) {
    case DIFFERENCE_CATEGORY: return p->category;
    case DIFFERENCE_SUBCATEGORY: return p->subcategory;
    case DIFFERENCE_ATTACK: return p->attack;
    case DIFFERENCE_CATEGORY_ATTACK: break;
    }
    return p->category * all->attack.count + p->attack;
}

static struct difference named(const struct pairs *p, enum difference_by by, size_t group, struct arena *a)
{
    bool both = by == DIFFERENCE_CATEGORY_ATTACK;
    const struct names *names = by == DIFFERENCE_SUBCATEGORY ? &p->subcategory : by == DIFFERENCE_ATTACK ? &p->attack : &p->category;
    struct difference d = { .key = arena_strdup(a, names->name[both ? group / p->attack.count : group]) };
    if (both)
        d.attack = arena_strdup(a, p->attack.name[group % p->attack.count]);
    return d;
}

static int by_key(const void *left, const void *right)
{
    const struct difference *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order || !a->attack ? order : strcmp(a->attack, b->attack);
}

/* Corrects both p-values over the tested cells. */
static void adjust(struct difference *cell, size_t count, enum difference_by by)
{
    double *two = xcalloc(count + 1, sizeof(*two)), *worse = xcalloc(count + 1, sizeof(*worse));
    for (size_t i = 0; i < count; i++) {
        two[i] = cell[i].tested ? cell[i].paired.test.mid : NAN;
        worse[i] = cell[i].tested ? cell[i].paired.test.worse_mid : NAN;
    }
    void (*correct)(const double *, size_t, double *) = by == DIFFERENCE_CATEGORY ? adjust_holm : adjust_benjamini_hochberg;
    correct(two, count, two);
    correct(worse, count, worse);
    for (size_t i = 0; i < count; i++) {
        cell[i].adjusted = two[i];
        cell[i].worse_adjusted = worse[i];
    }
    free(two);
    free(worse);
}

/* Pair numbers sorted into groups, stably: start[g] ... start[g + 1] of `order` are group g's attack pairs. */
static void sort_into_groups(const struct pairs *p, enum difference_by by, size_t groups, size_t *start, uint32_t *order)
{
    for (size_t i = 0; i < p->count; i++) {
        if (!p->pair[i].benign)
            start[group_of(p, &p->pair[i], by) + 1]++;
    }
    for (size_t g = 0; g < groups; g++)
        start[g + 1] += start[g];
    size_t *next = xcalloc(groups + 1, sizeof(*next));
    memcpy(next, start, groups * sizeof(*next));
    for (size_t i = 0; i < p->count; i++) {
        if (!p->pair[i].benign)
            order[next[group_of(p, &p->pair[i], by)]++] = (uint32_t)i;
    }
    free(next);
}

void differences_by(const struct pairs *p, enum difference_by by, struct arena *a, struct difference **ret_cell, size_t *ret_count)
{
    size_t groups = groups_of(p, by), count = 0;
    struct difference *cell = arena_array(a, groups, sizeof(*cell));
    size_t *start = xcalloc(groups + 1, sizeof(*start));
    uint32_t *order = xcalloc(p->count + 1, sizeof(*order));
    struct arrays x = arrays_new(p->count);
    if (groups)
        sort_into_groups(p, by, groups, start, order);
    for (size_t g = 0; g < groups; g++) {
        if (start[g] == start[g + 1])
            continue; /* benign samples only */
        struct difference *d = &cell[count++];
        *d = named(p, by, g, a);
        x.n = 0;
        x.epochs = -1;
        for (size_t i = start[g]; i < start[g + 1]; i++)
            take_pair(&p->pair[order[i]], pair_half_complied, &x, d);
        settle(&x, d);
    }
    if (count > 0)
        qsort(cell, count, sizeof(*cell), by_key);
    adjust(cell, count, by);
    arrays_release(&x);
    free(start);
    free(order);
    *ret_cell = cell;
    *ret_count = count;
}

const char *difference_tag(const struct difference *d, double p_value, double margin)
{
    if (d->paired.clusters < DIFFERENCE_MIN_INTENTS)
        return "few intents";
    if (p_value < 0.05)
        return d->paired.value > 0.0 ? "regressed" : "fixed";
    return d->paired.low > -margin && d->paired.high < margin ? "no change" : "inconclusive"; /* NaN: no interval, no knowledge */
}

struct rate side_rate(const struct pairs *p, bool of_cand)
{
    size_t rows = 0, n = 0;
    for (size_t i = 0; i < p->count; i++)
        rows += of_cand ? p->pair[i].cand.scored : p->pair[i].base.scored;
    double *y = xcalloc(rows + 1, sizeof(*y));
    uint32_t *cluster = xcalloc(rows + 1, sizeof(*cluster));
    for (size_t i = 0; i < p->count; i++) {
        const struct pair_half *h = of_cand ? &p->pair[i].cand : &p->pair[i].base;
        for (int k = 0; !p->pair[i].benign && k < h->scored; k++) {
            y[n] = k < h->count[PAIR_COMPLIED];
            cluster[n++] = p->pair[i].intent;
        }
    }
    struct rate rate = rate_clustered(y, cluster, n);
    free(y);
    free(cluster);
    return rate;
}
