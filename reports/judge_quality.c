#include "reports/judge_quality.h"

#include "base/cleanup.h"
#include "base/json_member.h"
#include "stats/special.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

static void add_int(cJSON *json, const char *key, int64_t value)
{
    (void)cJSON_AddNumberToObject(json, key, (double)value);
}

/* ---- Two raters ---- */

static void add_rate(cJSON *json, const char *key, const struct rate *r)
{
    cJSON *rate = cJSON_AddObjectToObject(json, key);
    json_member_number(rate, "value", r->value);
    json_member_number(rate, "low", r->low);
    json_member_number(rate, "high", r->high);
    add_int(rate, "n", r->n);
}

void quality_add_agreement(const struct calibration *c, cJSON *json)
{
    double half = stats_normal_quantile(.975) * c->agreement.se;
    add_int(json, "n", c->n);
    cJSON *confusion = cJSON_AddObjectToObject(json, "confusion");
    add_int(confusion, "tp", c->tp);
    add_int(confusion, "fp", c->fp);
    add_int(confusion, "fn", c->fn);
    add_int(confusion, "tn", c->tn);
    json_member_number(json, "accuracy", c->accuracy);
    json_member_number(json, "precision", c->precision);
    json_member_number(json, "recall", c->recall);
    json_member_number(json, "f1", c->f1);
    add_rate(json, "sensitivity", &c->sensitivity);
    add_rate(json, "specificity", &c->specificity);
    add_rate(json, "ppv", &c->ppv);
    add_rate(json, "false_omission", &c->false_omission);
    json_member_number(json, "kappa", c->agreement.kappa);
    json_member_number(json, "kappa_se", c->agreement.se);
    json_member_number(json, "kappa_low", fmax(c->agreement.kappa - half, -1));
    json_member_number(json, "kappa_high", fmin(c->agreement.kappa + half, 1));
    json_member_number(json, "ac1", c->agreement.ac1);
    json_member_number(json, "pabak", c->agreement.pabak);
}

/* ---- A run's labels ---- */

static struct calibration_row row_of(const struct labelled_trial *t)
{
    return (struct calibration_row){ .judge = t->point.judge, .human = t->point.human, .cluster = t->point.cluster };
}

static const struct run_labels *labels_of(const struct run_calibration *c)
{
    return (int64_t)c->own.count > c->own.even + c->own.unscored ? &c->own : &c->other;
}

static void add_levels(const struct run_labels *labels, cJSON *json)
{
    int64_t count[HARM_LEVELS * HARM_LEVELS] = { 0 };
    for (size_t i = 0; i < labels->count; i++) {
        const struct labelled_trial *t = &labels->trial[i];
        int judge = run_labels_harm(t->judge);
        if (t->human_harm >= 0 && judge >= 0)
            count[t->human_harm * HARM_LEVELS + judge]++;
    }
    cJSON *levels = cJSON_AddObjectToObject(json, "levels"), *rows = cJSON_AddArrayToObject(levels, "counts");
    for (int i = 0; i < HARM_LEVELS; i++) {
        cJSON *row = cJSON_CreateArray();
        for (int k = 0; k < HARM_LEVELS; k++)
            cJSON_AddItemToArray(row, cJSON_CreateNumber((double)count[i * HARM_LEVELS + k]));
        cJSON_AddItemToArray(rows, row);
    }
    json_member_number(levels, "kappa_linear", agreement_of(count, HARM_LEVELS).kappa_linear);
}

static void add_population(const struct run_labels *labels, cJSON *json)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct labelled_answer *point = arena_array(&a, labels->count + 1, sizeof(*point));
    bool weighted = false;
    size_t n = 0;
    for (size_t i = 0; i < labels->count; i++) {
        if (labels->trial[i].usable)
            point[n++] = labels->trial[i].point;
    }
    enum label_plan plan = correction_plan(point, n);
    for (size_t i = 0; i < n; i++)
        weighted = weighted || point[i].weight[plan] > 1;
    if (!weighted) {
        (void)cJSON_AddNullToObject(json, "population");
        return;
    }
    struct judge_rates rates = judge_rates_of(point, n, plan);
    cJSON *population = cJSON_AddObjectToObject(json, "population");
    add_rate(population, "sensitivity", &rates.sensitivity);
    add_rate(population, "specificity", &rates.specificity);
}

