/*
 * Runs every case of tests/support/golden_statistics.json: facts computed at 50 digits and checked by a second route. A case
 * whose function is not listed here fails, so that nothing is left out in silence.
 */
#include "base/json.h"
#include "base/rng.h"
#include "base/strbuf.h"
#include "cli/exit_code.h"
#include "reports/cells.h"
#include "reports/figures.h"
#include "score/judge_panel.h"
#include "stats/agreement.h"
#include "stats/bootstrap.h"
#include "stats/gate_rule.h"
#include "stats/intents.h"
#include "stats/judge_error.h"
#include "stats/missing.h"
#include "stats/multiplicity.h"
#include "stats/paired.h"
#include "stats/panel_chance.h"
#include "stats/power.h"
#include "stats/repeats.h"
#include "stats/trend.h"
#include "stats/weighted.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char golden_path[] = "tests/support/golden_statistics.json";

static cJSON *golden;
static const cJSON *now; /* the case being run, for messages and tolerances */

static const char *text_of(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static double number_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsNumber(item))
        fail_msg("%s: no number '%s'", text_of(now, "id"), key);
    return item->valuedouble;
}

/* null in the file stands for "nothing to say": NaN here. */
static void check(const cJSON *expected, double got, const char *what)
{
    if (!expected)
        return;
    if (cJSON_IsNull(expected)) {
        if (!isnan(got))
            fail_msg("%s: %s is %.17g, expected nothing", text_of(now, "id"), what, got);
        return;
    }
    const cJSON *tolerance = cJSON_GetObjectItemCaseSensitive(now, "tolerance");
    double allowed = number_of(tolerance, "abs") + number_of(tolerance, "rel") * fabs(expected->valuedouble);
    if (!(fabs(got - expected->valuedouble) <= allowed))
        fail_msg("%s: %s is %.17g, expected %.17g", text_of(now, "id"), what, got, expected->valuedouble);
}

/* What the case expects by name has to be looked at, all of it. */
static const char *looked_at[64];
static size_t looked_count;

static const cJSON *look(const cJSON *expected, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(expected, key);
    if (item && looked_count < ARRAY_LEN(looked_at))
        looked_at[looked_count++] = item->string;
    return item;
}

static void check_key(const cJSON *expected, const char *key, double got)
{
    check(look(expected, key), got, key);
}

static void check_text(const cJSON *expected, const char *got)
{
    if (!cJSON_IsString(expected) || strcmp(expected->valuestring, got) != 0)
        fail_msg("%s: '%s' is not expected", text_of(now, "id"), got);
}

static void check_bool(const cJSON *expected, bool got)
{
    if (expected && (!cJSON_IsBool(expected) || (bool)cJSON_IsTrue(expected) != got))
        fail_msg("%s: %s is not expected", text_of(now, "id"), got ? "true" : "false");
}

static void every_expectation_was_looked_at(const cJSON *expected)
{
    const cJSON *item;
    for (item = cJSON_IsObject(expected) ? expected->child : NULL; item; item = item->next) {
        bool seen = false;
        for (size_t i = 0; i < looked_count; i++)
            seen = seen || looked_at[i] == item->string;
        if (!seen)
            fail_msg("%s: nobody looked at '%s'", text_of(now, "id"), item->string);
    }
}

/* Numbers of an array; null is NaN. */
static size_t numbers_of(const cJSON *array, double *ret)
{
    size_t n = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array) ret[n++] = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    return n;
}

static void check_numbers(const cJSON *expected, const double *got, size_t n)
{
    assert_int_equal(cJSON_GetArraySize(expected), n);
    for (size_t i = 0; i < n; i++)
        check(cJSON_GetArrayItem(expected, (int)i), got[i], "element");
}

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static int64_t whole(const cJSON *object, const char *key)
{
    return (int64_t)number_of(object, key);
}

static void check_pair(const cJSON *expected, double low, double high)
{
    check(cJSON_GetArrayItem(expected, 0), low, "low");
    check(cJSON_GetArrayItem(expected, 1), high, "high");
}

/* ---- rows ---- */

enum { MAX_ROWS = 200 };

struct table {
    double y[MAX_ROWS];
    uint32_t cluster[MAX_ROWS], category[MAX_ROWS];
    size_t n;
};

/* A name's number, given out in order of first appearance. */
static uint32_t number_name(const char *name, const char **seen, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(seen[i], name) == 0)
            return (uint32_t)i;
    }
    assert_true(*count < MAX_ROWS);
    seen[*count] = name;
    return (uint32_t)(*count)++;
}

static int column(const cJSON *columns, const char *name)
{
    int i = 0;
    const cJSON *c;
    cJSON_ArrayForEach(c, columns)
    {
        if (strcmp(c->valuestring, name) == 0)
            return i;
        i++;
    }
    return -1;
}

static void rows_from_table(const cJSON *columns, const cJSON *table, const cJSON *in, struct table *r)
{
    const char *intent[MAX_ROWS], *category[MAX_ROWS];
    size_t intents = 0, categories = 0;
    const char *y = text_of(in, "y") ? text_of(in, "y") : "y";
    const char *only = text_of(cJSON_GetObjectItemCaseSensitive(in, "where"), "category");
    int category_at = column(columns, "category");

    const cJSON *row;
    cJSON_ArrayForEach(row, table)
    {
        const char *c = category_at < 0 ? "" : cJSON_GetArrayItem(row, category_at)->valuestring;
        if (only && strcmp(only, c) != 0)
            continue;
        r->y[r->n] = cJSON_GetArrayItem(row, column(columns, y))->valuedouble;
        r->cluster[r->n] = number_name(cJSON_GetArrayItem(row, column(columns, "intent"))->valuestring, intent, &intents);
        r->category[r->n] = number_name(c, category, &categories);
        r->n++;
    }
}

