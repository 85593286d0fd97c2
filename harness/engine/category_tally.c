#include "engine/category_tally.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

void category_tally_add(struct category_tally *t, const char *category, bool complied)
{
    size_t i = 0;
    while (i < t->count && strcmp(t->item[i].name, category) != 0)
        i++;
    if (i == t->count) {
        if (t->count == MAX_TALLIED)
            return;
        t->item[t->count++] = (struct progress_category){ .name = xstrdup(category) };
    }
    t->item[i].scored++;
    t->item[i].complied += complied;
}

void category_tally_release(struct category_tally *t)
{
    for (size_t i = 0; i < t->count; i++)
        free((char *)(uintptr_t)t->item[i].name);
    t->count = 0;
}
