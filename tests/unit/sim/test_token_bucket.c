#include "sim/token_bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_burst_goes_through_and_then_one_at_a_time(void **state)
{
    (void)state;
    struct token_bucket b;
    token_bucket_init(&b, 600.0, 3.0, 1000); /* ten a second: one per 100 000 us */

    for (int i = 0; i < 3; i++)
        assert_int_equal(token_bucket_take(&b, 1000), 0);
    assert_int_equal(token_bucket_take(&b, 1000), 100000);
    assert_int_equal(token_bucket_take(&b, 51000), 50000);
    assert_int_equal(token_bucket_take(&b, 101000), 0);
    assert_int_equal(token_bucket_take(&b, 101000), 100000);
}

static void being_turned_away_costs_nothing(void **state)
{
    (void)state;
    struct token_bucket b;
    token_bucket_init(&b, 60.0, 1.0, 0);
    assert_int_equal(token_bucket_take(&b, 0), 0);

    for (int i = 0; i < 100; i++)
        assert_int_equal(token_bucket_take(&b, 0), 1000000);

    assert_int_equal(token_bucket_take(&b, 1000000), 0);
}

static void it_never_holds_more_than_the_burst(void **state)
{
    (void)state;
    struct token_bucket b;
    token_bucket_init(&b, 600.0, 2.0, 0);

    assert_int_equal(token_bucket_take(&b, 3600000000), 0);
    assert_int_equal(token_bucket_take(&b, 3600000000), 0);
    assert_true(token_bucket_take(&b, 3600000000) > 0);
}

static void a_client_that_waits_as_told_is_let_in(void **state)
{
    (void)state;
    struct token_bucket b;
    int64_t now_us = 0;
    token_bucket_init(&b, 777.0, 1.0, now_us);
    for (int i = 0; i < 1000; i++) {
        int64_t wait_us = token_bucket_take(&b, now_us);
        if (wait_us == 0)
            continue;
        now_us += wait_us;
        assert_int_equal(token_bucket_take(&b, now_us), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_burst_goes_through_and_then_one_at_a_time),
        cmocka_unit_test(being_turned_away_costs_nothing),
        cmocka_unit_test(it_never_holds_more_than_the_burst),
        cmocka_unit_test(a_client_that_waits_as_told_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