static void rows_of(const cJSON *in, struct table *r)
{
    r->n = 0;
    if (cJSON_GetObjectItemCaseSensitive(in, "generate")) {
        r->n = (size_t)number_of(in, "n");
        for (size_t i = 0; i < r->n; i++) {
            r->y[i] = number_of(in, "all_y");
            r->cluster[i] = (uint32_t)(i % (size_t)number_of(in, "G"));
        }
    } else if (text_of(in, "dataset")) {
        const cJSON *d = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(golden, "datasets"), text_of(in, "dataset"));
        rows_from_table(cJSON_GetObjectItemCaseSensitive(d, "columns"), cJSON_GetObjectItemCaseSensitive(d, "rows"), in, r);
    } else {
        rows_from_table(cJSON_GetObjectItemCaseSensitive(in, "columns"), cJSON_GetObjectItemCaseSensitive(in, "rows"), in, r);
    }
}

static void check_rate(const cJSON *expected, const struct rate *r)
{
    static const char *const method[][2] = {
        { "clopper_pearson", "clopper-pearson-effective" },
        { "clopper_pearson_G", "clopper-pearson-clusters" },
        { "wilson", "wilson-effective" },
        { "none", "none" },
    };
    const char *wanted = cJSON_GetStringValue(look(expected, "method"));
    for (size_t i = 0; wanted && i < ARRAY_LEN(method); i++) {
        if (strcmp(wanted, method[i][0]) == 0)
            assert_string_equal(r->method, method[i][1]);
    }
    check_key(expected, "n", (double)r->n);
    check_key(expected, "G", (double)r->clusters);
    check_key(expected, "p", r->value);
    check_key(expected, "se", r->se);
    check_key(expected, "deff", r->deff);
    check_key(expected, "n_eff", r->n_eff);
    check_key(expected, "n_star", r->n_star);
    check_key(expected, "lo", r->low);
    check_key(expected, "hi", r->high);
}

static void check_note_of_one_intent(const cJSON *expected, const struct rate *r)
{
    const cJSON *note = look(expected, "note");
    if (!note)
        return;
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    CLEANUP(json_freep) cJSON *json = rate_json(r);
    figures_interval(json, &shown);
    assert_non_null(strstr(shown.buf, note->valuestring));
}

/* ---- one function per word of the file ---- */

static void run_ibeta(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_beta_cdf(number_of(in, "x"), number_of(in, "a"), number_of(in, "b")), "I_x(a,b)");
}

static void run_ibeta_inv(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_beta_quantile(number_of(in, "p"), number_of(in, "a"), number_of(in, "b")), "x");
}

static void run_t_cdf(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_t_cdf(number_of(in, "t"), number_of(in, "df")), "p");
}

static void run_t_inv(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_t_quantile(number_of(in, "p"), number_of(in, "df")), "t");
}

static void run_norm_cdf(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_normal_cdf(number_of(in, "z")), "p");
}

static void run_norm_inv(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_normal_quantile(number_of(in, "p")), "z");
}

static void run_wilson(const cJSON *in, const cJSON *expected)
{
    double low, high;
    stats_wilson(number_of(in, "p"), number_of(in, "n"), &low, &high);
    check_pair(expected, low, high);
}

static void run_clopper_pearson(const cJSON *in, const cJSON *expected)
{
    double low, high, n = number_of(in, "n");
    stats_clopper_pearson(number_of(in, "x") / n, n, &low, &high);
    check_pair(expected, low, high);
}

static void run_zero_upper(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_zero_upper((int64_t)number_of(in, "G"), number_of(in, "alpha")), "upper");
}

static void run_asr(const cJSON *in, const cJSON *expected)
{
    struct table rows;
    rows_of(in, &rows);
    struct rate r = rate_clustered(rows.y, rows.cluster, rows.n);
    check_rate(expected, &r);
    if (cJSON_GetObjectItemCaseSensitive(expected, "se_naive"))
        check_key(expected, "se_naive", sqrt(r.value * (1.0 - r.value) / (double)r.n));
    check_key(expected, "complied", r.value * (double)r.n);
    check_note_of_one_intent(expected, &r);
}

/* Only the first is ours. The others are what other programs compute, found from it: the wrong one would be noticed. */
static void run_se_variants(const cJSON *in, const cJSON *expected)
{
    struct table rows;
    rows_of(in, &rows);
    struct rate r = rate_clustered(rows.y, rows.cluster, rows.n);
    double clusters = (double)r.clusters, no_factor = r.se * sqrt((clusters - 1.0) / clusters);
    double naive = sqrt(r.value * (1.0 - r.value) / (double)r.n);
    uint32_t own[MAX_ROWS]; /* each row its own intent: what is left is the n - 1 form of the naive error */
    for (size_t i = 0; i < rows.n; i++)
        own[i] = (uint32_t)i;
    double naive_n1 = rate_clustered(rows.y, own, rows.n).se;
    check_key(expected, "clustered", r.se);
    check_key(expected, "no_factor", no_factor);
    check_key(expected, "naive_n", naive);
    check_key(expected, "naive_n1", naive_n1);
    check_key(expected, "diagonal_only_factor", sqrt(no_factor * no_factor - naive * naive + naive_n1 * naive_n1));
}

static void check_groups(const cJSON *expected, const struct table *rows)
{
    const cJSON *group;
    uint32_t number = 0;
    cJSON_ArrayForEach(group, look(expected, "groups"))
    {
        double sum = 0.0, n = 0.0;
        for (size_t i = 0; i < rows->n; i++) {
            sum += rows->category[i] == number ? rows->y[i] : 0.0;
            n += rows->category[i] == number;
        }
        check(group, sum / n, group->string);
        number++;
    }
}

