/* Differences and p-values as they are written. */
#include "reports/points.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void differences_are_signed_and_never_minus_zero(void **state)
{
    (void)state;
    static const struct {
        double fraction;
        int decimals;
        const char *text;
    } row[] = { { 0.059, 1, "+5.9" },   { -0.001, 1, "-0.1" },   { -0.0001, 1, "0.0" }, { 0, 1, "0.0" },
                { 0.0004, 2, "+0.04" }, { -0.00001, 2, "0.00" }, { NAN, 1, "-" },       { 1, 1, "+100.0" } };
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct strbuf out = STRBUF_INIT;
        points_signed(row[i].fraction, row[i].decimals, &out);
        assert_string_equal(out.buf, row[i].text);
        strbuf_release(&out);
    }
}

static void p_values_lose_their_zero_and_never_claim_to_be_nothing(void **state)
{
    (void)state;
    static const struct {
        double p;
        const char *text;
    } row[] = { { 0.015, ".015" }, { 0.0004, "<.001" }, { 0.9999, "1.000" }, { 1, "1.000" }, { 0, "<.001" }, { NAN, "n/t" } };
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct strbuf out = STRBUF_INIT;
        points_p(row[i].p, &out);
        assert_string_equal(out.buf, row[i].text);
        strbuf_release(&out);
    }
}

static void an_interval_that_is_not_known_is_not_written(void **state)
{
    (void)state;
    struct strbuf out = STRBUF_INIT;
    points_interval(NAN, 0.1, 1, &out);
    assert_int_equal(out.len, 0);
    points_interval(-0.007, 0.005, 1, &out);
    assert_string_equal(out.buf, "[-0.7, +0.5]");
    strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_signed_and_never_minus_zero),
        cmocka_unit_test(p_values_lose_their_zero_and_never_claim_to_be_nothing),
        cmocka_unit_test(an_interval_that_is_not_known_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
