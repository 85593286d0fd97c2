/*
 * nearest - "did you mean …": the known word that a mistyped one resembles.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* Optimal string alignment distance in bytes (insert, delete, replace, swap of neighbours), without regard to ASCII case;
   `limit` + 1 when it is more than `limit`. Words beyond 64 bytes count as far. */
size_t nearest_distance(const char *a, const char *b, size_t limit);
/* The nearest of `name`, or NULL when none is near enough to be worth a guess (distance at most 1 for words up to 4 bytes, else
   a third of the length) and none begins with `word`. The first wins a tie. */
const char *nearest_name(const char *word, const char *const *name, size_t count);

#endif
