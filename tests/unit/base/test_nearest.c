#include "base/nearest.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void distance_counts_insertions_deletions_replacements_and_swaps(void **state)
{
    (void)state;
    assert_int_equal(nearest_distance("limit", "limit", 3), 0);
    assert_int_equal(nearest_distance("limi", "limit", 3), 1);
    assert_int_equal(nearest_distance("limiit", "limit", 3), 1);
    assert_int_equal(nearest_distance("lomit", "limit", 3), 1);
    assert_int_equal(nearest_distance("ilmit", "limit", 3), 1);
    assert_int_equal(nearest_distance("LIMIT", "limit", 3), 0);
    assert_int_equal(nearest_distance("", "abc", 3), 3);
    assert_int_equal(nearest_distance("kitten", "sitting", 5), 3);
}

static void distance_beyond_the_limit_is_the_limit_and_one(void **state)
{
    (void)state;
    assert_int_equal(nearest_distance("kitten", "sitting", 2), 3);
    char longest[200];
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(nearest_distance(longest, longest, 4), 5);
}

static void nearest_name_guesses_only_what_is_near(void **state)
{
    (void)state;
    static const char *const known[] = { "categories", "limit", "order", "seed", "subcategories" };

    assert_string_equal(nearest_name("categroies", known, ARRAY_LEN(known)), "categories");
    assert_string_equal(nearest_name("Seed", known, ARRAY_LEN(known)), "seed");
    assert_string_equal(nearest_name("sed", known, ARRAY_LEN(known)), "seed");
    assert_string_equal(nearest_name("lim", known, ARRAY_LEN(known)), "limit");
    assert_string_equal(nearest_name("limits_of_all", known, ARRAY_LEN(known)), "limit");
    assert_null(nearest_name("temperature", known, ARRAY_LEN(known)));
    assert_null(nearest_name("", known, ARRAY_LEN(known)));
    assert_null(nearest_name("x", known, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_insertions_deletions_replacements_and_swaps),
        cmocka_unit_test(distance_beyond_the_limit_is_the_limit_and_one),
        cmocka_unit_test(nearest_name_guesses_only_what_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
