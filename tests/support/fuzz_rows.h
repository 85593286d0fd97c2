/*
 * fuzz_rows - reads bytes as rows and checks what every row promises; returns how many rows there were.
 */
#ifndef SUPPORT_FUZZ_ROWS_H
#define SUPPORT_FUZZ_ROWS_H

#include "dataset/bad_utf8.h"
#include "dataset/row.h"

#include <stdlib.h>
#include <string.h>

/* Every string of a clean row is UTF-8; mended text always is. */
static inline void check_strings(const cJSON *node, bool clean)
{
    for (; node; node = node->next) {
        check_strings(node->child, clean);
        if (!node->valuestring)
            continue;
        size_t len = strlen(node->valuestring);
        struct bad_utf8_found found = bad_utf8_find(node->valuestring, len);
        CLEANUP(strbuf_release) struct strbuf mended = STRBUF_INIT;
        bad_utf8_fix(BAD_UTF8_MAC_ROMAN, node->valuestring, len, &mended);
        if ((clean && found.count > 0) || bad_utf8_find(mended.buf, mended.len).count > 0)
            abort();
    }
}

static inline int64_t fuzz_rows(enum row_format format, const void *bytes, size_t len)
{
    struct rows rows;
    bool more = true;
    int64_t count = 0;
    enum err err = rows_open_memory(&rows, format, bytes, len, "fuzz", NULL);
    if (err != OK)
        return 0;
    while (err == OK) {
        struct row row;
        err = rows_next(&rows, &more, &row, NULL);
        if (err != OK || !more)
            break;
        if (row.index != count++ || row.line < 1 || (!row.problem && format != ROW_FORMAT_CSV && !cJSON_IsObject(row.object)))
            abort();
        if (row.object)
            check_strings(row.object, row.clean);
        (void)row_find(&row, "a.b.c", NULL);
    }
    rows_release(&rows);
    return count;
}

#endif
