/* The decoders under the Parquet reader, each on bytes that the format's description gives or that are wrong. */
#include "dataset/parquet_delta.h"
#include "dataset/parquet_levels.h"
#include "dataset/parquet_thrift.h"
#include "dataset/parquet_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(...) ((const unsigned char[]){ __VA_ARGS__ }), sizeof((const unsigned char[]){ __VA_ARGS__ })

static void levels_come_as_runs_and_as_packed_groups(void **state)
{
    /* Three times 2, then 0 to 7 in three bits each (the example of the format), then nothing. */
    static const unsigned char bytes[] = { 3 << 1, 2, 1 << 1 | 1, 0x88, 0xC6, 0xFA };
    struct parquet_levels l;
    uint32_t value;
    (void)state;

    parquet_levels_init(&l, bytes, sizeof(bytes), 3);

    for (int i = 0; i < 3; i++) {
        assert_true(parquet_levels_next(&l, &value));
        assert_int_equal(value, 2);
    }
    for (uint32_t i = 0; i < 8; i++) {
        assert_true(parquet_levels_next(&l, &value));
        assert_int_equal(value, i);
    }
    assert_false(parquet_levels_next(&l, &value));
}

static void levels_of_no_bits_are_all_zero_and_take_no_bytes(void **state)
{
    struct parquet_levels l;
    uint32_t value = 7;
    (void)state;
    parquet_levels_init(&l, (const unsigned char *)"", 0, 0);
    for (int i = 0; i < 100; i++) {
        assert_true(parquet_levels_next(&l, &value));
        assert_int_equal(value, 0);
    }
}

static void levels_that_end_early_say_so(void **state)
{
    const struct {
        const unsigned char *bytes;
        size_t len;
        unsigned width, good; /* numbers that are there all the same */
    } cases[] = {
        { BYTES(3 << 1), 3, 0 },           /* a run without its value */
        { BYTES(0x80), 1, 0 },             /* a head that goes on */
        { BYTES(2 << 1 | 1, 0xFF), 4, 2 }, /* sixteen promised, one byte there */
        { BYTES(0, 9, 0, 9), 4, 0 },       /* empty runs only */
        { BYTES(0xFF, 0xFF, 0xFF, 0xFF, 0xFF), 1, 0 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct parquet_levels l;
        uint32_t value;
        parquet_levels_init(&l, cases[i].bytes, cases[i].len, cases[i].width);
        for (unsigned n = 0; n < cases[i].good; n++)
            assert_true(parquet_levels_next(&l, &value));
        assert_false(parquet_levels_next(&l, &value));
    }
}

static void the_width_of_levels_follows_their_maximum(void **state)
{
    static const unsigned width[] = { 0, 1, 2, 2, 3 };
    (void)state;
    for (uint32_t max = 0; max < ARRAY_LEN(width); max++)
        assert_int_equal(parquet_levels_width(max), width[max]);
}

/* The two examples of the format: 1 2 3 4 5 in differences of one, and 7 5 3 1 2 3 4 5 with a negative least difference. */
static void numbers_come_as_packed_differences(void **state)
{
    unsigned char even[] = { 0x80, 0x01, 4, 5, 2, 2, 0, 0, 0, 0 };
    unsigned char uneven[6 + 4 + 8] = { 0x80, 0x01, 4, 8, 14, 3, 2, 0, 0, 0, 0xC0, 0x3F };
    static const int64_t expected[] = { 7, 5, 3, 1, 2, 3, 4, 5 };
    struct parquet_delta d;
    int64_t value;
    (void)state;

    assert_true(parquet_delta_init(&d, even, sizeof(even)));
    assert_ptr_equal(parquet_delta_end(&d), even + sizeof(even));
    for (int i = 1; i <= 5; i++) {
        assert_true(parquet_delta_next(&d, &value));
        assert_int_equal(value, i);
    }
    assert_false(parquet_delta_next(&d, &value));

    assert_true(parquet_delta_init(&d, uneven, sizeof(uneven)));
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        assert_true(parquet_delta_next(&d, &value));
        assert_int_equal(value, expected[i]);
    }
}

static void impossible_heads_of_differences_are_refused(void **state)
{
    const struct {
        const unsigned char *bytes;
        size_t len;
    } cases[] = {
        { BYTES(0x80) },                         /* ends in its first number */
        { BYTES(0, 4, 5, 2) },                   /* a block of no numbers */
        { BYTES(0x80, 0x01, 0, 5, 2) },          /* no miniblocks */
        { BYTES(0x80, 0x01, 3, 5, 2) },          /* 128 by 3 */
        { BYTES(8, 2, 5, 2) },                   /* miniblocks of 4 */
        { BYTES(0x80, 0x80, 0x80, 1, 4, 5, 2) }, /* a block of two million */
    };
    struct parquet_delta d;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_false(parquet_delta_init(&d, cases[i].bytes, cases[i].len));
    /* A miniblock of 65 bits, and one that is cut off. */
    assert_true(parquet_delta_init(&d, BYTES(0x80, 0x01, 4, 5, 2, 2, 65, 0, 0, 0)));
    assert_null(parquet_delta_end(&d));
    assert_true(parquet_delta_init(&d, BYTES(0x80, 0x01, 4, 5, 2, 2, 1, 0, 0, 0, 0xFF)));
    assert_null(parquet_delta_end(&d));
}

