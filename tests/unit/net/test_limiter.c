#include "net/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static void limiter_without_limits_never_waits(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 1000, 0, 0);

    for (int i = 0; i < 1000; i++) {
        assert_int_equal(limiter_delay_us(&l, 5), 0);
        limiter_start(&l, 5);
        limiter_charge_tokens(&l, 1000000, 5);
    }
}

static void limiter_is_full_at_max_in_flight(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 2, 0, 0);

    limiter_start(&l, 1);
    assert_int_equal(limiter_delay_us(&l, 1), 0);
    limiter_start(&l, 1);

    assert_int_equal(limiter_delay_us(&l, 1), -1);
    limiter_done(&l);
    assert_int_equal(limiter_delay_us(&l, 1), 0);
}

static void limiter_waits_until_next_slot(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 600, 0); /* ten a second = one per 100 000 us */

    limiter_start(&l, 1000);

    assert_int_equal(limiter_delay_us(&l, 1000), 100000);
    assert_int_equal(limiter_delay_us(&l, 51000), 50000);
    assert_int_equal(limiter_delay_us(&l, 101000), 0);
}

/* Starts as fast as allowed, looking every `step_us`; returns how many started in [from, to). */
static int starts_between(struct limiter *l, int64_t from_us, int64_t to_us, int64_t step_us)
{
    int count = 0;
    for (int64_t now_us = from_us; now_us < to_us; now_us += step_us)
        while (limiter_delay_us(l, now_us) == 0) {
            limiter_start(l, now_us);
            limiter_done(l);
            count++;
        }
    return count;
}

static void first_minute_holds_no_more_than_the_limit(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 600, 0);

    assert_int_equal(starts_between(&l, 7 * SECOND, 67 * SECOND, 1000), 600);
}

static void late_dispatcher_catches_up_but_by_one_second_at_most(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 600, 0);

    assert_int_equal(starts_between(&l, 1, 1 + 60 * SECOND, 150000), 599); /* all that were due at the last look, 59.85 s */

    limiter_init(&l, 100, 600, 0);
    assert_int_equal(starts_between(&l, 1, 2, 1), 1);
    assert_int_equal(starts_between(&l, 100 * SECOND, 100 * SECOND + 1, 1), 11); /* one that is due and a second's credit */
}

static void slow_rates_have_no_burst(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 6, 0); /* one in ten seconds */

    assert_int_equal(starts_between(&l, 50 * SECOND, 50 * SECOND + 1, 1), 1);
    assert_int_equal(starts_between(&l, 100 * SECOND, 100 * SECOND + 1, 1), 1);
    assert_int_equal(limiter_delay_us(&l, 100 * SECOND), 9 * SECOND); /* the second of credit shortens the wait */
}

static void tokens_are_charged_after_the_fact(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 0, 60000); /* a thousand tokens a second */

    limiter_start(&l, SECOND);
    assert_int_equal(limiter_delay_us(&l, SECOND), 0);
    limiter_charge_tokens(&l, 5000, SECOND);

    assert_int_equal(limiter_delay_us(&l, SECOND), 5 * SECOND);
    limiter_charge_tokens(&l, 1000, SECOND);
    assert_int_equal(limiter_delay_us(&l, SECOND), 6 * SECOND);
    assert_int_equal(limiter_delay_us(&l, 7 * SECOND), 0);
}

static void unknown_usage_charges_nothing(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 0, 60000);

    limiter_charge_tokens(&l, 0, SECOND);
    limiter_charge_tokens(&l, -1, SECOND);

    assert_int_equal(limiter_delay_us(&l, SECOND), 0);
}

static void cooldown_keeps_the_later_of_two(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 100, 0, 0);

    limiter_cooldown(&l, 10, 5 * SECOND);
    limiter_cooldown(&l, 20, SECOND);

    assert_int_equal(limiter_delay_us(&l, 10), 5 * SECOND);
    limiter_cooldown(&l, 30, INT64_MAX);
    assert_true(limiter_delay_us(&l, 30) > 1000 * SECOND);
}

static void full_comes_before_cooldown(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 1, 0, 0);
    limiter_start(&l, 1);
    limiter_cooldown(&l, 1, SECOND);

    assert_int_equal(limiter_delay_us(&l, 1), -1);
}

static void one_episode_of_429_cuts_the_window_once(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 64, 0, 0);
    for (int i = 0; i < 64; i++)
        limiter_start(&l, SECOND);

    for (int i = 0; i < 40; i++)
        limiter_throttled(&l, SECOND, SECOND + 100 + i);
    assert_int_equal((int)l.window.size, 54);

    limiter_succeeded(&l, 10 * SECOND, 11 * SECOND); /* it is over; the next one is another */
    limiter_throttled(&l, 12 * SECOND, 13 * SECOND);
    assert_true(l.window.size < 54);
}

static void window_never_closes_and_comes_back_when_refusals_end(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 64, 0, 0);
    int64_t now_us = SECOND;
    for (int i = 0; i < 300; i++, now_us += 10 * SECOND) { /* fifty minutes of nothing but 429 */
        if (limiter_delay_us(&l, now_us) != 0)
            continue;
        limiter_start(&l, now_us);
        limiter_throttled(&l, now_us, now_us + 1000);
        limiter_done(&l);
    }
    assert_true(l.window.size >= 1);
    assert_true(limiter_delay_us(&l, now_us) <= 16 * SECOND);

    int answers = 0;
    for (int64_t end_us = now_us + 200 * SECOND; now_us < end_us; now_us += 10000) {
        if (limiter_delay_us(&l, now_us) == 0) {
            limiter_start(&l, now_us);
            limiter_succeeded(&l, now_us, now_us + 5000);
            limiter_done(&l);
            answers++;
        }
    }
    assert_true(answers > 10000); /* of 20,000 looks */
}

static void tuning_keeps_what_is_in_flight(void **state)
{
    (void)state;
    struct limiter l;
    limiter_init(&l, 8, 0, 0);
    for (int i = 0; i < 8; i++)
        limiter_start(&l, 1);

    limiter_tune(&l, 4, 600, 0);
    assert_int_equal(limiter_delay_us(&l, 1), -1);
    limiter_tune(&l, 16, 0, 0);
    assert_int_equal(limiter_delay_us(&l, 1), 0);
    assert_int_equal((int)l.window.size, 16); /* it was wide open */

    for (int i = 0; i < 12; i++) /* one alone might be chance */
        limiter_throttled(&l, SECOND * i + 1, SECOND * (i + 1));
    assert_int_equal((int)l.window.size, 10); /* eight were in flight: little is known about more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limiter_without_limits_never_waits),
        cmocka_unit_test(limiter_is_full_at_max_in_flight),
        cmocka_unit_test(limiter_waits_until_next_slot),
        cmocka_unit_test(first_minute_holds_no_more_than_the_limit),
        cmocka_unit_test(late_dispatcher_catches_up_but_by_one_second_at_most),
        cmocka_unit_test(slow_rates_have_no_burst),
        cmocka_unit_test(tokens_are_charged_after_the_fact),
        cmocka_unit_test(unknown_usage_charges_nothing),
        cmocka_unit_test(cooldown_keeps_the_later_of_two),
        cmocka_unit_test(full_comes_before_cooldown),
        cmocka_unit_test(one_episode_of_429_cuts_the_window_once),
        cmocka_unit_test(window_never_closes_and_comes_back_when_refusals_end),
        cmocka_unit_test(tuning_keeps_what_is_in_flight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
