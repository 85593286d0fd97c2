#include "view/view_path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void places_are_read(void **state)
{
    (void)state;
    struct view_place p;
    assert_true(view_path_matches("/", "/", &p));
    assert_true(view_path_matches("/api/runs/{run}/rows", "/api/runs/last~1/rows", &p));
    assert_string_equal(p.run, "last~1");
    assert_true(view_path_matches("/runs/{run}", "/runs/baseline:night-1.2", &p));
    assert_true(view_path_matches("/api/trials/{trial}/images/{position}", "/api/trials/475240/images/2", &p));
    assert_int_equal(p.trial, 475240);
    assert_int_equal(p.position, 2);
    assert_string_equal(p.run, "");
}

static void everything_else_is_no_match(void **state)
{
    (void)state;
    static const char pattern[] = "/api/trials/{trial}/images/{position}";
    static const char *const bad[] = { "",
                                       "/",
                                       "/api",
                                       "/api/trials/1/images",
                                       "/api/trials/1/images/",
                                       "/api/trials/1/images/1/",
                                       "/api/trials/1/images/1/2",
                                       "/api/trials/x/images/1",
                                       "/api/trials/1/images/-1",
                                       "/api/trials/1/images/..",
                                       "/api/trials/1/images/../../etc/passwd",
                                       "/api/trials/1/images/0x1",
                                       "/api/trials/1234567890123456/images/1",
                                       "/api//trials/1/images/1",
                                       "api/trials/1/images/1",
                                       "/API/trials/1/images/1",
                                       "/api/trials/1/images/1\n" };
    struct view_place p;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(view_path_matches(pattern, bad[i], &p));
    static const char *const no_run[] = { "/runs/", "/runs/a b", "/runs/%2e", "/runs/a/b", "/runs/<script>", "/runs/\xff", "/runs/a'b" };
    for (size_t i = 0; i < sizeof(no_run) / sizeof(no_run[0]); i++)
        assert_false(view_path_matches("/runs/{run}", no_run[i], &p));
    char name[80] = "/runs/";
    memset(name + 6, 'a', 64);
    assert_true(view_path_matches("/runs/{run}", name, &p));
    name[70] = 'a';
    assert_false(view_path_matches("/runs/{run}", name, &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_read),
        cmocka_unit_test(everything_else_is_no_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
