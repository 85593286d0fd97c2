#include "engine/label_draw.h"

#include "base/rng.h"
#include "stats/judge_error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_OF_A_STRATUM = 20 };

bool label_plan_is_drawn(enum label_plan plan)
{
    return plan == LABEL_RANDOM || plan == LABEL_STRATIFIED || plan == LABEL_DISAGREEMENT;
}

/* A ticket of the lottery: sorted by rank, then intent, then key. */
struct ticket {
    struct label_pick pick;
    uint64_t rank, intent, key;
    uint64_t siblings; /* answers of its intent, itself included; random only */
};

static int order(uint64_t x, uint64_t y)
{
    return (x > y) - (x < y);
}

static int by_rank(const void *left, const void *right)
{
    const struct ticket *l = left, *r = right;
    int c = order(l->rank, r->rank);
    c = c ? c : order(l->intent, r->intent);
    c = c ? c : order(l->key, r->key);
    return c ? c : order((uint64_t)l->pick.of->trial_id, (uint64_t)r->pick.of->trial_id);
}

/* Of the id's digits, not its bytes: the same whatever the machine's byte order. */
static uint64_t key_of(uint64_t seed, int64_t trial_id)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%lld", (long long)trial_id);
    return rng_hash(seed, digits, (size_t)len);
}

static void sort(struct ticket *t, size_t count)
{
    if (count > 0)
        qsort(t, count, sizeof(*t), by_rank);
}

/* The nth answer of an intent has rank n, in random order of an intent's answers. */
static void rank_by_intent(struct ticket *t, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        t[i].intent = rng_hash(seed, t[i].pick.of->intent_id, strlen(t[i].pick.of->intent_id));
    sort(t, count);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && t[end].intent == t[start].intent; end++)
            t[end].rank = end - start;
        for (size_t i = start; i < end; i++)
            t[i].siblings = end - start;
    }
}

/* Of `drawn` answers in rounds of one per intent, whole rounds take every intent's answer of that rank, the last one a random
   part of them. So an answer of an intent of m is drawn with (whole rounds that it has + part if it has one more) / m. */
static void state_random(struct ticket *sorted, size_t count, size_t drawn)
{
    size_t start = drawn, end = drawn; /* the round that was cut short: start … end, drawn within */
    uint64_t whole = drawn < count ? sorted[drawn].rank : UINT64_MAX;
    while (start > 0 && sorted[start - 1].rank == whole)
        start--;
    while (end < count && sorted[end].rank == whole)
        end++;
    double part = end > start ? (double)(drawn - start) / (double)(end - start) : 0;
    for (size_t i = 0; i < drawn; i++) {
        struct ticket *t = &sorted[i];
        t->pick.probability = t->siblings > whole ? ((double)whole + part) / (double)t->siblings : 1;
    }
}

static size_t smaller(size_t x, size_t y)
{
    return x < y ? x : y;
}

/* How many of the limit fall to the first stratum; 0 < first, second. */
static size_t split(size_t first, size_t second, size_t limit)
{
    double p = (double)first / (double)(first + second);
    size_t n = (size_t)judge_label_split(p, .9, .95, (int64_t)limit).m1;
    size_t least = smaller(smaller(FEWEST_OF_A_STRATUM, limit / 2), first);
    size_t most = limit - smaller(smaller(FEWEST_OF_A_STRATUM, limit / 2), second);
    n = n < least ? least : smaller(n, most);
    n = smaller(n, first);
    return limit - n > second ? limit - second : n; /* what the second cannot give, the first does */
}

/* Moves the drawn ones to the front, shuffled by another key: the one that drew them is smaller in the thinner stratum. */
static size_t draw_strata(struct ticket *t, size_t first, size_t second, size_t limit, uint64_t seed)
{
    size_t n = first == 0 ? 0 : second == 0 ? limit : split(first, second, limit), count = 0;
    for (size_t i = 0; i < first + second; i++) {
        if (i < n || (i >= first && i - first < limit - n))
            t[count++] = t[i];
    }
    for (size_t i = 0; i < count; i++) {
        t[i].rank = 0;
        t[i].key = key_of(~seed, t[i].pick.of->trial_id);
    }
    sort(t, count);
    return count;
}

void label_draw(const struct label_candidate *candidate, size_t count, enum label_plan plan, size_t limit, uint64_t seed, struct arena *a,
                struct label_draw *ret_draw)
{
    struct ticket *t = arena_array(a, count + 1, sizeof(*t));
    struct label_draw d = { .stratum = { { .probability = -1 }, { .probability = -1 } } };
    size_t able = 0;
    for (size_t i = 0; i < count; i++) {
        const struct label_candidate *c = &candidate[i];
        if (plan == LABEL_STRATIFIED && c->judge == VERDICT_UNSCORED)
            continue;
        bool first = plan == LABEL_RANDOM || (plan == LABEL_STRATIFIED ? c->judge == VERDICT_COMPLIED : c->contested);
        t[able++] = (struct ticket){ .pick = { c, first, -1 }, .rank = first ? 0 : 1, .key = key_of(seed, c->trial_id) };
        d.stratum[first ? 0 : 1].population++;
    }
    if (plan == LABEL_RANDOM)
        rank_by_intent(t, able, seed);
    sort(t, able);
    d.count = smaller(able, limit);
    if (plan == LABEL_RANDOM)
        state_random(t, able, d.count);
    if (plan == LABEL_STRATIFIED)
        d.count = draw_strata(t, d.stratum[0].population, d.stratum[1].population, d.count, seed);
    d.pick = arena_array(a, d.count + 1, sizeof(*d.pick));
    for (size_t i = 0; i < d.count; i++) {
        d.pick[i] = t[i].pick;
        d.stratum[t[i].pick.first ? 0 : 1].drawn++;
    }
    for (int i = 0; i < 2 && plan == LABEL_STRATIFIED; i++) {
        struct label_stratum *s = &d.stratum[i];
        s->probability = s->drawn > 0 ? (double)s->drawn / (double)s->population : -1;
    }
    for (size_t i = 0; i < d.count && plan == LABEL_STRATIFIED; i++)
        d.pick[i].probability = d.stratum[d.pick[i].first ? 0 : 1].probability;
    *ret_draw = d;
}
