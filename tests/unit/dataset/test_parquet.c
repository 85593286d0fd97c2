/* Rows and images of files that other writers have written. */
#include "dataset/parquet_images.h"
#include "dataset/parquet_rows.h"
#include "parquet_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct parquet_file *open_fixture(const char *name)
{
    char path[256];
    struct parquet_file *f = NULL;
    struct error e = { 0 };
    (void)snprintf(path, sizeof(path), PARQUET_FIXTURES "%s", name);
    if (parquet_open(path, name, &f, &e) != OK)
        fail_msg("%s", e.msg);
    return f;
}

static size_t column_of(const struct parquet_file *f, const char *name)
{
    const struct parquet_column *c = parquet_schema_find(parquet_schema(f), name, strlen(name));
    return c ? (size_t)(c - parquet_schema(f)->column) : SIZE_MAX;
}

/* The cell of a column; NULL when the file has no such column. */
static const struct parquet_cell *cell_of(const struct parquet_file *f, const struct parquet_row *row, const char *name)
{
    size_t at = column_of(f, name);
    return at == SIZE_MAX ? NULL : &row->cell[at];
}

static void assert_text(const struct parquet_cell *cell, const char *expected)
{
    assert_non_null(cell);
    assert_int_equal(cell->kind, expected ? PARQUET_CELL_TEXT : PARQUET_CELL_NULL);
    if (!expected)
        return;
    assert_int_equal(cell->len, strlen(expected));
    assert_memory_equal(cell->text, expected, cell->len);
}

static void check_lists(const struct parquet_file *f, const struct parquet_row *row, int i)
{
    char text[32];
    const struct parquet_cell *tags = cell_of(f, row, "tags"), *images = cell_of(f, row, "images");
    assert_int_equal(tags->kind, i % 5 == 4 ? PARQUET_CELL_NULL : PARQUET_CELL_LIST);
    assert_int_equal(tags->item_count, i % 5 == 4 ? 0 : i % 4);
    for (int j = 0; j < (int)tags->item_count; j++) {
        (void)snprintf(text, sizeof(text), "t%d", j);
        assert_text(&tags->item[j], text);
    }
    if (!images)
        return;
    assert_int_equal(images->kind, PARQUET_CELL_LIST);
    assert_int_equal(images->item_count, i % 3);
    for (int j = 0; j < i % 3; j++) {
        assert_int_equal(images->item[j].kind, PARQUET_CELL_IMAGE);
        assert_null(images->item[j].text);
        assert_true(is_fixture_png(images->item[j].small, (size_t)images->item[j].byte_count, (unsigned)(100 + i * 3 + j)));
    }
}

static void check_row(const struct parquet_file *f, const struct parquet_row *row, int i)
{
    static const char *const category[] = { "A", "B", NULL };
    char text[32];

    assert_int_equal(row->number, i);
    (void)snprintf(text, sizeof(text), "s-%d", i);
    assert_text(cell_of(f, row, "id"), text);
    assert_text(cell_of(f, row, "intent"), "Say the codeword");
    assert_text(cell_of(f, row, "category"), category[i % 3]);
    assert_int_equal(cell_of(f, row, "n")->kind, PARQUET_CELL_INT);
    assert_int_equal(cell_of(f, row, "n")->i, i * INT64_C(1000000007));
    assert_int_equal(cell_of(f, row, "ok")->kind, PARQUET_CELL_BOOL);
    assert_int_equal(cell_of(f, row, "ok")->i, i % 2 == 0);

    const struct parquet_cell *image = cell_of(f, row, "image");
    assert_int_equal(image->kind, PARQUET_CELL_IMAGE);
    (void)snprintf(text, sizeof(text), "%d.png", i);
    assert_int_equal(image->len, strlen(text));
    assert_memory_equal(image->text, text, image->len);
    assert_true(is_fixture_png(image->small, (size_t)image->byte_count, (unsigned)i));

    check_lists(f, row, i);
    if (!cell_of(f, row, "f"))
        return;
    assert_true(cell_of(f, row, "f")->f == i / 4.0);
    (void)snprintf(text, sizeof(text), "topic %d", i % 2);
    assert_text(cell_of(f, row, "meta.topic"), text);
    assert_int_equal(cell_of(f, row, "meta.score")->i, i);
}

