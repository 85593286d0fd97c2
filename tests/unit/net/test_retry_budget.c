#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "net/retry_budget.h"

enum { SECOND = 1000000 };

static void a_burst_is_free_and_then_each_retry_waits_for_its_turn(void **state)
{
    (void)state;
    struct retry_budget b;
    retry_budget_init(&b, 0);
    for (int i = 0; i < RETRY_BUDGET_BURST; i++)
        assert_int_equal(retry_budget_take(&b, 0), 0);
    for (int i = 1; i <= 5; i++)
        assert_int_equal(retry_budget_take(&b, 0), (int64_t)i * SECOND);
}

static void an_outage_meets_one_retry_a_second(void **state)
{
    (void)state;
    struct retry_budget b;
    retry_budget_init(&b, 0);
    int64_t now = 0;
    int taken = 0;
    for (; now < 600 * (int64_t)SECOND; taken++) /* whoever is put off comes back when it may */
        now += retry_budget_take(&b, now);
    assert_true(taken <= 600 + RETRY_BUDGET_BURST);
    assert_true(taken >= 300);
}

static void answers_earn_retries(void **state)
{
    (void)state;
    struct retry_budget b;
    retry_budget_init(&b, 0);
    for (int i = 0; i < 10000; i++) { /* one retry for every two answers never waits */
        retry_budget_answered(&b);
        retry_budget_answered(&b);
        assert_int_equal(retry_budget_take(&b, 0), 0);
    }
    int put_off = 0;
    for (int i = 0; i < 1000; i++) { /* one for each answer does */
        retry_budget_answered(&b);
        put_off += retry_budget_take(&b, 0) > 0;
    }
    assert_true(put_off > 800);
}

static void what_is_put_off_comes_within_twenty_seconds(void **state)
{
    (void)state;
    struct retry_budget b;
    retry_budget_init(&b, 0);
    for (int i = 0; i < 100000; i++)
        assert_true(retry_budget_take(&b, 0) <= 20 * (int64_t)SECOND);
    assert_true(retry_budget_take(&b, -5) <= 20 * (int64_t)SECOND); /* a clock that does not move */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_free_and_then_each_retry_waits_for_its_turn),
        cmocka_unit_test(an_outage_meets_one_retry_a_second),
        cmocka_unit_test(answers_earn_retries),
        cmocka_unit_test(what_is_put_off_comes_within_twenty_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
