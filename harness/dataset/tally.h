/*
 * tally - counts texts: how often each was seen, where first, and which marks it was given.
 *
 * Owner     the caller; texts are copied. Items keep their order and index.
 */
#ifndef DATASET_TALLY_H
#define DATASET_TALLY_H

#include "base/arena.h"
#include "dataset/id_table.h"

struct tally_item {
    const char *text;
    int64_t count, line; /* line and file: of the first */
    const char *file;
    uint64_t mark; /* the caller's */
    bool flagged;  /* the caller's */
};

struct tally {
    struct arena texts;
    struct id_table table;
    struct tally_item *item;
    size_t count, cap;
};

#define TALLY_INIT                                                                                                                         \
    {                                                                                                                                      \
        .texts = ARENA_INIT, .table = ID_TABLE_INIT                                                                                        \
    }

/* Counts one more; *ret_new (may be NULL) tells whether it is the first. Valid until the next call. */
struct tally_item *tally_add(struct tally *t, const char *text, const char *file, int64_t line, bool *ret_new);
void tally_release(struct tally *t);

#endif
