#include "store_fixture.h"

#include <signal.h>
#include <sys/wait.h>

static void a_second_store_is_refused_and_told_who_runs(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    int pid;
    char run_id[64];
    ok(f, store_open(f->path, STORE_WRITE, &other, &f->e));
    assert_false(store_lock_holder(f->path, &pid, run_id));

    ok(f, store_lock_run(f->store, "run000000001", &f->e));

    assert_int_equal(store_lock_run(other, "run000000002", &f->e), ERR_INVALID);
    assert_non_null(strstr(f->e.msg, "run000000001"));
    assert_non_null(strstr(f->e.msg, arena_printf(f->arena, "process %d", (int)getpid())));
    assert_true(store_lock_holder(f->path, &pid, run_id));
    assert_int_equal(pid, getpid());
    assert_string_equal(run_id, "run000000001");
    store_close(other);
}

static void unlocking_removes_the_file_and_lets_the_next_one_in(void **state)
{
    struct fixture *f = *state;
    struct store *other;
    ok(f, store_open(f->path, STORE_WRITE, &other, &f->e));
    ok(f, store_lock_run(f->store, "run000000001", &f->e));

    store_unlock_run(f->store);

    assert_false(fs_exists(arena_printf(f->arena, "%s.lock", f->path)));
    ok(f, store_lock_run(other, "run000000002", &f->e));
    store_close(other);
    assert_false(fs_exists(arena_printf(f->arena, "%s.lock", f->path)));
}

/* A child takes the lock, says so, and waits to be killed. */
static pid_t locking_child(struct fixture *f, int *ret_ready)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store *s;
        bool locked = store_open(f->path, STORE_WRITE, &s, &f->e) == OK && store_lock_run(s, "childs-run-1", &f->e) == OK;
        (void)!write(ends[1], locked ? "y" : "n", 1);
        for (;;)
            pause();
    }
    close(ends[1]);
    *ret_ready = ends[0];
    return child;
}

static void a_killed_process_holds_nothing(void **state)
{
    struct fixture *f = *state;
    int ready, pid;
    char answer, run_id[64];
    pid_t child = locking_child(f, &ready);
    assert_int_equal(read(ready, &answer, 1), 1);
    close(ready);
    assert_int_equal(answer, 'y');

    assert_int_equal(store_lock_run(f->store, "run000000001", &f->e), ERR_INVALID);
    assert_non_null(strstr(f->e.msg, "childs-run-1"));
    assert_true(store_lock_holder(f->path, &pid, run_id));
    assert_int_equal(pid, child);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);

    assert_false(store_lock_holder(f->path, &pid, run_id));
    ok(f, store_lock_run(f->store, "run000000001", &f->e));
    assert_true(store_lock_holder(f->path, &pid, run_id));
    assert_string_equal(run_id, "run000000001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_store_is_refused_and_told_who_runs, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(unlocking_removes_the_file_and_lets_the_next_one_in, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_killed_process_holds_nothing, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests_name("run_lock", tests, NULL, NULL);
}
