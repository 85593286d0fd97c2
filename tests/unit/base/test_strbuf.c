#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void text_grows_and_always_ends_in_nul(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    assert_string_equal(b.buf, "");
    for (int i = 0; i < 1000; i++)
        assert_int_equal(strbuf_addf(&b, "%d,", i), OK);
    assert_int_equal(b.len, 10 * 2 + 90 * 3 + 900 * 4);
    assert_int_equal(b.buf[b.len], 0);
    assert_memory_equal(b.buf, "0,1,2,", 6);
    strbuf_release(&b);
    assert_string_equal(b.buf, "");
}

static void passing_the_ceiling_drops_the_rest_and_is_remembered(void **state)
{
    (void)state;
    struct strbuf b;
    strbuf_init(&b, 5);
    assert_int_equal(strbuf_addstr(&b, "abc"), OK);
    assert_int_equal(strbuf_addstr(&b, "def"), ERR_LIMIT);
    assert_int_equal(strbuf_addch(&b, 'd'), ERR_LIMIT);
    assert_true(b.overflow);
    assert_string_equal(b.buf, "abc");

    strbuf_clear(&b);
    assert_false(b.overflow);
    assert_int_equal(strbuf_addstr(&b, "12345"), OK);
    assert_null(strbuf_reserve(&b, 1));
    strbuf_release(&b);
}

static void reserve_and_commit_write_in_place(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    (void)strbuf_addstr(&b, "x");
    memcpy(strbuf_reserve(&b, 10), "yz", 2);
    strbuf_commit(&b, 2);
    assert_string_equal(b.buf, "xyz");
    strbuf_truncate(&b, 1);
    strbuf_truncate(&b, 7);
    assert_string_equal(b.buf, "x");
    strbuf_release(&b);
}

static void detach_hands_the_bytes_over(void **state)
{
    (void)state;
    struct strbuf b = STRBUF_INIT;
    size_t len = 9;
    char *empty = strbuf_detach(&b, &len);
    assert_string_equal(empty, "");
    assert_int_equal(len, 0);
    free(empty);

    (void)strbuf_add(&b, "a\0b", 3);
    char *bytes = strbuf_detach(&b, &len);
    assert_int_equal(len, 3);
    assert_memory_equal(bytes, "a\0b", 4);
    assert_int_equal(b.len, 0);
    free(bytes);
    strbuf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_and_always_ends_in_nul),
        cmocka_unit_test(passing_the_ceiling_drops_the_rest_and_is_remembered),
        cmocka_unit_test(reserve_and_commit_write_in_place),
        cmocka_unit_test(detach_hands_the_bytes_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
