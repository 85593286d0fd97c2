#include "store_fixture.h"

#include "store/migrate.h"

static void a_step_changes_the_schema_and_the_version_together(void **state)
{
    static const struct migration list[] = {
        { 1, "this is never run, the file has version 1" },
        { 2, "ALTER TABLE run ADD COLUMN weather TEXT; PRAGMA user_version = 2" },
        { 3, "UPDATE run SET weather = 'fine'; PRAGMA user_version = 3" },
        { 0, NULL },
    };
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 1), 1, 1, &fixture_options);

    ok(f, migrate_lift(f->store, list, &f->e));

    assert_int_equal(sql_int(f, "PRAGMA user_version"), 3);
    assert_string_equal(sql_text(f, "SELECT weather FROM run"), "fine");
    assert_int_equal(sql_int(f, "PRAGMA foreign_keys"), 1);
}

static void a_step_that_fails_leaves_the_version_before_it(void **state)
{
    static const struct migration list[] = {
        { 2, "ALTER TABLE run ADD COLUMN weather TEXT; PRAGMA user_version = 2" },
        { 3, "ALTER TABLE run ADD COLUMN mood TEXT; INSERT INTO nowhere VALUES (1); PRAGMA user_version = 3" },
        { 0, NULL },
    };
    struct fixture *f = *state;

    assert_int_equal(migrate_lift(f->store, list, &f->e), ERR_DB);

    assert_non_null(strstr(f->e.msg, "migration to schema version 3"));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 2);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM pragma_table_info('run') WHERE name = 'mood'"), 0);
    assert_int_equal(sql_int(f, "PRAGMA foreign_keys"), 1);
}

static void a_step_that_forgets_its_version_or_breaks_references_is_undone(void **state)
{
    static const struct migration forgets[] = { { 2, "ALTER TABLE run ADD COLUMN weather TEXT" }, { 0, NULL } };
    static const struct migration breaks[] = { { 2, "DELETE FROM sample; PRAGMA user_version = 2" }, { 0, NULL } };
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 2), 2, 1, &fixture_options);

    assert_int_equal(migrate_lift(f->store, forgets, &f->e), ERR_DB);
    assert_int_equal(migrate_lift(f->store, breaks, &f->e), ERR_DB);

    assert_non_null(strstr(f->e.msg, "2 broken references"));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM sample"), 2);
}

static void the_programs_own_steps_lead_to_its_version_in_order(void **state)
{
    (void)state;
    int version = 1;
    for (const struct migration *m = migrations; m->to != 0; m++) {
        assert_int_equal(m->to, version + 1);
        version = m->to;
    }
    assert_int_equal(version, STORE_SCHEMA_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_step_changes_the_schema_and_the_version_together, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_step_that_fails_leaves_the_version_before_it, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_step_that_forgets_its_version_or_breaks_references_is_undone, fixture_open, fixture_close),
        cmocka_unit_test(the_programs_own_steps_lead_to_its_version_in_order),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
