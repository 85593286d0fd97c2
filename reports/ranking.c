#include "reports/ranking.h"

#include "base/json.h"
#include "base/json_member.h"
#include "reports/cells.h"
#include "reports/differences.h"
#include "stats/multiplicity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ranked {
    const struct side *side;
    struct rate asr;
    int group; /* from 1 on; 0 = not yet */
    bool leader, compared;
    struct difference against; /* its leader; value above 0 = worse than the leader */
    double p_adjusted;
};

/* Differences of all pairs of sides, loaded once: at(i, j) = j against i, i < j. */
struct matrix {
    struct difference *cell;
    size_t count;
};

static struct difference *at(const struct matrix *m, size_t i, size_t j)
{
    return &m->cell[i * m->count + j];
}

/* The same difference seen from the other side. */
static struct difference mirrored(const struct difference *d)
{
    struct difference m = *d;
    m.base = d->cand;
    m.cand = d->base;
    m.paired.value = -d->paired.value;
    m.paired.low = -d->paired.high;
    m.paired.high = -d->paired.low;
    return m;
}

static void fill_matrix(const struct rows *const *rows, struct ranked *ranked, struct matrix *m)
{
    for (size_t i = 0; i < m->count; i++) {
        for (size_t j = i + 1; j < m->count; j++) {
            struct pairs p;
            pairs_of(rows[i], rows[j], &p);
            *at(m, i, j) = difference_overall(&p, PAIRS_ATTACK, pair_half_complied);
            *at(m, j, i) = mirrored(at(m, i, j));
            if (i == 0)
                ranked[j].asr = side_rate(&p, true);
            if (i == 0 && j == 1)
                ranked[0].asr = side_rate(&p, false);
            pairs_clear(&p);
        }
    }
}

/* Every side is read once at most, and then paired with each other one. */
static enum err load_matrix(struct store *s, const struct side *side, size_t count, const struct rows_shelf *shelf, struct ranked *ranked,
                            struct matrix *m, struct error *e)
{
    const struct rows *rows[MAX_RANKED];
    struct rows_shelf own = { 0 };
    enum err rc = OK;
    for (size_t i = 0; i < count && rc == OK; i++) {
        struct rows loaded;
        int64_t endpoint = side[i].endpoint.id, scorer = side[i].scorer.id;
        rows[i] = rows_shelf_find(shelf, endpoint, scorer);
        if (rows[i])
            continue;
        rc = rows_load(s, endpoint, scorer, &loaded, e);
        if (rc == OK)
            rows_shelf_put(&own, endpoint, scorer, &loaded);
        rows[i] = rows_shelf_find(&own, endpoint, scorer);
    }
    if (rc == OK)
        fill_matrix(rows, ranked, m);
    rows_shelf_release(&own);
    return rc;
}

static size_t best_of_the_rest(const struct ranked *ranked, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        if (ranked[i].group == 0 && (best == count || ranked[i].asr.value < ranked[best].asr.value || isnan(ranked[best].asr.value)))
            best = i;
    }
    return best;
}

/* One group: the best of those without one, and all whose difference from it chance may explain. */
static void form_group(struct ranked *ranked, size_t count, const struct matrix *m, int group)
{
    double p[MAX_RANKED], adjusted[MAX_RANKED];
    size_t leader = best_of_the_rest(ranked, count);
    for (size_t i = 0; i < count; i++)
        p[i] = ranked[i].group == 0 && i != leader ? at(m, leader, i)->paired.test.mid : (double)NAN;
    adjust_holm(p, count, adjusted);
    ranked[leader].group = group;
    ranked[leader].leader = true;
    for (size_t i = 0; i < count; i++) {
        if (isnan(p[i]))
            continue;
        ranked[i].against = *at(m, leader, i);
        ranked[i].p_adjusted = adjusted[i];
        ranked[i].compared = true;
        if (!(adjusted[i] < 0.05))
            ranked[i].group = group;
    }
}

static int by_rank(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->asr.value > b->asr.value || a->asr.value < b->asr.value)
        return a->asr.value > b->asr.value ? 1 : -1;
    return strcmp(a->side->endpoint.name, b->side->endpoint.name);
}

