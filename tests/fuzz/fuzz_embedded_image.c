/* Base64 in rows: whatever is found in a row can be asked for by its number, and is the same text or its equal. */
#include "dataset/embedded_image.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_row(const struct row *row)
{
    CLEANUP(strbuf_release) struct strbuf text = STRBUF_INIT;
    for (size_t i = 0; i < 300 && embedded_image_get(row, i, &text); i++) {
        CLEANUP(strbuf_release) struct strbuf out = STRBUF_INIT;
        size_t again;
        if (!embedded_image_is(text.buf, text.len))
            abort();
        if (embedded_image_decode(text.buf, text.len, &out) == NULL &&
            (!embedded_image_number(row, text.buf, text.len, &again) || again > i))
            abort();
        strbuf_clear(&text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    for (int format = ROW_FORMAT_CSV; format <= ROW_FORMAT_JSON; format++) {
        struct rows rows;
        struct row row;
        bool more = true;
        if (rows_open_memory(&rows, (enum row_format)format, bytes, len, "fuzz", NULL) != OK)
            continue;
        while (rows_next(&rows, &more, &row, NULL) == OK && more) {
            if (row.offset < 0 || (size_t)row.offset >= len)
                abort();
            if (!row.problem)
                check_row(&row);
        }
        rows_release(&rows);
    }
    return 0;
}
