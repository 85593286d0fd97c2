/* Opening: what is made, what is refused, and in which words. */
#include "store_fixture.h"

#include <sys/stat.h>
#include <sys/wait.h>

static void write_database(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void refused(struct fixture *f, const char *path, enum store_mode mode, enum err code, const char *words)
{
    struct store *s = NULL;
    assert_int_equal(store_open(path, mode, &s, &f->e), code);
    assert_null(s);
    if (!strstr(f->e.msg, words))
        fail_msg("'%s' does not say '%s'", f->e.msg, words);
}

static void creating_makes_the_folder_and_opening_again_finds_the_rows(void **state)
{
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 3), 3, 1, &fixture_options);
    store_close(f->store);

    ok(f, store_open(f->path, STORE_CREATE, &f->store, &f->e));

    assert_int_equal(sql_int(f, "SELECT count(*) FROM trial"), 3);
    assert_string_equal(store_path(f->store), f->path);
}

static void a_missing_store_is_not_made_by_reading(void **state)
{
    struct fixture *f = *state;
    refused(f, scratch_path(&f->scratch, "none.db"), STORE_READ, ERR_NOT_FOUND, "there is no store at");
    refused(f, scratch_path(&f->scratch, "no/folder/none.db"), STORE_WRITE, ERR_NOT_FOUND, "there is no store at");
    assert_false(fs_exists(scratch_path(&f->scratch, "none.db")));
    assert_false(fs_exists(scratch_path(&f->scratch, "no")));
}

static void what_is_not_a_store_is_named_as_such(void **state)
{
    struct fixture *f = *state;
    const char *text = scratch_text(&f->scratch, "notes.txt", "This is a text of some length, and no database at all.\n");
    const char *empty = scratch_text(&f->scratch, "empty.db", "");
    const char *other = scratch_path(&f->scratch, "other.db");
    write_database(other, "CREATE TABLE t (x); PRAGMA user_version = 3");

    refused(f, text, STORE_READ, ERR_INVALID, "is not a gauntlet store: it is no SQLite file");
    refused(f, text, STORE_CREATE, ERR_INVALID, "is not a gauntlet store: it is no SQLite file");
    refused(f, other, STORE_READ, ERR_INVALID, "another program's SQLite file");
    refused(f, other, STORE_CREATE, ERR_INVALID, "another program's SQLite file");
    refused(f, empty, STORE_READ, ERR_INVALID, "is empty");
    refused(f, f->scratch.dir, STORE_CREATE, ERR_INVALID, "is a folder");
    refused(f, "/dev/null", STORE_CREATE, ERR_INVALID, "not a regular file");
    refused(f, ":memory:", STORE_CREATE, ERR_INVALID, "must be a file");
    refused(f, "", STORE_CREATE, ERR_INVALID, "must be a file");
}

static void another_programs_file_is_left_as_it_was(void **state)
{
    struct fixture *f = *state;
    const char *other = scratch_path(&f->scratch, "other.db");
    write_database(other, "CREATE TABLE t (x)");
    struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;
    ok(f, fs_read_file(other, 1 << 20, &before, &f->e));

    refused(f, other, STORE_CREATE, ERR_INVALID, "not a gauntlet store");

    ok(f, fs_read_file(other, 1 << 20, &after, &f->e));
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.buf, after.buf, before.len);
    strbuf_release(&before);
    strbuf_release(&after);
}

static void an_empty_file_becomes_a_store_when_creating(void **state)
{
    struct fixture *f = *state;
    const char *empty = scratch_text(&f->scratch, "empty.db", "");
    struct store *s;
    ok(f, store_open(empty, STORE_CREATE, &s, &f->e));
    store_close(s);
    ok(f, store_open(empty, STORE_READ, &s, &f->e));
    store_close(s);
}

static void a_newer_store_is_refused_with_both_versions(void **state)
{
    struct fixture *f = *state;
    store_close(TAKE(f->store));
    write_database(f->path, "PRAGMA user_version = 41");

    refused(f, f->path, STORE_READ, ERR_INVALID, "schema version 41, this gauntlet knows versions up to 2");
    refused(f, f->path, STORE_CREATE, ERR_INVALID, "schema version 41, this gauntlet knows versions up to 2");
}

static void a_damaged_file_is_an_error_and_not_a_crash(void **state)
{
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 300), 300, 1, &fixture_options);
    store_close(TAKE(f->store));
    struct strbuf bytes = STRBUF_INIT;
    ok(f, fs_read_file(f->path, 1 << 26, &bytes, &f->e));
    memset(bytes.buf + 4096, 0x5a, bytes.len - 4096);
    ok(f, fs_write_file(f->path, bytes.buf, bytes.len, &f->e));
    strbuf_release(&bytes);

    struct run_row run;
    enum err code = store_open(f->path, STORE_READ, &f->store, &f->e);
    if (code == OK)
        code = store_run_find(f->store, "last", f->arena, &run, &f->e);

    assert_int_equal(code, ERR_DB);
    assert_non_null(strstr(f->e.msg, "damaged"));
}