static void run_group_mean(const cJSON *in, const cJSON *expected)
{
    struct table rows;
    rows_of(in, &rows);
    const cJSON *groups = member(in, "groups_expected");
    struct rate r = rate_macro(rows.y, rows.cluster, rows.category, rows.n, groups ? (size_t)cJSON_GetArraySize(groups) : 2);
    check_rate(expected, &r);
    check_groups(expected, &rows);
    if (look(expected, "note"))
        assert_true(isnan(r.value)); /* the words are the report's */
}

static void run_intent_any(const cJSON *in, const cJSON *expected)
{
    struct table rows;
    rows_of(in, &rows);
    struct rate r = rate_intent_any(rows.y, rows.cluster, rows.n);
    check_rate(expected, &r);
    check_key(expected, "hit", r.value * (double)r.clusters);
    check_pair(look(expected, "ci"), r.low, r.high);
}

static void run_intent_mean(const cJSON *in, const cJSON *expected)
{
    struct table rows;
    rows_of(in, &rows);
    struct intent_mean m = intent_mean(rows.y, rows.cluster, rows.n);
    check_key(expected, "p", m.value);
    check_key(expected, "se", m.se);
    double each[MAX_ROWS], sum = 0.0;
    size_t n = numbers_of(look(expected, "means"), each);
    for (size_t i = 0; i < n; i++)
        sum += each[i];
    assert_int_equal(m.clusters, n);
    assert_true(fabs(m.value - sum / (double)n) < 1e-12);
}

static void run_icc(const cJSON *in, const cJSON *expected)
{
    struct table rows;
    rows_of(in, &rows);
    struct intent_correlation c = intent_correlation(rows.y, rows.cluster, rows.n);
    check_key(expected, "icc", c.icc);
    check_key(expected, "m0", c.m0);
    check_key(expected, "msb", c.between);
    check_key(expected, "msw", c.within);
}

static void run_deff(const cJSON *in, const cJSON *expected)
{
    double n = number_of(in, "n"), p = number_of(in, "p"), rows_per_intent = n / number_of(in, "G"), low, high;
    double deff = design_effect(number_of(in, "rho"), rows_per_intent);
    check_key(expected, "mbar", rows_per_intent);
    check_key(expected, "deff", deff);
    check_key(expected, "n_eff", n / deff);
    stats_wilson(p, n / deff, &low, &high);
    double z = stats_normal_quantile(0.975);
    check_key(expected, "halfwidth", z * sqrt(p * (1.0 - p) * deff / n));
    check_key(expected, "halfwidth_naive", z * sqrt(p * (1.0 - p) / n));
}

static void run_composition(const cJSON *in, const cJSON *expected)
{
    check_bool(expected, composition_matters(number_of(in, "micro"), number_of(in, "macro"), number_of(in, "se_micro")));
}

/* Two strata of 100 rows drawn from N each; every row is an intent. */
static struct rate rate_of_strata(const cJSON *in, bool by_stratum, double *ret_unweighted)
{
    double y[400], weight[400];
    uint32_t cluster[400], stratum[400], number = 0;
    size_t n = 0;
    double hits = 0.0;
    const cJSON *s;
    cJSON_ArrayForEach(s, member(in, "strata"))
    {
        size_t drawn = (size_t)number_of(s, "n");
        for (size_t i = 0; i < drawn; i++, n++) {
            y[n] = i < (size_t)number_of(s, "complied");
            weight[n] = number_of(s, "N") / (double)drawn;
            cluster[n] = (uint32_t)n;
            stratum[n] = number;
            hits += y[n];
        }
        number++;
    }
    *ret_unweighted = hits / (double)n;
    return rate_weighted(y, weight, cluster, by_stratum ? stratum : NULL, n, NULL);
}

static void run_stratified(const cJSON *in, const cJSON *expected)
{
    double unweighted;
    struct rate r = rate_of_strata(in, true, &unweighted);
    check_rate(expected, &r);
    check_key(expected, "p_unweighted", unweighted);
    check_key(expected, "df", (double)(r.n - cJSON_GetArraySize(member(in, "strata"))));
}

static void run_weighted(const cJSON *in, const cJSON *expected)
{
    double unweighted;
    struct rate r = rate_of_strata(in, false, &unweighted);
    check_rate(expected, &r);
    check_key(expected, "df", (double)r.clusters - 1.0);
}

static void run_missing_bounds(const cJSON *in, const cJSON *expected)
{
    assert_string_equal(text_of(in, "interval"), "wilson");
    double k = number_of(in, "complied"), scored = number_of(in, "scored"), n = scored + number_of(in, "missing"), low, high, other;
    double y[400];
    uint32_t cluster[400];
    bool is_scored[400];
    for (size_t i = 0; i < (size_t)n; i++) {
        y[i] = (double)i < k;
        cluster[i] = (uint32_t)i;
        is_scored[i] = (double)i < scored;
    }
    struct missing_bounds b = missing_bounds(y, cluster, is_scored, (size_t)n);
    check_key(expected, "p", k / scored);
    check_key(expected, "best", b.best.value);
    check_key(expected, "worst", b.worst.value);
    stats_wilson(k / scored, scored, &low, &high);
    check_pair(look(expected, "ci"), low, high);
    stats_wilson(b.best.value, n, &low, &other);
    stats_wilson(b.worst.value, n, &other, &high);
    check_key(expected, "outer_lo", low);
    check_key(expected, "outer_hi", high);
}

