/* Runs that move between stores: no column is forgotten, numbers are given anew, texts stay behind where they must. */
#include "store_fixture.h"

#include "store/foreign.h"
#include "store/transfer.h"

#define RUN "run000000001"

static const char *path_of_other(struct fixture *f)
{
    return scratch_path(&f->scratch, "results/other.db");
}

static int small_run(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    struct sample *sample = make_samples(f, 6);
    sample[0].category = "Child safety";
    plan(f, RUN, sample, 6, 2, &fixture_options);
    int64_t first = scorer_at(f, RUN, 0);
    for (int64_t id = 1; id <= 4; id++)
        settle(f, id, first, TRIAL_ANSWERED, id % 2 ? VERDICT_COMPLIED : VERDICT_REFUSED, "");
    ok(f, store_run_finish(f->store, RUN, RUN_COMPLETE, 9000000, "samples", "key", &f->e));
    return 0;
}

static struct transfer_result move(struct fixture *f, struct store *to, bool bodies)
{
    struct transfer_result r;
    struct transfer_options options = { .bodies = bodies, .redact = redact_default };
    ok(f, store_begin(to, &f->e));
    ok(f, store_transfer_run(f->store, to, RUN, &options, &r, &f->e));
    ok(f, store_commit(to, &f->e));
    return r;
}

static int64_t ask(struct fixture *f, struct store *s, const char *text)
{
    int64_t value = 0;
    ok(f, store_exec_int(s, text, "ask for a test", &value, &f->e));
    return value;
}

/* Every column of every table that has rows of a run stands in a statement that reads it. */
static void no_column_is_forgotten(void **state)
{
    struct fixture *f = *state;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(f->store->db,
                                        "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
                                        " AND t.name NOT IN ('baseline') AND NOT (t.name IN ('evidence', 'event', 'score_replaced') AND "
                                        "c.name = 'id') AND NOT (t.name IN ('dataset', 'sample') AND c.name IN ('id', 'dataset_id'))",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    const struct statement_group *group[] = { &transfer_row_statements, &transfer_sample_statements };
    int seen = 0;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(stmt, 0), *column = (const char *)sqlite3_column_text(stmt, 1);
        const char *lead = arena_printf(f->arena, "INTO %s (", table);
        bool found = false;
        for (size_t g = 0; g < 2; g++) {
            for (size_t i = 0; i < group[g]->count && !found; i++) {
                const char *at = strstr(group[g]->statement[i].sql, lead);
                const char *end = at ? strchr(at, ')') : NULL;
                if (!at)
                    continue;
                const char *list = arena_printf(f->arena, ", %.*s,", (int)(end - at - (long)strlen(lead)), at + strlen(lead));
                found = strstr(list, arena_printf(f->arena, " %s,", column)) != NULL;
            }
        }
        if (!found)
            fail_msg("%s.%s does not travel", table, column);
        seen++;
    }
    sqlite3_finalize(stmt);
    assert_true(seen > 100);
}

