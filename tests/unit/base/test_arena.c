#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    unsigned char *earlier = NULL;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *p = arena_alloc(&a, size);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, size);
        if (earlier)
            assert_int_equal(earlier[0], 0xAA);
        earlier = size ? p : NULL;
    }
    arena_release(&a);
    assert_null(a.head);
}

static void a_large_piece_gets_a_block_of_its_own(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    char *small = arena_strdup(&a, "canary");
    char *large = arena_array(&a, 5000000, 1);
    large[4999999] = 'x';
    assert_string_equal(small, "canary");
    arena_release(&a);
}

static void reset_forgets_and_gives_zeroed_memory_again(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    for (int i = 0; i < 1000; i++)
        memset(arena_alloc(&a, 100), 0xFF, 100);
    assert_true(a.total_bytes >= 100000);

    arena_reset(&a);

    assert_int_equal(a.total_bytes, 0);
    const unsigned char *p = arena_alloc(&a, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(p[i], 0);
    arena_release(&a);
}

static void texts_are_copied_with_an_end(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    assert_memory_equal(arena_strndup(&a, "a\0bcd", 3), "a\0b", 4);
    assert_string_equal(arena_printf(&a, "%s-%d", "n", 7), "n-7");
    assert_null(arena_strdup(&a, NULL));
    assert_null(arena_strndup(&a, NULL, 9));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(a_large_piece_gets_a_block_of_its_own),
        cmocka_unit_test(reset_forgets_and_gives_zeroed_memory_again),
        cmocka_unit_test(texts_are_copied_with_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
