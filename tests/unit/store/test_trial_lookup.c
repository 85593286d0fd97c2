/* One trial at a time: where its image lies, and what its texts hold. */
#include "store_fixture.h"

#include "store/trial_lookup.h"

#include <string.h>

static int plan_texts(void **state)
{
    if (fixture_open(state) != 0)
        return -1;
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 3), 3, 1, &fixture_options);
    settle(f, 1, scorer_at(f, "run000000001", 0), TRIAL_ANSWERED, VERDICT_COMPLIED, "");
    ok(f, store_exec(f->store,
                     "UPDATE response SET content = 'It is 100% Snow_White\\', reasoning = 'Hmm', refusal = 'No way';"
                     "UPDATE score SET explanation = 'because of apples';"
                     "INSERT INTO image (sample_id, position, path, sha256) SELECT sample_id, 1, 'a/b.png', 'abc' FROM trial WHERE id = 1",
                     "prepare a test", &f->e));
    return 0;
}

static void a_word_is_found_where_it_was_looked_for(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *word;
        unsigned scopes;
        bool holds;
    } rows[] = {
        { "snow", TEXT_ANSWER, true },      { "hmm", TEXT_ANSWER, true },       { "NO WAY", TEXT_ANSWER, true },
        { "snow", TEXT_PROMPT, false },     { "prompt of", TEXT_PROMPT, true }, { "an int", TEXT_PROMPT, true },
        { "apples", TEXT_RATIONALE, true }, { "apples", TEXT_ANSWER, false },   { "apples", TEXT_ANSWER | TEXT_RATIONALE, true },
        { "100%", TEXT_ANSWER, true },      { "%snow", TEXT_ANSWER, false },    { "w_w", TEXT_ANSWER, true },
        { "i_", TEXT_ANSWER, false },       { "white\\", TEXT_ANSWER, true },   { "\\", TEXT_PROMPT, false },
        { "'; --", TEXT_PROMPT, false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool holds;
        ok(f, store_text_holds(f->store, 1, rows[i].word, rows[i].scopes, &holds, &f->e));
        if (holds != rows[i].holds)
            fail_msg("'%s' in %u: %d", rows[i].word, rows[i].scopes, holds);
    }
}

static void a_trial_without_an_answer_holds_nothing(void **state)
{
    struct fixture *f = *state;
    bool holds = true;
    ok(f, store_text_holds(f->store, 2, "e", TEXT_ANSWER | TEXT_RATIONALE, &holds, &f->e));
    assert_false(holds);
    ok(f, store_text_holds(f->store, 99, "e", TEXT_PROMPT, &holds, &f->e));
    assert_false(holds);
}

static void write_text(const char *text, size_t len, bool votes, void *context)
{
    struct strbuf *all = context;
    (void)strbuf_addch(all, votes ? '*' : '|');
    (void)strbuf_add(all, text, len);
}

static void the_texts_that_are_searched_can_be_read(void **state)
{
    struct fixture *f = *state;
    CLEANUP(strbuf_release) struct strbuf all = STRBUF_INIT;
    ok(f, store_exec(f->store, "UPDATE score SET judge_trial_json = '[]'", "prepare a test", &f->e));

    ok(f, store_trial_texts(f->store, 1, TEXT_ANSWER | TEXT_RATIONALE, write_text, &all, &f->e));
    assert_string_equal(all.buf, "|It is 100% Snow_White\\|Hmm|No way|because of apples*[]");

    strbuf_clear(&all);
    ok(f, store_trial_texts(f->store, 2, TEXT_ANSWER | TEXT_RATIONALE, write_text, &all, &f->e));
    ok(f, store_trial_texts(f->store, 99, TEXT_PROMPT, write_text, &all, &f->e));
    assert_int_equal(all.len, 0);
    ok(f, store_trial_texts(f->store, 2, TEXT_PROMPT, write_text, &all, &f->e));
    assert_non_null(strstr(all.buf, "|prompt of"));
}

static void an_image_is_found_by_trial_and_position(void **state)
{
    struct fixture *f = *state;
    struct stored_image image;
    ok(f, store_trial_image(f->store, 1, 1, f->arena, &image, &f->e));
    assert_string_equal(image.root, "/data/demo");
    assert_string_equal(image.name, "a/b.png");
    assert_string_equal(image.sha256, "abc");
    assert_string_equal(image.run_id, "run000000001");
    assert_string_equal(image.category, "A");
    assert_int_equal(store_trial_image(f->store, 1, 7, f->arena, &image, &f->e), ERR_NOT_FOUND);
    assert_int_equal(store_trial_image(f->store, 99, 0, f->arena, &image, &f->e), ERR_NOT_FOUND);
}

/* They are asked once a row of a search. */
static void nothing_is_looked_up_by_walking_a_table(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < lookup_statements.count; i++) {
        sqlite3_stmt *stmt;
        const char *text = arena_printf(f->arena, "EXPLAIN QUERY PLAN %s", lookup_statements.statement[i].sql);
        assert_int_equal(sqlite3_prepare_v2(f->store->db, text, -1, &stmt, NULL), SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(stmt, 3);
            if (strncmp(step, "SCAN", 4) == 0)
                fail_msg("%s: %s", lookup_statements.statement[i].purpose, step);
        }
        sqlite3_finalize(stmt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_word_is_found_where_it_was_looked_for, plan_texts, fixture_close),
        cmocka_unit_test_setup_teardown(a_trial_without_an_answer_holds_nothing, plan_texts, fixture_close),
        cmocka_unit_test_setup_teardown(nothing_is_looked_up_by_walking_a_table, plan_texts, fixture_close),
        cmocka_unit_test_setup_teardown(the_texts_that_are_searched_can_be_read, plan_texts, fixture_close),
        cmocka_unit_test_setup_teardown(an_image_is_found_by_trial_and_position, plan_texts, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
