#include "reports/view_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <string.h>

static void assert_signs(const char *plain, const char *print)
{
    CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
    view_signs(plain, &out);
    assert_string_equal(out.buf, print);
}

static void shared_sentences_get_the_signs_of_print(void **state)
{
    (void)state;
    assert_signs("difference -2.8 pp [-4.0, -1.6]", "difference −2.8 pp [−4.0, −1.6]");
    assert_signs("fingerprint: sim-1 -> sim-2, p <= 0.01", "fingerprint: sim-1 → sim-2, p ≤ 0.01");
    assert_signs("`gauntlet plan` says how many", "gauntlet plan says how many");
}

static void names_dates_and_options_keep_their_hyphens(void **state)
{
    (void)state;
    assert_signs("r42-release of 2026-11-24: gauntlet run --confirm", "r42-release of 2026-11-24: gauntlet run --confirm");
    assert_signs("-", "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_sentences_get_the_signs_of_print),
        cmocka_unit_test(names_dates_and_options_keep_their_hyphens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
