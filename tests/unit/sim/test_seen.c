#include "sim/seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void each_request_is_counted_on_its_own(void **state)
{
    (void)state;
    struct seen *s = seen_new();
    struct sha256_hex a = sha256_of("a", 1), b = sha256_of("b", 1);

    assert_int_equal(seen_count(s, &a), 1);
    assert_int_equal(seen_count(s, &b), 1);
    assert_int_equal(seen_count(s, &a), 2);
    assert_int_equal(seen_count(s, &a), 3);
    assert_int_equal(seen_count(s, &b), 2);
    seen_free(s);
}

static void counts_survive_growth(void **state)
{
    (void)state;
    struct seen *s = seen_new();
    for (int round = 1; round <= 3; round++)
        for (int i = 0; i < 5000; i++) {
            struct sha256_hex h = sha256_of(&i, sizeof(i));
            assert_int_equal(seen_count(s, &h), round);
        }
    seen_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_request_is_counted_on_its_own),
        cmocka_unit_test(counts_survive_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
