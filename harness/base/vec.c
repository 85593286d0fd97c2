#include "base/vec.h"

#include "base/arena.h"

#include <stdint.h>

void *vec_grow(void *items, size_t count, size_t *cap, size_t item_size)
{
    if (count < *cap)
        return items;
    size_t grown = *cap ? *cap * 2 : 8;
    if (grown > SIZE_MAX / 2 / item_size)
        grown = SIZE_MAX / item_size; /* xrealloc then refuses for us */
    *cap = grown;
    return xrealloc(items, grown * item_size);
}
