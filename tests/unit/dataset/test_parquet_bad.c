/* Files that are cut off, damaged, or lie: an error that says so, and never more than that. */
#include "dataset/parquet_images.h"
#include "dataset/parquet_rows.h"
#include "parquet_fixture.h"
#include "parquet_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Reads everything there is: rows, then the last row's images. Exact memory, so that reading past the end shows. */
static enum err read_all(const void *bytes, size_t len, int64_t *ret_rows, struct error *e)
{
    CLEANUP(parquet_closep) struct parquet_file *f = NULL;
    CLEANUP(cleanup_free) unsigned char *exact = malloc(len ? len : 1);
    assert_non_null(exact);
    if (len > 0)
        memcpy(exact, bytes, len);
    *ret_rows = 0;
    enum err err = parquet_open_memory(exact, len, "t.parquet", &f, e);
    if (err != OK)
        return err;
    struct parquet_rows *rows = parquet_rows_new(f);
    struct parquet_images *images = parquet_images_new(f);
    const struct parquet_schema *s = parquet_schema(f);
    CLEANUP(strbuf_release) struct strbuf image = STRBUF_INIT;
    for (bool more = true; err == OK && more && *ret_rows < 100; *ret_rows += err == OK && more) {
        struct parquet_row row;
        err = parquet_rows_next(rows, &more, &row, e);
        for (size_t i = 0; err == OK && more && i < s->column_count; i++) {
            struct parquet_place place = { row.number, &s->column[i], s->column[i].is_list ? 0 : -1 };
            const struct parquet_cell *cell = &row.cell[i];
            const struct parquet_cell *first = cell->kind == PARQUET_CELL_LIST && cell->item_count > 0 ? cell->item : cell;
            if (first->kind != PARQUET_CELL_IMAGE || first->byte_count < 0)
                continue;
            strbuf_clear(&image); /* both ways to an image find the same */
            if (parquet_images_read(images, &place, &image, NULL) == OK)
                assert_int_equal(image.len, first->byte_count);
        }
    }
    parquet_images_free(images);
    parquet_rows_free(rows);
    return err;
}

static void the_tiny_file_is_good_when_it_does_not_lie(void **state)
{
    struct lie l = truth();
    CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
    struct error e = { 0 };
    int64_t rows;
    (void)state;
    make_parquet(&l, &b);
    if (read_all(b.buf, b.len, &rows, &e) != OK)
        fail_msg("%s", e.msg);
    assert_int_equal(rows, 2);
    l.dictionary_offset = 900; /* nonsense behind the data: the data come first */
    make_parquet(&l, &b);
    assert_int_equal(read_all(b.buf, b.len, &rows, &e), OK);
}

