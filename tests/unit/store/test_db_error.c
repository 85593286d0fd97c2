/* A full disk in its several forms, and what stays usable afterwards. */
#include "store_fixture.h"

#include "store/db_error.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* Writes bodies until the store refuses. */
static enum err fill(struct fixture *f, struct store *s)
{
    static const char body[20000] = { 'b' };
    enum err code = OK;
    for (int number = 1; code == OK && number <= 1000; number++) {
        int64_t id = 0;
        struct attempt_start start = { .trial_id = 1, .number = number, .trace_id = "t", .sent_at = 1 };
        code = store_begin(s, &f->e);
        if (code == OK)
            code = store_attempt_start(s, &start, &id, &f->e);
        struct attempt_done done = { .attempt_id = id, .done_at = 1, .http_status = 200, .body = body, .body_len = sizeof(body) };
        if (code == OK)
            code = store_attempt_done(s, &done, &f->e);
        if (code == OK)
            code = store_commit(s, &f->e);
    }
    store_rollback(s);
    return code;
}

static void a_full_database_is_enospc_and_what_was_committed_stays(void **state)
{
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 2), 2, 1, &fixture_options);
    int64_t pages = sql_int(f, "PRAGMA page_count");
    sql_int(f, arena_printf(f->arena, "PRAGMA max_page_count = %lld", (long long)pages + 40));

    assert_int_equal(fill(f, f->store), ERR_IO);

    assert_int_equal(f->e.os, ENOSPC);
    assert_non_null(strstr(f->e.msg, "the disk is full"));
    assert_non_null(strstr(f->e.msg, "cannot store a reply"));
    int64_t stored = sql_int(f, "SELECT count(*) FROM attempt");
    assert_true(stored > 0);
    sql_int(f, "PRAGMA max_page_count = 100000");
    ok(f, store_begin(f->store, &f->e)); /* room was made: it goes on */
    start_attempt(f, 1, 1000);
    ok(f, store_commit(f->store, &f->e));
    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt"), stored + 1);
}

/* In a child: files may not grow beyond `limit` bytes, as on a full disk, in the journal. */
static int fill_with_limit(struct fixture *f, rlim_t limit)
{
    struct store *s;
    signal(SIGXFSZ, SIG_IGN);
    if (store_open(f->path, STORE_WRITE, &s, &f->e) != OK)
        return 10;
    struct rlimit r = { limit, limit };
    if (setrlimit(RLIMIT_FSIZE, &r) != 0)
        return 11;
    enum err code = fill(f, s);
    if (code != ERR_IO || f->e.os != ENOSPC)
        return 12;
    return strstr(f->e.msg, "may not grow further") && strstr(f->e.msg, "then resume") ? 0 : 13;
}

static void a_journal_that_may_not_grow_is_enospc_and_loses_nothing(void **state)
{
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 2), 2, 1, &fixture_options);
    store_close(TAKE(f->store));
    pid_t child = fork();
    if (child == 0)
        _exit(fill_with_limit(f, 512 * 1024));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);

    ok(f, store_open(f->path, STORE_WRITE, &f->store, &f->e));

    assert_string_equal(sql_text(f, "PRAGMA integrity_check"), "ok");
    assert_true(sql_int(f, "SELECT count(*) FROM attempt") > 3);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM attempt WHERE done_at IS NULL"), 0);
}

static void each_result_code_has_words_and_a_class(void **state)
{
    static const struct {
        int rc;
        enum err code;
        const char *words;
    } table[] = {
        { SQLITE_FULL, ERR_IO, "cannot test: the disk is full" },
        { SQLITE_IOERR_READ, ERR_IO, "cannot test: disk I/O error" },
        { SQLITE_READONLY, ERR_DB, "read-only" },
        { SQLITE_PERM, ERR_DB, "permission denied" },
        { SQLITE_NOTADB, ERR_INVALID, "'x.db' is not a gauntlet store" },
        { SQLITE_CORRUPT, ERR_DB, "damaged" },
        { SQLITE_BUSY, ERR_DB, "another process is writing" },
        { SQLITE_BUSY_SNAPSHOT, ERR_DB, "another process is writing" },
        { SQLITE_CONSTRAINT_UNIQUE, ERR_DB, "constraint failed" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct error e;
        assert_int_equal(db_error(NULL, "x.db", table[i].rc, "test", &e), table[i].code);
        assert_int_equal(e.code, table[i].code);
        if (!strstr(e.msg, table[i].words))
            fail_msg("'%s' does not say '%s'", e.msg, table[i].words);
        assert_int_equal(db_error(NULL, "x.db", table[i].rc, "test", NULL), table[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_database_is_enospc_and_what_was_committed_stays, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_journal_that_may_not_grow_is_enospc_and_loses_nothing, fixture_open, fixture_close),
        cmocka_unit_test(each_result_code_has_words_and_a_class),
    };
    return cmocka_run_group_tests_name("db_error", tests, NULL, NULL);
}
