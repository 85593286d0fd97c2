#include "store_fixture.h"

static const char all_rows[] =
    "SELECT (SELECT count(*) FROM run) || ' ' || (SELECT count(*) FROM endpoint) || ' ' || (SELECT count(*) FROM scorer)"
    " || ' ' || (SELECT count(*) FROM trial) || ' ' || (SELECT count(*) FROM attempt) || ' ' ||"
    " (SELECT count(*) FROM response) || ' ' || (SELECT count(*) FROM score) || ' ' || (SELECT count(*) FROM label)"
    " || ' ' || (SELECT count(*) FROM event) || ' ' || (SELECT count(*) FROM baseline) || ' ' ||"
    " (SELECT count(*) FROM dataset) || ' ' || (SELECT count(*) FROM sample) || ' ' || (SELECT count(*) FROM image)";

static void add_run(struct fixture *f, const char *run_id, struct sample *sample)
{
    plan(f, run_id, sample, 3, 2, &fixture_options);
    struct endpoint_row endpoint = endpoint_at(f, run_id, 1);
    settle(f, endpoint.first_trial, scorer_at(f, run_id, 0), TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    ok(f, store_event(f->store, run_id, 1, "info", "start", "", NULL, &f->e));
    ok(f, store_baseline_set(f->store, run_id, run_id, 1, &f->e));
    ok(f, store_exec(f->store,
                     arena_printf(f->arena, "INSERT INTO label (trial_id, labeller, verdict, created_at) VALUES (%lld, 'me', 'refused', 1)",
                                  (long long)endpoint.first_trial),
                     "label", &f->e));
}

static void a_run_goes_with_all_its_rows_and_the_others_stay(void **state)
{
    static const struct sample_image image = { .name = "a.png", .bytes = 10 };
    struct fixture *f = *state;
    struct sample *shared = make_samples(f, 3), *own = make_samples(f, 3);
    own[0].prompt = "another";
    own[0].image = &image;
    own[0].image_count = 1;
    add_run(f, "run000000001", shared);
    const char *one = sql_text(f, all_rows);
    add_run(f, "run000000002", own);
    add_run(f, "run000000003", shared);

    ok(f, store_run_delete(f->store, "run000000002", &f->e));
    assert_string_equal(sql_text(f, all_rows), "2 4 4 12 2 2 2 2 2 2 1 3 0");
    ok(f, store_run_delete(f->store, "run000000003", &f->e));
    assert_string_equal(sql_text(f, all_rows), one);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    ok(f, store_run_delete(f->store, "run000000001", &f->e));
    assert_string_equal(sql_text(f, all_rows), "0 0 0 0 0 0 0 0 0 0 0 0 0");
    assert_int_equal(sql_int(f, "PRAGMA foreign_keys"), 1);
}

static void an_unknown_run_is_an_error_and_nothing_goes(void **state)
{
    struct fixture *f = *state;
    add_run(f, "run000000001", make_samples(f, 3));
    const char *before = sql_text(f, all_rows);

    assert_int_equal(store_run_delete(f->store, "run00000000", &f->e), ERR_NOT_FOUND);

    assert_string_equal(sql_text(f, all_rows), before);
    ok(f, store_begin(f->store, &f->e));
    assert_int_equal(store_run_delete(f->store, "run000000001", &f->e), ERR_INVALID);
    store_rollback(f->store);
    assert_string_equal(sql_text(f, all_rows), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_goes_with_all_its_rows_and_the_others_stay, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_unknown_run_is_an_error_and_nothing_goes, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("writer_delete", tests, NULL, NULL);
}
