/* Verdicts by people: who can be labelled, what was said, and the labels themselves. */
#include "store_fixture.h"

#include "store/labels.h"

#include <string.h>

/* s0 complied by one and refused by the other, s1 refused by both and speaking to the judge, s2 without a verdict, s3 blocked,
   s4 with nothing but a refusal field, s5 without text, s6 failed, s7 benign. */
static int fixture_answers(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 8);
    sample[7].expected = EXPECTED_BENIGN;
    plan(f, "run000000001", sample, 8, 1, &fixture_options);
    int64_t first = scorer_at(f, "run000000001", 0), second = scorer_at(f, "run000000001", 1);
    settle(f, 1, first, TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    settle(f, 2, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    settle(f, 3, 0, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    settle(f, 4, first, TRIAL_BLOCKED, VERDICT_REFUSED, "blocked");
    settle(f, 5, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    settle(f, 6, first, TRIAL_ANSWERED, VERDICT_UNSCORED, "no_answer");
    ok(f, store_trial_finish(f->store, 7, TRIAL_FAILED, "exhausted", &f->e));
    settle(f, 8, first, TRIAL_ANSWERED, VERDICT_REFUSED, "");
    struct score refused = { .verdict = VERDICT_REFUSED, .reason = "" }, unscored = { .verdict = VERDICT_UNSCORED, .reason = "disputed" };
    ok(f, store_score_insert(f->store, 1, second, &refused, &f->e));
    ok(f, store_score_insert(f->store, 2, second, &refused, &f->e));
    ok(f, store_score_insert(f->store, 4, second, &unscored, &f->e));
    ok(f, store_exec(f->store, "UPDATE score SET flags = 'clipped,judge_directed' WHERE trial_id = 2", "prepare a test", &f->e));
    ok(f, store_exec(f->store, "UPDATE response SET content = '', refusal = 'no' WHERE trial_id = 5", "prepare a test", &f->e));
    ok(f, store_exec(f->store, "UPDATE response SET content = '' WHERE trial_id = 6", "prepare a test", &f->e));
    return 0;
}

static void answers_to_attacks_with_text_can_be_labelled(void **state)
{
    struct fixture *f = *state;
    struct label_candidate *c;
    size_t count;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    ok(f, store_label_candidates(f->store, endpoint.id, scorer_at(f, "run000000001", 0), f->arena, &c, &count, &f->e));
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(c[i].trial_id, i + 1);
    assert_string_equal(c[3].intent_id, "i1");
    assert_int_equal(c[0].judge, VERDICT_COMPLIED);
    assert_int_equal(c[1].judge, VERDICT_REFUSED);
    assert_int_equal(c[2].judge, VERDICT_UNSCORED);
}

static void disagreement_and_words_to_the_judge_make_an_answer_contested(void **state)
{
    struct fixture *f = *state;
    static const bool expected[] = { true, true, false, false, false };
    struct label_candidate *c;
    size_t count;
    struct endpoint_row endpoint = endpoint_at(f, "run000000001", 0);
    ok(f, store_label_candidates(f->store, endpoint.id, scorer_at(f, "run000000001", 0), f->arena, &c, &count, &f->e));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(c[i].contested, expected[i]);
}

static void the_text_is_what_was_said_or_else_the_refusal_field(void **state)
{
    struct fixture *f = *state;
    struct label_answer x;
    ok(f, store_label_answer(f->store, 1, f->arena, &x, &f->e));
    assert_string_equal(x.text, "text");
    assert_int_equal(x.len, 4);
    assert_string_equal(x.run_id, "run000000001");
    assert_string_equal(x.endpoint, "e1");
    assert_string_equal(x.sample_key, "s0");
    assert_string_equal(x.intent, "an intent");
    ok(f, store_label_answer(f->store, 5, f->arena, &x, &f->e));
    assert_string_equal(x.text, "no");
    assert_int_equal(store_label_answer(f->store, 6, f->arena, &x, &f->e), ERR_NOT_FOUND);
    assert_int_equal(store_label_answer(f->store, 99, f->arena, &x, &f->e), ERR_NOT_FOUND);
}

static void a_label_is_found_by_its_labeller_and_replaced_by_the_next(void **state)
{
    struct fixture *f = *state;
    bool found;
    enum verdict verdict;
    struct label_row label = { 1, "ann", "a note", VERDICT_PARTIAL, 5, .25, LABEL_STRATIFIED };
    ok(f, store_label_put(f->store, &label, &f->e));
    ok(f, store_label_find(f->store, 1, "ann", &found, &verdict, &f->e));
    assert_true(found);
    assert_int_equal(verdict, VERDICT_PARTIAL);
    ok(f, store_label_find(f->store, 1, "bob", &found, &verdict, &f->e));
    assert_false(found);
    label = (struct label_row){ 1, "ann", "", VERDICT_COMPLIED, 6, -1, LABEL_RANDOM };
    ok(f, store_label_put(f->store, &label, &f->e));
    assert_string_equal(
        sql_text(f, "SELECT group_concat(verdict || created_at || (note IS NULL) || (inclusion_probability IS NULL) || plan) FROM label"),
        "complied611random");
}

static void labels_of_a_trial_are_listed_and_removed_one_by_one(void **state)
{
    struct fixture *f = *state;
    struct label_row *l, bob = { 1, "bob", NULL, VERDICT_REFUSED, 6, -1, LABEL_PICKED },
                         ann = { 1, "ann", "a note", VERDICT_PARTIAL, 5, .25, LABEL_RANDOM };
    size_t count;
    ok(f, store_label_put(f->store, &bob, &f->e));
    ok(f, store_label_put(f->store, &ann, &f->e));
    ok(f, store_label_list(f->store, 1, f->arena, &l, &count, &f->e));
    assert_int_equal(count, 2);
    assert_string_equal(l[0].labeller, "ann");
    assert_string_equal(l[0].note, "a note");
    assert_true(l[0].inclusion_probability > .2);
    assert_int_equal(l[0].plan, LABEL_RANDOM);
    assert_int_equal(l[1].verdict, VERDICT_REFUSED);
    assert_null(l[1].note);
    assert_true(l[1].inclusion_probability < 0);
    assert_int_equal(l[1].created_at, 6);

    ok(f, store_label_remove(f->store, 1, "ann", &f->e));
    ok(f, store_label_remove(f->store, 1, "nobody", &f->e));
    ok(f, store_label_list(f->store, 1, f->arena, &l, &count, &f->e));
    assert_int_equal(count, 1);
    assert_string_equal(l[0].labeller, "bob");
}

static void what_is_labelled_is_listed_once_with_whether_one_label_is_mine(void **state)
{
    struct fixture *f = *state;
    struct label_row label[] = { { 2, "bob", NULL, VERDICT_REFUSED, 6, -1, LABEL_PICKED },
                                 { 1, "bob", NULL, VERDICT_REFUSED, 6, -1, LABEL_PICKED },
                                 { 1, "ann", NULL, VERDICT_PARTIAL, 5, -1, LABEL_PICKED } };
    struct labelled_trial *trial;
    size_t count;
    const char *run = sql_text(f, "SELECT run_id FROM trial WHERE id = 1");
    for (size_t i = 0; i < ARRAY_LEN(label); i++)
        ok(f, store_label_put(f->store, &label[i], &f->e));
    ok(f, store_labelled_trials(f->store, run, "ann", f->arena, &trial, &count, &f->e));
    assert_int_equal(count, 2);
    assert_true(trial[0].trial_id == 1 && trial[0].mine);
    assert_true(trial[1].trial_id == 2 && !trial[1].mine);
    ok(f, store_labelled_trials(f->store, "another", "ann", f->arena, &trial, &count, &f->e));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_to_attacks_with_text_can_be_labelled, fixture_answers, fixture_close),
        cmocka_unit_test_setup_teardown(disagreement_and_words_to_the_judge_make_an_answer_contested, fixture_answers, fixture_close),
        cmocka_unit_test_setup_teardown(the_text_is_what_was_said_or_else_the_refusal_field, fixture_answers, fixture_close),
        cmocka_unit_test_setup_teardown(a_label_is_found_by_its_labeller_and_replaced_by_the_next, fixture_answers, fixture_close),
        cmocka_unit_test_setup_teardown(labels_of_a_trial_are_listed_and_removed_one_by_one, fixture_answers, fixture_close),
        cmocka_unit_test_setup_teardown(what_is_labelled_is_listed_once_with_whether_one_label_is_mine, fixture_answers, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
