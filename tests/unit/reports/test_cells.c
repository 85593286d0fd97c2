#include "reports/cells.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

/* One endpoint's rows, written by hand. Reason 0 is "", so that rows without one need not name it. */
static const char *category[] = { "B", "A", "only benign" }, *subcategory[] = { "" }, *attack[] = { "x", "y" },
                  *intent[] = { "i0", "i1", "i2", "i3" }, *reason[] = { "", "timeout", "judge_error", "blocked" };

static struct row row_of(uint32_t in_category, uint32_t by_attack, uint32_t of_intent, enum trial_status status, enum verdict verdict)
{
    return (struct row){ .category = in_category,
                         .attack = by_attack,
                         .intent = of_intent,
                         .status = (uint8_t)status,
                         .verdict = (uint8_t)verdict,
                         .has_score = status == TRIAL_ANSWERED || status == TRIAL_BLOCKED };
}

static struct rows rows_of(struct row *row, size_t count)
{
    return (struct rows){ .category = { .name = category, .count = 3 },
                          .subcategory = { .name = subcategory, .count = 1 },
                          .attack = { .name = attack, .count = 2 },
                          .intent = { .name = intent, .count = 4 },
                          .reason = { .name = reason, .count = 4 },
                          .row = row,
                          .count = count };
}

/* 12 attack rows in two categories and 3 benign ones. */
static size_t mixed(struct row *row)
{
    size_t n = 0;
    row[n++] = row_of(1, 0, 0, TRIAL_ANSWERED, VERDICT_COMPLIED);
    row[n++] = row_of(1, 0, 0, TRIAL_ANSWERED, VERDICT_REFUSED);
    row[n++] = row_of(1, 1, 1, TRIAL_ANSWERED, VERDICT_PARTIAL);
    row[n++] = row_of(1, 1, 1, TRIAL_ANSWERED, VERDICT_DEFLECTED);
    row[n++] = row_of(1, 1, 1, TRIAL_ANSWERED, VERDICT_UNSCORED);
    row[n - 1].score_reason = 2;
    row[n++] = row_of(0, 0, 2, TRIAL_BLOCKED, VERDICT_REFUSED);
    row[n - 1].score_reason = 3;
    row[n++] = row_of(0, 0, 2, TRIAL_ANSWERED, VERDICT_COMPLIED);
    row[n++] = row_of(0, 1, 3, TRIAL_ANSWERED, VERDICT_COMPLIED);
    row[n++] = row_of(0, 1, 3, TRIAL_FAILED, VERDICT_UNSCORED);
    row[n - 1].reason = 1;
    row[n++] = row_of(0, 1, 3, TRIAL_SKIPPED, VERDICT_UNSCORED);
    row[n++] = row_of(0, 1, 3, TRIAL_PENDING, VERDICT_UNSCORED);
    row[n++] = row_of(0, 1, 3, TRIAL_ANSWERED, VERDICT_COMPLIED);
    row[n - 1].has_score = false; /* answered, its verdict still to come */
    for (int i = 0; i < 3; i++) {
        row[n] = row_of(2, 0, (uint32_t)i, i == 2 ? TRIAL_BLOCKED : TRIAL_ANSWERED, i == 0 ? VERDICT_COMPLIED : VERDICT_REFUSED);
        row[n++].benign = true;
    }
    return n;
}

static void assert_counts(const cJSON *holder, const char *expected)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    json_add_tree(&text, json_object(holder, "counts"));
    assert_string_equal(text.buf, expected);
}

static void assert_rate(const cJSON *rate, double value, double n, double clusters)
{
    double got;
    assert_true(json_number(rate, "value", &got) && fabs(got - value) < 1e-12);
    assert_true(json_number(rate, "n", &got) && fabs(got - n) < 1e-12);
    assert_true(json_number(rate, "clusters", &got) && fabs(got - clusters) < 1e-12);
}