static void thrift_skips_what_is_not_known_and_ends_at_nonsense(void **state)
{
    /* Field 1 a list of two i32, field 4 a map of one pair, field 5 true, field 6 an i32 of -3. */
    static const unsigned char good[] = { 0x19, 0x25, 2, 4, 0x3B, 1, 0x55, 2, 4, 0x11, 0x15, 5, 0 };
    struct thrift t;
    struct thrift_field f = { 0 };
    int32_t number = 0;
    (void)state;

    thrift_init(&t, good, sizeof(good));
    while (thrift_next(&t, &f)) {
        if (f.id == 6)
            number = thrift_int32(&t, f.type);
        else
            thrift_skip(&t, f.type);
    }
    assert_null(t.problem);
    assert_int_equal(number, -3);

    for (size_t len = 0; len < sizeof(good); len++) { /* cut anywhere */
        f = (struct thrift_field){ 0 };
        thrift_init(&t, good, len);
        while (thrift_next(&t, &f))
            thrift_skip(&t, f.type);
        assert_non_null(t.problem);
    }

    unsigned char deep[200];
    memset(deep, 0x1C, sizeof(deep)); /* structs in structs */
    f = (struct thrift_field){ 0 };
    thrift_init(&t, deep, sizeof(deep));
    while (thrift_next(&t, &f))
        thrift_skip(&t, f.type);
    assert_string_equal(t.problem, "it is nested too deeply");

    thrift_init(&t, BYTES(0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F)); /* a list of four billion */
    f = (struct thrift_field){ 0 };
    assert_true(thrift_next(&t, &f));
    assert_int_equal(thrift_list(&t, f.type, THRIFT_I32, SIZE_MAX), 0);
    assert_string_equal(t.problem, "a list is longer than what is left");
}

static void a_dictionary_cannot_promise_more_than_it_has(void **state)
{
    struct parquet_dictionary d = { 0 };
    struct error e = { 0 };
    (void)state;
    assert_int_equal(parquet_dictionary_read(&d, PARQUET_BYTE_ARRAY, 0, BYTES(1, 0, 0, 0, 'a', 0, 0, 0, 0), 2, &e), OK);
    assert_int_equal(d.count, 2);
    assert_int_equal(d.value[0].len, 1);
    assert_int_equal(d.value[1].len, 0);
    assert_int_equal(parquet_dictionary_read(&d, PARQUET_BYTE_ARRAY, 0, BYTES(1, 0, 0, 0, 'a'), 1 << 30, &e), ERR_SYNTAX);
    assert_int_equal(parquet_dictionary_read(&d, PARQUET_BYTE_ARRAY, 0, BYTES(2, 0, 0, 0, 'a'), 1, &e), ERR_SYNTAX);
    assert_int_equal(parquet_dictionary_read(&d, PARQUET_INT32, 0, BYTES(2, 0, 0, 0), -1, &e), ERR_SYNTAX);
    parquet_dictionary_release(&d);
}

static void encodings_that_are_not_read_are_named(void **state)
{
    struct parquet_values v;
    struct error e = { 0 };
    (void)state;
    assert_int_equal(parquet_values_init(&v, 9, PARQUET_FLOAT, 0, BYTES(0, 0, 0, 0), 1, NULL, NULL, &e), ERR_UNSUPPORTED);
    assert_non_null(strstr(e.msg, "BYTE_STREAM_SPLIT"));
    assert_int_equal(parquet_values_init(&v, 5, PARQUET_FLOAT, 0, BYTES(0, 0, 0, 0), 1, NULL, NULL, &e), ERR_SYNTAX);
    assert_int_equal(parquet_values_init(&v, 77, PARQUET_FLOAT, 0, BYTES(0, 0, 0, 0), 1, NULL, NULL, &e), ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_come_as_runs_and_as_packed_groups),
        cmocka_unit_test(levels_of_no_bits_are_all_zero_and_take_no_bytes),
        cmocka_unit_test(levels_that_end_early_say_so),
        cmocka_unit_test(the_width_of_levels_follows_their_maximum),
        cmocka_unit_test(numbers_come_as_packed_differences),
        cmocka_unit_test(impossible_heads_of_differences_are_refused),
        cmocka_unit_test(thrift_skips_what_is_not_known_and_ends_at_nonsense),
        cmocka_unit_test(a_dictionary_cannot_promise_more_than_it_has),
        cmocka_unit_test(encodings_that_are_not_read_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
