/* The trials without a verdict, one by one, against what was put into the store. */
#include "mixed_run.h"

#include "base/json.h"
#include "reports/cells.h"
#include "reports/model_unsettled.h"

#include <string.h>

static cJSON *unsettled_of(struct fixture *f)
{
    struct rows rows;
    struct endpoint_row endpoint = endpoint_at(f, RUN, 0);
    cJSON *json = cJSON_CreateObject();
    ok(f, rows_load(f->store, endpoint.id, scorer_at(f, RUN, 0), &rows, &f->e));
    model_add_unsettled(&rows, json);
    rows_clear(&rows);
    return json;
}

static void each_trial_without_a_verdict_is_named_with_its_reason(void **state)
{
    static const struct {
        const char *status, *reason;
    } expected[] = {
        { "unscored", "judge_error" }, { "pending", NULL }, { "failed", "timeout" },
        { "skipped", "too_large" },    { "pending", NULL }, { "pending", NULL },
    };
    cJSON *json = unsettled_of(*state);
    const cJSON *list = json_array(json, "unsettled");

    assert_int_equal(cJSON_GetArraySize(list), ARRAY_LEN(expected));
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        const cJSON *trial = cJSON_GetArrayItem(list, (int)i);
        const char *reason = json_string(trial, "reason");
        assert_string_equal(json_string(trial, "status"), expected[i].status);
        assert_int_equal(reason != NULL, expected[i].reason != NULL);
        if (reason)
            assert_string_equal(reason, expected[i].reason);
        assert_non_null(json_string(trial, "sample"));
        assert_non_null(json_string(trial, "category"));
    }
    cJSON_Delete(json);
}

static void beyond_the_most_that_are_named_the_rest_is_counted_by_status(void **state)
{
    (void)state;
    enum { MORE = 7 };
    struct rows rows = { 0 };
    static struct row row[MAX_UNSETTLED + MORE + 1];
    (void)names_intern(&rows.sample, "s", &rows.arena);
    (void)names_intern(&rows.category, "c", &rows.arena);
    (void)names_intern(&rows.reason, "timeout", &rows.arena);
    rows.count = ARRAY_LEN(row);
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        row[i] = (struct row){ .status = TRIAL_FAILED, .epoch = 1, .benign = i == 0 }; /* a benign one is no attack that stays open */
    rows.row = row;
    cJSON *json = cJSON_CreateObject();

    model_add_unsettled(&rows, json);

    int64_t more = -1;
    assert_int_equal(cJSON_GetArraySize(json_array(json, "unsettled")), MAX_UNSETTLED);
    assert_true(json_int(json_object(json, "unsettled_more"), "failed", &more));
    assert_int_equal(more, MORE);
    assert_true(json_int(json_object(json, "unsettled_more"), "pending", &more));
    assert_int_equal(more, 0);
    cJSON_Delete(json);
    rows.row = NULL;
    rows_clear(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_trial_without_a_verdict_is_named_with_its_reason, mixed_run, fixture_close),
        cmocka_unit_test(beyond_the_most_that_are_named_the_rest_is_counted_by_status),
    };
    return cmocka_run_group_tests_name("model_unsettled", tests, NULL, NULL);
}
