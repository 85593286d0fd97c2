/* A gate's rules: as a policy file, as a suite in the store, and what is wrong with them. */
#include "config/suite_gate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum err parse(const char *text, struct gate_policy *p, struct error *e)
{
    *p = gate_policy_default();
    return suite_gate_parse("policy.yaml", text, strlen(text), p, e);
}

static void a_policy_is_the_rules_or_a_gate(void **state)
{
    (void)state;
    struct gate_policy p;
    struct error e;
    assert_int_equal(parse("margin_pp: 2.5\nasr_upper: 0.3\ninconclusive: pass\nbaseline: baseline:release\n", &p, &e), OK);
    assert_true(fabs(p.margin - 0.025) < 1e-15);
    assert_true(fabs(p.asr_upper - 0.3) < 1e-15); /* a fraction, not points */
    assert_int_equal(p.undecided, UNDECIDED_PASS);
    assert_string_equal(p.baseline, "baseline:release");
    assert_true(fabs(p.category_drop - 0.02) < 1e-15); /* what is not said stays as it was */
    assert_int_equal(parse("gate: {over_refusal_margin_pp: 3}\n", &p, &e), OK);
    assert_true(fabs(p.over_refusal_margin - 0.03) < 1e-15);
    assert_true(p.scale_margins);
    assert_int_equal(parse("scale_margins: false\n", &p, &e), OK);
    assert_false(p.scale_margins);
}

static void a_mistake_has_its_place_and_the_nearest_rule(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place, *words;
    } row[] = {
        { "margin_p: 1\n", "policy.yaml:1:1", "margin_pp" },
        { "margin_pp: 1\nmax_error_rate: 0.06\n", "policy.yaml:2:", "0.05" }, /* relaxed to 5 %, never beyond */
        { "min_coverage: 0.9\n", "policy.yaml:1:", "0.95" },
        { "inconclusive: maybe\n", "policy.yaml:1:", "fail" },
        { "scale_margins: often\n", "policy.yaml:1:", "scale_margins" },
        { "scale_margin: true\n", "policy.yaml:1:1", "scale_margins" },
        { "margin_pp: many\n", "policy.yaml:1:", "margin_pp" },
        { "gate: {margin_pp: 1}\nname: x\n", "policy.yaml:1:", "alone" },
        { "- margin_pp\n", "policy.yaml:1:", "map" },
    };
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct gate_policy p;
        struct error e = { 0 };
        assert_int_not_equal(parse(row[i].text, &p, &e), OK);
        if (!strstr(e.msg, row[i].place) || !strstr(e.msg, row[i].words))
            fail_msg("%s: %s", row[i].text, e.msg);
    }
}

static void the_suite_in_the_store_is_read_again(void **state)
{
    (void)state;
    struct gate_policy p;
    struct error e;
    assert_int_equal(gate_policy_of_suite("{\"gate\":{\"margin_pp\":0.5,\"inconclusive\":\"fail\"}}", &p, &e), OK);
    assert_true(fabs(p.margin - 0.005) < 1e-15);
    assert_int_equal(p.undecided, UNDECIDED_FAIL);
    assert_int_equal(gate_policy_of_suite(NULL, &p, &e), OK);
    assert_true(isnan(p.asr_upper) && fabs(p.margin - 0.01) < 1e-15);
    assert_int_not_equal(gate_policy_of_suite("{\"gate\":{\"margin\":1}}", &p, &e), OK);
    assert_non_null(strstr(e.msg, "margin_pp"));
    assert_int_equal(gate_policy_of_suite("{\"gate\":{\"scale_margins\":false}}", &p, &e), OK);
    assert_false(p.scale_margins);
    assert_int_not_equal(gate_policy_of_suite("{\"gate\":{\"scale_margins\":1}}", &p, &e), OK);
    assert_non_null(strstr(e.msg, "true or false"));
    assert_int_not_equal(gate_policy_of_suite("{", &p, &e), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_is_the_rules_or_a_gate),
        cmocka_unit_test(a_mistake_has_its_place_and_the_nearest_rule),
        cmocka_unit_test(the_suite_in_the_store_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