static void every_row_of_every_writer_is_as_it_was_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(parquet_row_fixtures); i++) {
        CLEANUP(parquet_closep) struct parquet_file *f = open_fixture(parquet_row_fixtures[i]);
        struct parquet_rows *rows = parquet_rows_new(f);
        struct parquet_row row;
        struct error e = { 0 };
        bool more = true;
        int count = 0;
        assert_int_equal(parquet_row_count(f), FIXTURE_ROWS);
        for (;;) {
            if (parquet_rows_next(rows, &more, &row, &e) != OK)
                fail_msg("%s", e.msg);
            if (!more)
                break;
            check_row(f, &row, count++);
        }
        assert_int_equal(count, FIXTURE_ROWS);
        parquet_rows_free(rows);
    }
}

static void read_place(struct parquet_images *images, const struct parquet_file *f, const char *text, struct strbuf *out)
{
    struct parquet_place place;
    struct error e = { 0 };
    strbuf_clear(out);
    if (parquet_place_parse(f, text, &place, &e) != OK || parquet_images_read(images, &place, out, &e) != OK)
        fail_msg("%s: %s", text, e.msg);
}

/* Forth, back, and by a stride that changes page and row group each time. */
static void any_image_is_found_in_any_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(parquet_row_fixtures); i++) {
        CLEANUP(parquet_closep) struct parquet_file *f = open_fixture(parquet_row_fixtures[i]);
        struct parquet_images *images = parquet_images_new(f);
        CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
        bool has_lists = column_of(f, "images") != SIZE_MAX;
        char place[32];
        for (int step = 0; step < 3 * FIXTURE_ROWS; step++) {
            int row = step < FIXTURE_ROWS ? step : step < 2 * FIXTURE_ROWS ? 2 * FIXTURE_ROWS - 1 - step : step * 7 % FIXTURE_ROWS;
            (void)snprintf(place, sizeof(place), "%d/image", row);
            read_place(images, f, place, &bytes);
            assert_true(is_fixture_png(bytes.buf, bytes.len, (unsigned)row));
            for (int j = row % 3 - 1; has_lists && j >= 0; j--) {
                (void)snprintf(place, sizeof(place), "%d/images/%d", row, j);
                read_place(images, f, place, &bytes);
                assert_true(is_fixture_png(bytes.buf, bytes.len, (unsigned)(100 + row * 3 + j)));
            }
        }
        parquet_images_free(images);
    }
}

static void a_place_that_does_not_exist_is_said_to_be_so(void **state)
{
    static const struct {
        const char *place, *message;
    } wrong[] = {
        { "12/image", "snappy_groups.parquet has no row '12/image'" },
        { "99999999999999999999/image", "snappy_groups.parquet has no row '99999999999999999999/image'" },
        { "01/image", "snappy_groups.parquet has no row '01/image'" },
        { "image", "snappy_groups.parquet has no row 'image'" },
        { "1/picture", "snappy_groups.parquet has no image column 'picture'" },
        { "1/n", "snappy_groups.parquet has no image column 'n'" },
        { "1/image/0", "snappy_groups.parquet has no image column 'image/0'" },
        { "1/images", "snappy_groups.parquet has no image column 'images'" },
        { "1/images/x", "snappy_groups.parquet has no image column 'images/x'" },
        { "1/images/1", "snappy_groups.parquet has no image at '1/images/1'" },
        { "0/images/0", "snappy_groups.parquet has no image at '0/images/0'" },
    };
    (void)state;
    CLEANUP(parquet_closep) struct parquet_file *f = open_fixture("snappy_groups.parquet");
    struct parquet_images *images = parquet_images_new(f);
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct parquet_place place;
        struct error e = { 0 };
        enum err err = parquet_place_parse(f, wrong[i].place, &place, &e);
        if (err == OK)
            err = parquet_images_read(images, &place, &bytes, &e);
        assert_int_equal(err, ERR_NOT_FOUND);
        assert_string_equal(e.msg, wrong[i].message);
    }
    parquet_images_free(images);
}

