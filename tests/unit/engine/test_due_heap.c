/* The heap of waiting trials. */
#include "base/rng.h"
#include "engine/due_heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void trials_come_out_in_the_order_of_their_time(void **state)
{
    (void)state;
    enum { COUNT = 500 };
    static struct trial trial[COUNT];
    struct due_heap heap = { 0 };
    struct rng rng;
    rng_init(&rng, 3);
    for (int i = 0; i < COUNT; i++) {
        trial[i].due_us = (int64_t)rng_below(&rng, 100); /* many ties */
        due_heap_push(&heap, &trial[i]);
    }

    int64_t last = -1;
    int count = 0;
    for (struct trial *t; (t = due_heap_pop(&heap)); count++) {
        assert_true(t->due_us >= last);
        last = t->due_us;
    }

    assert_int_equal(count, COUNT);
    assert_null(due_heap_first(&heap));
    due_heap_release(&heap);
}

static void the_first_is_looked_at_without_being_taken(void **state)
{
    (void)state;
    struct trial a = { .due_us = 20 }, b = { .due_us = 10 };
    struct due_heap heap = { 0 };

    due_heap_push(&heap, &a);
    due_heap_push(&heap, &b);

    assert_ptr_equal(due_heap_first(&heap), &b);
    assert_int_equal(heap.count, 2);
    due_heap_release(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trials_come_out_in_the_order_of_their_time),
        cmocka_unit_test(the_first_is_looked_at_without_being_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
