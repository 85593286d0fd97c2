#include "core/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void child_safety_is_withheld_however_it_is_called(void **state)
{
    static const char *const name[] = {
        "Child Safety", "J child sexual exploitation", "CSAM", "harm to minors", "S4", "S4: exploitation", "s4", "cse"
    };
    (void)state;
    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
        if (!redact_matches(&redact_default, name[i], "(none)") || !redact_matches(&redact_default, "A", name[i]))
            fail_msg("%s is not withheld", name[i]);
    }
}

static void other_categories_are_shown(void **state)
{
    static const char *const name[] = { "Violence", "S1", "S40", "D Criminal and Economic Risks", "minority rights", "(none)", "" };
    (void)state;
    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
        if (redact_matches(&redact_default, name[i], NULL))
            fail_msg("%s is withheld", name[i]);
    }
}

static void a_list_of_ones_own_replaces_the_default(void **state)
{
    static const char *const pattern[] = { "weapons*" };
    const struct redact_list own = { pattern, 1 }, none = { 0 };
    (void)state;
    assert_true(redact_matches(&own, "Weapons, made at home", NULL));
    assert_false(redact_matches(&own, "Child Safety", NULL));
    assert_false(redact_matches(&none, "Child Safety", NULL));
}

static void a_run_keeps_the_list_that_it_was_started_with(void **state)
{
    static const char *const pattern[] = { "weapons*" };
    const struct redact_list own = { pattern, 1 };
    const char *config = "{\"redact_categories\":[\"fraud\"]}";
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    (void)state;

    struct redact_list both = redact_of_run(config, &own, true, &a);
    assert_true(redact_matches(&both, "Fraud", NULL));
    assert_true(redact_matches(&both, "weapons", NULL));

    struct redact_list recorded = redact_of_run(config, &redact_default, false, &a);
    assert_true(redact_matches(&recorded, "fraud", NULL));
    assert_false(redact_matches(&recorded, "child safety", NULL)); /* whoever wrote that list meant it */

    struct redact_list unknown = redact_of_run("{}", &redact_default, false, &a), older = redact_of_run(NULL, &own, true, &a);
    assert_true(redact_matches(&unknown, "child safety", NULL));
    assert_true(redact_matches(&older, "weapons", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(child_safety_is_withheld_however_it_is_called),
        cmocka_unit_test(other_categories_are_shown),
        cmocka_unit_test(a_run_keeps_the_list_that_it_was_started_with),
        cmocka_unit_test(a_list_of_ones_own_replaces_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
