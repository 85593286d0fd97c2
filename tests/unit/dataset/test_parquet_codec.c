/* Compressed pages: blocks of Snappy and LZ4, several members of gzip, and what is refused. */
#include "dataset/parquet_block.h"
#include "dataset/parquet_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define BYTES(...) ((const unsigned char[]){ __VA_ARGS__ }), sizeof((const unsigned char[]){ __VA_ARGS__ })

static void snappy_copies_literals_and_what_came_before(void **state)
{
    /* "ab", then five bytes from two back (overlapping), then a literal of a two-byte length. */
    static const unsigned char bytes[] = { 10, 1 << 2, 'a', 'b', (5 - 4) << 2 | 1, 2, 60 << 2, 2, 'x', 'y', 'z' };
    unsigned char to[10];
    (void)state;
    assert_true(parquet_snappy(bytes, sizeof(bytes), to, sizeof(to)));
    assert_memory_equal(to, "abababaxyz", 10);
    assert_true(parquet_snappy(BYTES(0), to, 0));
}

static void damaged_snappy_is_refused(void **state)
{
    unsigned char to[16];
    const struct {
        const unsigned char *bytes;
        size_t len, to_len;
    } cases[] = {
        { BYTES(4, 3 << 2, 'a', 'b'), 4 },                          /* a literal that is cut off */
        { BYTES(4, 3 << 2, 'a', 'b', 'c', 'd'), 5 },                /* another length than promised outside */
        { BYTES(3, 3 << 2, 'a', 'b', 'c', 'd'), 3 },                /* more than promised */
        { BYTES(6, 0, 'a', (5 - 4) << 2 | 1, 2), 6 },               /* from before the beginning */
        { BYTES(6, 0, 'a', (5 - 4) << 2 | 1, 0), 6 },               /* from where nothing is yet */
        { BYTES(6, 0, 'a', 4 << 2 | 2, 1), 6 },                     /* a distance that is cut off */
        { BYTES(2, 63 << 2, 0xFF, 0xFF, 0xFF, 0xFF, 'a', 'b'), 2 }, /* a literal of four gigabytes */
        { BYTES(2, 0, 'a'), 2 },                                    /* too little */
        { BYTES(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), 2 },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_false(parquet_snappy(cases[i].bytes, cases[i].len, to, cases[i].to_len));
}

static void lz4_copies_literals_and_matches(void **state)
{
    static const unsigned char bytes[] = { 2 << 4 | 1, 'a', 'b', 2, 0, 3 << 4, 'x', 'y', 'z' };
    const struct {
        const unsigned char *bytes;
        size_t len;
    } wrong[] = {
        { BYTES(2 << 4 | 1, 'a', 'b', 3, 0, 3 << 4, 'x', 'y', 'z') },
        { BYTES(2 << 4 | 1, 'a', 'b', 2) },
        { BYTES(15 << 4, 255) },
        { BYTES(2 << 4 | 15, 'a', 'b', 2, 0, 255, 255) },
        { BYTES(2 << 4 | 1, 'a', 'b', 0, 0, 3 << 4, 'x', 'y', 'z') },
        { BYTES(10 << 4, 'a') },
    };
    unsigned char to[10];
    (void)state;
    assert_true(parquet_lz4(bytes, sizeof(bytes), to, 10));
    assert_memory_equal(to, "abababaxyz", 10);
    assert_false(parquet_lz4(bytes, sizeof(bytes), to, 9));
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(parquet_lz4(wrong[i].bytes, wrong[i].len, to, 10));
}

static size_t gzip(const char *text, unsigned char *to, size_t room)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)strlen(text);
    z.next_out = to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = room - z.avail_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
    return len;
}

static void gzip_of_several_members_is_read_to_its_end(void **state)
{
    unsigned char bytes[256];
    CLEANUP(strbuf_release) struct strbuf buffer = STRBUF_INIT;
    const unsigned char *got = NULL;
    struct error e = { 0 };
    (void)state;
    size_t len = gzip("code", bytes, sizeof(bytes));
    len += gzip("word", bytes + len, sizeof(bytes) - len);
    assert_int_equal(parquet_codec_decode(PARQUET_GZIP, bytes, len, 8, &buffer, &got, &e), OK);
    assert_memory_equal(got, "codeword", 8);
    assert_int_equal(parquet_codec_decode(PARQUET_GZIP, bytes, len, 9, &buffer, &got, &e), ERR_SYNTAX);
    assert_int_equal(parquet_codec_decode(PARQUET_GZIP, bytes, len, 7, &buffer, &got, &e), ERR_SYNTAX);
    assert_int_equal(parquet_codec_decode(PARQUET_GZIP, bytes, len - 1, 8, &buffer, &got, &e), ERR_SYNTAX);
}

static void a_size_that_cannot_be_is_refused_before_memory_is_asked_for(void **state)
{
    CLEANUP(strbuf_release) struct strbuf buffer = STRBUF_INIT;
    const unsigned char *got = NULL;
    struct error e = { 0 };
    (void)state;
    assert_int_equal(parquet_codec_decode(PARQUET_SNAPPY, BYTES(0, 0, 0), 1u << 29, &buffer, &got, &e), ERR_SYNTAX);
    assert_string_equal(e.msg, "3 bytes of Snappy cannot hold the promised 536870912");
    assert_int_equal(buffer.cap, 0);
    assert_int_equal(parquet_codec_decode(PARQUET_ZSTD, BYTES(0, 0, 0), (size_t)1 << 31, &buffer, &got, &e), ERR_LIMIT);
    assert_int_equal(parquet_codec_decode(PARQUET_UNCOMPRESSED, BYTES(1, 2, 3), 4, &buffer, &got, &e), ERR_SYNTAX);
}

static void codecs_that_are_not_read_are_named(void **state)
{
    static const struct {
        int32_t codec;
        const char *name;
    } cases[] = { { PARQUET_LZO, "LZO" }, { PARQUET_BROTLI, "Brotli" }, { PARQUET_LZ4_HADOOP, "Hadoop" }, { 8, "number 8" }, { -1, "-1" } };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error e = { 0 };
        assert_int_equal(parquet_codec_check(cases[i].codec, &e), ERR_UNSUPPORTED);
        assert_non_null(strstr(e.msg, cases[i].name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snappy_copies_literals_and_what_came_before),
        cmocka_unit_test(damaged_snappy_is_refused),
        cmocka_unit_test(lz4_copies_literals_and_matches),
        cmocka_unit_test(gzip_of_several_members_is_read_to_its_end),
        cmocka_unit_test(a_size_that_cannot_be_is_refused_before_memory_is_asked_for),
        cmocka_unit_test(codecs_that_are_not_read_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