static void a_reader_sees_commits_while_another_connection_writes(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    ok(f, store_open(f->path, STORE_READ, &reader, &f->e));
    plan(f, "run000000001", make_samples(f, 3), 3, 1, &fixture_options);

    struct status_counts counts;
    ok(f, store_status_counts(reader, "run000000001", 0, &counts, &f->e));
    assert_int_equal(counts.planned, 3);

    enum err code = store_event(reader, "run000000001", 1, "info", "test", "no", NULL, &f->e);
    assert_int_equal(code, ERR_DB);
    assert_non_null(strstr(f->e.msg, "read-only"));
    store_close(reader);
}

static void a_second_writer_is_told_who_waits_for_whom(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    ok(f, store_open(f->path, STORE_WRITE, &other, &f->e));
    sqlite3_busy_timeout(other->db, 1);
    ok(f, store_begin(f->store, &f->e));

    assert_int_equal(store_begin(other, &f->e), ERR_DB);

    assert_non_null(strstr(f->e.msg, "another process is writing"));
    store_rollback(f->store);
    ok(f, store_begin(other, &f->e));
    store_rollback(other);
    store_close(other);
}

/* Runs `check` in a child that is nobody in particular, so that file permissions count. */
static int as_nobody(struct fixture *f, int (*check)(struct fixture *f))
{
    pid_t child = fork();
    if (child == 0)
        _exit(geteuid() == 0 && setuid(65534) != 0 ? 99 : check(f));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int read_only_file(struct fixture *f)
{
    struct store *s;
    enum err code = store_open(f->path, STORE_CREATE, &s, &f->e);
    return code == ERR_IO && strstr(f->e.msg, "read-only") ? 0 : 1;
}

static int read_only_folder(struct fixture *f)
{
    struct store *s;
    struct run_row run;
    enum err code = store_open(f->path, STORE_READ, &s, &f->e);
    if (code != OK || store_run_find(s, "last", f->arena, &run, &f->e) != OK)
        return 1;
    store_close(s);
    code = store_open(scratch_path(&f->scratch, "results/new.db"), STORE_CREATE, &s, &f->e);
    return code == ERR_IO && strstr(f->e.msg, "Permission denied") ? 0 : 2;
}

static void a_store_in_a_read_only_folder_can_be_read_and_not_written(void **state)
{
    struct fixture *f = *state;
    plan(f, "run000000001", make_samples(f, 3), 3, 1, &fixture_options);
    store_close(TAKE(f->store));
    const char *folder = scratch_path(&f->scratch, "results");
    assert_int_equal(chmod(f->scratch.dir, 0755), 0);
    assert_int_equal(chmod(f->path, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);

    int folder_result = as_nobody(f, read_only_folder);
    int file_result = as_nobody(f, read_only_file);

    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(folder_result, 0);
    assert_int_equal(file_result, 0);
}

static void a_reading_transaction_sees_one_moment(void **state)
{
    struct fixture *f = *state;
    struct store *reader;
    struct sample *sample = make_samples(f, 2);
    plan(f, "run000000001", sample, 2, 1, &fixture_options);
    ok(f, store_open(f->path, STORE_READ, &reader, &f->e));

    struct run_row *run;
    size_t before, during, after;
    ok(f, store_begin_reading(reader, &f->e));
    ok(f, store_run_list(reader, 0, f->arena, &run, &before, &f->e));
    plan(f, "run000000002", sample, 2, 1, &fixture_options);
    ok(f, store_run_list(reader, 0, f->arena, &run, &during, &f->e));
    store_rollback(reader);
    ok(f, store_run_list(reader, 0, f->arena, &run, &after, &f->e));

    assert_int_equal(before, 1);
    assert_int_equal(during, 1);
    assert_int_equal(after, 2);
    store_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(creating_makes_the_folder_and_opening_again_finds_the_rows, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_missing_store_is_not_made_by_reading, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(what_is_not_a_store_is_named_as_such, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(another_programs_file_is_left_as_it_was, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(an_empty_file_becomes_a_store_when_creating, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_newer_store_is_refused_with_both_versions, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_an_error_and_not_a_crash, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_reader_sees_commits_while_another_connection_writes, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_reading_transaction_sees_one_moment, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_second_writer_is_told_who_waits_for_whom, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_store_in_a_read_only_folder_can_be_read_and_not_written, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
