#include "dataset/tally.h"

#include "base/vec.h"

#include <string.h>

struct tally_item *tally_add(struct tally *t, const char *text, const char *file, int64_t line, bool *ret_new)
{
    struct id_place *known = id_table_add(&t->table, text, strlen(text), (struct id_place){ .line = (int64_t)t->count });
    if (ret_new)
        *ret_new = !known;
    if (known) {
        t->item[known->line].count++;
        return &t->item[known->line];
    }
    t->item = vec_grow(t->item, t->count, &t->cap, sizeof(*t->item));
    t->item[t->count] = (struct tally_item){ .text = arena_strdup(&t->texts, text), .count = 1, .file = file, .line = line };
    return &t->item[t->count++];
}

void tally_release(struct tally *t)
{
    arena_release(&t->texts);
    id_table_release(&t->table);
    free(t->item);
    *t = (struct tally)TALLY_INIT;
}
