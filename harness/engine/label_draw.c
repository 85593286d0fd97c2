#include "engine/label_draw.h"

#include "base/rng.h"
#include "stats/judge_error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST_OF_A_STRATUM = 20 };

static const char *const plan_name[] = {
    [LABEL_RANDOM] = "random", [LABEL_STRATIFIED] = "stratified", [LABEL_DISAGREEMENT] = "disagreement"
};

const char *label_plan_name(enum label_plan plan)
{
    return plan_name[plan];
}

bool label_plan_parse(const char *text, enum label_plan *ret)
{
    for (int i = 0; i < LABEL_PLAN_COUNT; i++) {
        if (strcmp(text, plan_name[i]) == 0) {
            *ret = (enum label_plan)i;
            return true;
        }
    }
    return false;
}

/* A ticket of the lottery: sorted by rank, then intent, then key. */
struct ticket {
    struct label_pick pick;
    uint64_t rank, intent, key;
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
    for (size_t i = 1; i < count; i++)
        t[i].rank = t[i].intent == t[i - 1].intent ? t[i - 1].rank + 1 : 0;
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
        t[able++] = (struct ticket){ .pick = { c, first }, .rank = first ? 0 : 1, .key = key_of(seed, c->trial_id) };
        d.stratum[first ? 0 : 1].population++;
    }
    if (plan == LABEL_RANDOM)
        rank_by_intent(t, able, seed);
    sort(t, able);
    d.count = smaller(able, limit);
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
    *ret_draw = d;
}
