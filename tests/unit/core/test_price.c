/* What is not known is never 0. */
#include "core/price.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_cost_is_tokens_times_price(void **state)
{
    (void)state;
    struct price p = { .known = true, .input = 0.30, .output = 1.20, .source = "config" };

    assert_float_equal(price_cost(&p, 1000000, 0), 0.30, 1e-12);
    assert_float_equal(price_cost(&p, 1200, 50), 0.00042, 1e-12);
    assert_float_equal(price_cost(&p, 0, 0), 0, 1e-12);
}

static void without_a_price_or_a_count_the_cost_is_unknown(void **state)
{
    (void)state;
    struct price none = { 0 }, free_of_charge = { .known = true };

    assert_true(price_cost(&none, 10, 10) < 0);
    assert_true(price_cost(&free_of_charge, -1, 10) < 0);
    assert_true(price_cost(&free_of_charge, 10, -1) < 0);
    assert_float_equal(price_cost(&free_of_charge, 10, 10), 0, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cost_is_tokens_times_price),
        cmocka_unit_test(without_a_price_or_a_count_the_cost_is_unknown),
    };
    return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
