#include "../store/store_fixture.h"

#include "view/label_desk.h"

#include <string.h>

static const enum verdict complied = VERDICT_COMPLIED, refused = VERDICT_REFUSED;

static int plan_run(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 3), 3, 1, &fixture_options);
    return 0;
}

static const char *labels(struct fixture *f)
{
    return sql_text(
        f, "SELECT coalesce(group_concat(trial_id || labeller || ':' || verdict || ':' || plan || ':' || coalesce(note, '') || ':' ||"
           " coalesce(inclusion_probability, '') || ':' || created_at, ' '), '') FROM label");
}

static void a_label_by_hand_is_picked(void **state)
{
    struct fixture *f = *state;
    struct label_desk *d = label_desk_new(f->path, "ann");
    ok(f, label_desk_set(d, 1, &complied, "a note", 7, &f->e));
    assert_string_equal(labels(f), "1ann:complied:picked:a note::7");
    assert_int_equal(label_desk_undoable(d), 1);
    label_desk_free(d);
}

static void changes_are_undone_last_first_and_exactly(void **state)
{
    struct fixture *f = *state;
    struct label_desk *d = label_desk_new(f->path, "ann");
    int64_t trial;
    struct label_row drawn = { 2, "ann", "was here", VERDICT_PARTIAL, 5, .25, LABEL_STRATIFIED };
    ok(f, store_label_put(f->store, &drawn, &f->e));

    ok(f, label_desk_set(d, 2, &refused, NULL, 8, &f->e));
    assert_string_equal(labels(f), "2ann:refused:stratified::0.25:8"); /* the draw does not change with the verdict */
    ok(f, label_desk_set(d, 2, NULL, NULL, 9, &f->e));
    assert_string_equal(labels(f), "");

    ok(f, label_desk_undo(d, &trial, &f->e));
    assert_int_equal(trial, 2);
    assert_string_equal(labels(f), "2ann:refused:stratified::0.25:8");
    ok(f, label_desk_undo(d, &trial, &f->e));
    assert_string_equal(labels(f), "2ann:partial:stratified:was here:0.25:5");
    ok(f, label_desk_undo(d, &trial, &f->e));
    assert_int_equal(trial, 0);
    assert_string_equal(labels(f), "2ann:partial:stratified:was here:0.25:5");
    label_desk_free(d);
}

static void others_labels_are_left_alone(void **state)
{
    struct fixture *f = *state;
    struct label_desk *d = label_desk_new(f->path, "ann");
    struct label_row other = { 1, "bob", NULL, VERDICT_PARTIAL, 5, -1, LABEL_RANDOM };
    ok(f, store_label_put(f->store, &other, &f->e));

    ok(f, label_desk_set(d, 1, NULL, NULL, 8, &f->e)); /* none of ours: nothing happens, and nothing to undo */
    assert_int_equal(label_desk_undoable(d), 0);
    ok(f, label_desk_set(d, 1, &complied, NULL, 8, &f->e));
    ok(f, label_desk_set(d, 1, NULL, NULL, 9, &f->e));
    assert_string_equal(labels(f), "1bob:partial:random:::5");
    label_desk_free(d);
}

static void the_oldest_change_is_forgotten_after_a_thousand(void **state)
{
    struct fixture *f = *state;
    struct label_desk *d = label_desk_new(f->path, "ann");
    ok(f, store_exec(f->store, "PRAGMA synchronous = OFF", "prepare a test", &f->e));
    for (int i = 0; i < 1003; i++)
        ok(f, label_desk_set(d, 1 + i % 3, i % 2 ? &complied : &refused, "n", i, &f->e));
    assert_int_equal(label_desk_undoable(d), 1000);
    int64_t trial = 1;
    int undone = 0;
    for (; undone <= 1000 && trial != 0; undone++)
        ok(f, label_desk_undo(d, &trial, &f->e));
    assert_int_equal(undone, 1001);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM label"), 3); /* the first three changes can no longer be undone */
    label_desk_free(d);
}

static void a_trial_that_is_not_there_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct label_desk *d = label_desk_new(f->path, "ann");
    assert_int_equal(label_desk_set(d, 99, &complied, NULL, 1, &f->e), ERR_DB);
    assert_int_equal(label_desk_undoable(d), 0);
    label_desk_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_label_by_hand_is_picked, plan_run, fixture_close),
        cmocka_unit_test_setup_teardown(changes_are_undone_last_first_and_exactly, plan_run, fixture_close),
        cmocka_unit_test_setup_teardown(others_labels_are_left_alone, plan_run, fixture_close),
        cmocka_unit_test_setup_teardown(the_oldest_change_is_forgotten_after_a_thousand, plan_run, fixture_close),
        cmocka_unit_test_setup_teardown(a_trial_that_is_not_there_is_an_error, plan_run, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
