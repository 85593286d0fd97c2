#include "sim/capacity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int64_t serve(struct capacity *c, int64_t service_us, int64_t now_us)
{
    assert_true(capacity_enter(c, now_us));
    return capacity_settle(c, service_us, now_us);
}

static void up_to_the_knee_nobody_waits(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct capacity c;
    capacity_init(&c, 4, true, &a);

    for (int i = 0; i < 4; i++)
        assert_int_equal(serve(&c, 100, 1000), 100);

    arena_release(&a);
}

static void beyond_the_knee_latency_grows_with_the_queue(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct capacity c;
    capacity_init(&c, 2, true, &a);
    static const int64_t expected[] = { 100, 100, 200, 200, 300, 300 };

    for (int i = 0; i < 6; i++)
        assert_int_equal(serve(&c, 100, 0), expected[i]);
    assert_int_equal(serve(&c, 100, 250), 150); /* the place that is free at 300 … and this one ends at 400 */

    arena_release(&a);
}

static void a_server_that_does_not_queue_refuses_until_a_place_is_free(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct capacity c;
    capacity_init(&c, 2, false, &a);

    assert_int_equal(serve(&c, 100, 0), 100);
    assert_int_equal(serve(&c, 150, 0), 150);
    assert_false(capacity_enter(&c, 99));
    assert_int_equal(serve(&c, 10, 100), 10);
    assert_false(capacity_enter(&c, 100));

    arena_release(&a);
}

static void a_request_whose_service_time_is_not_known_yet_holds_its_place(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct capacity c;
    capacity_init(&c, 1, false, &a);

    assert_true(capacity_enter(&c, 0));
    assert_false(capacity_enter(&c, 0));
    assert_int_equal(capacity_settle(&c, 0, 0), 0);
    assert_true(capacity_enter(&c, 0));

    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(up_to_the_knee_nobody_waits),
        cmocka_unit_test(beyond_the_knee_latency_grows_with_the_queue),
        cmocka_unit_test(a_server_that_does_not_queue_refuses_until_a_place_is_free),
        cmocka_unit_test(a_request_whose_service_time_is_not_known_yet_holds_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
