#include "reports/compare.h"

#include "base/json.h"
#include "base/json_member.h"
#include "core/gate_policy.h"
#include "reports/compare_extra.h"
#include "reports/compare_lists.h"
#include "reports/compare_rates.h"
#include "reports/differences.h"

#include <math.h>
#include <string.h>

static void add_int(cJSON *json, const char *key, int64_t value)
{
    (void)cJSON_AddNumberToObject(json, key, (double)value);
}

/* A cell bears its name, and shows p-values only when it was tested; over all nothing is corrected, so nothing is left out. */
static cJSON *difference_json(const struct difference *d, bool cell, double p_decides, double margin)
{
    const struct paired *p = &d->paired;
    bool said = d->tested || !cell;
    cJSON *json = cJSON_CreateObject();
    if (cell)
        (void)cJSON_AddStringToObject(json, "key", d->key);
    if (d->attack)
        (void)cJSON_AddStringToObject(json, "attack", d->attack);
    add_int(json, "pairs", p->n);
    add_int(json, "clusters", p->clusters);
    add_int(json, "only_base", d->only_base);
    add_int(json, "only_candidate", d->only_cand);
    add_int(json, "newly_broken", p->regressed);
    add_int(json, "fixed", p->fixed);
    json_member_number(json, "base", d->base);
    json_member_number(json, "candidate", d->cand);
    json_member_number(json, "delta", p->value);
    json_member_number(json, "low", p->low);
    json_member_number(json, "high", p->high);
    json_member_number(json, "low90", p->low90);
    json_member_number(json, "high90", p->high90);
    json_member_number(json, "se", p->se);
    json_member_number(json, "p_value", said ? p->test.mid : (double)NAN);
    json_member_number(json, "p_exact", said ? p->test.exact : (double)NAN);
    json_member_number(json, "p_worse", said ? p->test.worse_mid : (double)NAN);
    (void)cJSON_AddStringToObject(json, "method", p->test.method);
    json_member_number(json, "p_mcnemar", p->mcnemar_mid);
    (void)cJSON_AddBoolToObject(json, "tested", d->tested);
    (void)cJSON_AddStringToObject(json, "tag", difference_tag(d, p_decides, margin));
    return json;
}

static cJSON *overall_json(const struct difference *d, double margin)
{
    return difference_json(d, false, d->tested ? d->paired.test.mid : (double)NAN, margin);
}

static void add_table(const struct pairs *p, enum difference_by by, const char *key, double margin, struct arena *a, cJSON *tree)
{
    struct difference *cell;
    size_t count;
    cJSON *table = cJSON_AddArrayToObject(tree, key);
    differences_by(p, by, a, &cell, &count);
    for (size_t i = 0; i < count; i++) {
        cJSON *json = difference_json(&cell[i], true, cell[i].adjusted, margin);
        json_member_number(json, "p_adjusted", cell[i].adjusted);
        json_member_number(json, "p_worse_adjusted", cell[i].worse_adjusted);
        cJSON_AddItemToArray(table, json);
    }
}

static void add_watermark(const struct comparison *c, cJSON *tree)
{
    CLEANUP(strbuf_release) struct strbuf names = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    comparison_allowed(c, &names);
    if (names.len > 0)
        (void)strbuf_addf(&text, "compared although these differ: %s", names.buf);
    json_member_word(tree, "watermark", text.buf);
}

static void add_benign(const struct pairs *p, double margin, cJSON *tree)
{
    struct difference d = difference_overall(p, PAIRS_BENIGN, pair_half_refused);
    cJSON_AddItemToObject(tree, "over_refusal", d.paired.n > 0 ? overall_json(&d, margin) : cJSON_CreateNull());
}

/* Every number of a difference: only when the sides compare. `margin` is the policy's, `scaled` that of attack success as its scorer
   shows it. */
static void add_numbers(const struct comparison *c, double margin, double scaled, cJSON *tree)
{
    const struct pairs *p = &c->pairs;
    struct arena a = ARENA_INIT;
    struct difference overall = difference_overall(p, PAIRS_ATTACK, pair_half_complied);
    struct difference partial = difference_overall(p, PAIRS_ATTACK, pair_half_with_partial);
    struct difference refusal = difference_overall(p, PAIRS_ATTACK, pair_half_refused);
    cJSON_AddItemToObject(tree, "overall", overall_json(&overall, scaled));
    compared_scorer_add_corrected(&c->scorer, tree);
    add_table(p, DIFFERENCE_CATEGORY, "categories", scaled, &a, tree);
    add_table(p, DIFFERENCE_SUBCATEGORY, "subcategories", scaled, &a, tree);
    add_table(p, DIFFERENCE_ATTACK, "attacks", scaled, &a, tree);
    add_table(p, DIFFERENCE_CATEGORY_ATTACK, "category_attacks", scaled, &a, tree);
    compare_add_flow(p, tree);
    cJSON_AddItemToObject(tree, "partial", overall_json(&partial, margin));
    cJSON *refusals = overall_json(&refusal, margin);
    cJSON_DeleteItemFromObjectCaseSensitive(refusals, "tag"); /* more refusals of attacks are neither regressed nor fixed */
    cJSON_AddItemToObject(tree, "refusal", refusals);
    add_benign(p, margin, tree);
    compare_add_intent_any(p, margin, tree);
    compare_add_any_at_k(p, margin, tree);
    compare_add_macro(p, scaled, tree);
    compare_add_shares(p, tree);
    compare_add_flaky(p, tree);
    compare_add_performance(p, tree);
    compare_add_discordant(p, tree);
    compare_add_missing(p, tree);
    arena_release(&a);
}

static void add_nothing(cJSON *tree)
{
    static const char *const list[] = { "categories", "subcategories", "attacks", "category_attacks", "discordant", "missing" };
    (void)cJSON_AddNullToObject(tree, "overall");
    (void)cJSON_AddNullToObject(tree, "corrected");
    for (size_t i = 0; i < ARRAY_LEN(list); i++)
        (void)cJSON_AddArrayToObject(tree, list[i]);
}

cJSON *compare_build(const struct comparison *c, const struct gate_policy *policy)
{
    double margin = policy->margin, scaled = compared_scorer_margin(&c->scorer, policy, margin);
    cJSON *tree = cJSON_CreateObject();
    (void)cJSON_AddNumberToObject(tree, "schema_version", 1);
    (void)cJSON_AddBoolToObject(tree, "comparable", c->comparable);
    cJSON_AddItemToObject(tree, "mismatches", cJSON_Duplicate(c->mismatches, true));
    add_watermark(c, tree);
    json_member_text(tree, "scorer", c->cand->scorer.name);
    json_member_number(tree, "margin", scaled);
    json_member_number(tree, "policy_margin", margin);
    compared_scorer_add_scale(&c->scorer, policy, tree);
    cJSON_AddItemToObject(tree, "base", comparison_side(c, false));
    cJSON_AddItemToObject(tree, "candidate", comparison_side(c, true));
    if (c->comparable)
        add_numbers(c, margin, scaled, tree);
    else
        add_nothing(tree);
    return tree;
}

struct gate_policy compare_policy(const struct side *side)
{
    struct gate_policy policy;
    struct error e;
    return gate_policy_of_suite(side->run.suite_json, &policy, &e) == OK ? policy : gate_policy_default();
}
