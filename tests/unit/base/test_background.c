#include "base/background.h"

#include "base/cleanup.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct job {
    sem_t *go;
    int in, out;
};

static void square(void *context)
{
    struct job *job = context;
    if (job->go)
        assert_int_equal(sem_wait(job->go), 0);
    job->out = job->in * job->in;
}

static void what_the_work_wrote_is_there_after_the_wait(void **state)
{
    (void)state;
    struct background b = { 0 };
    for (int i = 1; i <= 100; i++) {
        struct job job = { .in = i };
        background_start(&b, square, &job);
        background_wait(&b);
        assert_int_equal(job.out, i * i);
    }
}

static void the_caller_goes_on_while_the_work_is_under_way(void **state)
{
    (void)state;
    sem_t go;
    assert_int_equal(sem_init(&go, 0, 0), 0);
    struct background b = { 0 };
    struct job job = { .go = &go, .in = 7 };
    background_start(&b, square, &job);
    assert_int_equal(sem_post(&go), 0); /* without a thread of its own the work would never have let us come here */
    background_wait(&b);
    assert_int_equal(job.out, 49);
    assert_int_equal(sem_destroy(&go), 0);
}

static void there_is_nothing_to_wait_for_before_a_start_and_after_a_wait(void **state)
{
    (void)state;
    struct background b = { 0 };
    struct job job = { .in = 3 };
    background_wait(&b);
    background_start(&b, square, &job);
    background_wait(&b);
    background_wait(&b);
    assert_int_equal(job.out, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_work_wrote_is_there_after_the_wait),
        cmocka_unit_test(the_caller_goes_on_while_the_work_is_under_way),
        cmocka_unit_test(there_is_nothing_to_wait_for_before_a_start_and_after_a_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