static void run_label(const cJSON *in, const cJSON *expected)
{
    check_text(expected, completeness_name(completeness_of(whole(in, "planned"), whole(in, "missing"), number_of(in, "ci_halfwidth"))));
}

static void run_counts(const cJSON *in, const cJSON *expected)
{
    static const struct {
        const char *key;
        enum trial_status status;
        enum verdict verdict;
    } kind[] = {
        { "complied", TRIAL_ANSWERED, VERDICT_COMPLIED }, { "partial", TRIAL_ANSWERED, VERDICT_PARTIAL },
        { "refused", TRIAL_ANSWERED, VERDICT_REFUSED },   { "deflected", TRIAL_ANSWERED, VERDICT_DEFLECTED },
        { "blocked", TRIAL_BLOCKED, VERDICT_REFUSED },    { "failed", TRIAL_FAILED, VERDICT_UNSCORED },
        { "skipped", TRIAL_SKIPPED, VERDICT_UNSCORED },   { "pending", TRIAL_PENDING, VERDICT_UNSCORED },
    };
    struct counts c = { 0 };
    for (size_t k = 0; k < ARRAY_LEN(kind); k++) {
        for (int64_t i = 0; i < whole(in, kind[k].key); i++)
            counts_add(&c, &(struct row){ .status = (uint8_t)kind[k].status, .verdict = (uint8_t)kind[k].verdict, .has_score = k < 5 });
    }
    const cJSON *reason;
    cJSON_ArrayForEach(reason, member(in, "unscored"))
    {
        for (int i = 0; i < reason->valueint; i++)
            counts_add(&c, &(struct row){ .status = TRIAL_ANSWERED, .verdict = VERDICT_UNSCORED, .has_score = true });
    }
    int64_t counted = c.planned;
    c.planned = whole(in, "planned"); /* as the store tells it */
    struct error e;
    check_bool(look(expected, "identity_ok"), counts_check(&c, "the case", &e) == OK);
    check_key(expected, "scored", (double)c.scored);
    check_key(expected, "unscored", (double)c.unscored);
    check_key(expected, "missing", (double)(counted - c.scored));
    check_key(expected, "asr_strict", rate_independent(c.complied, c.scored).value);
    check_key(expected, "asr_partial", rate_independent(c.complied + c.partial, c.scored).value);
    check_key(expected, "refused_rate", rate_independent(c.refused, c.scored).value);
    check_key(expected, "deflected_rate", rate_independent(c.deflected, c.scored).value);
    check_key(expected, "blocked_rate", rate_independent(c.blocked, c.scored).value);
    check_key(expected, "asr_model_only", rate_independent(c.complied, c.scored - c.blocked).value);
    check_key(expected, "missing_share", (double)(c.planned - c.scored) / (double)c.planned);
}

static void run_repeats(const cJSON *in, const cJSON *expected)
{
    struct repeats sample[MAX_ROWS];
    size_t n = 0;
    const cJSON *pair;
    cJSON_ArrayForEach(pair, member(in, "K_c"))
    {
        sample[n].scored = cJSON_GetArrayItem(pair, 0)->valueint;
        sample[n++].complied = cJSON_GetArrayItem(pair, 1)->valueint;
    }
    const cJSON *k;
    cJSON_ArrayForEach(k, member(in, "k"))
    {
        char key[32];
        (void)snprintf(key, sizeof(key), "any_at_%d", k->valueint);
        check_key(expected, key, repeats_any(sample, n, k->valueint));
        (void)snprintf(key, sizeof(key), "all_at_%d", k->valueint);
        check_key(expected, key, repeats_all(sample, n, k->valueint));
    }
    check_key(expected, "flake_rate", repeats_flake_rate(sample, n));
    check_key(expected, "decoding_var", repeats_decoding_variance(sample, n));
}

static void run_strongreject(const cJSON *in, const cJSON *expected)
{
    check(expected, graded_strongreject((int)number_of(in, "refused"), (int)number_of(in, "convincing"), (int)number_of(in, "specific")),
          "s");
}

/* ---- generator, quantile, tests ---- */

static void run_rng_next(const cJSON *in, const cJSON *expected)
{
    struct rng r;
    rng_init(&r, (uint64_t)number_of(in, "seed"));
    assert_int_equal(cJSON_GetArraySize(expected), (int)number_of(in, "count"));
    const cJSON *word;
    cJSON_ArrayForEach(word, expected) assert_true(rng_next(&r) == strtoull(word->valuestring, NULL, 16));
}

static void run_rng_below(const cJSON *in, const cJSON *expected)
{
    struct rng r;
    rng_init(&r, (uint64_t)number_of(in, "seed"));
    assert_int_equal(cJSON_GetArraySize(expected), (int)number_of(in, "count"));
    const cJSON *number;
    cJSON_ArrayForEach(number, expected) check(number, (double)rng_below(&r, (uint64_t)number_of(in, "bound")), "draw");
}

static void run_quantile7(const cJSON *in, const cJSON *expected)
{
    double value[MAX_ROWS];
    size_t n = numbers_of(member(in, "values"), value);
    qsort(value, n, sizeof(*value), stats_compare_doubles);
    check(expected, stats_quantile7(value, n, number_of(in, "p")), "quantile");
}

static void run_chi2(const cJSON *in, const cJSON *expected)
{
    check(expected, stats_chi2_upper(number_of(in, "x"), 1.0), "p");
    check(expected, stats_gamma_upper(0.5 * number_of(in, "x"), 0.5), "p by the gamma function");
}

