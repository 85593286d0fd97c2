/* A whole Parquet file: its rows as the loader gets them, and its images, which both ways of reading must agree about. */
#include "../support/fuzz_rows.h"
#include "dataset/parquet_images.h"
#include "dataset/parquet_rows.h"

enum { MAX_ROWS = 1000, MAX_PLACES = 64 }; /* a file may honestly promise millions of nulls */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_mapped(const uint8_t *bytes, size_t len)
{
    struct rows rows;
    bool more = true;
    if (rows_open_memory(&rows, ROW_FORMAT_PARQUET, bytes, len, "fuzz.parquet", NULL) != OK)
        return;
    for (int64_t count = 0; count < MAX_ROWS; count++) {
        struct row row;
        if (rows_next(&rows, &more, &row, NULL) != OK || !more)
            break;
        if (row.index != count || row.line != count + 1)
            abort();
        if (!row.problem)
            check_strings(row.object, row.clean);
        for (size_t i = 0; i < row.image_count; i++)
            if (row_image_at(&row, row.image[i].node, NULL) != &row.image[i] || !row.image[i].name)
                abort();
        (void)row_find(&row, "a.b.c", NULL);
    }
    rows_release(&rows);
}

struct seen {
    struct parquet_place place;
    int64_t bytes;
};

static size_t note_images(const struct parquet_schema *s, const struct parquet_row *row, struct seen *seen, size_t count)
{
    for (size_t i = 0; i < s->column_count && count < MAX_PLACES; i++) {
        const struct parquet_cell *cell = &row->cell[i];
        size_t items = cell->kind == PARQUET_CELL_LIST ? cell->item_count : 1;
        for (size_t j = 0; j < items && count < MAX_PLACES; j++) {
            const struct parquet_cell *one = cell->kind == PARQUET_CELL_LIST ? &cell->item[j] : cell;
            if (one->kind == PARQUET_CELL_IMAGE && one->byte_count >= 0)
                seen[count++] = (struct seen){ { row->number, &s->column[i], s->column[i].is_list ? (int64_t)j : -1 }, one->byte_count };
        }
    }
    return count;
}

/* Rows first, then their images from the last to the first. */
static void read_images(const struct parquet_file *f)
{
    struct parquet_rows *rows = parquet_rows_new(f);
    struct seen seen[MAX_PLACES];
    size_t count = 0;
    bool more = true;
    for (int i = 0; i < MAX_ROWS; i++) {
        struct parquet_row row;
        if (parquet_rows_next(rows, &more, &row, NULL) != OK || !more)
            break;
        count = note_images(parquet_schema(f), &row, seen, count);
    }
    parquet_rows_free(rows);

    struct parquet_images *images = parquet_images_new(f);
    CLEANUP(strbuf_release) struct strbuf image = STRBUF_INIT;
    while (count-- > 0) {
        strbuf_clear(&image);
        if (parquet_images_read(images, &seen[count].place, &image, NULL) == OK && (int64_t)image.len != seen[count].bytes)
            abort();
    }
    parquet_images_free(images);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    CLEANUP(parquet_closep) struct parquet_file *f = NULL;
    read_mapped(bytes, len);
    if (parquet_open_memory(bytes, len, "fuzz", &f, NULL) == OK)
        read_images(f);
    return 0;
}