static void every_lie_is_found_out(void **state)
{
    static const char short_body[] = "\4\0\0\0code\377\0\0\0wor";
    const struct lie t = truth();
    struct {
        struct lie lie;
        enum err err;
        const char *message;
    } cases[32];
    size_t count = 0;
    (void)state;
#define CASE(what, code, text)                                                                                                             \
    cases[count].lie = t;                                                                                                                  \
    cases[count].lie.what;                                                                                                                 \
    cases[count].err = code;                                                                                                               \
    cases[count++].message = "t.parquet: " text
    CASE(file_rows = 3, ERR_SYNTAX, "its row groups have 2 rows, and its footer promises 3");
    CASE(group_rows = 3, ERR_SYNTAX, "row group 0, column 'x': it has 2 values for 3 rows");
    CASE(group_rows = -1, ERR_SYNTAX, "row group 0 has -1 rows");
    CASE(group_rows = INT64_MAX, ERR_LIMIT, "row group 0 has 9223372036854775807 rows");
    CASE(values = -2, ERR_SYNTAX, "row group 0, column 'x': it has -2 values for 2 rows");
    CASE(chunk_bytes = 1000, ERR_SYNTAX, "row group 0, column 'x': its 1000 bytes at offset 4 are not inside the file");
    CASE(chunk_bytes = INT64_MAX, ERR_SYNTAX, "row group 0, column 'x': its 9223372036854775807 bytes at offset 4 are not inside the file");
    CASE(data_offset = 0, ERR_SYNTAX, "row group 0, column 'x': its ");
    CASE(data_offset = -5, ERR_SYNTAX, "row group 0, column 'x': its ");
    CASE(data_offset = INT64_MAX, ERR_SYNTAX, "row group 0, column 'x': its ");
    CASE(chunk_bytes = 5, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its header cannot be read: it ends early");
    CASE(chunk_bytes = 30, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its 16 bytes reach beyond");
    CASE(page_bytes = 17, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its 17 bytes reach beyond the 16 that");
    CASE(page_bytes = -1, ERR_SYNTAX,
         "row group 0, column 'x': page at byte 0 of its chunk: its header cannot be read: a size is negative");
    CASE(decoded_bytes = 15, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: 16 bytes are stored where 15 are promised");
    CASE(decoded_bytes = INT32_MAX, ERR_LIMIT, "row group 0, column 'x': page at byte 0 of its chunk: it is larger than 1024 MiB");
    CASE(entries = 3, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: the pages have more than the promised 2 values");
    CASE(entries = 1, ERR_SYNTAX, "row group 0, column 'x': it ends after 1 of 2 values");
    CASE(entries = -1, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its header has impossible counts");
    CASE(page_type = 9, ERR_UNSUPPORTED,
         "row group 0, column 'x': page at byte 0 of its chunk: it is of a kind that is not known (number 9)");
    CASE(page_type = 2, ERR_SYNTAX, "row group 0, column 'x': it ends after 0 of 2 values");
    CASE(encoding = 8, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its values are damaged");
    CASE(codec = 5, ERR_UNSUPPORTED, "row group 0, column 'x': it is compressed with LZ4 (the deprecated, Hadoop-framed one), which");
    CASE(codec = 1, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its Snappy data are damaged");
    CASE(chunk_type = 1, ERR_SYNTAX, "row group 0, column 'x': its type is not that of the schema");
    CASE(type = 8, ERR_SYNTAX, "the footer cannot be read: a column has a type that is not known");
    CASE(children = 2, ERR_SYNTAX, "the schema ends early");
    CASE(children = 0, ERR_SYNTAX, "the schema has elements that belong to no column");
    CASE(groups = INT32_MAX, ERR_SYNTAX, "the footer cannot be read: a list is longer than what is left");
    CASE(encrypted = 1, ERR_UNSUPPORTED, "its columns are encrypted, which this build does not read");
    CASE(encrypted = 2, ERR_UNSUPPORTED, "row group 0, column 'x': it is encrypted, which this build does not read");
    CASE(has_crc = 1, ERR_SYNTAX, "row group 0, column 'x': page at byte 0 of its chunk: its check sum is wrong");
    assert_true(count <= ARRAY_LEN(cases));

    CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        struct error e = { 0 };
        int64_t rows;
        make_parquet(&cases[i].lie, &b);
        enum err err = read_all(b.buf, b.len, &rows, &e);
        if (err != cases[i].err || strncmp(e.msg, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("case %zu: got %d '%s', expected %d '%s'", i, (int)err, e.msg, (int)cases[i].err, cases[i].message);
    }
    struct lie l = truth();
    l.body = short_body;
    struct error e = { 0 };
    int64_t rows;
    make_parquet(&l, &b);
    assert_int_equal(read_all(b.buf, b.len, &rows, &e), ERR_SYNTAX);
    assert_int_equal(rows, 1); /* what came before the damage was good */
    assert_string_equal(e.msg, "t.parquet: row group 0, column 'x': page at byte 0 of its chunk: its values are damaged or end early");
}

static void names_that_are_no_text_are_refused(void **state)
{
    static const struct {
        const char *name;
        size_t len;
    } names[] = { { "a\0b", 3 }, { "\xFF", 1 }, { "a\nb", 3 }, { "\x1B[31m", 5 } };
    CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct lie l = truth();
        int64_t rows;
        l.name = names[i].name;
        l.name_len = names[i].len;
        make_parquet(&l, &b);
        assert_int_equal(read_all(b.buf, b.len, &rows, NULL), ERR_INVALID);
    }
}

static void what_is_no_parquet_file_is_told_apart_from_one_that_is_cut_off(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum err err;
        const char *part;
    } cases[] = {
        { "", 0, ERR_INVALID, "does not begin with PAR1" },
        { "PK\3\4 something", 14, ERR_INVALID, "does not begin with PAR1" },
        { "PAR1", 4, ERR_INVALID, "cut off" },
        { "PAR1PAR1", 8, ERR_INVALID, "cut off" },
        { "PAR1\0\0\0\0PAR1", 12, ERR_SYNTAX, "cannot be read: it ends early" },
        { "PAR1\x01\0\0\0PAR1", 12, ERR_INVALID, "a footer of 1 bytes in a file of 12" },
        { "PAR1\xFF\xFF\xFF\xFFPAR1", 12, ERR_INVALID, "a footer of 4294967295 bytes in a file of 12" },
        { "PAR1\0\0\0\0PAR", 11, ERR_INVALID, "cut off" },
        { "PARE\0\0\0\0PARE", 12, ERR_UNSUPPORTED, "encrypted" },
        { "PAR1\0\0\0\0PARE", 12, ERR_UNSUPPORTED, "encrypted" },
        { "PAR1\0\x01\0\0\0PAR1", 13, ERR_SYNTAX, "it has no schema" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error e = { 0 };
        int64_t rows;
        assert_int_equal(read_all(cases[i].bytes, cases[i].len, &rows, &e), cases[i].err);
        assert_non_null(strstr(e.msg, cases[i].part));
    }
}

static void a_file_cut_anywhere_is_never_read_as_a_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(parquet_row_fixtures); i++) {
        CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
        int64_t rows;
        read_fixture(parquet_row_fixtures[i], &b);
        assert_int_equal(read_all(b.buf, b.len, &rows, NULL), OK);
        for (size_t len = 0; len < b.len; len += 1 + len / 100)
            assert_int_not_equal(read_all(b.buf, len, &rows, NULL), OK);
    }
}

/* With a check sum in every page, damage to the data is always found; without, it must at least do no harm. */
static void a_damaged_byte_does_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(parquet_row_fixtures); i++) {
        CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
        int64_t rows;
        read_fixture(parquet_row_fixtures[i], &b);
        for (size_t at = 4; at < b.len - 8; at += 5) {
            char kept = b.buf[at];
            b.buf[at] = (char)(kept ^ (1 << (at & 7)));
            (void)read_all(b.buf, b.len, &rows, NULL);
            b.buf[at] = kept;
        }
    }
}

static void a_check_sum_finds_damaged_data(void **state)
{
    static const char pixels[] = { 7, 8, 9, 10, 0, 8 }; /* of picture 1, which zstd leaves as they are */
    CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
    struct error e = { 0 };
    int64_t rows;
    (void)state;
    read_fixture("zstd_v2.parquet", &b);
    char *at = memmem(b.buf, b.len, pixels, sizeof(pixels));
    assert_non_null(at);
    at[1]++;
    assert_int_equal(read_all(b.buf, b.len, &rows, &e), ERR_SYNTAX);
    assert_non_null(strstr(e.msg, "its check sum is wrong: the file is damaged; fetch it again"));
}

static void a_codec_that_is_not_read_is_named(void **state)
{
    CLEANUP(strbuf_release) struct strbuf b = STRBUF_INIT;
    struct error e = { 0 };
    int64_t rows;
    (void)state;
    read_fixture("brotli.parquet", &b);
    assert_int_equal(read_all(b.buf, b.len, &rows, &e), ERR_UNSUPPORTED);
    assert_non_null(strstr(e.msg, "compressed with Brotli, which this build does not read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tiny_file_is_good_when_it_does_not_lie),
        cmocka_unit_test(every_lie_is_found_out),
        cmocka_unit_test(names_that_are_no_text_are_refused),
        cmocka_unit_test(what_is_no_parquet_file_is_told_apart_from_one_that_is_cut_off),
        cmocka_unit_test(a_file_cut_anywhere_is_never_read_as_a_whole),
        cmocka_unit_test(a_damaged_byte_does_no_harm),
        cmocka_unit_test(a_check_sum_finds_damaged_data),
        cmocka_unit_test(a_codec_that_is_not_read_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
