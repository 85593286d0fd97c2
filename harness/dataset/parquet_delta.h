/*
 * parquet_delta - DELTA_BINARY_PACKED: whole numbers as bit-packed differences, in blocks of miniblocks.
 *
 * Owner     a value; it borrows the bytes, and a copy of it is a bookmark.
 * Errors    false when the bytes end early or contradict the format.
 */
#ifndef DATASET_PARQUET_DELTA_H
#define DATASET_PARQUET_DELTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parquet_delta {
    const unsigned char *at, *end;
    uint64_t left;  /* numbers not yet read */
    uint64_t value; /* the next one; wraps as the writer's did */
    bool first;     /* it stood in the head */
    uint64_t per_mini, minis;
    uint64_t min_delta;
    const unsigned char *width; /* of the block's miniblocks that are to come */
    uint64_t minis_left;
    const unsigned char *packed; /* of the current miniblock */
    uint64_t bit, mini_left;
    unsigned mini_width;
};

/* Reads the head. */
bool parquet_delta_init(struct parquet_delta *d, const unsigned char *bytes, size_t len);
bool parquet_delta_next(struct parquet_delta *d, int64_t *ret);
/* Where the numbers end in their bytes, by reading a copy to its end; NULL when they are broken. */
const unsigned char *parquet_delta_end(const struct parquet_delta *d);

#endif
