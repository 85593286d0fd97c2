#include "reports/compare_extra.h"

#include "base/json_member.h"
#include "reports/compare.h"
#include "reports/compare_rates.h"
#include "stats/bootstrap.h"
#include "stats/repeats.h"

#include <math.h>
#include <stdlib.h>

/* A sample counts as complied when any of its scored epochs did: the cells add up to the pairs whatever the number of epochs. */
void compare_add_flow(const struct pairs *p, cJSON *tree)
{
    static const char *const key[2][2] = { { "stayed_safe", "newly_broken" }, { "fixed", "stayed_complied" } };
    int64_t count[2][2] = { { 0 } };
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        if (!x->benign && pair_is_scored(x))
            count[x->base.count[PAIR_COMPLIED] > 0][x->cand.count[PAIR_COMPLIED] > 0]++;
    }
    cJSON *json = cJSON_AddObjectToObject(tree, "flow");
    for (int b = 1; b >= 0; b--) {
        for (int c = 1; c >= 0; c--)
            (void)cJSON_AddNumberToObject(json, key[b][c], (double)count[b][c]);
    }
}

/* sum(numerator)/sum(denominator) over intents: the interval is drawn over whole intents. */
static void add_drawn_interval(const double *numerator, const double *denominator, size_t intents, double margin, cJSON *json)
{
    struct bootstrap b = bootstrap_ratio(numerator, denominator, intents, COMPARE_SEED, intents > 1 ? COMPARE_DRAWS : 0);
    json_member_number(json, "low", b.low);
    json_member_number(json, "high", b.high);
    (void)cJSON_AddNumberToObject(json, "draws", COMPARE_DRAWS);
    (void)cJSON_AddNumberToObject(json, "seed", COMPARE_SEED);
    json_member_text(json, "tag", compare_interval_tag(b.low, b.high, margin, intents));
}

/* Intents with at least one complied pair, of those that have a pair. */
void compare_add_intent_any(const struct pairs *p, double margin, cJSON *tree)
{
    uint8_t *seen = xcalloc(p->intent.count + 1, 1), *base = xcalloc(p->intent.count + 1, 1), *cand = xcalloc(p->intent.count + 1, 1);
    double *difference = xcalloc(p->intent.count + 1, sizeof(*difference)), *one = xcalloc(p->intent.count + 1, sizeof(*one));
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        if (x->benign || !pair_is_scored(x))
            continue;
        seen[x->intent] = 1;
        base[x->intent] |= x->base.count[PAIR_COMPLIED] > 0;
        cand[x->intent] |= x->cand.count[PAIR_COMPLIED] > 0;
    }
    size_t intents = 0;
    int64_t base_any = 0, cand_any = 0;
    for (size_t g = 0; g < p->intent.count; g++) {
        if (!seen[g])
            continue;
        base_any += base[g];
        cand_any += cand[g];
        difference[intents] = (double)cand[g] - (double)base[g];
        one[intents++] = 1.0;
    }
    double n = intents ? (double)intents : (double)NAN;
    cJSON *json = cJSON_AddObjectToObject(tree, "intent_any");
    (void)cJSON_AddNumberToObject(json, "clusters", (double)intents);
    json_member_number(json, "base", (double)base_any / n);
    json_member_number(json, "candidate", (double)cand_any / n);
    json_member_number(json, "delta", (double)(cand_any - base_any) / n);
    add_drawn_interval(difference, one, intents, margin, json);
    free(seen);
    free(base);
    free(cand);
    free(difference);
    free(one);
}

static bool is_attack_pair(const struct pair *x)
{
    return !x->benign && pair_is_scored(x);
}

/* The chance that one of k epochs drawn from a sample's complied. */
static double any_of(const struct pair_half *h, int64_t k)
{
    const struct repeats r = { h->scored, h->count[PAIR_COMPLIED] };
    return repeats_any(&r, 1, k);
}

/* The fewest epochs that both sides have of every pair: beyond them any@k is not known of all. */
static int64_t fewest_epochs(const struct pairs *p)
{
    int64_t fewest = 0;
    bool first = true;
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        int64_t of = x->base.scored < x->cand.scored ? x->base.scored : x->cand.scored;
        if (is_attack_pair(x) && (first || of < fewest)) {
            fewest = of;
            first = false;
        }
    }
    return fewest;
}

