/* What a gate demands: of a suite that a run keeps, of a policy file, and what is refused. */
#include "config/suite_gate.h"

#include "scratch_group.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void assert_near(double got, double expected)
{
    assert_true(fabs(got - expected) < 1e-15);
}

static void a_stored_suite_keeps_its_gate_and_the_rest_is_default(void **state)
{
    (void)state;
    static const char json[] = "{\"name\": \"n\", \"gate\": {\"margin_pp\": 2.5, \"inconclusive\": \"pass\"}}";
    struct gate_policy policy = GATE_POLICY_DEFAULT;
    struct error e;
    assert_int_equal(suite_gate_of_suite("run r1's suite", json, strlen(json), &scratch.arena, &policy, &e), OK);
    assert_near(policy.margin, 0.025);
    assert_near(policy.category_drop, 0.02);
    assert_near(policy.max_error_rate, 0.01);
    assert_near(policy.min_coverage, 0.99);
    assert_int_equal(policy.inconclusive, GATE_INCONCLUSIVE_PASSES);
    assert_int_equal(suite_gate_of_suite("run r1's suite", "{\"name\": \"n\"}", 13, &scratch.arena, &policy, &e), OK);
    assert_near(policy.margin, 0.025); /* what is not there keeps its value */
}

static void a_policy_file_holds_the_keys_alone_or_under_gate(void **state)
{
    (void)state;
    static const char *const text[] = { "asr_upper: 0.2\nover_refusal_margin_pp: 3\n",
                                        "gate: {asr_upper: 0.2, over_refusal_margin_pp: 3}\n" };
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        struct gate_policy policy = GATE_POLICY_DEFAULT;
        struct error e;
        assert_int_equal(suite_gate_load(scratch_text(&scratch, "policy.yaml", text[i]), &scratch.arena, &policy, &e), OK);
        assert_near(policy.asr_upper, 0.2);
        assert_near(policy.over_refusal_margin, 0.03);
        assert_near(policy.margin, 0.01);
    }
}

static void a_policy_that_is_not_understood_says_where_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } row[] = {
        { "margin: 1\n", "policy.yaml:1:1: unknown key `margin`" },
        { "gate: {margin_pp: 1}\nsuite: x\n", "policy.yaml:2:1: unknown key `suite`" },
        { "max_error_rate: 0.06\n", "policy.yaml:1:17: `max_error_rate` wants a number from 0 to 0.05" },
        { "min_coverage: 0.5\n", "policy.yaml:1:15: `min_coverage` wants a number from 0.95 to 1" },
        { "margin_pp: 2\ninconclusive: maybe\n", "policy.yaml:2:15: unknown value `maybe` for `inconclusive`" },
        { "margin_pp: .nan\n", "policy.yaml:1:12: `margin_pp` wants a number" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct gate_policy policy = GATE_POLICY_DEFAULT;
        struct error e;
        assert_int_equal(suite_gate_load(scratch_text(&scratch, "policy.yaml", row[i].text), &scratch.arena, &policy, &e), ERR_INVALID);
        if (!strstr(e.msg, row[i].message))
            fail_msg("%s", e.msg);
        assert_near(policy.margin, 0.01);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stored_suite_keeps_its_gate_and_the_rest_is_default),
        cmocka_unit_test(a_policy_file_holds_the_keys_alone_or_under_gate),
        cmocka_unit_test(a_policy_that_is_not_understood_says_where_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
