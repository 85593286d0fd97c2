/*
 * parquet_fixture - the fixtures of tests/unit/dataset, and what their rows must be: tests/support/write_parquet.py has the
 * same formulas.
 */
#ifndef SUPPORT_PARQUET_FIXTURE_H
#define SUPPORT_PARQUET_FIXTURE_H

#include "base/fs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PARQUET_FIXTURES "tests/unit/dataset/fixtures/"

enum { FIXTURE_ROWS = 12, FIXTURE_PNG_BYTES = 88, FIXTURE_PNG_SIDE = 4, FIXTURE_PNG_DATA = 48 };

/* Files whose rows follow from their numbers. */
static const char *const parquet_row_fixtures[] = { "snappy_groups.parquet", "zstd_v2.parquet",   "gzip_mixed.parquet",
                                                    "none_pages.parquet",    "lz4_delta.parquet", "hyparquet.parquet" };

/* Whether the bytes are picture `number`: its pixels stand in them as they are. */
static inline bool is_fixture_png(const void *bytes, size_t len, unsigned number)
{
    const unsigned char *b = bytes;
    if (len != FIXTURE_PNG_BYTES || memcmp(b, "\x89PNG\r\n\x1a\n", 8) != 0)
        return false;
    for (unsigned y = 0; y < FIXTURE_PNG_SIDE; y++)
        for (unsigned x = 0; x < FIXTURE_PNG_SIDE; x++)
            if (b[FIXTURE_PNG_DATA + y * (FIXTURE_PNG_SIDE + 1) + 1 + x] != (number * 7 + x + y) % 256)
                return false;
    return true;
}

static inline void read_fixture(const char *name, struct strbuf *out)
{
    char path[256];
    (void)snprintf(path, sizeof(path), PARQUET_FIXTURES "%s", name);
    if (fs_read_file(path, (size_t)1 << 20, out, NULL) != OK) {
        perror(path);
        abort();
    }
}

#endif
