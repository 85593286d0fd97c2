/* Ids are found again whatever they are and however many. */
#include "reports/sample_ids.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void ids_keep_the_place_they_were_first_met_at(void **state)
{
    static const int64_t odd[] = { 0, -1, INT64_MAX, INT64_MIN, 1 };
    (void)state;
    struct sample_ids *ids = xcalloc(1, sizeof(*ids));

    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
        assert_int_equal(sample_ids_add(ids, odd[i]), i);
    for (int64_t i = 2; i < 5000; i++)
        assert_int_equal(sample_ids_add(ids, i * 1000), i + 3);

    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
        assert_int_equal(sample_ids_add(ids, odd[i]), i);
        assert_int_equal(sample_ids_find(ids, odd[i]), i);
    }
    assert_int_equal(sample_ids_find(ids, 4999000), 5002);
    assert_true(sample_ids_find(ids, 7) == SIZE_MAX);
    assert_int_equal(ids->count, 5003);
    sample_ids_free(ids);
}

static void nothing_is_found_where_nothing_was_added(void **state)
{
    (void)state;
    struct sample_ids *ids = xcalloc(1, sizeof(*ids));
    assert_true(sample_ids_find(ids, 0) == SIZE_MAX);
    sample_ids_free(ids);
    sample_ids_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(ids_keep_the_place_they_were_first_met_at),
                                        cmocka_unit_test(nothing_is_found_where_nothing_was_added) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
