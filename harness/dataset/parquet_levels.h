/*
 * parquet_levels - the hybrid of runs and bit-packed groups, in which Parquet writes levels and dictionary indices.
 *
 * Read one number at a time, so that a page that claims a billion of them costs nothing.
 *
 * Owner     a value; it borrows the bytes, and a copy of it is a bookmark.
 * Errors    parquet_levels_next is false when the bytes end before the number that is asked for.
 */
#ifndef DATASET_PARQUET_LEVELS_H
#define DATASET_PARQUET_LEVELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parquet_levels {
    const unsigned char *at, *end;
    unsigned width;    /* bits of a number; 0 = all are 0 and nothing is stored */
    uint64_t run_left; /* of the current run or group */
    bool is_packed;
    uint32_t run_value;
    const unsigned char *packed; /* of a group: its first byte */
    uint64_t bit;                /* of a group: the next bit */
};

/* `width` <= 32. */
void parquet_levels_init(struct parquet_levels *l, const unsigned char *bytes, size_t len, unsigned width);
bool parquet_levels_next(struct parquet_levels *l, uint32_t *ret);
/* Bits that numbers up to `max` take. */
unsigned parquet_levels_width(uint32_t max);

#endif
