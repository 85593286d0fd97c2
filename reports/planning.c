#include "reports/planning.h"

#include "base/json_member.h"
#include "reports/eras.h"
#include "reports/history.h"
#include "reports/night_pairs.h"
#include "reports/plan_cost.h"
#include "reports/suite_choice.h"
#include "stats/power.h"

#include <math.h>
#include <string.h>

enum { MIN_CATEGORY_PAIRS = 100 }; /* below, a category's own psi is mostly noise [chosen] */
static const double alpha = 0.05, z95 = 1.959963984540054;
static const int64_t ladder[] = { 500, 864, 1000, 2000, 4752, 5000, 10000, 47524 }; /* the row of statistics.md section 7 */

/* What the runs say; defaults where they say nothing. */
struct spread {
    double psi, deff;
    const char *psi_source, *deff_source;
};
static const struct spread by_default = { DEFAULT_PSI, DEFAULT_DEFF, "default", "default" };

struct basis {
    const struct history *h;
    const struct eras *eras;
    size_t newest, base; /* nights; SIZE_MAX = none: base too when no earlier one is comparable */
    struct paired overall;
    double psi;
};

/* ---- The last two comparable runs ---- */

static bool are_comparable(const struct basis *b, size_t one, size_t two)
{
    const char *a = b->h->night[one].row->comparability_key, *c = b->h->night[two].row->comparability_key;
    return a && c && strcmp(a, c) == 0;
}

static struct basis basis_of(const struct history *h, const struct eras *eras)
{
    struct basis b = { .h = h, .eras = eras, .newest = SIZE_MAX, .base = SIZE_MAX, .psi = NAN };
    for (size_t i = h->night_count; i-- > 0 && b.base == SIZE_MAX;) {
        if (eras->state[i] != NIGHT_COUNTED)
            continue;
        if (b.newest == SIZE_MAX)
            b.newest = i;
        else if (are_comparable(&b, i, b.newest))
            b.base = i;
    }
    if (b.base != SIZE_MAX)
        b.overall = night_pairs(h, b.base, b.newest, ALL_CATEGORIES, &b.psi);
    return b;
}

/* The design effect on the difference: its clustered variance by the naive one. NaN where either is 0 or unknown. */
static double difference_deff(const struct paired *p)
{
    return p->se > 0 && p->se_naive > 0 ? p->se * p->se / (p->se_naive * p->se_naive) : NAN;
}

/* Runs that differ nowhere say nothing of a model that changed: psi 0 would promise that one sample is enough. */
static struct spread overall_spread(const struct basis *b)
{
    struct spread s = by_default;
    if (b->base == SIZE_MAX)
        return s;
    if (b->psi > 0) {
        s.psi = b->psi;
        s.psi_source = "runs";
    }
    double deff = difference_deff(&b->overall);
    if (deff > 0) {
        s.deff = deff;
        s.deff_source = "runs";
    }
    return s;
}

static struct spread category_spread(const struct basis *b, size_t category, struct spread overall)
{
    double psi;
    struct spread s = overall;
    s.psi_source = strcmp(s.psi_source, "runs") == 0 ? "overall" : s.psi_source;
    s.deff_source = strcmp(s.deff_source, "runs") == 0 ? "overall" : s.deff_source;
    if (b->base == SIZE_MAX)
        return s;
    struct paired p = night_pairs(b->h, b->base, b->newest, category, &psi);
    if (p.n < MIN_CATEGORY_PAIRS || !(psi > 0))
        return s;
    double deff = difference_deff(&p);
    s.psi = psi;
    s.psi_source = "runs";
    if (deff > 0) {
        s.deff = deff;
        s.deff_source = "runs";
    }
    return s;
}

/* ---- One row ---- */

static void add_samples(cJSON *json, const char *key, double n)
{
    json_member_number(json, key, ceil(n));
}

/* p of the rate, kept off 0 and 1, where the variance would vanish: one event more or less than were seen; .5 without a row. */
static double safe_share(const struct rate *r)
{
    double least = 1.0 / ((double)r->n + 2.0);
    return fmin(fmax(r->value, least), 1.0 - least);
}

static double rate_deff(const struct rate *r)
{
    return r->deff > 0 ? r->deff : r->n > 0 ? 1.0 : DEFAULT_DEFF;
}

static void add_rate(const struct rate *r, double wanted, cJSON *row)
{
    double deff = rate_deff(r), p = safe_share(r);
    double n = p * (1 - p) * (z95 / wanted) * (z95 / wanted);
    json_member_number(row, "asr", r->value);
    json_member_number(row, "asr_deff", r->deff);
    json_member_number(row, "half_width", (r->high - r->low) / 2);
    add_samples(row, "for_half_width", deff * n);
    add_samples(row, "for_half_width_one_an_intent", n);
}

