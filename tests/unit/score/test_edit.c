#include "score/edit.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

static size_t points(const char *text, uint32_t *ret)
{
    for (size_t i = 0; text[i]; i++)
        ret[i] = (unsigned char)text[i];
    return strlen(text);
}

static void one_edit_is_told_from_none_and_two(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool one;
    } row[] = {
        { "kestrel", "kestrel", false },
        { "kestrel", "kestral", true },
        { "kestrel", "kestre", true },
        { "kestrel", "estrel", true },
        { "kestrel", "kestrels", true },
        { "kestrel", "xkestrel", true },
        { "kestrel", "kestreel", true },
        { "kestrel", "ekstrel", true },
        { "kestrel", "kestrle", true },
        { "kestrel", "ketsrle", false },
        { "kestrel", "kes", false },
        { "kestrel", "kstrxl", false },
        { "a", "", true },
        { "", "", false },
        { "ab", "ba", true },
        { "a", "b", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint32_t a[16], b[16];
        size_t a_count = points(row[i].a, a), b_count = points(row[i].b, b);
        if (edit_is_one(a, a_count, b, b_count) != row[i].one || edit_is_one(b, b_count, a, a_count) != row[i].one)
            fail_msg("%s, %s", row[i].a, row[i].b);
    }
}

static void distance_counts_insertions_deletions_and_replacements(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } row[] = {
        { "", "", 0 },         { "abc", "", 3 },  { "", "abc", 3 }, { "kitten", "sitting", 3 }, { "resnet50", "resnet-50", 1 },
        { "flaw", "lawn", 2 }, { "ab", "ba", 2 },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint32_t a[16], b[16];
        size_t a_count = points(row[i].a, a), b_count = points(row[i].b, b);
        assert_int_equal(edit_distance(a, a_count, b, b_count), row[i].distance);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_edit_is_told_from_none_and_two),
        cmocka_unit_test(distance_counts_insertions_deletions_and_replacements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