static void run_mcnemar(const cJSON *in, const cJSON *expected)
{
    struct mcnemar m = mcnemar_test(whole(in, "b"), whole(in, "c"));
    check_key(expected, "exact", m.exact);
    check_key(expected, "mid", m.mid);
    check_key(expected, "asymptotic", m.asymptotic);
}

static void run_signflip(const cJSON *in, const cJSON *expected)
{
    double sum[MAX_ROWS];
    int64_t whole_sum[MAX_ROWS];
    size_t n = numbers_of(member(in, "S"), sum);
    for (size_t i = 0; i < n; i++)
        whole_sum[i] = (int64_t)sum[i];
    struct sign_flip f = sign_flip_exact(whole_sum, n);
    check_key(expected, "T", f.total);
    check_key(expected, "exact", f.exact);
    check_key(expected, "mid", f.mid);
    check_key(expected, "one_sided_worse_mid", f.worse_mid);
    check_key(expected, "nonzero", (double)f.nonzero);
}

static void run_signflip_mc(const cJSON *in, const cJSON *expected)
{
    double sum[MAX_ROWS];
    size_t hits, n = numbers_of(member(in, "S"), sum);
    struct sign_flip f = sign_flip_monte_carlo(sum, n, (uint64_t)number_of(in, "seed"), (size_t)number_of(in, "B"), &hits);
    check_key(expected, "hits", (double)hits);
    check_key(expected, "p", f.exact);
}

static void run_obuchowski(const cJSON *in, const cJSON *expected)
{
    double sum[MAX_ROWS], x2;
    size_t n = numbers_of(member(in, "S"), sum);
    struct sign_flip f = sign_flip_normal(sum, n, &x2);
    check_key(expected, "x2", x2);
    check_key(expected, "p", f.mid);
}

static struct table rows_with_y(const cJSON *in, const char *key)
{
    struct table r;
    CLEANUP(json_freep) cJSON *asked = cJSON_Duplicate(in, true);
    (void)cJSON_AddStringToObject(asked, "y", text_of(in, key));
    rows_of(asked, &r);
    return r;
}

static void run_paired(const cJSON *in, const cJSON *expected)
{
    struct table base = rows_with_y(in, "base"), cand = rows_with_y(in, "cand");
    struct paired p = paired_difference(&(struct paired_rows){ base.y, cand.y, base.cluster, base.n, 1, 0 });
    check_key(expected, "n_pair", (double)p.n);
    check_key(expected, "G", (double)p.clusters);
    check_key(expected, "delta", p.value);
    check_key(expected, "se", p.se);
    check_key(expected, "se_naive", p.se_naive);
    if (look(expected, "ci95"))
        check_pair(look(expected, "ci95"), p.low, p.high);
    if (look(expected, "ci90"))
        check_pair(look(expected, "ci90"), p.low90, p.high90);
    check_key(expected, "fixed", (double)p.fixed);
    check_key(expected, "regressed", (double)p.regressed);
    check_key(expected, "p_exact", p.test.exact);
    check_key(expected, "p_mid", p.test.mid);
    check_key(expected, "p_one_sided_worse", p.test.worse_mid);
    check_key(expected, "mcnemar_mid", p.mcnemar_mid);
    double sum[MAX_ROWS], total = 0.0;
    size_t n = numbers_of(look(expected, "S"), sum), nonzero = 0;
    for (size_t i = 0; i < n; i++) {
        total += sum[i];
        nonzero += sum[i] != 0.0;
    }
    assert_true(n == 0 || (fabs(p.test.total - total) < 1e-12 && p.test.nonzero == nonzero));
}

static void run_boot_ratio(const cJSON *in, const cJSON *expected)
{
    double numerator[MAX_ROWS], denominator[MAX_ROWS];
    size_t n = 0;
    const cJSON *cluster;
    cJSON_ArrayForEach(cluster, member(in, "clusters"))
    {
        numerator[n] = cJSON_GetArrayItem(cluster, 1)->valuedouble;
        denominator[n++] = cJSON_GetArrayItem(cluster, 2)->valuedouble;
    }
    struct bootstrap b = bootstrap_ratio(numerator, denominator, n, (uint64_t)number_of(in, "seed"), (size_t)number_of(in, "B"));
    check_key(expected, "lo", b.low);
    check_key(expected, "hi", b.high);
    check_key(expected, "mean", b.mean);
    check_key(expected, "sd", b.sd);
}

static void run_holm(const cJSON *in, const cJSON *expected)
{
    double p[MAX_ROWS];
    size_t n = numbers_of(member(in, "p"), p);
    adjust_holm(p, n, p);
    check_numbers(expected, p, n);
}

static void run_bh(const cJSON *in, const cJSON *expected)
{
    double p[MAX_ROWS];
    size_t n = numbers_of(member(in, "p"), p);
    adjust_benjamini_hochberg(p, n, p);
    check_numbers(expected, p, n);
}

/* ---- planning and gate ---- */

static void run_power_constants(const cJSON *in, const cJSON *expected)
{
    check_key(expected, "two_sided", power_two_sided(number_of(in, "alpha"), number_of(in, "power")));
    check_key(expected, "non_inferiority", power_noninferiority(number_of(in, "alpha"), number_of(in, "power")));
}

static void run_mde(const cJSON *in, const cJSON *expected)
{
    check(expected, power_detectable(power_two_sided(0.05, 0.8), number_of(in, "n"), number_of(in, "psi"), number_of(in, "deff")), "mde");
}

static void run_n_required(const cJSON *in, const cJSON *expected)
{
    bool two_sided = strcmp(text_of(in, "kind"), "two_sided") == 0;
    double constant = two_sided ? power_two_sided(0.05, 0.8) : power_noninferiority(0.05, 0.8);
    check(expected, power_samples(constant, number_of(in, "delta"), number_of(in, "psi"), number_of(in, "deff")), "n");
}

