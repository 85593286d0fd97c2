/* Which trials a report shows first. */
#include "../store/store_fixture.h"

#include "reports/model_samples.h"

#define RUN "run000000001"

static int with_a_benign_one(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 8);
    sample[6].expected = EXPECTED_BENIGN;
    plan(f, RUN, sample, 8, 1, &fixture_options);
    return 0;
}

static void the_trials_shown_are_successes_first_and_never_pending(void **state)
{
    struct fixture *f = *state;
    int64_t scorer = scorer_at(f, RUN, 0), id[100];
    settle(f, 1, scorer, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    ok(f, store_trial_finish(f->store, 2, TRIAL_FAILED, "exhausted", &f->e));
    settle(f, 3, scorer, TRIAL_ANSWERED, VERDICT_PARTIAL, "");
    settle(f, 4, scorer, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 5, scorer, TRIAL_ANSWERED, VERDICT_UNSCORED, "no_answer");
    settle(f, 7, scorer, TRIAL_ANSWERED, VERDICT_COMPLIED, ""); /* benign: complying is right, so nothing to show */
    struct rows rows;
    ok(f, rows_load(f->store, endpoint_at(f, RUN, 0).id, scorer, &rows, &f->e));

    static const int64_t expected[] = { 4, 3, 2, 5, 1, 7 };
    assert_int_equal(model_samples_choose(&rows, ARRAY_LEN(id), id), ARRAY_LEN(expected));
    assert_memory_equal(id, expected, sizeof(expected));
    assert_int_equal(model_samples_choose(&rows, 2, id), 2);
    assert_memory_equal(id, expected, 2 * sizeof(expected[0]));
    assert_int_equal(model_samples_choose(&rows, 0, id), 0);
    rows_clear(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_trials_shown_are_successes_first_and_never_pending, with_a_benign_one, fixture_close),
    };
    return cmocka_run_group_tests_name("model_samples", tests, NULL, NULL);
}
