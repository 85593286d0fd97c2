#include "base/queue.h"

#include "base/cleanup.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void items_come_out_in_order_around_the_ring(void **state)
{
    (void)state;
    struct queue *q = queue_new(3);
    int item[8];
    void *out[3];
    size_t in = 0, next = 0;
    for (int round = 0; round < 4; round++) {
        assert_true(queue_push(q, &item[in++]));
        assert_true(queue_push(q, &item[in++]));
        assert_int_equal(queue_count(q), 2);
        assert_int_equal(queue_pop_many(q, out, 3), 2);
        assert_ptr_equal(out[0], &item[next++]);
        assert_ptr_equal(out[1], &item[next++]);
    }
    queue_free(q);
}

static void a_closed_queue_refuses_and_drains(void **state)
{
    (void)state;
    struct queue *q = queue_new(4);
    int a, b;
    void *out[4];
    bool closed = true;
    assert_int_equal(queue_pop_wait(q, out, 4, 0, &closed), 0);
    assert_false(closed);

    assert_true(queue_push(q, &a));
    assert_true(queue_push(q, &b));
    queue_close(q);

    assert_false(queue_push(q, &a));
    assert_int_equal(queue_pop_wait(q, out, 1, 0, &closed), 1);
    assert_false(closed);
    assert_int_equal(queue_pop_many(q, out, 4), 1);
    assert_ptr_equal(out[0], &b);
    assert_int_equal(queue_pop_many(q, out, 4), 0);
    assert_int_equal(queue_pop_wait(q, out, 4, 1000000, &closed), 0);
    assert_true(closed);
    queue_free(q);
    queue_free(NULL);
}

static void many_are_pushed_at_once_in_order(void **state)
{
    (void)state;
    struct queue *q = queue_new(4);
    int item[3];
    void *in[] = { &item[0], &item[1], &item[2] };
    void *out[4];
    assert_int_equal(queue_push_many(q, in, 0), 0);
    assert_int_equal(queue_push_many(q, in, 3), 3);
    assert_int_equal(queue_pop_many(q, out, 4), 3);
    for (size_t i = 0; i < 3; i++)
        assert_ptr_equal(out[i], in[i]);

    queue_close(q);
    assert_int_equal(queue_push_many(q, in, 3), 0);
    queue_free(q);
}

static void a_wait_ends_at_its_time(void **state)
{
    (void)state;
    struct queue *q = queue_new(1);
    void *out[1];
    bool closed = true;
    assert_int_equal(queue_pop_wait(q, out, 1, 2000, &closed), 0);
    assert_false(closed);
    assert_int_equal(queue_pop_wait(q, out, 1, 1, NULL), 0);
    queue_free(q);
}

enum { PER_PRODUCER = 20000, PRODUCERS = 3, CONSUMERS = 3, AT_ONCE = 25 }; /* at once: more than the queue holds */

static char marker[PRODUCERS * PER_PRODUCER];

struct worker {
    struct queue *q;
    size_t number, seen;
    bool waits; /* a consumer: with a time limit; a producer: it pushes many at once */
};

static void *produce(void *arg)
{
    const struct worker *w = arg;
    void *item[AT_ONCE];
    size_t at_once = w->waits ? AT_ONCE : 1;
    for (size_t i = 0; i < PER_PRODUCER; i += at_once) {
        for (size_t k = 0; k < at_once; k++)
            item[k] = &marker[w->number * PER_PRODUCER + i + k];
        if (queue_push_many(w->q, item, at_once) != at_once)
            return NULL;
    }
    return NULL;
}

/* Each item belongs to whoever popped it: two owners would be a data race, and a mark of 2. */
static void *consume(void *arg)
{
    struct worker *w = arg;
    void *out[7];
    bool closed = false;
    while (!closed) {
        size_t got = w->waits ? queue_pop_wait(w->q, out, 7, 10000000, &closed) : queue_pop_many(w->q, out, 7);
        closed = closed || (!w->waits && got == 0);
        for (size_t i = 0; i < got; i++)
            ++*(char *)out[i];
        w->seen += got;
    }
    return NULL;
}

static void many_threads_lose_and_repeat_nothing(void **state)
{
    (void)state;
    struct queue *q = queue_new(16);
    pthread_t producer[PRODUCERS], consumer[CONSUMERS];
    struct worker in[PRODUCERS], out[CONSUMERS];
    for (size_t i = 0; i < CONSUMERS; i++) {
        out[i] = (struct worker){ .q = q, .number = i, .waits = i == 0 };
        assert_int_equal(pthread_create(&consumer[i], NULL, consume, &out[i]), 0);
    }
    for (size_t i = 0; i < PRODUCERS; i++) {
        in[i] = (struct worker){ .q = q, .number = i, .waits = i == 0 };
        assert_int_equal(pthread_create(&producer[i], NULL, produce, &in[i]), 0);
    }

    for (size_t i = 0; i < PRODUCERS; i++)
        (void)pthread_join(producer[i], NULL);
    queue_close(q);
    size_t seen = 0;
    for (size_t i = 0; i < CONSUMERS; i++) {
        (void)pthread_join(consumer[i], NULL);
        seen += out[i].seen;
    }

    assert_int_equal(seen, sizeof(marker));
    for (size_t i = 0; i < sizeof(marker); i++)
        assert_int_equal(marker[i], 1);
    queue_free(q);
}

static void *push_one_more(void *arg)
{
    struct worker *w = arg;
    w->seen = queue_push(w->q, w);
    return NULL;
}

static void closing_frees_a_blocked_producer(void **state)
{
    (void)state;
    struct queue *q = queue_new(1);
    struct worker blocked = { .q = q, .seen = 9 };
    pthread_t thread;
    assert_true(queue_push(q, &blocked));
    assert_int_equal(pthread_create(&thread, NULL, push_one_more, &blocked), 0);
    queue_close(q);
    (void)pthread_join(thread, NULL);
    assert_int_equal(blocked.seen, 0);
    queue_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_order_around_the_ring), cmocka_unit_test(a_closed_queue_refuses_and_drains),
        cmocka_unit_test(many_are_pushed_at_once_in_order),        cmocka_unit_test(a_wait_ends_at_its_time),
        cmocka_unit_test(many_threads_lose_and_repeat_nothing),    cmocka_unit_test(closing_frees_a_blocked_producer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