static void run_gate_noninferior(const cJSON *in, const cJSON *expected)
{
    struct gate_bound b = gate_noninferior(number_of(in, "delta"), number_of(in, "se"), number_of(in, "t"), number_of(in, "margin"));
    check_key(expected, "lower", b.lower);
    check_key(expected, "upper", b.upper);
    check_text(look(expected, "verdict"), gate_verdict_name(b.verdict));
    check_bool(look(expected, "detectable_below_margin"), b.detectable_below_margin);
}

static enum gate_verdict said_by_rule(const cJSON *in, const char *rule)
{
    const char *word = text_of(in, rule);
    if (!word)
        return GATE_PASS;
    if (strcmp(word, "MISMATCH") == 0)
        return GATE_NOT_COMPARABLE;
    for (int v = GATE_PASS; v <= GATE_NOT_COMPARABLE; v++) {
        if (strcmp(gate_verdict_name((enum gate_verdict)v), word) == 0)
            return (enum gate_verdict)v;
    }
    fail_msg("no verdict is called '%s'", word);
    return GATE_PASS;
}

static void run_gate_combine(const cJSON *in, const cJSON *expected)
{
    static const enum exit_code code[] = { EXIT_OK, EXIT_GATE, EXIT_NO_VERDICT, EXIT_INCOMPLETE, EXIT_NO_VERDICT };
    enum gate_verdict v = gate_combine(&(struct gate_rules){ .comparable = said_by_rule(in, "R0"),
                                                             .data_quality = said_by_rule(in, "R1"),
                                                             .overall = said_by_rule(in, "R2"),
                                                             .categories = said_by_rule(in, "R3"),
                                                             .robustness = said_by_rule(in, "R5") });
    check_text(look(expected, "verdict"), gate_verdict_name(v));
    check_key(expected, "exit_code", (double)code[v]);
}

/* ---- judges ---- */

/* Counts of a matrix given as rows of rows; returns its side. */
static size_t matrix_of(const cJSON *in, int64_t *ret_count)
{
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(in, "matrix"), *row, *cell;
    size_t k = (size_t)cJSON_GetArraySize(rows), at = 0;
    assert_true(k <= AGREEMENT_MAX_CATEGORIES);
    cJSON_ArrayForEach(row, rows) cJSON_ArrayForEach(cell, row) ret_count[at++] = (int64_t)cell->valuedouble;
    return k;
}

static void run_kappa2(const cJSON *in, const cJSON *expected)
{
    int64_t count[AGREEMENT_MAX_CATEGORIES * AGREEMENT_MAX_CATEGORIES];
    struct agreement a = agreement_of(count, matrix_of(in, count));
    check_key(expected, "kappa", a.kappa);
    check_key(expected, "kappa_linear", a.kappa_linear);
    check_key(expected, "se", a.se);
    check_key(expected, "se_simple", a.se_simple);
    check_key(expected, "ac1", a.ac1);
    check_key(expected, "pabak", a.pabak);
    check_key(expected, "po", a.observed);
    check_key(expected, "pe", a.expected);
}

static void run_alpha(const cJSON *in, const cJSON *expected)
{
    const cJSON *ratings = cJSON_GetObjectItemCaseSensitive(in, "ratings"), *row, *cell;
    size_t raters = (size_t)cJSON_GetArraySize(ratings), units = (size_t)cJSON_GetArraySize(cJSON_GetArrayItem(ratings, 0)), at = 0;
    int rating[256];
    assert_true(raters * units <= 256);
    cJSON_ArrayForEach(row, ratings) cJSON_ArrayForEach(cell, row) rating[at++] = cJSON_IsNumber(cell) ? cell->valueint : -1;
    check_key(expected, "nominal", agreement_alpha(rating, raters, units, ALPHA_NOMINAL));
    check_key(expected, "ordinal", agreement_alpha(rating, raters, units, ALPHA_ORDINAL));
    check_key(expected, "interval", agreement_alpha(rating, raters, units, ALPHA_INTERVAL));
}

static void check_corrected(const cJSON *expected, const char *key, const struct corrected *c)
{
    const cJSON *pair = look(expected, key);
    check(cJSON_GetArrayItem(pair, 0), c->theta, key);
    check(cJSON_GetArrayItem(pair, 1), c->se, key);
}

static void run_two_phase(const cJSON *in, const cJSON *expected)
{
    double term[3];
    struct corrected c =
        judge_two_phase(number_of(in, "p"), number_of(in, "var_p"), (int64_t)number_of(in, "m_pos"), (int64_t)number_of(in, "k_pos"),
                        (int64_t)number_of(in, "m_neg"), (int64_t)number_of(in, "k_neg"), term);
    check_key(expected, "theta", c.theta);
    check_key(expected, "se", c.se);
    if (look(expected, "ci"))
        check_pair(look(expected, "ci"), c.low, c.high);
    for (int i = 0; i < 3; i++)
        check(cJSON_GetArrayItem(look(expected, "terms"), i), term[i], "terms");
}

static void run_ppi(const cJSON *in, const cJSON *expected)
{
    struct ppi_counts c = { (int64_t)number_of(in, "Y1f1"), (int64_t)number_of(in, "Y1f0"),         (int64_t)number_of(in, "Y0f1"),
                            (int64_t)number_of(in, "Y0f0"), (int64_t)number_of(in, "N_unlabelled"), number_of(in, "mean_f_unlabelled") };
    struct ppi r = judge_ppi(&c);
    check_corrected(expected, "classical", &r.classical);
    check_corrected(expected, "ppi", &r.plain);
    check_key(expected, "lambda_", r.weight);
    check_key(expected, "theta", r.best.theta);
    check_key(expected, "se", r.best.se);
    check_key(expected, "cov", r.cov);
    check_key(expected, "var_f", r.var_f);
    check_pair(look(expected, "ci"), r.best.low, r.best.high);
}

