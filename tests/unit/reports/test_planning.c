/* The table of statistics.md section 7, and a plan that two runs of the store teach. */
#include "nights_fixture.h"

#include "json_schema.h"
#include "reports/planning.h"

static const struct planning_options usual = { .delta = .01, .half_width = .01, .power = .80, .budget_usd = -1 };

static void near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("got %.12f, expected %.12f", got, expected);
}

static cJSON *plan_of(struct fixture *f, struct store *s, const struct planning_options *o)
{
    cJSON *plan;
    ok(f, planning_build(s, o, &plan, &f->e));
    return plan;
}

static void without_runs_the_published_table_comes_out(void **state)
{
    static const struct {
        int n;
        double points;
        double unit; /* of the last digit printed */
    } table[] = { { 500, 5.01, .01 },  { 864, 3.81, .01 },  { 1000, 3.54, .01 },  { 2000, 2.51, .01 },
                  { 4752, 1.63, .01 }, { 5000, 1.58, .01 }, { 10000, 1.12, .01 }, { 47524, .514, .001 } };
    struct fixture *f = *state;
    cJSON *plan = plan_of(f, NULL, &usual);

    for (int i = 0; i < (int)ARRAY_LEN(table); i++) {
        const cJSON *step = at(plan, "ladder", i);
        assert_int_equal((int)number_of(step, "n"), table[i].n);
        near(100 * number_of(step, "detectable"), table[i].points, table[i].unit / 2);
    }
    const cJSON *overall = json_object(plan, "overall");
    near(number_of(overall, "for_delta"), 12559, 0); /* 12,558.21 */
    near(number_of(overall, "for_delta_one_an_intent"), 6280, 0);
    near(number_of(overall, "for_margin"), 9893, 0); /* 9,892.09 */
    assert_string_equal(json_string(overall, "psi_source"), "default");
    assert_string_equal(json_string(json_object(plan, "basis"), "source"), "defaults");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(overall, "samples")));
    cJSON_Delete(plan);
    plan = plan_of(f, f->store, &usual); /* a store without runs says the same */
    near(number_of(json_object(plan, "overall"), "for_delta"), 12559, 0);
    cJSON_Delete(plan);
}

static void two_comparable_runs_teach_psi_and_the_design_effect(void **state)
{
    struct fixture *f = *state;
    plant_night(f, 1, &(struct planted){ .samples = 1000, .complied = 100 });
    plant_night(f, 2, &(struct planted){ .samples = 1000, .complied = 150 });

    cJSON *plan = plan_of(f, f->store, &usual);
    const cJSON *overall = json_object(plan, "overall"), *basis = json_object(plan, "basis"), *even = at(plan, "categories", 1);

    near(number_of(overall, "psi"), .05, 1e-12); /* samples 101 … 150 */
    double deff = number_of(overall, "deff");
    assert_true(deff > 1.5 && deff < 2.0); /* both samples of an intent break together, but at the ends */
    near(number_of(overall, "for_delta"), ceil(deff * .05 * pow(2.801585218 / .01, 2)), 1);
    near(number_of(overall, "detectable"), 2.801585218 * sqrt(deff * .05 / 1000), 1e-9);
    near(number_of(overall, "samples"), 1000, 0);
    near(number_of(overall, "asr"), .15, 1e-12);
    assert_string_equal(json_string(basis, "base"), "dark00000001");
    assert_string_equal(json_string(basis, "candidate"), "dark00000002");
    assert_true(json_bool(basis, "same_era", false));
    assert_non_null(strstr(json_string(basis, "text"), "noise alone"));
    assert_string_equal(json_string(even, "key"), "B. Even");
    assert_string_equal(json_string(even, "psi_source"), "runs");
    near(number_of(even, "psi"), .05, 1e-12);
    cJSON_Delete(plan);
}