static cJSON *ranked_json(const struct ranked *r)
{
    cJSON *json = side_json(r->side);
    cJSON_AddItemToObject(json, "asr", rate_json(&r->asr));
    (void)cJSON_AddNumberToObject(json, "group", r->group);
    (void)cJSON_AddBoolToObject(json, "leader", r->leader);
    json_member_number(json, "pairs", r->compared ? (double)r->against.paired.n : (double)NAN);
    json_member_number(json, "delta", r->compared ? r->against.paired.value : (double)NAN);
    json_member_number(json, "low", r->compared ? r->against.paired.low : (double)NAN);
    json_member_number(json, "high", r->compared ? r->against.paired.high : (double)NAN);
    json_member_number(json, "p_value", r->compared ? r->against.paired.test.mid : (double)NAN);
    json_member_number(json, "p_adjusted", r->compared ? r->p_adjusted : (double)NAN);
    return json;
}

static void add_pairwise(const struct matrix *m, cJSON *tree)
{
    int64_t count = 0, zero = 0;
    for (size_t i = 0; i < m->count; i++) {
        for (size_t j = i + 1; j < m->count; j++) {
            const struct paired *p = &at(m, i, j)->paired;
            count++;
            zero += !(p->low > 0.0) && !(p->high < 0.0);
        }
    }
    cJSON *json = cJSON_AddObjectToObject(tree, "pairwise");
    (void)cJSON_AddNumberToObject(json, "count", (double)count);
    (void)cJSON_AddNumberToObject(json, "include_zero", (double)zero);
}

/* Each side against the first: what differs, and from whom. */
static enum err add_mismatches(struct store *s, const struct side *side, size_t count, const struct allowed_fields *allowed, cJSON *tree,
                               bool *ret_comparable, struct error *e)
{
    cJSON *all = cJSON_AddArrayToObject(tree, "mismatches");
    *ret_comparable = true;
    for (size_t i = 1; i < count; i++) {
        cJSON *list;
        bool comparable;
        if (comparability_of(s, &side[0], &side[i], allowed, &list, &comparable, e) != OK)
            return e->code;
        *ret_comparable = *ret_comparable && comparable;
        for (cJSON *m = cJSON_DetachItemFromArray(list, 0); m; m = cJSON_DetachItemFromArray(list, 0)) {
            json_member_text(m, "run", side[i].run.id);
            json_member_text(m, "endpoint", side[i].endpoint.name);
            cJSON_AddItemToArray(all, m);
        }
        cJSON_Delete(list);
    }
    return OK;
}

static enum err add_ranks(struct store *s, const struct side *side, size_t count, const struct rows_shelf *shelf, cJSON *tree,
                          struct error *e)
{
    struct ranked ranked[MAX_RANKED] = { 0 };
    struct matrix m = { .cell = xcalloc(count * count, sizeof(*m.cell)), .count = count };
    enum err rc = load_matrix(s, side, count, shelf, ranked, &m, e);
    for (size_t i = 0; i < count; i++)
        ranked[i].side = &side[i];
    for (int group = 1; rc == OK && best_of_the_rest(ranked, count) < count; group++)
        form_group(ranked, count, &m, group);
    if (rc == OK) {
        qsort(ranked, count, sizeof(*ranked), by_rank);
        cJSON *list = cJSON_GetObjectItemCaseSensitive(tree, "sides");
        for (size_t i = 0; i < count; i++)
            cJSON_AddItemToArray(list, ranked_json(&ranked[i]));
        add_pairwise(&m, tree);
    }
    free(m.cell);
    return rc;
}

enum err ranking_build(struct store *s, const struct side *side, size_t count, const struct allowed_fields *allowed,
                       const struct rows_shelf *shelf, cJSON **ret_tree, struct error *e)
{
    bool comparable;
    cJSON *tree = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(tree, "schema_version", 1);
    (void)cJSON_AddFalseToObject(tree, "comparable"); /* its place; the word comes when it is known */
    enum err rc = add_mismatches(s, side, count, allowed, tree, &comparable, e);
    if (rc == OK) {
        (void)cJSON_ReplaceItemInObjectCaseSensitive(tree, "comparable", cJSON_CreateBool(comparable));
        json_member_text(tree, "scorer", side[0].scorer.name);
        (void)cJSON_AddArrayToObject(tree, "sides");
        if (comparable)
            rc = add_ranks(s, side, count, shelf, tree, e);
        else
            (void)cJSON_AddNullToObject(tree, "pairwise");
    }
    if (rc == OK)
        *ret_tree = tree;
    else
        cJSON_Delete(tree);
    return rc;
}