static void add_differences(const struct spread *s, double samples, const struct planning_options *o, cJSON *row)
{
    double two = power_two_sided(alpha, o->power), one = power_noninferiority(alpha, o->power);
    json_member_number(row, "psi", s->psi);
    (void)cJSON_AddStringToObject(row, "psi_source", s->psi_source);
    json_member_number(row, "deff", s->deff);
    (void)cJSON_AddStringToObject(row, "deff_source", s->deff_source);
    json_member_number(row, "detectable", power_detectable(two, samples, s->psi, s->deff));
    add_samples(row, "for_delta", power_samples(two, o->delta, s->psi, s->deff));
    add_samples(row, "for_delta_one_an_intent", power_samples(two, o->delta, s->psi, 1.0));
    add_samples(row, "for_margin", power_samples(one, o->delta, s->psi, s->deff));
    add_samples(row, "for_margin_one_an_intent", power_samples(one, o->delta, s->psi, 1.0));
}

static cJSON *row_json(const struct basis *b, size_t category, const struct spread *s, const struct planning_options *o)
{
    cJSON *row = cJSON_CreateObject();
    struct rate rate = { .value = NAN, .low = NAN, .high = NAN, .deff = NAN };
    bool known = b->newest != SIZE_MAX;
    if (known)
        rate = night_rate(b->h, b->newest, category);
    json_member_text(row, "key", category == ALL_CATEGORIES ? "all" : b->h->category[category]);
    int epochs = known && b->h->night[b->newest].epochs > 0 ? b->h->night[b->newest].epochs : 1;
    double samples = known ? (double)rate.n / epochs : NAN;
    json_member_int(row, "samples", known, (int64_t)samples);
    json_member_int(row, "intents", known, rate.clusters);
    add_differences(s, samples, o, row);
    add_rate(&rate, o->half_width, row);
    return row;
}

/* ---- The whole ---- */

static void add_basis(const struct basis *b, cJSON *plan)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    bool pair = b->base != SIZE_MAX, same_era = pair && b->eras->of_night[b->base] == b->eras->of_night[b->newest];
    const char *base = pair ? b->h->night[b->base].row->run_id : NULL, *candidate = pair ? b->h->night[b->newest].row->run_id : NULL;
    if (!pair)
        (void)strbuf_addf(&text, "no two comparable runs: psi %.2f and a design effect of %.0f are assumed", DEFAULT_PSI, DEFAULT_DEFF);
    else if (!(b->psi > 0))
        (void)strbuf_addf(&text, "runs %s and %s differ in no sample: psi %.2f is assumed", base, candidate, DEFAULT_PSI);
    else
        (void)strbuf_addf(&text, "psi and the design effect are those of runs %s and %s (%lld pairs, %lld intents)", base, candidate,
                          (long long)b->overall.n, (long long)b->overall.clusters);
    if (same_era && b->psi > 0)
        (void)strbuf_addstr(&text, "; both are of one model, so psi is its noise alone: another model will differ in more samples");
    cJSON *basis = cJSON_AddObjectToObject(plan, "basis");
    (void)cJSON_AddStringToObject(basis, "source", pair && b->psi > 0 ? "runs" : "defaults");
    json_member_text(basis, "base", base);
    json_member_text(basis, "candidate", candidate);
    json_member_int(basis, "pairs", pair, b->overall.n);
    (void)cJSON_AddBoolToObject(basis, "same_era", same_era);
    (void)cJSON_AddStringToObject(basis, "text", text.buf);
}

static void add_ladder(const struct spread *s, double power, cJSON *plan)
{
    cJSON *list = cJSON_AddArrayToObject(plan, "ladder");
    double constant = power_two_sided(alpha, power);
    for (size_t i = 0; i < ARRAY_LEN(ladder); i++) {
        cJSON *json = cJSON_CreateObject();
        (void)cJSON_AddNumberToObject(json, "n", (double)ladder[i]);
        json_member_number(json, "detectable", power_detectable(constant, (double)ladder[i], s->psi, s->deff));
        json_member_number(json, "detectable_one_an_intent", power_detectable(constant, (double)ladder[i], s->psi, 1.0));
        cJSON_AddItemToArray(list, json);
    }
}

