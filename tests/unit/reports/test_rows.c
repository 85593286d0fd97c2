/* The rows that tables, comparisons and the browser are made of, against what was put into the store. */
#include "../store/store_fixture.h"

#include "reports/rows.h"

#include <math.h>
#include <string.h>

#define RUN "run000000001"

static int two_epochs(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct intake_options options = fixture_options;
    options.epochs = 2;
    plan(f, RUN, make_samples(f, 3), 3, 1, &options);
    int64_t first = scorer_at(f, RUN, 0);
    settle(f, 1, first, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    int64_t failed = start_attempt(f, 2, 1);
    finish_attempt(f, failed, 500, "oops");
    read_attempt(f, failed, "server", "broken", 0.25);
    failed = start_attempt(f, 2, 2);
    finish_attempt(f, failed, 500, "oops");
    read_attempt(f, failed, "server", "broken", 0.125);
    return 0;
}

static void a_row_knows_its_sample_epoch_latency_tokens_and_cost(void **state)
{
    struct fixture *f = *state;
    struct rows rows;
    struct endpoint_row endpoint = endpoint_at(f, RUN, 0);

    ok(f, rows_load(f->store, endpoint.id, scorer_at(f, RUN, 0), &rows, &f->e));

    assert_int_equal(rows.count, 6);
    assert_int_equal(rows.sample.count, 3);
    int seen = 0;
    for (size_t i = 0; i < rows.count; i++) {
        assert_int_equal(rows.row[i].trial_id, (int64_t)i + 1);
        assert_int_equal(rows.sample.name[rows.row[i].sample][0], 's');
        seen += rows.row[i].epoch;
    }
    assert_int_equal(seen, 3 * (1 + 2));
    assert_int_equal(rows.row[0].latency_us, 1000);
    assert_int_equal(rows.row[0].prompt_tokens, 10);
    assert_int_equal(rows.row[0].completion_tokens, 20);
    assert_true(isnan(rows.row[0].value));
    rows_clear(&rows);
}

static void the_cost_of_a_row_is_that_of_all_its_attempts(void **state)
{
    struct fixture *f = *state;
    struct rows rows;
    struct endpoint_row endpoint = endpoint_at(f, RUN, 0);

    ok(f, rows_load(f->store, endpoint.id, scorer_at(f, RUN, 0), &rows, &f->e));

    assert_true(rows.row[0].cost_usd == 0.5);
    assert_true(rows.row[1].cost_usd == 0.375);
    assert_true(isnan(rows.row[2].cost_usd)); /* never sent: not known, and not 0 */
    assert_int_equal(rows.row[2].latency_us, -1);
    assert_int_equal(rows.row[2].prompt_tokens, -1);
    rows_clear(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_knows_its_sample_epoch_latency_tokens_and_cost, two_epochs, fixture_close),
        cmocka_unit_test_setup_teardown(the_cost_of_a_row_is_that_of_all_its_attempts, two_epochs, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
