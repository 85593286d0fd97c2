/*
 * vec - room for one more item in a growable array.
 *
 * An array is three fields of its owner: `struct thing *thing; size_t thing_count, thing_cap;`. Before writing item
 * [count] call vec_grow; it doubles, so n pushes cost O(n). Free the array with free().
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>

/* Returns `items` with room for at least count + 1 items of `item_size` bytes, and updates *cap. Aborts out of memory. */
void *vec_grow(void *items, size_t count, size_t *cap, size_t item_size);

#endif
