/*
 * id_table - whether an id was there before, and where, in 32 bytes an id.
 *
 * Open addressing over the first 16 bytes of the ids' SHA-256: ids from a data set cannot be made to collide.
 */
#ifndef DATASET_ID_TABLE_H
#define DATASET_ID_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_place {
    int64_t line;
    uint32_t file;   /* index of the data file */
    uint32_t repeat; /* how often the id came again; the caller may count here */
};

struct id_slot {
    uint64_t digest[2]; /* both 0 = free */
    struct id_place place;
};

struct id_table {
    struct id_slot *slot;
    size_t count, cap;
};

#define ID_TABLE_INIT                                                                                                                      \
    {                                                                                                                                      \
        NULL, 0, 0                                                                                                                         \
    }

/* NULL when `id` is new, which it then no longer is; else where it was. Valid until the next call. */
struct id_place *id_table_add(struct id_table *t, const char *id, size_t len, struct id_place place);
/* NULL when `id` was never added. */
struct id_place *id_table_find(const struct id_table *t, const char *id, size_t len);
void id_table_release(struct id_table *t);

#endif
