/* Commits through the gathering VFS are what they are through the system's: there when they return, whole, and seen by others. */
#include "store/wal_buffer.h"

#include "base/fs.h"
#include "scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <sys/resource.h>

#include <cmocka.h>

static const char *vfs_name;
static struct scratch scratch;
static sqlite3 *writer;

static sqlite3 *connect_to(const char *path, const char *vfs)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs), SQLITE_OK);
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

static int64_t value_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

static int set_up(void **state)
{
    (void)state;
    if (scratch_open(&scratch) != 0)
        return -1;
    writer = connect_to(scratch_path(&scratch, "a.db"), vfs_name);
    /* few pages in memory: a transaction spills, and reads back what it spilled */
    run(writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 0;"
                "CREATE TABLE t (id INTEGER PRIMARY KEY, words TEXT, n INTEGER) STRICT; CREATE INDEX t_words ON t (words)");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sqlite3_close(writer);
    scratch_close(&scratch);
    return 0;
}

static void add_rows(int count)
{
    char sql[200];
    (void)snprintf(sql, sizeof(sql),
                   "WITH RECURSIVE c (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c WHERE i < %d)"
                   " INSERT INTO t (words, n) SELECT hex(randomblob(300)), i FROM c",
                   count);
    run(writer, sql);
}

static void copy_file(const char *from, const char *to)
{
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    struct error e;
    assert_int_equal(fs_read_file(from, SIZE_MAX / 2, &bytes, &e), OK);
    assert_int_equal(fs_write_file(to, bytes.buf, bytes.len, &e), OK);
}

/* What a program finds that starts when this one is killed here. */
static sqlite3 *as_found_after_a_crash(void)
{
    copy_file(scratch_path(&scratch, "a.db"), scratch_path(&scratch, "b.db"));
    copy_file(scratch_path(&scratch, "a.db-wal"), scratch_path(&scratch, "b.db-wal"));
    sqlite3 *db = connect_to(scratch_path(&scratch, "b.db"), NULL);
    assert_int_equal(value_of(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
    return db;
}

static void a_commit_is_in_the_file_when_it_returns(void **state)
{
    (void)state;
    for (int size = 1; size <= 1000; size *= 10) {
        int64_t before = value_of(writer, "SELECT count(*) FROM t");
        add_rows(size);

        sqlite3 *found = as_found_after_a_crash();
        assert_int_equal(value_of(found, "SELECT count(*) FROM t"), before + size);
        assert_int_equal(value_of(found, "SELECT sum(n) FROM t"), value_of(writer, "SELECT sum(n) FROM t"));
        sqlite3_close(found);
    }
}

static void an_open_transaction_reads_back_what_it_wrote_and_nobody_else_does(void **state)
{
    (void)state;
    add_rows(100);
    sqlite3 *other = connect_to(scratch_path(&scratch, "a.db"), NULL);

    run(writer, "BEGIN IMMEDIATE");
    add_rows(2000);
    run(writer, "UPDATE t SET n = n + 1"); /* pages that were spilled are written a second time, over their frames */
    run(writer, "UPDATE t SET n = n + 1");

    assert_int_equal(value_of(writer, "SELECT count(*) FROM t WHERE length(words) = 600 AND n > 2"), 2100);
    assert_int_equal(value_of(other, "SELECT count(*) FROM t"), 100);
    sqlite3 *found = as_found_after_a_crash();
    assert_int_equal(value_of(found, "SELECT count(*) FROM t"), 100);
    sqlite3_close(found);

    run(writer, "COMMIT");
    assert_int_equal(value_of(other, "SELECT sum(n) FROM t"), 2 * 2100 + 5050 + 2001000);
    sqlite3_close(other);
    found = as_found_after_a_crash();
    assert_int_equal(value_of(found, "SELECT sum(n) FROM t"), 2 * 2100 + 5050 + 2001000);
    sqlite3_close(found);
}

static void what_is_rolled_back_leaves_nothing(void **state)
{
    (void)state;
    add_rows(100);
    run(writer, "BEGIN IMMEDIATE");
    add_rows(2000);
    run(writer, "SAVEPOINT s");
    add_rows(500);
    run(writer, "ROLLBACK TO s; RELEASE s");
    assert_int_equal(value_of(writer, "SELECT count(*) FROM t"), 2100);
    run(writer, "ROLLBACK");
    add_rows(5);

    assert_int_equal(value_of(writer, "SELECT count(*) FROM t"), 105);
    sqlite3 *found = as_found_after_a_crash();
    assert_int_equal(value_of(found, "SELECT count(*) FROM t"), 105);
    sqlite3_close(found);
}

static void the_log_is_begun_anew_after_a_checkpoint(void **state)
{
    (void)state;
    run(writer, "PRAGMA wal_autocheckpoint = 20");
    for (int i = 1; i <= 100; i++) {
        add_rows(i % 7 + 1);
        if (i % 25 == 0)
            run(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
    int64_t rows = value_of(writer, "SELECT count(*) FROM t");
    sqlite3 *found = as_found_after_a_crash();
    assert_int_equal(value_of(found, "SELECT count(*) FROM t"), rows);
    sqlite3_close(found);
    sqlite3_close(writer);

    writer = connect_to(scratch_path(&scratch, "a.db"), vfs_name);
    assert_int_equal(value_of(writer, "SELECT count(*) FROM t"), rows);
}

static void limit_files_to(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_commit_that_cannot_be_written_fails_and_the_next_one_is_whole(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    add_rows(50);

    (void)signal(SIGXFSZ, SIG_IGN);
    limit_files_to(100000);
    int rc = sqlite3_exec(writer, "INSERT INTO t (words, n) SELECT hex(randomblob(300)), 1 FROM t, t", NULL, NULL, NULL);
    limit_files_to(before.rlim_cur);
    (void)signal(SIGXFSZ, SIG_DFL);

    assert_int_not_equal(rc, SQLITE_OK);
    assert_true(sqlite3_get_autocommit(writer));
    assert_int_equal(value_of(writer, "SELECT count(*) FROM t"), 50);
    add_rows(7);
    sqlite3 *found = as_found_after_a_crash();
    assert_int_equal(value_of(found, "SELECT count(*) FROM t"), 57);
    sqlite3_close(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_commit_is_in_the_file_when_it_returns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_open_transaction_reads_back_what_it_wrote_and_nobody_else_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_rolled_back_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_log_is_begun_anew_after_a_checkpoint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_that_cannot_be_written_fails_and_the_next_one_is_whole, set_up, tear_down),
    };
    vfs_name = wal_buffer_vfs();
    if (!vfs_name)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