/* What the money buys, in samples of as many epochs as the newest run had. */
static void add_budget(const struct basis *b, const struct spread *s, const struct planning_options *o, double usd_per_trial, cJSON *plan)
{
    if (o->budget_usd < 0 || !(usd_per_trial > 0)) {
        (void)cJSON_AddNullToObject(plan, "budget");
        return;
    }
    int epochs = b->newest != SIZE_MAX && b->h->night[b->newest].epochs > 0 ? b->h->night[b->newest].epochs : 1;
    double trials = floor(o->budget_usd / usd_per_trial), samples = floor(trials / epochs);
    struct rate r = night_rate(b->h, b->newest, ALL_CATEGORIES);
    double p = safe_share(&r), deff = rate_deff(&r);
    cJSON *json = cJSON_AddObjectToObject(plan, "budget");
    json_member_number(json, "usd", o->budget_usd);
    json_member_number(json, "trials", trials);
    json_member_number(json, "samples", samples);
    json_member_number(json, "detectable", power_detectable(power_two_sided(alpha, o->power), samples, s->psi, s->deff));
    json_member_number(json, "half_width", samples > 0 ? z95 * sqrt(deff * p * (1 - p) / samples) : NAN);
}

static enum err fill(struct store *s, const struct basis *b, const struct planning_options *o, cJSON *plan, struct error *e)
{
    struct spread overall = overall_spread(b);
    struct plan_cost cost = { .usd_per_trial = NAN, .text = "no run yet: what a trial costs is not known" };
    if (b->newest != SIZE_MAX && plan_cost_of(s, b->h->night[b->newest].row, &cost, e) != OK)
        return e->code;
    add_basis(b, plan);
    add_ladder(&overall, o->power, plan);
    cJSON_AddItemToObject(plan, "overall", row_json(b, ALL_CATEGORIES, &overall, o));
    cJSON *list = cJSON_AddArrayToObject(plan, "categories");
    for (size_t k = 0; b->newest != SIZE_MAX && k < b->h->category_count; k++) {
        struct spread own = category_spread(b, k, overall);
        if (b->h->night[b->newest].category[k].planned > 0)
            cJSON_AddItemToArray(list, row_json(b, k, &own, o));
    }
    cJSON *json = cJSON_AddObjectToObject(plan, "cost");
    json_member_number(json, "usd_per_trial", cost.usd_per_trial);
    json_member_int(json, "trials", cost.trials > 0, cost.trials);
    (void)cJSON_AddStringToObject(json, "text", cost.text);
    add_budget(b, &overall, o, cost.usd_per_trial, plan);
    return OK;
}

/* Few nights first: two are enough when nothing lies between them. */
static enum err load(struct store *s, const char *suite, const char *endpoint, struct arena *a, struct history *ret_h, struct eras *ret_e,
                     struct basis *ret_b, struct error *e)
{
    static const int64_t tries[] = { 2, 10, 30 };
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        enum err rc = history_load(s, suite, endpoint, tries[i], ret_h, e);
        if (rc != OK)
            return rc;
        *ret_e = eras_of(ret_h, a);
        *ret_b = basis_of(ret_h, ret_e);
        if (ret_b->base != SIZE_MAX || ret_h->night_count < (size_t)tries[i] || i + 1 == ARRAY_LEN(tries))
            break;
        history_clear(ret_h);
    }
    return OK;
}

static enum err build(struct store *s, const struct planning_options *o, struct arena *a, cJSON *plan, struct error *e)
{
    const char *suite = NULL, *endpoint = NULL, *const *known = NULL;
    size_t count = 0;
    struct history h = { .arena = ARENA_INIT };
    struct eras eras = { 0 };
    struct basis b = { .h = &h, .eras = &eras, .newest = SIZE_MAX, .base = SIZE_MAX, .psi = NAN };
    enum err rc = s ? suite_choose(s, o->suite, a, &suite, e) : OK;
    if (rc == ERR_NOT_FOUND && !o->suite)
        rc = OK; /* a store without runs: the defaults */
    if (rc == OK && suite)
        rc = suite_choose_endpoints(s, suite, &o->endpoint, o->endpoint ? 1 : 0, a, &known, &count, e);
    if (rc == OK && suite) {
        endpoint = known[0];
        rc = load(s, suite, endpoint, a, &h, &eras, &b, e);
    }
    if (rc == OK) {
        (void)cJSON_AddNumberToObject(plan, "schema_version", 1);
        json_member_text(plan, "suite", suite);
        json_member_text(plan, "endpoint", endpoint);
        json_member_number(plan, "power", o->power);
        json_member_number(plan, "delta", o->delta);
        json_member_number(plan, "half_width", o->half_width);
        rc = fill(s, &b, o, plan, e);
    }
    history_clear(&h);
    return rc;
}

enum err planning_build(struct store *s, const struct planning_options *options, cJSON **ret_plan, struct error *e)
{
    struct arena a = ARENA_INIT;
    cJSON *plan = cJSON_CreateObject();
    enum err rc = build(s, options, &a, plan, e);
    if (rc == OK)
        *ret_plan = plan;
    else
        cJSON_Delete(plan);
    arena_release(&a);
    return rc;
}
