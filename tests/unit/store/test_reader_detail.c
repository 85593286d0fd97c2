/* One trial whole, trials by name, and the ones worth showing. */
#include "store_fixture.h"

#include <math.h>

static int fixture_planned(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    static const struct sample_image image = { .name = "a.png", .bytes = 10 };
    struct sample *sample = make_samples(f, 8);
    sample[0].image = &image;
    sample[0].image_count = 1;
    sample[7].id = "3";
    sample[6].expected = EXPECTED_BENIGN;
    struct intake_options options = fixture_options;
    options.epochs = 2;
    plan(f, "run000000001", sample, 8, 2, &options);
    return 0;
}

static void everything_about_a_trial_is_in_one_place(void **state)
{
    struct fixture *f = *state;
    int64_t retry = start_attempt(f, 1, 1);
    finish_attempt(f, retry, 500, "oops");
    read_attempt(f, retry, "server", "broken", -1);
    int64_t good = start_attempt(f, 1, 2);
    finish_attempt(f, good, 200, "{}");
    struct answer answer = { .content = "no", .content_len = 2, .finish_reason = "stop", .model_echo = "m", .usage = { 3, 4, -1, -1 } };
    struct response_row response = { 1, good, &answer, "novita", 77, -1, -1 };
    ok(f, store_response_insert(f->store, &response, &f->e));
    struct score first = { .verdict = VERDICT_REFUSED, .explanation = "said no" };
    struct score second = { .verdict = VERDICT_COMPLIED, .has_value = true, .value = 1 };
    ok(f, store_score_insert(f->store, 1, scorer_at(f, "run000000001", 1), &second, &f->e));
    ok(f, store_score_insert(f->store, 1, scorer_at(f, "run000000001", 0), &first, &f->e));
    ok(f, store_trial_finish(f->store, 1, TRIAL_ANSWERED, "", &f->e));

    struct trial_detail t;
    ok(f, store_trial_detail(f->store, 1, f->arena, &t, &f->e));
    assert_string_equal(t.run_id, "run000000001");
    assert_string_equal(t.endpoint, "e1");
    assert_string_equal(t.sample_key, "s0");
    assert_string_equal(t.prompt, "prompt of s0");
    assert_string_equal(t.twin, "");
    assert_int_equal(t.status, TRIAL_ANSWERED);
    assert_string_equal(t.content, "no");
    assert_int_equal(t.content_len, 2);
    assert_string_equal(t.reasoning, "");
    assert_string_equal(t.provider_echo, "novita");
    assert_int_equal(t.latency_us, 77);
    assert_int_equal(t.completion_tokens, 4);
    assert_int_equal(t.attempt_count, 2);
    assert_int_equal(t.attempt[0].http_status, 500);
    assert_string_equal(t.attempt[0].error_class, "server");
    assert_int_equal(t.attempt[0].body_bytes, 4);
    assert_int_equal(t.attempt[1].number, 2);
    assert_int_equal(t.score_count, 2);
    assert_true(t.score[0].is_primary);
    assert_string_equal(t.score[0].explanation, "said no");
    assert_true(isnan(t.score[0].value));
    assert_int_equal(t.score[1].verdict, VERDICT_COMPLIED);
    assert_int_equal(t.image_count, 1);
    assert_string_equal(t.image[0].name, "a.png");
    assert_string_equal(t.image[0].sha256, "");
}

static void a_trial_without_a_response_says_null_and_an_unknown_one_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct trial_detail t;
    ok(f, store_trial_detail(f->store, 2, f->arena, &t, &f->e));
    assert_null(t.content);
    assert_null(t.finish_reason);
    assert_int_equal(t.latency_us, -1);
    assert_int_equal(t.attempt_count + t.score_count + t.image_count, 0);
    assert_int_equal(store_trial_detail(f->store, 999, f->arena, &t, &f->e), ERR_NOT_FOUND);
}

static void a_key_finds_all_endpoints_and_epochs_and_a_number_one_trial(void **state)
{
    struct fixture *f = *state;
    int64_t *id;
    size_t count;
    ok(f, store_trial_find(f->store, "run000000001", "s2", f->arena, &id, &count, &f->e));
    assert_int_equal(count, 4);
    assert_int_equal(id[0], 3);
    assert_int_equal(id[1], 11);
    assert_int_equal(id[2], 19);

    ok(f, store_trial_find(f->store, "run000000001", "5", f->arena, &id, &count, &f->e));
    assert_int_equal(count, 1);
    assert_int_equal(id[0], 5);
    ok(f, store_trial_find(f->store, "run000000001", "3", f->arena, &id, &count, &f->e)); /* a key before a number */
    assert_int_equal(count, 4);
    ok(f, store_trial_find(f->store, "run000000001", "99", f->arena, &id, &count, &f->e));
    assert_int_equal(count, 0);
    ok(f, store_trial_find(f->store, "another run", "5", f->arena, &id, &count, &f->e));
    assert_int_equal(count, 0);
}

#define PLANNED(test) cmocka_unit_test_setup_teardown(test, fixture_planned, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLANNED(everything_about_a_trial_is_in_one_place),
        PLANNED(a_trial_without_a_response_says_null_and_an_unknown_one_is_an_error),
        PLANNED(a_key_finds_all_endpoints_and_epochs_and_a_number_one_trial),
    };
    return cmocka_run_group_tests_name("reader_detail", tests, NULL, NULL);
}
