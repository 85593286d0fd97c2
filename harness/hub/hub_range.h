/*
 * hub_range - Content-Range: which part of a file a 206 holds.
 */
#ifndef HUB_RANGE_H
#define HUB_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/* "bytes 5-9/10": first 5, total 10. total -1 = "*". False for anything else. */
bool hub_range_parse(const char *value, int64_t *ret_first, int64_t *ret_total);

#endif
