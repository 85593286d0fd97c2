#include "score/option_letter.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

static void letters_are_read_in_the_stated_order(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int letter;
    } row[] = {
        { "", -1 },
        { "c", 2 },
        { "\"C\"", 2 },
        { "E", -1 },
        { "(C)", 2 },
        { "maybe (c)", 2 },
        { "(A) or (C)", -1 },
        { "(A), yes (A)", 0 },
        { "C.", 2 },
        { "C) yes", 2 },
        { "C.D.", -1 },
        { "A cat", -1 },
        { "The answer is C", 2 },
        { "the ANSWER IS: **C**.", 2 },
        { "Answer: option C, since", 2 },
        { "The answer is a dog", -1 },
        { "The answer is a.", 0 },
        { "The answer is Cat", -1 },
        { "The answer is A or rather: the answer is D", 3 },
        { "My answers are C", -1 },
        { "answer C", -1 },
        { "the answer is", -1 },
        { "the answer is (", -1 },
        { "answer", -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        int got = option_letter(row[i].text, strlen(row[i].text), 4);
        if (got != row[i].letter)
            fail_msg("\"%s\" is %d, expected %d", row[i].text, got, row[i].letter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(letters_are_read_in_the_stated_order) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
