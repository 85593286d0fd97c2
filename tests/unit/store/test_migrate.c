#include "store_fixture.h"

#include "base/fs.h"
#include "store/migrate.h"

#include <sqlite3.h>

/* Every column of every table, view and index, in order; what a statement can see of a schema. */
#define COLUMNS                                                                                                                            \
    "SELECT group_concat(line, char(10)) FROM (SELECT m.type || ' ' || m.name || ' ' || i.cid || ' ' || i.name || ' ' || i.type || ' '"    \
    " || i.\"notnull\" || ' ' || coalesce(i.dflt_value, '') || ' ' || i.pk AS line"                                                        \
    " FROM sqlite_schema m LEFT JOIN pragma_table_info(m.name) i ORDER BY m.type, m.name, i.cid)"

/* A file as the first version of the schema made it. */
static void make_version_1(struct fixture *f, const char *path, const char *rows)
{
    CLEANUP(strbuf_release) struct strbuf schema = STRBUF_INIT;
    sqlite3 *db;
    ok(f, fs_read_file("tests/unit/store/fixtures/schema_1.sql", 1 << 20, &schema, &f->e));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, schema.buf, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, rows, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_file_of_version_1_is_lifted_to_what_a_new_file_is(void **state)
{
    struct fixture *f = *state;
    const char *fresh = arena_strdup(f->arena, sql_text(f, COLUMNS));
    const char *path = scratch_path(&f->scratch, "old.db");
    make_version_1(
        f, path,
        "INSERT INTO dataset (id, name, verified, recipe_sha256, files_sha256, rows_sha256) VALUES (1, 'd', 1, '', '', '');"
        "INSERT INTO sample (id, dataset_id, key, intent_id, category, subcategory, attack, expected, intent, prompt, extra_json)"
        " VALUES (1, 1, 's', 'i', 'A', '', 'direct', 'attack', '', '', '{}');"
        "INSERT INTO run (id, status, started_at, dataset_id) VALUES ('r', 'complete', 0, 1);"
        "INSERT INTO endpoint (id, run_id, name, protocol, base_url, model, evidence) VALUES (1, 'r', 'e', 'p', 'u', 'm', 'none');"
        "INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status) VALUES (1, 'r', 1, 1, 1, 'answered');"
        "INSERT INTO attempt (id, trial_id, number, trace_id, sent_at, http_status, cost_usd, body) VALUES (7, 1, 1, 't', 5, 200,"
        " 0.5, x'6869');"
        "INSERT INTO response (trial_id, attempt_id, content) VALUES (1, 7, 'hi')");
    store_close(TAKE(f->store));

    ok(f, store_open(path, STORE_WRITE, &f->store, &f->e));

    assert_int_equal(sql_int(f, "PRAGMA user_version"), STORE_SCHEMA_VERSION);
    assert_string_equal(sql_text(f, COLUMNS), fresh);
    assert_string_equal(sql_text(f, "SELECT id || '|' || cost_usd || '|' || hex(body) FROM attempt WHERE cost_upper_usd IS NULL"),
                        "7|0.5|6869");
    assert_int_equal(sql_int(f, "SELECT count(*) FROM endpoint WHERE price_input IS NULL AND price_source IS NULL"), 1);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void a_step_changes_the_schema_and_the_version_together(void **state)
{
    static const struct migration list[] = {
        { 2, "this is never run, the file has version 2" },
        { 3, "ALTER TABLE run ADD COLUMN weather TEXT; PRAGMA user_version = 3" },
        { 4, "UPDATE run SET weather = 'fine'; PRAGMA user_version = 4" },
        { 0, NULL },
    };
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 1), 1, 1, &fixture_options);

    ok(f, migrate_lift(f->store, list, &f->e));

    assert_int_equal(sql_int(f, "PRAGMA user_version"), 4);
    assert_string_equal(sql_text(f, "SELECT weather FROM run"), "fine");
    assert_int_equal(sql_int(f, "PRAGMA foreign_keys"), 1);
}

static void a_step_that_fails_leaves_the_version_before_it(void **state)
{
    static const struct migration list[] = {
        { 3, "ALTER TABLE run ADD COLUMN weather TEXT; PRAGMA user_version = 3" },
        { 4, "ALTER TABLE run ADD COLUMN mood TEXT; INSERT INTO nowhere VALUES (1); PRAGMA user_version = 4" },
        { 0, NULL },
    };
    struct fixture *f = *state;

    assert_int_equal(migrate_lift(f->store, list, &f->e), ERR_DB);

    assert_non_null(strstr(f->e.msg, "migration to schema version 4"));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM pragma_table_info('run') WHERE name = 'mood'"), 0);
    assert_int_equal(sql_int(f, "PRAGMA foreign_keys"), 1);
}

static void a_step_that_forgets_its_version_or_breaks_references_is_undone(void **state)
{
    static const struct migration forgets[] = { { 3, "ALTER TABLE run ADD COLUMN weather TEXT" }, { 0, NULL } };
    static const struct migration breaks[] = { { 3, "DELETE FROM sample; PRAGMA user_version = 3" }, { 0, NULL } };
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 2), 2, 1, &fixture_options);

    assert_int_equal(migrate_lift(f->store, forgets, &f->e), ERR_DB);
    assert_int_equal(migrate_lift(f->store, breaks, &f->e), ERR_DB);

    assert_non_null(strstr(f->e.msg, "2 broken references"));
    assert_int_equal(sql_int(f, "PRAGMA user_version"), 2);
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
        cmocka_unit_test_setup_teardown(a_file_of_version_1_is_lifted_to_what_a_new_file_is, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_step_changes_the_schema_and_the_version_together, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_step_that_fails_leaves_the_version_before_it, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_step_that_forgets_its_version_or_breaks_references_is_undone, fixture_open, fixture_close),
        cmocka_unit_test(the_programs_own_steps_lead_to_its_version_in_order),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
