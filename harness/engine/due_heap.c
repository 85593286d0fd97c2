#include "engine/due_heap.h"

#include "base/vec.h"

#include <stdlib.h>

static void swap(struct due_heap *h, size_t i, size_t j)
{
    struct trial *t = h->trial[i];
    h->trial[i] = h->trial[j];
    h->trial[j] = t;
}

void due_heap_push(struct due_heap *h, struct trial *t)
{
    h->trial = vec_grow(h->trial, h->count, &h->cap, sizeof(struct trial *));
    size_t i = h->count++;
    h->trial[i] = t;
    while (i > 0 && h->trial[(i - 1) / 2]->due_us > h->trial[i]->due_us) {
        swap(h, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

struct trial *due_heap_first(const struct due_heap *h)
{
    return h->count ? h->trial[0] : NULL;
}

struct trial *due_heap_pop(struct due_heap *h)
{
    if (h->count == 0)
        return NULL;
    struct trial *first = h->trial[0];
    h->trial[0] = h->trial[--h->count];
    for (size_t i = 0;;) {
        size_t left = 2 * i + 1, right = left + 1, least = i;
        if (left < h->count && h->trial[left]->due_us < h->trial[least]->due_us)
            least = left;
        if (right < h->count && h->trial[right]->due_us < h->trial[least]->due_us)
            least = right;
        if (least == i)
            return first;
        swap(h, i, least);
        i = least;
    }
}

void due_heap_release(struct due_heap *h)
{
    free(h->trial);
    *h = (struct due_heap){ 0 };
}