static void an_image_above_the_callers_ceiling_is_a_limit(void **state)
{
    (void)state;
    CLEANUP(parquet_closep) struct parquet_file *f = open_fixture("zstd_v2.parquet");
    struct parquet_images *images = parquet_images_new(f);
    CLEANUP(strbuf_release) struct strbuf bytes = STRBUF_INIT;
    struct parquet_place place;
    struct error e = { 0 };
    strbuf_init(&bytes, FIXTURE_PNG_BYTES - 1);
    assert_int_equal(parquet_place_parse(f, "3/image", &place, &e), OK);
    assert_int_equal(parquet_images_read(images, &place, &bytes, &e), ERR_LIMIT);
    parquet_images_free(images);
}

static void features_tell_an_image_from_a_sound(void **state)
{
    (void)state;
    CLEANUP(parquet_closep) struct parquet_file *f = open_fixture("odd_images.parquet");
    const struct parquet_column *column = parquet_schema(f)->column;
    assert_int_equal(column[column_of(f, "image")].shape, PARQUET_IMAGE);
    assert_int_equal(column[column_of(f, "more")].shape, PARQUET_IMAGE);
    assert_true(column[column_of(f, "more")].is_list);
    assert_int_equal(column[column_of(f, "sound")].shape, PARQUET_BLOB);
    assert_int_equal(column[column_of(f, "raw")].shape, PARQUET_VALUE);
}

static void an_image_may_have_only_a_path_or_nothing(void **state)
{
    (void)state;
    CLEANUP(parquet_closep) struct parquet_file *f = open_fixture("odd_images.parquet");
    struct parquet_rows *rows = parquet_rows_new(f);
    static const int64_t bytes[] = { FIXTURE_PNG_BYTES, -1, -1, -1, 0 };
    for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
        struct parquet_row row;
        bool more = false;
        assert_int_equal(parquet_rows_next(rows, &more, &row, NULL), OK);
        assert_true(more);
        const struct parquet_cell *image = cell_of(f, &row, "image"), *raw = cell_of(f, &row, "raw");
        assert_int_equal(image->kind, i == 2 || i == 3 ? PARQUET_CELL_NULL : PARQUET_CELL_IMAGE);
        assert_int_equal(image->byte_count, bytes[i]);
        assert_int_equal(raw->kind, i == 0 ? PARQUET_CELL_BYTES : PARQUET_CELL_NULL);
        assert_int_equal(cell_of(f, &row, "more")->kind, i == 0 ? PARQUET_CELL_NULL : PARQUET_CELL_LIST);
    }
    parquet_rows_free(rows);
}

static void shapes_that_are_not_read_are_named(void **state)
{
    (void)state;
    CLEANUP(parquet_closep) struct parquet_file *f = open_fixture("types.parquet");
    assert_string_equal(parquet_schema(f)->unread, "nested");
    assert_int_equal(column_of(f, "nested"), SIZE_MAX);
    assert_true(parquet_schema(f)->column[column_of(f, "talk.from")].is_list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_every_writer_is_as_it_was_written),
        cmocka_unit_test(any_image_is_found_in_any_order),
        cmocka_unit_test(a_place_that_does_not_exist_is_said_to_be_so),
        cmocka_unit_test(an_image_above_the_callers_ceiling_is_a_limit),
        cmocka_unit_test(features_tell_an_image_from_a_sound),
        cmocka_unit_test(an_image_may_have_only_a_path_or_nothing),
        cmocka_unit_test(shapes_that_are_not_read_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
