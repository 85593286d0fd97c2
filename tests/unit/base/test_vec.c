#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void many_pushes_need_few_growths(void **state)
{
    (void)state;
    int *number = NULL;
    size_t cap = 0, growths = 0;
    for (size_t count = 0; count < 10000; count++) {
        size_t before = cap;
        number = vec_grow(number, count, &cap, sizeof(*number));
        growths += cap != before;
        assert_true(cap > count);
        number[count] = (int)count;
    }
    assert_int_equal(number[9999], 9999);
    assert_true(growths < 15);
    free(number);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(many_pushes_need_few_growths) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