static void runs_that_are_not_comparable_or_differ_in_nothing_teach_nothing(void **state)
{
    struct fixture *f = *state;
    plant_night(f, 1, &(struct planted){ .samples = 300, .complied = 30 });
    plant_night(f, 2, &(struct planted){ .samples = 300, .complied = 60, .key = "other" });
    cJSON *plan = plan_of(f, f->store, &usual);
    near(number_of(json_object(plan, "overall"), "psi"), DEFAULT_PSI, 0);
    assert_non_null(strstr(json_string(json_object(plan, "basis"), "text"), "no two comparable runs"));
    near(number_of(json_object(plan, "overall"), "samples"), 300, 0); /* what the suite has is known all the same */
    cJSON_Delete(plan);

    plant_night(f, 3, &(struct planted){ .samples = 300, .complied = 60, .key = "other" });
    plan = plan_of(f, f->store, &usual);
    near(number_of(json_object(plan, "overall"), "psi"), DEFAULT_PSI, 0);
    assert_non_null(strstr(json_string(json_object(plan, "basis"), "text"), "differ in no sample"));
    cJSON_Delete(plan);
}

static void an_earlier_run_is_looked_for_past_those_that_do_not_count(void **state)
{
    struct fixture *f = *state;
    plant_night(f, 1, &(struct planted){ .samples = 300, .complied = 30 });
    for (int i = 2; i <= 12; i++)
        plant_night(f, i, &(struct planted){ .samples = 300, .failed = 30 });
    plant_night(f, 13, &(struct planted){ .samples = 300, .complied = 60 });

    cJSON *plan = plan_of(f, f->store, &usual);

    assert_string_equal(json_string(json_object(plan, "basis"), "base"), "dark00000001");
    near(number_of(json_object(plan, "overall"), "psi"), .1, 1e-12);
    cJSON_Delete(plan);
}

static void a_budget_buys_trials_at_what_the_newest_run_cost(void **state)
{
    struct fixture *f = *state;
    struct planning_options o = usual;
    o.budget_usd = 3;
    plant_night(f, 1, &(struct planted){ .samples = 200, .complied = 30 });
    cJSON *plan = plan_of(f, f->store, &o);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(plan, "budget"))); /* an unknown price is not 0 */
    assert_non_null(strstr(json_string(json_object(plan, "cost"), "text"), "no known price"));
    cJSON_Delete(plan);

    plant_sql(f, "UPDATE attempt SET cost_usd = 0.002");
    plan = plan_of(f, f->store, &o);
    near(number_of(json_object(plan, "cost"), "usd_per_trial"), .002, 1e-12);
    near(number_of(json_object(plan, "budget"), "trials"), 1500, 1); /* 3 / .002 in floating point */
    near(number_of(json_object(plan, "budget"), "detectable"), 2.801585218 * sqrt(DEFAULT_DEFF * DEFAULT_PSI / 1500), 1e-5);
    cJSON_Delete(plan);
}

static void the_document_has_the_shape_of_its_schema(void **state)
{
    struct fixture *f = *state;
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    CLEANUP(strbuf_release) struct strbuf problems = STRBUF_INIT;
    ok(f, fs_read_file("docs/schemas/plan.schema.json", 1 << 20, &text, &f->e));
    CLEANUP(json_freep) cJSON *schema = json_parse(text.buf, text.len, &f->e);
    assert_non_null(schema);
    cJSON *plan = plan_of(f, NULL, &usual);
    json_schema(schema, plan, &problems);
    cJSON_Delete(plan);
    plant_night(f, 1, &(struct planted){ .samples = 200, .complied = 30 });
    plant_night(f, 2, &(struct planted){ .samples = 200, .complied = 40 });
    plan = plan_of(f, f->store, &usual);
    json_schema(schema, plan, &problems);
    cJSON_Delete(plan);
    assert_string_equal(problems.buf, "");
}

static void an_unknown_suite_is_an_error_even_in_an_empty_store(void **state)
{
    struct fixture *f = *state;
    struct planning_options o = usual;
    cJSON *plan = NULL;
    o.suite = "nightly";
    assert_int_equal(planning_build(f->store, &o, &plan, &f->e), ERR_NOT_FOUND);
    assert_null(plan);
}

#define with_store(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_store(without_runs_the_published_table_comes_out),
        with_store(two_comparable_runs_teach_psi_and_the_design_effect),
        with_store(runs_that_are_not_comparable_or_differ_in_nothing_teach_nothing),
        with_store(an_earlier_run_is_looked_for_past_those_that_do_not_count),
        with_store(a_budget_buys_trials_at_what_the_newest_run_cost),
        with_store(the_document_has_the_shape_of_its_schema),
        with_store(an_unknown_suite_is_an_error_even_in_an_empty_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
