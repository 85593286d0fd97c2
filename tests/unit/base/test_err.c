#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_message_gets_its_place_on_the_way_up(void **state)
{
    (void)state;
    struct error e = { 0 };

    assert_int_equal(error_set(&e, ERR_SYNTAX, "line %d: expected a list", 3), ERR_SYNTAX);
    assert_int_equal(error_prefix(&e, "dataset '%s'", "demo"), ERR_SYNTAX);
    assert_int_equal(error_suffix(&e, "\nhint: %s", "add a dash"), ERR_SYNTAX);

    assert_string_equal(e.msg, "dataset 'demo': line 3: expected a list\nhint: add a dash");
    assert_int_equal(e.os, 0);
}

static void a_system_error_keeps_its_number_and_says_its_text(void **state)
{
    (void)state;
    struct error e = { 0 };

    assert_int_equal(error_os(&e, ENOENT, "cannot open %s", "x"), ERR_IO);

    assert_int_equal(e.code, ERR_IO);
    assert_int_equal(e.os, ENOENT);
    assert_string_equal(e.msg, "cannot open x: No such file or directory");
}

static void without_an_error_only_the_code_comes_back(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, ERR_LIMIT, "x"), ERR_LIMIT);
    assert_int_equal(error_os(NULL, EPERM, "x"), ERR_IO);
    assert_int_equal(error_prefix(NULL, "x"), ERR_INVALID);
    assert_int_equal(error_suffix(NULL, "x"), ERR_INVALID);
}

static void a_message_that_is_too_long_is_cut_and_terminated(void **state)
{
    (void)state;
    struct error e = { 0 };
    char longer[3000];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';

    (void)error_set(&e, ERR_INVALID, "%s", longer);
    (void)error_prefix(&e, "%s", longer);
    (void)error_suffix(&e, "%s", longer);
    assert_int_equal(strlen(e.msg), sizeof(e.msg) - 1);

    (void)error_os(&e, ENOENT, "%s", longer);
    assert_non_null(strstr(e.msg, ": No such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_gets_its_place_on_the_way_up),
        cmocka_unit_test(a_system_error_keeps_its_number_and_says_its_text),
        cmocka_unit_test(without_an_error_only_the_code_comes_back),
        cmocka_unit_test(a_message_that_is_too_long_is_cut_and_terminated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
