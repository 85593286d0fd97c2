#include "base/base64.h"

#include "base/arena.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 4648 section 10. */
static const char *const rfc[][2] = { { "", "" },
                                      { "f", "Zg==" },
                                      { "fo", "Zm8=" },
                                      { "foo", "Zm9v" },
                                      { "foob", "Zm9vYg==" },
                                      { "fooba", "Zm9vYmE=" },
                                      { "foobar", "Zm9vYmFy" } };

static void the_vectors_of_the_rfc_go_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rfc); i++) {
        char text[16] = "";
        size_t len = strlen(rfc[i][0]);
        base64_encode(rfc[i][0], len, text);
        assert_int_equal(base64_encoded_len(len), strlen(rfc[i][1]));
        assert_memory_equal(text, rfc[i][1], base64_encoded_len(len));

        CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
        assert_int_equal(base64_decode(rfc[i][1], strlen(rfc[i][1]), &bytes, NULL), OK);
        assert_string_equal(bytes.buf, rfc[i][0]);
    }
}

/* One bit pattern at a time, straight from the definition. */
static char plain_digit(const unsigned char *bytes, size_t len, size_t at)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned value = 0;
    if (at * 6 >= len * 8)
        return '=';
    for (size_t bit = at * 6; bit < at * 6 + 6; bit++)
        value = value << 1 | (bit / 8 < len ? (unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1u : 0u);
    return alphabet[value];
}

static void every_length_gives_the_same_as_the_definition(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 7);
    for (size_t len = 0; len < 260; len++) {
        unsigned char *bytes = xmalloc(len); /* exactly long enough: an over-read shows under ASan */
        for (size_t i = 0; i < len; i++)
            bytes[i] = (unsigned char)rng_next(&r);
        char *text = xmalloc(base64_encoded_len(len));

        base64_encode(bytes, len, text);

        for (size_t i = 0; i < base64_encoded_len(len); i++)
            assert_int_equal(text[i], plain_digit(bytes, len, i));
        CLEANUP(strbuf_release) struct strbuf back = STRBUF_INIT;
        assert_int_equal(base64_decode(text, base64_encoded_len(len), &back, NULL), OK);
        assert_int_equal(back.len, len);
        assert_memory_equal(back.buf, bytes, len);
        free(bytes);
        free(text);
    }
}

static void all_64_digits_come_out_of_every_lane(void **state)
{
    (void)state;
    unsigned char bytes[48 * 5];
    for (size_t i = 0; i < sizeof(bytes); i += 3) {
        unsigned first = (unsigned)(i / 3 * 4 % 64);
        unsigned bits = first << 18 | (first + 1) << 12 | (first + 2) << 6 | (first + 3);
        bytes[i] = (unsigned char)(bits >> 16);
        bytes[i + 1] = (unsigned char)(bits >> 8);
        bytes[i + 2] = (unsigned char)bits;
    }
    char text[64 * 5];
    base64_encode(bytes, sizeof(bytes), text);
    for (size_t i = 0; i < 5; i++)
        assert_memory_equal(text + 64 * i, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 64);
}

static void the_vector_and_the_scalar_form_give_the_same(void **state)
{
    (void)state;
    enum { PIECE = 27, PIECES = 400 }; /* a piece is too short for the vector form */
    static unsigned char bytes[PIECE * PIECES];
    static char whole[sizeof(bytes) / 3 * 4], piece[PIECE / 3 * 4];
    struct rng r;
    rng_init(&r, 9);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)rng_next(&r);

    base64_encode(bytes, sizeof(bytes), whole);

    for (size_t i = 0; i < PIECES; i++) {
        base64_encode(bytes + i * PIECE, PIECE, piece);
        assert_memory_equal(whole + i * sizeof(piece), piece, sizeof(piece));
    }
}

static void white_space_between_groups_is_skipped(void **state)
{
    (void)state;
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    assert_int_equal(base64_decode(" Zm9v\r\nYmFy\t\n", 13, &bytes, NULL), OK);
    assert_string_equal(bytes.buf, "foobar");
}

static void foreign_text_is_refused_with_its_offset(void **state)
{
    (void)state;
    static const struct {
        const char *text, *offset;
    } row[] = {
        { "Zm9v!AAA", "offset 4" }, { "Zm9vYg", "offset 6" }, { "Zm9vY", "offset 5" },  { "Zg==Zg==", "offset 4" },
        { "Z===", "offset 1" },     { "Zm=v", "offset 3" },   { "Zm\n9v", "offset 2" }, { "Zm9v\xC3\xA9==", "offset 4" },
        { "-_-_", "offset 0" },     { "Zg== x", "offset 5" },
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
        struct error e = { 0 };
        assert_int_equal(base64_decode(row[i].text, strlen(row[i].text), &bytes, &e), ERR_SYNTAX);
        assert_non_null(strstr(e.msg, row[i].offset));
        assert_string_equal(bytes.buf, "");
    }
}

static void more_than_the_ceiling_is_refused(void **state)
{
    (void)state;
    struct strbuf bytes;
    strbuf_init(&bytes, 5);
    assert_int_equal(base64_decode("Zm9vYmFy", 8, &bytes, NULL), ERR_LIMIT);
    strbuf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc_go_both_ways),   cmocka_unit_test(every_length_gives_the_same_as_the_definition),
        cmocka_unit_test(all_64_digits_come_out_of_every_lane),  cmocka_unit_test(the_vector_and_the_scalar_form_give_the_same),
        cmocka_unit_test(white_space_between_groups_is_skipped), cmocka_unit_test(foreign_text_is_refused_with_its_offset),
        cmocka_unit_test(more_than_the_ceiling_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
