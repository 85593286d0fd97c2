/* dataset.yaml: parses or says where it is wrong; what parsed can map a row. */
#include "dataset/manifest.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void map_row(const struct column_map *map, const struct row *row)
{
    struct map_place at = { .row = row, .split = "test", .file_stem = "rows", .variant = "v" };
    struct error e = { 0 };
    if (column_map_check(map, row, "dataset.yaml", "rows.csv", &e) != OK && e.msg[0] == '\0')
        abort();
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
        CLEANUP(strbuf_release) struct strbuf problem = STRBUF_INIT;
        bool given = false;
        bool good = map_value_text(&map->field[i], &at, &text, &given, &problem);
        if (good == (problem.len > 0) || (good && !given && text.len > 0))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const char rows_text[] = "id,prompt,a\n1,two,three\n";
    struct arena arena = ARENA_INIT;
    struct manifest m;
    struct error e = { 0 };
    if (manifest_parse("dataset.yaml", (const char *)bytes, len, NULL, 0, &arena, &m, &e) != OK) {
        if (e.msg[0] == '\0')
            abort();
    } else {
        struct rows rows;
        struct row row;
        bool more;
        if (m.variant_count == 0 || m.file_count == 0 ||
            rows_open_memory(&rows, ROW_FORMAT_CSV, rows_text, strlen(rows_text), "rows.csv", NULL) != OK ||
            rows_next(&rows, &more, &row, NULL) != OK)
            abort();
        for (size_t i = 0; i < m.variant_count; i++)
            map_row(&m.variant[i].columns, &row);
        rows_release(&rows);
    }
    arena_release(&arena);
    return 0;
}
