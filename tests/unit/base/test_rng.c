#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The first outputs of splitmix64 for seed 1234567, as published with the reference implementation. */
static void the_sequence_is_splitmix64(void **state)
{
    (void)state;
    static const uint64_t expected[] = { 6457827717110365317u, 3203168211198807973u, 9817491932198370423u, 4593380528125082431u,
                                         16408922859458223821u };
    struct rng r;
    rng_init(&r, 1234567);
    for (size_t i = 0; i < 5; i++)
        assert_true(rng_next(&r) == expected[i]);
}

static void what_was_skipped_is_as_if_it_had_been_drawn(void **state)
{
    (void)state;
    struct rng drawn, skipped;
    rng_init(&drawn, 9);
    rng_init(&skipped, 9);
    for (int i = 0; i < 1000; i++)
        (void)rng_next(&drawn);
    rng_skip(&skipped, 1000);
    assert_true(rng_next(&drawn) == rng_next(&skipped));
}

static void numbers_below_a_bound_cover_it_evenly(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1);
    int count[7] = { 0 };
    for (int i = 0; i < 70000; i++)
        count[rng_below(&r, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_in_range(count[i], 9500, 10500);
    assert_int_equal(rng_below(&r, 1), 0);
}

static void units_lie_in_zero_to_one(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 42);
    double sum = 0;
    for (int i = 0; i < 10000; i++) {
        double unit = rng_unit(&r);
        assert_true(unit >= 0 && unit < 1);
        sum += unit;
    }
    assert_true(sum > 4800 && sum < 5200);
}

static void hashes_depend_on_every_byte_the_length_and_the_seed(void **state)
{
    (void)state;
    char text[20] = "codeword codeword co";
    uint64_t whole = rng_hash(1, text, sizeof(text));
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] ^= 1;
        assert_true(rng_hash(1, text, sizeof(text)) != whole);
        text[i] ^= 1;
    }
    assert_true(rng_hash(1, text, sizeof(text)) == whole);
    assert_true(rng_hash(2, text, sizeof(text)) != whole);
    assert_true(rng_hash(1, "\0", 1) != rng_hash(1, "", 0));
    assert_true(rng_hash(1, "\0\0", 2) != rng_hash(1, "\0", 1));
}

static void the_kernel_gives_different_bytes_each_time(void **state)
{
    (void)state;
    unsigned char a[16], b[16];
    rng_system(a, sizeof(a));
    rng_system(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sequence_is_splitmix64),
        cmocka_unit_test(what_was_skipped_is_as_if_it_had_been_drawn),
        cmocka_unit_test(numbers_below_a_bound_cover_it_evenly),
        cmocka_unit_test(units_lie_in_zero_to_one),
        cmocka_unit_test(hashes_depend_on_every_byte_the_length_and_the_seed),
        cmocka_unit_test(the_kernel_gives_different_bytes_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
