#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void times_are_written_as_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        bool millis;
        const char *text;
    } row[] = {
        { 0, false, "1970-01-01T00:00:00Z" },
        { 1795503953123456, true, "2026-11-24T07:05:53.123Z" },
        { 1795503953999999, false, "2026-11-24T07:05:53Z" },
        { 951782400000000, false, "2000-02-29T00:00:00Z" },
        { -1, true, "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        clock_format_utc(row[i].us, row[i].millis, &text);
        assert_string_equal(text.buf, row[i].text);
    }
}

static void a_fake_clock_tells_what_the_test_says(void **state)
{
    (void)state;
    int64_t mono = 5, wall = 7;
    const struct clock fake = { &mono, &wall };
    assert_int_equal(clock_mono_us(&fake), 5);
    mono = 6;
    assert_int_equal(clock_mono_us(&fake), 6);
    assert_int_equal(clock_wall_us(&fake), 7);
}

static void the_machines_clock_does_not_run_backwards(void **state)
{
    (void)state;
    int64_t before = clock_mono_us(&clock_real);
    assert_true(clock_mono_us(&clock_real) >= before);
    assert_true(clock_wall_us(&clock_real) > 1600000000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_as_utc),
        cmocka_unit_test(a_fake_clock_tells_what_the_test_says),
        cmocka_unit_test(the_machines_clock_does_not_run_backwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
