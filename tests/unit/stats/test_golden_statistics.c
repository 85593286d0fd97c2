/*
 * Runs every case of the golden file whose function this room implements. Covered: st_ibeta, st_ibeta_inv, st_t_cdf,
 * st_t_inv, st_norm_cdf, st_norm_inv, st_wilson, st_clopper_pearson, st_zero_upper, st_asr, st_se_variants (clustered,
 * naive_n), st_group_mean, st_intent_any, agreement and judge error. The file lies beside the project and is not part of it; without it the test
 * is skipped, and test_interval.c still holds the most telling of its numbers.
 */
#include "base/strbuf.h"
#include "stats/agreement.h"
#include "stats/interval.h"
#include "stats/judge_error.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char golden_path[] = "../shared/spec/golden/statistics.json";

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

static void check_key(const cJSON *expected, const char *key, double got)
{
    check(cJSON_GetObjectItemCaseSensitive(expected, key), got, key);
}

static void check_pair(const cJSON *expected, double low, double high)
{
    check(cJSON_GetArrayItem(expected, 0), low, "low");
    check(cJSON_GetArrayItem(expected, 1), high, "high");
}

/* ---- rows ---- */

enum { MAX_ROWS = 200 };

struct rows {
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

static void rows_from_table(const cJSON *columns, const cJSON *table, const cJSON *in, struct rows *r)
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

static void rows_of(const cJSON *in, struct rows *r)
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
    const char *wanted = text_of(expected, "method");
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
    struct rows rows;
    rows_of(in, &rows);
    struct rate r = rate_clustered(rows.y, rows.cluster, rows.n);
    check_rate(expected, &r);
    if (cJSON_GetObjectItemCaseSensitive(expected, "se_naive"))
        check_key(expected, "se_naive", sqrt(r.value * (1.0 - r.value) / (double)r.n));
}

static void run_se_variants(const cJSON *in, const cJSON *expected)
{
    struct rows rows;
    rows_of(in, &rows);
    struct rate r = rate_clustered(rows.y, rows.cluster, rows.n);
    check_key(expected, "clustered", r.se);
    /* Each row its own intent: what is left is the n - 1 form of the naive error. */
    uint32_t own[MAX_ROWS];
    for (size_t i = 0; i < rows.n; i++)
        own[i] = (uint32_t)i;
    check_key(expected, "naive_n1", rate_clustered(rows.y, own, rows.n).se);
}

static void run_group_mean(const cJSON *in, const cJSON *expected)
{
    struct rows rows;
    rows_of(in, &rows);
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(in, "groups_expected");
    struct rate r = rate_macro(rows.y, rows.cluster, rows.category, rows.n, groups ? (size_t)cJSON_GetArraySize(groups) : 2);
    check_rate(expected, &r);
}

static void run_intent_any(const cJSON *in, const cJSON *expected)
{
    struct rows rows;
    rows_of(in, &rows);
    bool hit[MAX_ROWS] = { false };
    uint32_t top = 0;
    for (size_t i = 0; i < rows.n; i++) {
        hit[rows.cluster[i]] = hit[rows.cluster[i]] || rows.y[i] > 0;
        top = rows.cluster[i] > top ? rows.cluster[i] : top;
    }
    int64_t hits = 0;
    for (uint32_t g = 0; g <= top; g++)
        hits += hit[g];
    struct rate r = rate_independent(hits, (int64_t)top + 1);
    check_rate(expected, &r);
    check_pair(cJSON_GetObjectItemCaseSensitive(expected, "ci"), r.low, r.high);
}

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
    const cJSON *pair = cJSON_GetObjectItemCaseSensitive(expected, key);
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
    check_pair(cJSON_GetObjectItemCaseSensitive(expected, "ci"), c.low, c.high);
    for (int i = 0; i < 3; i++)
        check(cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(expected, "terms"), i), term[i], "terms");
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
    check_pair(cJSON_GetObjectItemCaseSensitive(expected, "ci"), r.best.low, r.best.high);
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
    check_pair(cJSON_GetObjectItemCaseSensitive(expected, "ci"), r.low, r.high);
    assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(expected, "below_floor")), r.below_floor);
}

static void run_usable(const cJSON *in, const cJSON *expected)
{
    struct judge_counts c = judge_counts_of(in);
    struct judge_usable u = judge_rg_usable(&c);
    assert_int_equal(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(expected, "usable")), u.usable);
    assert_string_equal(text_of(expected, "reason"), u.reason);
    check_key(expected, "J", u.youden);
    check_pair(cJSON_GetObjectItemCaseSensitive(expected, "J_ci"), u.low, u.high);
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

static const struct {
    const char *function;
    void (*run)(const cJSON *in, const cJSON *expected);
    int at_least; /* cases the file must hold, so that an emptied file does not pass */
} covered[] = {
    { "st_ibeta", run_ibeta, 11 },
    { "st_ibeta_inv", run_ibeta_inv, 6 },
    { "st_t_cdf", run_t_cdf, 4 },
    { "st_t_inv", run_t_inv, 16 },
    { "st_norm_cdf", run_norm_cdf, 5 },
    { "st_norm_inv", run_norm_inv, 5 },
    { "st_wilson", run_wilson, 8 },
    { "st_clopper_pearson", run_clopper_pearson, 8 },
    { "st_zero_upper", run_zero_upper, 5 },
    { "st_asr", run_asr, 8 },
    { "st_se_variants", run_se_variants, 1 },
    { "st_group_mean", run_group_mean, 3 },
    { "st_intent_any", run_intent_any, 1 },
    { "st_kappa2", run_kappa2, 4 },
    { "st_kappa_weighted", run_kappa2, 1 },
    { "st_kripp_alpha", run_alpha, 2 },
    { "st_judge_two_phase", run_two_phase, 2 },
    { "st_judge_ppi", run_ppi, 3 },
    { "st_judge_rogan_gladen", run_rogan_gladen, 3 },
    { "st_judge_rg_usable", run_usable, 3 },
    { "st_label_allocation", run_allocation, 1 },
    { "st_delta_youden", run_delta, 1 },
    { "st_margin_on_judge_scale", run_margin, 1 },
};

static void every_covered_case_of_the_golden_file_holds(void **state)
{
    (void)state;
    if (!golden) {
        print_message("golden file not found: %s\n", golden_path);
        skip();
    }
    for (size_t f = 0; f < ARRAY_LEN(covered); f++) {
        int ran = 0;
        cJSON_ArrayForEach(now, cJSON_GetObjectItemCaseSensitive(golden, "cases"))
        {
            if (strcmp(text_of(now, "function"), covered[f].function) != 0)
                continue;
            covered[f].run(cJSON_GetObjectItemCaseSensitive(now, "inputs"), cJSON_GetObjectItemCaseSensitive(now, "expected"));
            ran++;
        }
        if (ran < covered[f].at_least)
            fail_msg("%s: %d cases, expected at least %d", covered[f].function, ran, covered[f].at_least);
    }
}

static int load(void **state)
{
    (void)state;
    FILE *f = fopen(golden_path, "rb");
    if (!f)
        return 0;
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
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_covered_case_of_the_golden_file_holds) };
    return cmocka_run_group_tests(tests, load, unload);
}