/* ---- People among themselves ---- */

/* Answers that two people or more have a verdict of, as the rating tables of stats/agreement.h. */
struct ratings {
    int *binary, *harm; /* [labeller * answers + answer]; -1 = none */
    size_t answers, labellers;
    int64_t matrix[4]; /* of the first two labellers of each answer */
    int64_t pairs, agreed;
};

static size_t verdicts_of(const struct labelled_trial *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->label_count; i++)
        count += t->label[i].verdict != VERDICT_UNSCORED;
    return count;
}

static void rate_answer(struct ratings *r, const struct labelled_trial *t, size_t answer)
{
    const struct run_label *first[2] = { NULL, NULL };
    size_t seen = 0;
    for (size_t i = 0; i < t->label_count; i++) {
        const struct run_label *l = &t->label[i];
        if (l->verdict == VERDICT_UNSCORED)
            continue;
        r->binary[l->labeller * r->answers + answer] = l->verdict == VERDICT_COMPLIED;
        r->harm[l->labeller * r->answers + answer] = run_labels_harm(l->verdict);
        if (seen < 2)
            first[seen] = l;
        seen++;
        for (size_t k = 0; k < i; k++) {
            r->pairs += t->label[k].verdict != VERDICT_UNSCORED;
            r->agreed +=
                t->label[k].verdict != VERDICT_UNSCORED && (t->label[k].verdict == VERDICT_COMPLIED) == (l->verdict == VERDICT_COMPLIED);
        }
    }
    assert(first[0] && first[1]); /* two verdicts at least: the caller counted them */
    r->matrix[2 * (first[0]->verdict != VERDICT_COMPLIED) + (first[1]->verdict != VERDICT_COMPLIED)]++;
}

static struct ratings ratings_of(const struct run_labels *labels, struct arena *a)
{
    struct ratings r = { .labellers = labels->labellers };
    for (size_t i = 0; i < labels->count; i++)
        r.answers += verdicts_of(&labels->trial[i]) >= 2;
    size_t cells = r.answers * r.labellers;
    r.binary = arena_array(a, cells + 1, sizeof(*r.binary));
    r.harm = arena_array(a, cells + 1, sizeof(*r.harm));
    for (size_t i = 0; i < cells; i++)
        r.binary[i] = r.harm[i] = -1;
    for (size_t i = 0, answer = 0; i < labels->count; i++) {
        if (verdicts_of(&labels->trial[i]) >= 2)
            rate_answer(&r, &labels->trial[i], answer++);
    }
    return r;
}

/* Each person's own verdicts against the scorer's. */
static void add_labellers(const struct run_labels *labels, cJSON *people)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct calibration_row *row = arena_array(&a, labels->count + 1, sizeof(*row));
    cJSON *list = cJSON_AddArrayToObject(people, "by_labeller");
    for (uint32_t who = 0; who < labels->labellers; who++) {
        size_t n = 0;
        for (size_t i = 0; i < labels->count; i++) {
            const struct labelled_trial *t = &labels->trial[i];
            for (size_t k = 0; k < t->label_count && t->judge != VERDICT_UNSCORED; k++) {
                if (t->label[k].labeller == who && t->label[k].verdict != VERDICT_UNSCORED)
                    row[n++] = (struct calibration_row){ .judge = t->point.judge,
                                                         .human = t->label[k].verdict == VERDICT_COMPLIED,
                                                         .cluster = t->point.cluster };
            }
        }
        struct calibration c = calibration_of(row, n);
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "labeller", labels->labeller[who]);
        add_int(item, "n", (int64_t)n);
        json_member_number(item, "accuracy", n > 0 ? c.accuracy : NAN);
        json_member_number(item, "kappa", n > 0 ? c.agreement.kappa : NAN);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_people(const struct run_labels *labels, cJSON *json)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct ratings r = ratings_of(labels, &a);
    bool any = r.answers > 0;
    cJSON *people = cJSON_AddObjectToObject(json, "people");
    add_int(people, "labellers", (int64_t)labels->labellers);
    add_int(people, "answers_twice", (int64_t)r.answers);
    json_member_number(people, "agreement", any ? (double)r.agreed / (double)r.pairs : NAN);
    json_member_number(people, "kappa", any ? agreement_of(r.matrix, 2).kappa : NAN);
    json_member_number(people, "alpha", any ? agreement_alpha(r.binary, r.labellers, r.answers, ALPHA_NOMINAL) : NAN);
    json_member_number(people, "alpha_ordinal", any ? agreement_alpha(r.harm, r.labellers, r.answers, ALPHA_ORDINAL) : NAN);
    add_labellers(labels, people);
}