static void numbers_are_given_anew_behind_those_that_are_there(void **state)
{
    struct fixture *f = *state;
    CLEANUP(store_closep) struct store *to = NULL;
    ok(f, store_open(path_of_other(f), STORE_CREATE, &to, &f->e));
    struct store *own = f->store; /* another run first, so that every number is taken */
    f->store = to;
    plan(f, "other0000001", make_samples(f, 9), 9, 3, &fixture_options);
    settle(f, 1, scorer_at(f, "other0000001", 0), TRIAL_ANSWERED, VERDICT_REFUSED, "");
    f->store = own;

    struct transfer_result r = move(f, to, true);
    assert_int_equal(r.trials, 12);
    assert_int_equal(r.withheld, 2);
    assert_int_equal(ask(f, to, "SELECT min(first_trial) FROM endpoint WHERE run_id = '" RUN "'"), 28);
    assert_int_equal(ask(f, to, "SELECT max(last_trial) FROM endpoint WHERE run_id = '" RUN "'"), 39);
    assert_int_equal(ask(f, to, "SELECT count(*) FROM v_verdict WHERE run_id = '" RUN "' AND verdict = 'complied' AND is_primary"), 2);
    assert_int_equal(ask(f, to, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_true(move(f, to, true).there_already);
    assert_int_equal(ask(f, to, "SELECT count(*) FROM trial"), 27 + 12);
}

static void texts_stay_behind_and_the_run_knows_it(void **state)
{
    static const struct {
        bool bodies;
        int64_t prompts;
        enum run_texts texts;
    } table[] = { { true, 5, RUN_TEXTS_WITHHELD }, { false, 0, RUN_TEXTS_NONE } };
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        CLEANUP(store_closep) struct store *to = NULL;
        enum run_texts texts;
        ok(f, store_open(scratch_path(&f->scratch, i ? "lean.db" : "whole.db"), STORE_CREATE, &to, &f->e));
        (void)move(f, to, table[i].bodies);
        assert_int_equal(ask(f, to, "SELECT count(*) FROM sample WHERE prompt <> ''"), table[i].prompts);
        assert_int_equal(ask(f, to, "SELECT count(*) FROM sample WHERE prompt <> '' AND category = 'Child safety'"), 0);
        assert_int_equal(ask(f, to,
                             "SELECT count(*) FROM response r JOIN trial t ON t.id = r.trial_id JOIN sample s ON s.id = t.sample_id"
                             " WHERE s.category = 'Child safety' AND r.content <> ''"),
                         0);
        ok(f, store_run_texts(to, RUN, &texts, &f->e));
        assert_int_equal(texts, table[i].texts);
        ok(f, store_run_texts(f->store, RUN, &texts, &f->e));
        assert_int_equal(texts, RUN_TEXTS_WHOLE);
    }
}

static void a_foreign_store_is_a_snapshot_that_nobody_writes(void **state)
{
    struct fixture *f = *state;
    CLEANUP(store_closep) struct store *foreign = NULL;
    ok(f, store_open_foreign(f->path, &foreign, &f->e));
    ok(f, store_event(f->store, RUN, 5000000, "warn", "later", "later", NULL, &f->e));
    assert_int_equal(ask(f, foreign, "SELECT count(*) FROM event WHERE kind = 'later'"), 0);
    assert_int_not_equal(sqlite3_exec(foreign->db, "DELETE FROM event", NULL, NULL, NULL), SQLITE_OK);
}

static void tables_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *change, *said;
    } known[] = {
        { "ALTER TABLE event RENAME TO e2; CREATE VIEW event AS SELECT * FROM e2", "its tables are not those of one" },
        { "DROP TABLE label", "lacks label.trial_id" },
        { "ALTER TABLE trial ADD COLUMN more INTEGER AS (id + 1)", "its tables are not those of one" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        const char *path = scratch_path(&f->scratch, arena_printf(f->arena, "changed%zu.db", i));
        CLEANUP(store_closep) struct store *to = NULL;
        struct store *foreign = NULL;
        ok(f, store_open(path, STORE_CREATE, &to, &f->e));
        sqlite3_db_config(to->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
        assert_int_equal(sqlite3_exec(to->db, known[i].change, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(store_open_foreign(path, &foreign, &f->e), ERR_INVALID);
        assert_non_null(strstr(f->e.msg, known[i].said));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_column_is_forgotten, small_run, fixture_close),
        cmocka_unit_test_setup_teardown(numbers_are_given_anew_behind_those_that_are_there, small_run, fixture_close),
        cmocka_unit_test_setup_teardown(texts_stay_behind_and_the_run_knows_it, small_run, fixture_close),
        cmocka_unit_test_setup_teardown(a_foreign_store_is_a_snapshot_that_nobody_writes, small_run, fixture_close),
        cmocka_unit_test_setup_teardown(tables_that_are_none_are_refused, small_run, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