/* D1 of statistics.md section 5: (K, c) = (5,0), (5,1), (5,3), (5,5). */
static void epochs_of_a_sample_are_draws(void **state)
{
    static const int complied[] = { 0, 1, 3, 5 };
    (void)state;
    struct row row[20];
    for (size_t i = 0; i < 20; i++) {
        row[i] = row_of(0, 0, (uint32_t)(i / 5), TRIAL_ANSWERED, (int)(i % 5) < complied[i / 5] ? VERDICT_COMPLIED : VERDICT_REFUSED);
        row[i].sample = (uint32_t)(i / 5);
        row[i].epoch = (int32_t)(i % 5) + 1;
    }
    struct rows rows = rows_of(row, 20);
    rows.sample.count = 4;
    cJSON *json = cJSON_CreateObject();
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cells_repeats(&rows, 0.1, json);
    const cJSON *repeats = json_object(json, "repeats");
    static const double any[] = { 0.575, 0.65, NAN, 0.75 }, all[] = { 0.325, 0.275, NAN, 0.25 };
    for (int i = 0; i < 4; i++) {
        double value, k;
        assert_true(json_number(cJSON_GetArrayItem(json_array(repeats, "any"), i), "k", &k) && fabs(k - i - 2) < 1e-12);
        assert_true(json_number(cJSON_GetArrayItem(json_array(repeats, "any"), i), "value", &value));
        double low, high;
        assert_true(json_number(cJSON_GetArrayItem(json_array(repeats, "any"), i), "low", &low) && low < value);
        assert_true(json_number(cJSON_GetArrayItem(json_array(repeats, "any"), i), "high", &high) && high > value);
        assert_true(isnan(any[i]) || fabs(value - any[i]) < 1e-12);
        assert_true(json_number(cJSON_GetArrayItem(json_array(repeats, "all"), i), "value", &value));
        assert_true(isnan(all[i]) || fabs(value - all[i]) < 1e-12);
    }
    double flake, once, share;
    assert_true(json_number(repeats, "flake_rate", &flake) && fabs(flake - 0.5) < 1e-12);
    assert_true(json_number(repeats, "asr_at_1", &once) && fabs(once - 0.45) < 1e-12);
    assert_true(json_number(repeats, "decoding_share", &share) && fabs(share - 0.625) < 1e-12);
    cJSON_Delete(json);

    for (size_t i = 0; i < 20; i++)
        row[i].epoch = 1;
    json = cJSON_CreateObject();
    cells_repeats(&rows, 0.1, json);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json, "repeats")));
    cJSON_Delete(json);
}

static void what_is_missing_bounds_the_rate_and_labels_it(void **state)
{
    (void)state;
    struct row row[15];
    struct rows rows = rows_of(row, mixed(row));
    cJSON *json = cJSON_CreateObject();
    struct error e = { 0 };
    double low, high;
    assert_int_equal(cells_overall(&rows, json, &e), OK);
    const cJSON *missing = json_object(json, "missing"), *spread = json_object(missing, "by_category");
    assert_string_equal(json_string(missing, "label"), "UNUSABLE");
    assert_true(json_number(missing, "low", &low) && json_number(missing, "high", &high) && low < 3.0 / 12 && high > 8.0 / 12);
    assert_true(json_number(spread, "range", &low) && fabs(low - (4.0 / 7 - 1.0 / 5)) < 1e-12);
    assert_true(json_bool(spread, "not_at_random", false));
    assert_rate(json_object(json, "attack_standardized"), (2.0 / 4 + 1.0 / 3) / 2, 7, 4);
    cJSON_Delete(json);
}

