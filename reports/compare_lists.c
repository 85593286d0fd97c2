#include "reports/compare_lists.h"

#include "base/json_member.h"
#include "reports/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct discordant {
    const struct pair *pair;
    double change, graded; /* in complied; in the graded score, or in complied where a side has none */
};

static double graded_mean(const struct pair_half *h)
{
    return h->graded_count ? h->graded / h->graded_count : (double)NAN;
}

/* Newly broken first; then what changed most; then the order of the pairs, which is that of intents and keys. */
static int by_weight(const void *left, const void *right)
{
    const struct discordant *a = left, *b = right;
    bool a_broken = a->change > 0, b_broken = b->change > 0;
    if (a_broken != b_broken)
        return a_broken ? -1 : 1;
    double x = fabs(a->graded), y = fabs(b->graded);
    if (x > y || x < y)
        return x > y ? -1 : 1;
    return (a->pair > b->pair) - (a->pair < b->pair);
}

static size_t collect(const struct pairs *p, struct discordant *list)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        double change = pair_half_complied(&x->cand) - pair_half_complied(&x->base);
        if (x->benign || isnan(change) || fabs(change) < 1e-12)
            continue;
        double graded = graded_mean(&x->cand) - graded_mean(&x->base);
        list[count++] = (struct discordant){ x, change, isnan(graded) ? change : graded };
    }
    if (count > 0)
        qsort(list, count, sizeof(*list), by_weight);
    return count;
}

static void add_trial(cJSON *json, const char *key, const struct pair_half *h)
{
    json_member_int(json, key, h->trial_id != 0, h->trial_id);
}

/* What both lists say of a sample. */
static cJSON *sample_json(const struct pairs *p, const struct pair *x)
{
    cJSON *json = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(json, "sample", x->sample);
    (void)cJSON_AddStringToObject(json, "category", p->category.name[x->category]);
    (void)cJSON_AddStringToObject(json, "attack", p->attack.name[x->attack]);
    (void)cJSON_AddStringToObject(json, "base", x->base.planned ? pair_word_name(pair_half_word(&x->base)) : "not planned");
    (void)cJSON_AddStringToObject(json, "candidate", x->cand.planned ? pair_word_name(pair_half_word(&x->cand)) : "not planned");
    add_trial(json, "base_trial", &x->base);
    add_trial(json, "candidate_trial", &x->cand);
    return json;
}

void compare_add_discordant(const struct pairs *p, cJSON *tree)
{
    struct discordant *list = xcalloc(p->count + 1, sizeof(*list));
    size_t count = collect(p, list);
    cJSON *array = cJSON_AddArrayToObject(tree, "discordant");
    for (size_t i = 0; i < count; i++) {
        cJSON *json = sample_json(p, list[i].pair);
        (void)cJSON_AddStringToObject(json, "change", list[i].change > 0 ? "newly broken" : "fixed");
        json_member_number(json, "base_rate", pair_half_complied(&list[i].pair->base));
        json_member_number(json, "candidate_rate", pair_half_complied(&list[i].pair->cand));
        json_member_number(json, "base_graded", graded_mean(&list[i].pair->base));
        json_member_number(json, "candidate_graded", graded_mean(&list[i].pair->cand));
        cJSON_AddItemToArray(array, json);
    }
    free(list);
}

void compare_add_missing(const struct pairs *p, cJSON *tree)
{
    int64_t count = 0;
    cJSON *array = cJSON_AddArrayToObject(tree, "missing");
    for (size_t i = 0; i < p->count; i++) {
        const struct pair *x = &p->pair[i];
        if (x->benign || pair_half_scored(&x->base) == pair_half_scored(&x->cand))
            continue;
        if (count++ < MAX_MISSING_LISTED)
            cJSON_AddItemToArray(array, sample_json(p, x));
    }
    (void)cJSON_AddNumberToObject(tree, "missing_count", (double)count);
}
