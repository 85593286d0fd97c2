/*
 * name_table - distinct texts, numbered in the order they came: a row then holds a small number instead of a text.
 *
 * Owner     the texts live in the caller's arena; names_release frees the table. A zeroed value is an empty table.
 */
#ifndef REPORTS_NAME_TABLE_H
#define REPORTS_NAME_TABLE_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

struct names {
    const char **name;
    size_t count, cap;
    uint32_t *slot; /* open addressing over name numbers + 1 */
    size_t slot_count;
};

/* The number of `text`, which is copied into `a` when it is new. */
uint32_t names_intern(struct names *n, const char *text, struct arena *a);
#define NAMES_ABSENT UINT32_MAX
/* Its number, or NAMES_ABSENT. */
uint32_t names_find(const struct names *n, const char *text);
/* Frees the table and leaves it empty. */
void names_release(struct names *n);

#endif
