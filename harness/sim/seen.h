/*
 * seen - counts how often each request was seen, by a 64-bit hash. 16 bytes a distinct request.
 *
 * Threads   any; it locks.
 */
#ifndef SIM_SEEN_H
#define SIM_SEEN_H

#include "base/sha256.h"

#include <stdint.h>

struct seen;

struct seen *seen_new(void);
/* Counts one more and returns the count: 1 for the first time. */
int64_t seen_count(struct seen *s, const struct sha256_hex *body);
void seen_free(struct seen *s);

#endif
