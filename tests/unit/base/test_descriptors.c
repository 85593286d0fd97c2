#include "base/descriptors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

static void the_soft_limit_becomes_the_hard_one(void **state)
{
    (void)state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 64;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);

    size_t open = descriptors_raise();

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_true(limit.rlim_cur == limit.rlim_max);
    assert_true(limit.rlim_max == RLIM_INFINITY ? open == SIZE_MAX : open == limit.rlim_max);
}

static void connections_get_what_the_program_itself_does_not_need(void **state)
{
    (void)state;
    assert_int_equal(descriptors_for_connections(1024, 1), 960);
    assert_int_equal(descriptors_for_connections(1024, 2), 480);
    assert_int_equal(descriptors_for_connections(65, 1), 1);
    assert_int_equal(descriptors_for_connections(65, 2), 1);
    assert_int_equal(descriptors_for_connections(3, 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_soft_limit_becomes_the_hard_one),
        cmocka_unit_test(connections_get_what_the_program_itself_does_not_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