static struct judge_counts judge_counts_of(const cJSON *in)
{
    return (struct judge_counts){ (int64_t)number_of(in, "m1"), (int64_t)number_of(in, "k1"), (int64_t)number_of(in, "m0"),
                                  (int64_t)number_of(in, "k0") };
}

static void run_rogan_gladen(const cJSON *in, const cJSON *expected)
{
    struct judge_counts c = judge_counts_of(in);
    struct rogan_gladen r = judge_rogan_gladen(number_of(in, "p"), number_of(in, "n_eff"), &c);
    check_key(expected, "theta", r.theta);
    check_key(expected, "theta_shown", r.theta_shown);
    check_key(expected, "se_delta", r.se_delta);
    check_key(expected, "theta_tilde", r.theta_tilde);
    check_key(expected, "dtheta", r.shift);
    check_key(expected, "se", r.se);
    check_pair(look(expected, "ci"), r.low, r.high);
    assert_int_equal(cJSON_IsTrue(look(expected, "below_floor")), r.below_floor);
}

static void run_usable(const cJSON *in, const cJSON *expected)
{
    struct judge_counts c = judge_counts_of(in);
    struct judge_usable u = judge_rg_usable(&c);
    assert_int_equal(cJSON_IsTrue(look(expected, "usable")), u.usable);
    check_text(look(expected, "reason"), u.reason);
    check_key(expected, "J", u.youden);
    check_pair(look(expected, "J_ci"), u.low, u.high);
}

static void run_allocation(const cJSON *in, const cJSON *expected)
{
    struct label_split s =
        judge_label_split(number_of(in, "p"), number_of(in, "sensitivity"), number_of(in, "specificity"), (int64_t)number_of(in, "m"));
    check_key(expected, "kappa", s.ratio);
    check_key(expected, "m1", (double)s.m1);
    check_key(expected, "m0", (double)s.m0);
}

static void run_delta(const cJSON *in, const cJSON *expected)
{
    check(expected, judge_true_delta(number_of(in, "delta"), number_of(in, "youden")), "delta");
}

static void run_margin(const cJSON *in, const cJSON *expected)
{
    check(expected, judge_scale_margin(number_of(in, "margin"), number_of(in, "youden")), "margin");
}

static void run_panel(const cJSON *in, const cJSON *expected)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    struct judge_vote vote[MAX_JUDGES];
    size_t n = 0;
    const cJSON *word;
    cJSON_ArrayForEach(word, member(in, "votes"))
    {
        vote[n] = (struct judge_vote){ .judge = "j", .verdict = VERDICT_UNSCORED, .reason = "judge_error", .explanation = "" };
        if (cJSON_IsString(word))
            assert_true(verdict_parse(word->valuestring, &vote[n].verdict));
        n++;
    }
    struct score s = judge_panel_score(vote, n, &a);
    char got[64];
    bool scored = s.verdict != VERDICT_UNSCORED;
    (void)snprintf(got, sizeof(got), "%s%s%s", verdict_name(s.verdict), scored ? "" : ":", scored ? "" : s.reason);
    check_text(expected, got);
}

static void run_panel_independent(const cJSON *in, const cJSON *expected)
{
    double accuracy[MAX_ROWS];
    size_t n = numbers_of(member(in, "accuracy"), accuracy);
    check(expected, panel_independent_accuracy(accuracy, n), "accuracy");
}

/* ---- trend, words ---- */

static void run_phase1(const cJSON *in, const cJSON *expected)
{
    double night[MAX_ROWS];
    size_t n = numbers_of(member(in, "values"), night);
    struct trend_base b = trend_base_of(night, n, whole(in, "n_per_night"), 0.0);
    check_key(expected, "mu", b.mean);
    check_key(expected, "mr_bar", b.moving_range);
    check_key(expected, "sigma", b.sigma);
    check_key(expected, "binomial_se", b.binomial_se);
    check_key(expected, "floor", b.floor);
}

static void run_trend(const cJSON *in, const cJSON *expected)
{
    double night[MAX_ROWS];
    struct trend_point point[MAX_ROWS];
    size_t n = numbers_of(member(in, "values"), night), t = 0;
    struct trend_settings s = { number_of(in, "lambda_"), number_of(in, "L"), number_of(in, "k"), number_of(in, "h") };
    trend_series(number_of(in, "mu"), number_of(in, "sigma"), s, night, n, point);
    const cJSON *wanted;
    cJSON_ArrayForEach(wanted, expected)
    {
        looked_count = 0;
        check_key(wanted, "t", (double)t + 1.0);
        check_key(wanted, "ewma", point[t].ewma);
        check_key(wanted, "ucl", point[t].upper);
        check_key(wanted, "c_plus", point[t].above);
        check_key(wanted, "c_minus", point[t].below);
        check_bool(look(wanted, "ewma_alarm"), point[t].ewma_alarm);
        check_bool(look(wanted, "cusum_alarm"), point[t].cusum_alarm);
        every_expectation_was_looked_at(wanted);
        t++;
    }
    assert_int_equal(t, n);
}

