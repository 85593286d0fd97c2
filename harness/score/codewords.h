/*
 * codewords - the codewords of all samples, for telling that an answer belongs to another one.
 *
 * A codeword is kept as its word characters alone ("KESTREL-44" as k e s t r e l 4 4), in code points.
 * Owner     the arena given to codewords_add.
 * Threads   add from one thread first; then read from any.
 */
#ifndef SCORE_CODEWORDS_H
#define SCORE_CODEWORDS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { CODEWORD_MIN = 4, CODEWORD_MAX = 64 }; /* word characters; shorter ones stand in any text by chance */

struct codewords {
    struct codeword *slot;
    size_t slot_count, count;
    size_t shortest, longest; /* 0 while empty */
    uint64_t begins[1024];    /* a bit for each hash of a codeword's first CODEWORD_MIN characters */
};

/* Ignores a codeword that is there and one whose length is out of bounds. */
void codewords_add(struct codewords *c, const uint32_t *point, size_t count, struct arena *a);
bool codewords_has(const struct codewords *c, const uint32_t *point, size_t count);
/* False when no codeword begins like these 2 or CODEWORD_MIN characters; true when one may. Cheap. */
bool codewords_may_begin(const struct codewords *c, const uint32_t *point, size_t count);

#endif
