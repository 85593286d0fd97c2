#include "reports/name_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void equal_texts_have_one_number_however_many_there_are(void **state)
{
    enum { TEXTS = 5000 };
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    CLEANUP(names_release) struct names n = { 0 };
    (void)state;
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < TEXTS; i++)
            assert_int_equal(names_intern(&n, arena_printf(&a, "text %u", i), &a), i);
    }
    assert_int_equal(n.count, TEXTS);
    assert_string_equal(n.name[4321], "text 4321");
    assert_int_equal(names_find(&n, "text 77"), 77);
    assert_int_equal(names_find(&n, "text"), NAMES_ABSENT);
    names_release(&n);
    assert_int_equal(names_find(&n, "text 77"), NAMES_ABSENT);
    assert_int_equal(n.count, 0);
    assert_int_equal(names_intern(&n, "", &a), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(equal_texts_have_one_number_however_many_there_are) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