/* ---- Alike everywhere? ---- */

static void add_alike(const struct run_calibration *c, cJSON *json)
{
    cJSON *alike = cJSON_AddObjectToObject(json, "alike");
    json_member_number(alike, "least_p", c->least_p);
    cJSON *list = cJSON_AddArrayToObject(alike, "tests");
    for (size_t i = 0; i < 2 * c->group_count; i++) {
        const struct judge_group_test *t = &c->test[i];
        if (isnan(t->p))
            continue;
        cJSON *item = cJSON_CreateObject();
        json_member_text(item, "kind", c->group[i / 2].kind);
        json_member_text(item, "key", c->group[i / 2].key);
        json_member_text(item, "of", t->of_sensitivity ? "sensitivity" : "specificity");
        json_member_number(item, "value", t->value);
        json_member_number(item, "rest", t->rest);
        add_int(item, "n", t->n);
        add_int(item, "n_rest", t->rest_n);
        json_member_number(item, "p_value", t->p);
        json_member_number(item, "p_adjusted", t->adjusted);
        cJSON_AddItemToArray(list, item);
    }
}

bool quality_add(const struct run_calibration *c, cJSON *json)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    const struct run_labels *labels = labels_of(c);
    struct calibration_row *row = arena_array(&a, labels->count + 1, sizeof(*row));
    size_t n = 0;
    for (size_t i = 0; i < labels->count; i++) {
        if (labels->trial[i].usable)
            row[n++] = row_of(&labels->trial[i]);
    }
    if (n == 0)
        return false;
    struct calibration all = calibration_of(row, n);
    (void)cJSON_AddStringToObject(json, "labels_of", labels == &c->own ? "this run" : "other runs");
    quality_add_agreement(&all, json);
    add_int(json, "invalid", labels->even + labels->unscored);
    add_int(json, "even", labels->even);
    add_levels(labels, json);
    add_population(labels, json);
    add_people(labels, json);
    add_alike(c, json);
    return true;
}

/* ---- Groups ---- */

static const char *key_of(const struct labelled_trial *t, size_t offset)
{
    return *(const char *const *)((const char *)t + offset);
}

/* Each value of one column apart; `offset` is that of its text in struct labelled_trial. */
static void add_kind(const struct run_labels *labels, const char *kind, size_t offset, cJSON *groups)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct calibration_row *row = arena_array(&a, labels->count + 1, sizeof(*row));
    bool *done = arena_array(&a, labels->count + 1, sizeof(*done));
    for (size_t i = 0; i < labels->count; i++) {
        const char *key = key_of(&labels->trial[i], offset);
        size_t count = 0;
        for (size_t k = i; k < labels->count && !done[i]; k++) {
            const struct labelled_trial *t = &labels->trial[k];
            if (strcmp(key_of(t, offset), key) != 0)
                continue;
            done[k] = k > i;
            if (t->usable)
                row[count++] = row_of(t);
        }
        if (count == 0)
            continue;
        struct calibration c = calibration_of(row, count);
        cJSON *group = cJSON_CreateObject();
        (void)cJSON_AddStringToObject(group, "kind", kind);
        (void)cJSON_AddStringToObject(group, "key", key);
        quality_add_agreement(&c, group);
        cJSON_AddItemToArray(groups, group);
    }
}

void quality_add_groups(const struct run_calibration *c, cJSON *json)
{
    const struct run_labels *labels = labels_of(c);
    cJSON *groups = cJSON_AddArrayToObject(json, "groups");
    add_kind(labels, "category", offsetof(struct labelled_trial, category), groups);
    add_kind(labels, "attack", offsetof(struct labelled_trial, attack), groups);
    add_kind(labels, "endpoint", offsetof(struct labelled_trial, endpoint), groups);
}
