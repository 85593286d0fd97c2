#include "stats/clusters.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void close_numbers_get_ranks_in_ascending_order(void **state)
{
    (void)state;
    static const uint32_t cluster[] = { 30, 10, 20, 10, 30 };
    uint32_t rank[5];
    assert_int_equal(clusters_rank(cluster, 5, rank), 3);

    static const uint32_t expected[] = { 2, 0, 1, 0, 2 };
    assert_memory_equal(rank, expected, sizeof(expected));
}

static void scattered_numbers_get_ranks_in_ascending_order(void **state)
{
    (void)state;
    static const uint32_t cluster[] = { UINT32_MAX, 0, 1u << 31, 0, UINT32_MAX, 2047, 2048, 4194304 };
    uint32_t rank[8];
    assert_int_equal(clusters_rank(cluster, 8, rank), 6);

    static const uint32_t expected[] = { 5, 0, 4, 0, 5, 1, 2, 3 };
    assert_memory_equal(rank, expected, sizeof(expected));
}

static void no_rows_have_no_clusters(void **state)
{
    (void)state;
    assert_int_equal(clusters_rank(NULL, 0, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(close_numbers_get_ranks_in_ascending_order),
        cmocka_unit_test(scattered_numbers_get_ranks_in_ascending_order),
        cmocka_unit_test(no_rows_have_no_clusters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