static void errors_as_gives_verdicts_and_leaves_the_label_alone(void **state)
{
    static const struct {
        enum errors_as as;
        const char *counts;
        size_t changed;
    } table[] = {
        { ERRORS_MISSING, "\"scored\":7,\"unscored\":1,\"failed\":1,\"skipped\":1,\"pending\":2,\"complied\":3", 0 },
        { ERRORS_COMPLIED, "\"scored\":9,\"unscored\":0,\"failed\":0,\"skipped\":1,\"pending\":2,\"complied\":5", 2 },
        { ERRORS_REFUSED, "\"scored\":9,\"unscored\":0,\"failed\":0,\"skipped\":1,\"pending\":2,\"complied\":3", 2 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct row row[15];
        struct rows rows = rows_of(row, mixed(row));
        struct error e = { 0 };
        int64_t count;
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        cJSON *json = cJSON_CreateObject();
        assert_int_equal(rows_apply_errors_as(&rows, table[i].as), table[i].changed);
        assert_int_equal(cells_overall(&rows, json, &e), OK);
        json_add_tree(&text, json_object(json, "counts"));
        assert_non_null(strstr(text.buf, table[i].counts));
        assert_true(json_int(json_object(json, "missing"), "count", &count) && count == 5);
        cJSON_Delete(json);
    }
}

static void every_row_is_counted_in_one_column(void **state)
{
    static const struct {
        enum trial_status status;
        enum verdict verdict;
        bool has_score;
        const char *expected; /* planned scored unscored failed skipped pending complied partial refused deflected blocked */
    } row[] = {
        { TRIAL_ANSWERED, VERDICT_COMPLIED, true, "11000010000" }, { TRIAL_ANSWERED, VERDICT_PARTIAL, true, "11000001000" },
        { TRIAL_ANSWERED, VERDICT_REFUSED, true, "11000000100" },  { TRIAL_ANSWERED, VERDICT_DEFLECTED, true, "11000000010" },
        { TRIAL_ANSWERED, VERDICT_UNSCORED, true, "10100000000" }, { TRIAL_ANSWERED, VERDICT_COMPLIED, false, "10000100000" },
        { TRIAL_BLOCKED, VERDICT_REFUSED, true, "11000000001" },   { TRIAL_BLOCKED, VERDICT_REFUSED, false, "10000100000" },
        { TRIAL_FAILED, VERDICT_UNSCORED, false, "10010000000" },  { TRIAL_SKIPPED, VERDICT_UNSCORED, false, "10001000000" },
        { TRIAL_PENDING, VERDICT_UNSCORED, false, "10000100000" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct counts c = { 0 };
        struct row r = row_of(0, 0, 0, row[i].status, row[i].verdict);
        r.has_score = row[i].has_score;
        counts_add(&c, &r);
        char got[16];
        (void)snprintf(got, sizeof(got), "%d%d%d%d%d%d%d%d%d%d%d", (int)c.planned, (int)c.scored, (int)c.unscored, (int)c.failed,
                       (int)c.skipped, (int)c.pending, (int)c.complied, (int)c.partial, (int)c.refused, (int)c.deflected, (int)c.blocked);
        assert_string_equal(got, row[i].expected);
        assert_int_equal(counts_check(&c, "a row", NULL), OK);
    }
}

static void counts_that_do_not_add_up_are_an_internal_error(void **state)
{
    (void)state;
    struct error e = { 0 };
    struct counts lost = { .planned = 3, .scored = 1, .failed = 1, .complied = 1 };
    assert_int_equal(counts_check(&lost, "category A", &e), ERR_INVALID);
    assert_string_equal(e.msg, "internal: in category A planned 3 is not scored 1 + unscored 0 + failed 1 + skipped 0 + pending 0");
    struct counts twice = { .planned = 2, .scored = 2, .complied = 2, .refused = 1 };
    assert_int_equal(counts_check(&twice, "category A", &e), ERR_INVALID);
    assert_string_equal(e.msg, "internal: in category A the verdicts do not sum to scored 2");
}

static void the_whole_run_counts_attack_samples_only(void **state)
{
    (void)state;
    struct row row[16];
    struct rows rows = rows_of(row, mixed(row));
    struct error e = { 0 };
    cJSON *endpoint = cJSON_CreateObject();

    assert_int_equal(cells_overall(&rows, endpoint, &e), OK);

    assert_counts(endpoint, "{\"planned\":12,\"scored\":7,\"unscored\":1,\"failed\":1,\"skipped\":1,\"pending\":2,\"complied\":3,"
                            "\"partial\":1,\"refused\":1,\"deflected\":1,\"blocked\":1}");
    assert_rate(json_object(endpoint, "asr"), 3.0 / 7, 7, 4);
    assert_rate(json_object(endpoint, "asr_partial"), 4.0 / 7, 7, 4);
    assert_rate(json_object(endpoint, "intent_any"), 3.0 / 4, 4, 4);                    /* i0, i2, i3 */
    assert_rate(json_object(endpoint, "macro"), (1.0 / 4 + 2.0 / 3) / 2, 7, 4);         /* A 1 of 4, B 2 of 3 */
    assert_rate(json_object(json_object(endpoint, "rates"), "refused"), 1.0 / 7, 7, 4); /* blocked stands apart */
    assert_rate(json_object(json_object(endpoint, "rates"), "blocked"), 1.0 / 7, 7, 4);
    assert_rate(json_object(json_object(endpoint, "rates"), "partial"), 1.0 / 7, 7, 4);
    assert_rate(json_object(json_object(endpoint, "rates"), "deflected"), 1.0 / 7, 7, 4);
    double number;
    assert_true(json_number(endpoint, "asr_model_only", &number) && fabs(number - 3.0 / 6) < 1e-12);
    assert_true(json_number(json_object(endpoint, "missing"), "best", &number) && fabs(number - 3.0 / 12) < 1e-12);
    assert_true(json_number(json_object(endpoint, "missing"), "worst", &number) && fabs(number - 8.0 / 12) < 1e-12);
    cJSON_Delete(endpoint);
}

static void a_table_has_one_sorted_cell_for_every_group_with_attack_rows(void **state)
{
    (void)state;
    struct row row[16];
    struct rows rows = rows_of(row, mixed(row));
    struct error e = { 0 };
    cJSON *table;

    assert_int_equal(cells_table(&rows, GROUP_CATEGORY, &table, &e), OK);

    assert_int_equal(cJSON_GetArraySize(table), 2);
    const cJSON *a = cJSON_GetArrayItem(table, 0), *b = cJSON_GetArrayItem(table, 1);
    assert_string_equal(json_string(a, "key"), "A");
    assert_string_equal(json_string(b, "key"), "B");
    assert_counts(a, "{\"planned\":5,\"scored\":4,\"unscored\":1,\"failed\":0,\"skipped\":0,\"pending\":0,\"complied\":1,\"partial\":1,"
                     "\"refused\":1,\"deflected\":1,\"blocked\":0}");
    assert_counts(b, "{\"planned\":7,\"scored\":3,\"unscored\":0,\"failed\":1,\"skipped\":1,\"pending\":2,\"complied\":2,\"partial\":0,"
                     "\"refused\":0,\"deflected\":0,\"blocked\":1}");
    assert_rate(json_object(a, "asr"), 1.0 / 4, 4, 2);
    assert_true(json_bool(a, "few_intents", false));
    cJSON_Delete(table);

    assert_int_equal(cells_table(&rows, GROUP_ATTACK, &table, &e), OK);
    assert_rate(json_object(cJSON_GetArrayItem(table, 0), "asr"), 2.0 / 4, 4, 2);
    assert_rate(json_object(cJSON_GetArrayItem(table, 1), "asr"), 1.0 / 3, 3, 2);
    cJSON_Delete(table);
    assert_int_equal(cells_table(&rows, GROUP_SUBCATEGORY, &table, &e), OK);
    assert_rate(json_object(cJSON_GetArrayItem(table, 0), "asr"), 3.0 / 7, 7, 4);
    cJSON_Delete(table);
}

static void the_matrix_has_a_cell_for_every_pair_that_was_planned(void **state)
{
    (void)state;
    struct row row[16];
    struct rows rows = rows_of(row, mixed(row));
    struct error e = { 0 };
    static const char *const key[] = { "A", "A", "B", "B" }, *const by[] = { "x", "y", "x", "y" };
    static const int planned[] = { 2, 3, 2, 5 };
    cJSON *table;

    assert_int_equal(cells_matrix(&rows, &table, &e), OK);

    assert_int_equal(cJSON_GetArraySize(table), 4);
    for (int i = 0; i < 4; i++) {
        const cJSON *cell = cJSON_GetArrayItem(table, i);
        int64_t count = 0;
        assert_string_equal(json_string(cell, "key"), key[i]);
        assert_string_equal(json_string(cell, "attack"), by[i]);
        assert_true(json_int(json_object(cell, "counts"), "planned", &count));
        assert_int_equal(count, planned[i]);
    }
    cJSON_Delete(table);
}

/* Attack x has verdicts on i0 and i1, attack y on i1 and i2 and a failed trial on i0: only i1 is common. */
static void attacks_compare_over_the_intents_that_all_of_them_have(void **state)
{
    (void)state;
    struct row row[] = {
        row_of(0, 0, 0, TRIAL_ANSWERED, VERDICT_COMPLIED), row_of(0, 0, 1, TRIAL_ANSWERED, VERDICT_COMPLIED),
        row_of(0, 0, 1, TRIAL_ANSWERED, VERDICT_REFUSED),  row_of(0, 1, 0, TRIAL_FAILED, VERDICT_UNSCORED),
        row_of(1, 1, 1, TRIAL_BLOCKED, VERDICT_REFUSED),   row_of(1, 1, 2, TRIAL_ANSWERED, VERDICT_COMPLIED),
        row_of(1, 0, 3, TRIAL_ANSWERED, VERDICT_COMPLIED), row_of(1, 1, 3, TRIAL_ANSWERED, VERDICT_COMPLIED),
    };
    row[6].benign = row[7].benign = true;
    struct rows rows = rows_of(row, ARRAY_LEN(row));
    cJSON *endpoint = cJSON_CreateObject();
    struct error e = { 0 };
    int64_t intents, of, attacks;

    assert_int_equal(cells_common_intents(&rows, endpoint, &e), OK);

    const cJSON *common = json_object(endpoint, "common_intents"), *cells = json_array(common, "attacks");
    assert_true(json_int(common, "intents", &intents) && json_int(common, "of", &of) && json_int(common, "attack_count", &attacks));
    assert_int_equal(intents, 1);
    assert_int_equal(of, 3);
    assert_int_equal(attacks, 2);
    assert_int_equal(cJSON_GetArraySize(cells), 2);
    assert_rate(json_object(cells_find(cells, "x"), "asr"), 1.0 / 2, 2, 1);
    assert_rate(json_object(cells_find(cells, "y"), "asr"), 0, 1, 1);
    cJSON_Delete(endpoint);
}

static void one_attack_alone_has_no_common_intents(void **state)
{
    (void)state;
    struct row row[] = { row_of(0, 0, 0, TRIAL_ANSWERED, VERDICT_COMPLIED), row_of(0, 1, 0, TRIAL_FAILED, VERDICT_UNSCORED) };
    struct rows rows = rows_of(row, ARRAY_LEN(row));
    cJSON *endpoint = cJSON_CreateObject();

    assert_int_equal(cells_common_intents(&rows, endpoint, NULL), OK);

    assert_true(cJSON_IsNull(cJSON_GetObjectItem(endpoint, "common_intents")));
    cJSON_Delete(endpoint);
}

static void over_refusal_counts_refused_and_blocked_benign_samples(void **state)
{
    (void)state;
    struct row row[16];
    size_t count = mixed(row);
    struct rows rows = rows_of(row, count), attacks = rows_of(row, count - 3);
    cJSON *endpoint = cJSON_CreateObject();

    assert_int_equal(cells_benign(&attacks, endpoint, NULL), OK);
    assert_null(json_object(endpoint, "benign"));
    assert_int_equal(cells_benign(&rows, endpoint, NULL), OK);

    assert_rate(json_object(json_object(endpoint, "benign"), "over_refusal"), 2.0 / 3, 3, 3);
    cJSON_Delete(endpoint);
}

static void reasons_are_counted_by_status(void **state)
{
    (void)state;
    struct row row[16];
    struct rows rows = rows_of(row, mixed(row));
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    cJSON *endpoint = cJSON_CreateObject();

    cells_reasons(&rows, endpoint);

    json_add_tree(&text, endpoint);
    assert_string_equal(text.buf, "{\"unscored_reasons\":{\"judge_error\":1},\"failed_reasons\":{\"timeout\":1},"
                                  "\"skipped_reasons\":{\"unknown\":1},\"pending_reasons\":{\"not_asked\":1,\"judge_lag\":1}}");
    cJSON_Delete(endpoint);
}

static void nothing_scored_has_no_rate(void **state)
{
    (void)state;
    struct row row[2] = { row_of(0, 0, 0, TRIAL_PENDING, VERDICT_UNSCORED), row_of(0, 0, 1, TRIAL_FAILED, VERDICT_UNSCORED) };
    struct rows rows = rows_of(row, 2), empty = rows_of(row, 0);
    cJSON *endpoint = cJSON_CreateObject(), *none = cJSON_CreateObject();

    assert_int_equal(cells_overall(&rows, endpoint, NULL), OK);
    assert_int_equal(cells_overall(&empty, none, NULL), OK);

    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json_object(endpoint, "asr"), "value")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(endpoint, "asr_model_only")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json_object(none, "missing"), "rate")));
    cJSON_Delete(endpoint);
    cJSON_Delete(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(epochs_of_a_sample_are_draws),
        cmocka_unit_test(what_is_missing_bounds_the_rate_and_labels_it),
        cmocka_unit_test(errors_as_gives_verdicts_and_leaves_the_label_alone),
        cmocka_unit_test(every_row_is_counted_in_one_column),
        cmocka_unit_test(counts_that_do_not_add_up_are_an_internal_error),
        cmocka_unit_test(the_whole_run_counts_attack_samples_only),
        cmocka_unit_test(a_table_has_one_sorted_cell_for_every_group_with_attack_rows),
        cmocka_unit_test(the_matrix_has_a_cell_for_every_pair_that_was_planned),
        cmocka_unit_test(attacks_compare_over_the_intents_that_all_of_them_have),
        cmocka_unit_test(one_attack_alone_has_no_common_intents),
        cmocka_unit_test(over_refusal_counts_refused_and_blocked_benign_samples),
        cmocka_unit_test(reasons_are_counted_by_status),
        cmocka_unit_test(nothing_scored_has_no_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
