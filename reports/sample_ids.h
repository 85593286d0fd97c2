/*
 * sample_ids - the store's ids of samples in the order they are met, each found again in constant time.
 *
 * Ids may be any number: a store made elsewhere does not decide how much memory is taken.
 */
#ifndef REPORTS_SAMPLE_IDS_H
#define REPORTS_SAMPLE_IDS_H

#include <stddef.h>
#include <stdint.h>

struct sample_ids {
    int64_t *id;
    uint32_t *number; /* the user's, one for each id; free()d with the rest */
    size_t count, cap;
    uint32_t *slot; /* open addressing: index + 1 */
    size_t slot_count;
};

/* The id's place, a new one at the end when it was not met before. */
uint32_t sample_ids_add(struct sample_ids *ids, int64_t id);
/* SIZE_MAX when it was not met. */
size_t sample_ids_find(const struct sample_ids *ids, int64_t id);
/* A heap object of the caller's (xcalloc); NULL is fine. */
void sample_ids_free(struct sample_ids *ids);

#endif