/* A rate as reports show it; beside a percentage they always print its counts. */
static void run_format(const cJSON *in, const cJSON *expected)
{
    int64_t k = whole(in, "k"), n = whole(in, "n");
    CLEANUP(json_freep) cJSON *rate = cJSON_Duplicate(in, true);
    cJSON_ReplaceItemInObject(rate, "lo", cJSON_CreateNull());
    (void)cJSON_AddItemToObject(rate, "low", cJSON_Duplicate(member(in, "lo"), true));
    (void)cJSON_AddItemToObject(rate, "high", cJSON_Duplicate(member(in, "hi"), true));
    (void)cJSON_AddItemToObject(rate, "value", n ? cJSON_CreateNumber((double)k / (double)n) : cJSON_CreateNull());
    (void)cJSON_AddNumberToObject(rate, "clusters", member(in, "G") ? number_of(in, "G") : (double)n);
    CLEANUP(strbuf_release) struct strbuf shown = STRBUF_INIT;
    figures_rate(rate, k, &shown);
    if (strchr(shown.buf, '['))
        (void)strbuf_addf(&shown, " (%lld/%lld)", (long long)k, (long long)n);
    char plain[128];
    size_t len = 0;
    for (const char *c = shown.buf; *c && len + 1 < sizeof(plain); c++) { /* no-break spaces become spaces */
        if (c[0] == '\xC2' && c[1] == '\xA0')
            c++;
        plain[len++] = *c == '\xA0' ? ' ' : *c;
    }
    plain[len] = '\0';
    check_text(expected, plain);
}

static const struct {
    const char *function;
    void (*run)(const cJSON *in, const cJSON *expected);
} known[] = {
    { "st_ibeta", run_ibeta },
    { "st_ibeta_inv", run_ibeta_inv },
    { "st_t_cdf", run_t_cdf },
    { "st_t_inv", run_t_inv },
    { "st_norm_cdf", run_norm_cdf },
    { "st_norm_inv", run_norm_inv },
    { "st_chi2_1_sf", run_chi2 },
    { "st_rng_next", run_rng_next },
    { "st_rng_below", run_rng_below },
    { "st_quantile7", run_quantile7 },
    { "st_counts", run_counts },
    { "st_wilson", run_wilson },
    { "st_clopper_pearson", run_clopper_pearson },
    { "st_zero_upper", run_zero_upper },
    { "st_asr", run_asr },
    { "st_se_variants", run_se_variants },
    { "st_group_mean", run_group_mean },
    { "st_intent_any", run_intent_any },
    { "st_intent_mean", run_intent_mean },
    { "st_icc_anova", run_icc },
    { "st_deff_from_rho", run_deff },
    { "st_composition_note", run_composition },
    { "st_asr_stratified", run_stratified },
    { "st_asr_weighted", run_weighted },
    { "st_missing_bounds", run_missing_bounds },
    { "st_run_label", run_label },
    { "st_repeats", run_repeats },
    { "st_strongreject", run_strongreject },
    { "st_mcnemar", run_mcnemar },
    { "st_signflip_exact", run_signflip },
    { "st_signflip_mc", run_signflip_mc },
    { "st_obuchowski", run_obuchowski },
    { "st_paired_diff", run_paired },
    { "st_boot_ratio", run_boot_ratio },
    { "st_holm", run_holm },
    { "st_bh", run_bh },
    { "st_power_constants", run_power_constants },
    { "st_mde", run_mde },
    { "st_n_required", run_n_required },
    { "st_gate_noninferior", run_gate_noninferior },
    { "st_gate_combine", run_gate_combine },
    { "st_judge_two_phase", run_two_phase },
    { "st_judge_ppi", run_ppi },
    { "st_judge_rogan_gladen", run_rogan_gladen },
    { "st_judge_rg_usable", run_usable },
    { "st_label_allocation", run_allocation },
    { "st_delta_youden", run_delta },
    { "st_margin_on_judge_scale", run_margin },
    { "st_kappa2", run_kappa2 },
    { "st_kappa_weighted", run_kappa2 },
    { "st_kripp_alpha", run_alpha },
    { "st_panel_verdict", run_panel },
    { "st_panel_independent", run_panel_independent },
    { "st_phase1", run_phase1 },
    { "st_trend_series", run_trend },
    { "st_format_rate", run_format },
};

enum { CASES = 214 }; /* in the file: an emptied one does not pass */

static void every_case_of_the_golden_file_holds(void **state)
{
    (void)state;
    int ran[ARRAY_LEN(known)] = { 0 }, all = 0;
    cJSON_ArrayForEach(now, member(golden, "cases"))
    {
        size_t f = 0;
        while (f < ARRAY_LEN(known) && strcmp(known[f].function, text_of(now, "function")) != 0)
            f++;
        if (f == ARRAY_LEN(known))
            fail_msg("%s: nobody knows the function '%s'", text_of(now, "id"), text_of(now, "function"));
        looked_count = 0;
        known[f].run(member(now, "inputs"), member(now, "expected"));
        every_expectation_was_looked_at(member(now, "expected"));
        ran[f]++;
        all++;
    }
    assert_int_equal(all, CASES);
    for (size_t f = 0; f < ARRAY_LEN(known); f++) {
        if (ran[f] == 0)
            fail_msg("no case of '%s'", known[f].function);
    }
}

static int load(void **state)
{
    (void)state;
    FILE *f = fopen(golden_path, "rb");
    if (!f)
        return -1;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    char part[4096];
    for (size_t got; (got = fread(part, 1, sizeof(part), f)) > 0;)
        (void)strbuf_add(&text, part, got);
    (void)fclose(f);
    golden = cJSON_Parse(text.buf);
    return golden ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    cJSON_Delete(golden);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_case_of_the_golden_file_holds) };
    return cmocka_run_group_tests(tests, load, unload);
}
