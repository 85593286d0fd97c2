#include "net/backoff.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MS = 1000, SECOND = 1000 * MS, DRAWS = 2000 };

static const struct {
    int failures;
    int64_t ceiling_us;
} row[] = {
    { 1, 500 * MS },    { 2, 1 * SECOND },  { 3, 2 * SECOND },  { 4, 4 * SECOND },     { 5, 8 * SECOND },          { 6, 16 * SECOND },
    { 7, 32 * SECOND }, { 8, 60 * SECOND }, { 9, 60 * SECOND }, { 1000, 60 * SECOND }, { INT32_MAX, 60 * SECOND },
};

static void jitter_fills_the_whole_range_below_its_ceiling(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1);

    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        int64_t least = INT64_MAX, most = 0, sum = 0;
        for (int n = 0; n < DRAWS; n++) {
            int64_t us = backoff_delay_us(row[i].failures, -1, &r);
            least = us < least ? us : least;
            most = us > most ? us : most;
            sum += us;
        }
        assert_in_range(least, 0, row[i].ceiling_us / 50);
        assert_in_range(most, row[i].ceiling_us - row[i].ceiling_us / 50, row[i].ceiling_us);
        assert_in_range(sum / DRAWS, row[i].ceiling_us * 45 / 100, row[i].ceiling_us * 55 / 100);
    }
}

static void hint_is_a_lower_bound(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 2);

    for (int n = 0; n < DRAWS; n++) {
        assert_true(backoff_delay_us(4, 1 * SECOND, &r) >= 1 * SECOND);
        assert_int_equal(backoff_delay_us(1, 20 * SECOND, &r), 20 * SECOND);
    }
}

static void hint_is_capped_at_five_minutes(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 3);

    assert_int_equal(backoff_delay_us(1, (int64_t)86400 * SECOND, &r), BACKOFF_MAX_HINT_US);
    assert_int_equal(backoff_delay_us(1, INT64_MAX, &r), BACKOFF_MAX_HINT_US);
}

static void no_hint_and_a_past_date_are_the_same(void **state)
{
    (void)state;
    struct rng a, b;
    rng_init(&a, 4);
    rng_init(&b, 4);

    for (int n = 0; n < 10; n++)
        assert_int_equal(backoff_delay_us(3, -1, &a), backoff_delay_us(3, INT64_MIN, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jitter_fills_the_whole_range_below_its_ceiling),
        cmocka_unit_test(hint_is_a_lower_bound),
        cmocka_unit_test(hint_is_capped_at_five_minutes),
        cmocka_unit_test(no_hint_and_a_past_date_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
