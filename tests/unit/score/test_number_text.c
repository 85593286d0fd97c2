#include "score/number_text.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

static void the_last_number_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool found;
        double value;
        bool percent;
    } row[] = {
        { "", false, 0, false },
        { "none", false, 0, false },
        { "7", true, 7, false },
        { "7 or 8", true, 8, false },
        { "1,234,567", true, 1234567, false },
        { "1,234.75", true, 1234.75, false },
        { "1, 234", true, 234, false },
        { "12,34", true, 34, false },
        { "1234,567", true, 567, false }, /* no thousands: the first group is too long */
        { ".5", true, .5, false },
        { "v1.2.3", true, 3, false },
        { "-4", true, -4, false },
        { "(-4)", true, -4, false },
        { "10-4", true, 4, false }, /* a difference or a range */
        { "(1)-4", true, 4, false },
        { "\xE2\x88\x92"
          "4",
          true, -4, false },
        { "3 \xE2\x88\x92 4", true, 4, false },
        { "+4", true, 4, false },
        { "1e3", true, 1000, false },
        { "1E-3", true, .001, false },
        { "5e", true, 5, false },
        { "5kg", true, 5, false },
        { "resnet50", false, 0, false },
        { "3 of resnet50", true, 3, false },
        { "45%", true, 45, true },
        { "45 %.", true, 45, true },
        { "45% of 60", true, 60, false },
        { "7.", true, 7, false },
        { "1e999 5", true, 5, false },
        { "5 1e999", true, 5, false }, /* too large to be one */
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct number_text n = { 0 };
        if (number_text_last(row[i].text, strlen(row[i].text), &n) != row[i].found || n.value != row[i].value ||
            n.percent != row[i].percent)
            fail_msg("\"%s\": %g%s", row[i].text, n.value, n.percent ? "%" : "");
    }
}

static void endless_digits_are_no_number(void **state)
{
    (void)state;
    char text[2000];
    memset(text, '9', sizeof(text));
    struct number_text n;
    assert_false(number_text_last(text, sizeof(text), &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_number_is_read),
        cmocka_unit_test(endless_digits_are_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
