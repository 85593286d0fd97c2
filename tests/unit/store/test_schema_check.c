#include "store_fixture.h"

/* Changes the schema behind the program's back, as an earlier build of the same version left it. */
static void change(struct fixture *f, const char *sql)
{
    ok(f, store_exec(f->store, sql, "change it", &f->e));
}

static void reopens_with(struct fixture *f, enum store_mode mode, enum err code)
{
    store_close(TAKE(f->store));
    assert_int_equal(store_open(f->path, mode, &f->store, &f->e), code);
}

static void a_file_that_lacks_a_column_of_its_version_is_refused_when_it_is_opened(void **state)
{
    struct fixture *f = *state;
    change(f, "ALTER TABLE evidence DROP COLUMN problem");

    reopens_with(f, STORE_READ, ERR_INVALID);
    assert_non_null(strstr(f->e.msg, "lacks evidence.problem"));
    assert_non_null(strstr(f->e.msg, "--db FILE"));
    reopens_with(f, STORE_WRITE, ERR_INVALID);
    reopens_with(f, STORE_CREATE, ERR_INVALID);
}

static void a_file_that_lacks_a_view_is_refused(void **state)
{
    struct fixture *f = *state;
    change(f, "DROP VIEW v_attack");

    reopens_with(f, STORE_READ, ERR_INVALID);
    assert_non_null(strstr(f->e.msg, "lacks v_attack."));
}

static void what_a_file_has_beside_the_schema_is_its_own_business(void **state)
{
    struct fixture *f = *state;
    change(f, "ALTER TABLE endpoint ADD COLUMN mine TEXT; CREATE TABLE notes (text TEXT) STRICT; CREATE VIEW v_mine AS SELECT 1");

    reopens_with(f, STORE_WRITE, OK);
    reopens_with(f, STORE_READ, OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_that_lacks_a_column_of_its_version_is_refused_when_it_is_opened, fixture_open,
                                        fixture_close),
        cmocka_unit_test_setup_teardown(a_file_that_lacks_a_view_is_refused, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_a_file_has_beside_the_schema_is_its_own_business, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("schema_check", tests, NULL, NULL);
}
