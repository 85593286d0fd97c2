/* Money: what is on the wire counts at its upper bound. */
#include "engine/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_reservation_beyond_the_limit_is_refused_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct budget b;
    budget_init(&b, 1.0, 0.25);

    assert_true(budget_reserve(&b, 0.5));
    assert_false(budget_reserve(&b, 0.5));
    budget_settle(&b, 0.5, 0.1);
    assert_true(budget_reserve(&b, 0.5));

    assert_float_equal(budget_spent(&b), 0.35, 1e-12);
    budget_release(&b);
}

static void a_lost_request_keeps_its_reservation_as_spent(void **state)
{
    (void)state;
    struct budget b;
    budget_init(&b, 1.0, 0);

    assert_true(budget_reserve(&b, 0.9));
    budget_settle(&b, 0.9, 0.9);

    assert_false(budget_reserve(&b, 0.2));
    budget_release(&b);
}

static void without_a_limit_everything_is_granted(void **state)
{
    (void)state;
    struct budget b;
    budget_init(&b, -1, 0);
    assert_true(budget_reserve(&b, 1e9));
    budget_release(&b);
}

static void a_limit_that_comes_late_knows_what_was_spent_before(void **state)
{
    (void)state;
    struct budget b;
    budget_init(&b, -1, 0);
    assert_true(budget_reserve(&b, 2.0));
    budget_settle(&b, 2.0, 1.5);
    assert_true(budget_reserve(&b, 1.0)); /* on the wire while the limit comes */

    assert_float_equal(budget_set_limit(&b, 3.0), -1, 0);

    assert_false(budget_reserve(&b, 1.0));
    assert_true(budget_reserve(&b, 0.5));
    assert_float_equal(budget_set_limit(&b, -1), 3.0, 0);
    assert_true(budget_reserve(&b, 1e9));
    budget_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reservation_beyond_the_limit_is_refused_and_leaves_nothing_behind),
        cmocka_unit_test(a_lost_request_keeps_its_reservation_as_spent),
        cmocka_unit_test(without_a_limit_everything_is_granted),
        cmocka_unit_test(a_limit_that_comes_late_knows_what_was_spent_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