/* Samples weigh alike; their differences are summed by intent, base and candidate together. */
static cJSON *any_at_k(const struct pairs *p, int64_t k, double margin)
{
    double *difference = xcalloc(p->intent.count + 1, sizeof(*difference)), *pairs = xcalloc(p->intent.count + 1, sizeof(*pairs));
    double base = 0.0, cand = 0.0;
    int64_t n = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        if (!is_attack_pair(x))
            continue;
        double b = any_of(&x->base, k), c = any_of(&x->cand, k);
        base += b;
        cand += c;
        difference[x->intent] += c - b;
        pairs[x->intent] += 1.0;
        n++;
    }
    size_t intents = 0;
    for (size_t g = 0; g < p->intent.count; g++) {
        if (pairs[g] == 0.0)
            continue;
        difference[intents] = difference[g];
        pairs[intents++] = pairs[g];
    }
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(json, "k", (double)k);
    (void)cJSON_AddNumberToObject(json, "pairs", (double)n);
    (void)cJSON_AddNumberToObject(json, "clusters", (double)intents);
    json_member_number(json, "base", base / (double)n);
    json_member_number(json, "candidate", cand / (double)n);
    json_member_number(json, "delta", (cand - base) / (double)n);
    add_drawn_interval(difference, pairs, intents, margin, json);
    free(difference);
    free(pairs);
    return json;
}

void compare_add_any_at_k(const struct pairs *p, double margin, cJSON *tree)
{
    if (p->base_epochs < 2 || p->cand_epochs < 2) {
        (void)cJSON_AddNullToObject(tree, "any_at_k");
        return;
    }
    int64_t fewest = fewest_epochs(p);
    cJSON *list = cJSON_AddArrayToObject(tree, "any_at_k");
    for (int64_t k = 2; k <= fewest && k <= MAX_DRAWN_EPOCHS; k++)
        cJSON_AddItemToArray(list, any_at_k(p, k, margin));
}

static bool is_flaky(const struct pair_half *h)
{
    return h->count[PAIR_COMPLIED] > 0 && h->count[PAIR_COMPLIED] < h->scored;
}

void compare_add_flaky(const struct pairs *p, cJSON *tree)
{
    int64_t pairs = 0, base = 0, cand = 0;
    if (p->base_epochs < 2 && p->cand_epochs < 2) {
        (void)cJSON_AddNullToObject(tree, "flaky");
        return;
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        if (x->benign || !pair_is_scored(x))
            continue;
        pairs++;
        base += is_flaky(&x->base);
        cand += is_flaky(&x->cand);
    }
    cJSON *json = cJSON_AddObjectToObject(tree, "flaky");
    (void)cJSON_AddNumberToObject(json, "pairs", (double)pairs);
    (void)cJSON_AddNumberToObject(json, "base", (double)base);
    (void)cJSON_AddNumberToObject(json, "candidate", (double)cand);
}

/* Milliseconds of the paired samples of one side, sorted; a sample's is the mean of its epochs. */
static double median(double *value, size_t n)
{
    if (n > 0)
        qsort(value, n, sizeof(*value), stats_compare_doubles);
    return stats_quantile7(value, n, 0.5);
}

static void add_latency(const struct pairs *p, cJSON *tree)
{
    double *base = xcalloc(p->count + 1, sizeof(*base)), *cand = xcalloc(p->count + 1, sizeof(*cand));
    double *delta = xcalloc(p->count + 1, sizeof(*delta));
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct pair_half *b = &p->pair[i].base, *c = &p->pair[i].cand;
        if (b->timed == 0 || c->timed == 0)
            continue;
        base[n] = (double)b->latency_us / b->timed / 1000;
        cand[n] = (double)c->latency_us / c->timed / 1000;
        delta[n] = cand[n] - base[n];
        n++;
    }
    cJSON *json = cJSON_AddObjectToObject(tree, "latency_ms");
    (void)cJSON_AddNumberToObject(json, "pairs", (double)n);
    json_member_number(json, "base_p50", median(base, n));
    json_member_number(json, "candidate_p50", median(cand, n));
    json_member_number(json, "delta_p50", median(delta, n)); /* of the differences: slower for the same sample */
    free(base);
    free(cand);
    free(delta);
}

static void add_sums(cJSON *tree, const char *key, int64_t pairs, double base, double cand)
{
    cJSON *json = cJSON_AddObjectToObject(tree, key);
    (void)cJSON_AddNumberToObject(json, "pairs", (double)pairs);
    json_member_number(json, "base", pairs ? base : (double)NAN);
    json_member_number(json, "candidate", pairs ? cand : (double)NAN);
    json_member_number(json, "delta", pairs ? cand - base : (double)NAN);
}

void compare_add_performance(const struct pairs *p, cJSON *tree)
{
    int64_t with_tokens = 0, with_cost = 0;
    double base_tokens = 0, cand_tokens = 0, base_cost = 0, cand_cost = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct pair_half *b = &p->pair[i].base, *c = &p->pair[i].cand;
        if (b->completion_tokens > 0 && c->completion_tokens > 0) {
            with_tokens++;
            base_tokens += (double)b->completion_tokens;
            cand_tokens += (double)c->completion_tokens;
        }
        if (!isnan(b->cost_usd) && !isnan(c->cost_usd)) {
            with_cost++;
            base_cost += b->cost_usd;
            cand_cost += c->cost_usd;
        }
    }
    add_latency(p, tree);
    add_sums(tree, "completion_tokens", with_tokens, base_tokens, cand_tokens);
    add_sums(tree, "cost_usd", with_cost, base_cost, cand_cost);
}
