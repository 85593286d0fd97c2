#include "net/reactor.h"

#include "base/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct pair {
    struct reactor r;
    int fd[2];
};

static int setup(void **state)
{
    static struct pair p;
    if (reactor_init(&p.r, NULL) != OK)
        return -1;
    *state = &p;
    return socketpair(AF_UNIX, SOCK_STREAM, 0, p.fd);
}

static int teardown(void **state)
{
    struct pair *p = *state;
    reactor_release(&p->r);
    (void)close(p->fd[0]);
    (void)close(p->fd[1]);
    return 0;
}

/* What is ready right now. */
static size_t poll_now(struct pair *p, struct reactor_event *event)
{
    size_t count;
    bool woken;
    struct error e = { 0 };
    assert_int_equal(reactor_wait(&p->r, INT64_MIN, event, &count, &woken, &e), OK);
    assert_false(woken);
    return count;
}

static void say(struct pair *p)
{
    assert_int_equal(write(p->fd[1], "x", 1), 1);
}

static void readiness_is_reported_to_the_owner_until_it_is_gone(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    int owner;
    char byte;

    reactor_watch(&p->r, p->fd[0], REACTOR_READ, &owner);
    assert_int_equal(poll_now(p, event), 0);
    say(p);

    for (int i = 0; i < 2; i++) { /* level-triggered: said again while it is true */
        assert_int_equal(poll_now(p, event), 1);
        assert_ptr_equal(event[0].owner, &owner);
        assert_int_equal(event[0].fd, p->fd[0]);
        assert_int_equal(event[0].ready, REACTOR_READ);
    }
    assert_int_equal(read(p->fd[0], &byte, 1), 1);
    assert_int_equal(poll_now(p, event), 0);
}

static void interest_can_change(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    say(p);

    reactor_watch(&p->r, p->fd[0], REACTOR_WRITE, NULL);
    assert_int_equal(poll_now(p, event), 1);
    assert_int_equal(event[0].ready, REACTOR_WRITE);
    reactor_watch(&p->r, p->fd[0], REACTOR_READ | REACTOR_WRITE, NULL);
    assert_int_equal(poll_now(p, event), 1);
    assert_int_equal(event[0].ready, REACTOR_READ | REACTOR_WRITE);
    reactor_watch(&p->r, p->fd[0], 0, NULL);
    assert_int_equal(poll_now(p, event), 0);
    reactor_watch(&p->r, p->fd[0], 0, NULL);
    reactor_watch(&p->r, p->fd[0], REACTOR_READ, NULL);
    assert_int_equal(poll_now(p, event), 1);
}

static void an_adopted_socket_stays_registered_while_nobody_asks(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    reactor_adopt(&p->r, p->fd[0]);
    reactor_watch(&p->r, p->fd[0], REACTOR_READ, NULL);

    reactor_watch(&p->r, p->fd[0], 0, NULL);

    assert_int_equal(p->r.slot[p->fd[0]].registered, REACTOR_READ);
    assert_int_equal(poll_now(p, event), 0);
    say(p);
    assert_int_equal(poll_now(p, event), 0);             /* nobody is told … */
    assert_int_equal(p->r.slot[p->fd[0]].registered, 0); /* … and it will not be reported for ever */
    reactor_watch(&p->r, p->fd[0], REACTOR_READ, NULL);
    assert_int_equal(poll_now(p, event), 1);
}

static void a_forgotten_number_can_come_back_as_another_socket(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    int number = p->fd[0];
    reactor_adopt(&p->r, number);
    reactor_watch(&p->r, number, REACTOR_READ, NULL);

    reactor_forget(&p->r, number);
    (void)close(p->fd[0]);
    (void)close(p->fd[1]);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p->fd), 0);
    assert_int_equal(p->fd[0], number);
    reactor_adopt(&p->r, p->fd[0]);
    reactor_watch(&p->r, p->fd[0], REACTOR_READ, NULL);
    say(p);

    assert_int_equal(poll_now(p, event), 1);
}

static void a_hang_up_is_readable_and_writable(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    reactor_watch(&p->r, p->fd[0], REACTOR_READ, NULL);

    (void)close(p->fd[1]);

    assert_int_equal(poll_now(p, event), 1);
    assert_int_equal(event[0].ready, REACTOR_READ | REACTOR_WRITE);
}

static void a_bad_descriptor_is_reported_by_the_next_wait(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    size_t count;
    bool woken;
    struct error e = { 0 };

    reactor_watch(&p->r, 1000000, REACTOR_READ, NULL);

    assert_int_equal(reactor_wait(&p->r, INT64_MIN, event, &count, &woken, &e), ERR_IO);
}

static void *wake_it(void *reactor)
{
    reactor_wake(reactor);
    return NULL;
}

static void a_wake_from_another_thread_ends_the_wait(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    size_t count = 99;
    bool woken = false;
    struct error e = { 0 };
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, wake_it, &p->r), 0);
    assert_int_equal(reactor_wait(&p->r, INT64_MAX, event, &count, &woken, &e), OK);
    pthread_join(thread, NULL);

    assert_true(woken);
    assert_int_equal(count, 0);
    assert_int_equal(poll_now(p, event), 0); /* once */
}

static void a_deadline_is_kept_to_the_microsecond_or_later(void **state)
{
    struct pair *p = *state;
    struct reactor_event event[REACTOR_BATCH];
    size_t count;
    bool woken;
    struct error e = { 0 };
    int64_t deadline_us = clock_mono_us(&clock_real) + 300;

    assert_int_equal(reactor_wait(&p->r, deadline_us, event, &count, &woken, &e), OK);

    assert_true(clock_mono_us(&clock_real) >= deadline_us);
    assert_int_equal(count, 0);
    assert_false(woken);
}

#define REACTOR_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REACTOR_TEST(readiness_is_reported_to_the_owner_until_it_is_gone),
        REACTOR_TEST(interest_can_change),
        REACTOR_TEST(an_adopted_socket_stays_registered_while_nobody_asks),
        REACTOR_TEST(a_forgotten_number_can_come_back_as_another_socket),
        REACTOR_TEST(a_hang_up_is_readable_and_writable),
        REACTOR_TEST(a_bad_descriptor_is_reported_by_the_next_wait),
        REACTOR_TEST(a_wake_from_another_thread_ends_the_wait),
        REACTOR_TEST(a_deadline_is_kept_to_the_microsecond_or_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
